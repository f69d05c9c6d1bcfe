#include "http/lane.hpp"

#include <cstddef>

#include "http/session.hpp"

namespace galley::http {
namespace {

constexpr std::string_view first_fields = "Server: galley\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n";
constexpr std::size_t date_at = first_fields.find("Thu");
constexpr std::size_t date_size = first_fields.size() - date_at - 2;

}  // namespace

Lane::Lane(boost::asio::io_context& its_context, const Limits& its_limits, Handler& its_handler, const Clock& clock,
           Log& its_log)
    : context(its_context),
      limits(its_limits),
      handler(its_handler),
      log(its_log),
      clock_(clock),
      fixed_(first_fields) {
  tick(false);
}

void Lane::tick(bool full) {
  now_ = clock_.instant();
  const Time time = clock_.now();
  const std::int64_t second = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  if (second != second_) {
    second_ = second;
    // In place: an answer whose handler still waits holds a view of it. Dates are all of one length.
    fixed_.replace(date_at, date_size, to_http_date(time));
  }
  for (SessionHook& session : sessions)
    static_cast<Session&>(session).tick(full);
}

void Lane::begin_drain() {
  draining_ = true;
  for (SessionHook& session : sessions)
    static_cast<Session&>(session).begin_drain();
}

void Lane::cut() {
  for (SessionHook& session : sessions)
    static_cast<Session&>(session).cut();
}

}  // namespace galley::http
