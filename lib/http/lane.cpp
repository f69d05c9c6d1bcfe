#include "http/lane.hpp"

#include "http/session.hpp"

namespace galley::http {

Lane::Lane(boost::asio::io_context& its_context, const Limits& its_limits, Handler& its_handler, const Clock& clock,
           Log& its_log)
    : context(its_context), limits(its_limits), handler(its_handler), log(its_log), clock_(clock) {
  tick(false);
}

void Lane::tick(bool full) {
  now_ = clock_.instant();
  const Time time = clock_.now();
  const std::int64_t second = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  if (second != second_) {
    second_ = second;
    fixed_ = "Server: galley\r\nDate: " + to_http_date(time) + "\r\n";
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
