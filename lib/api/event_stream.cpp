#include "api/event_stream.hpp"

#include <boost/asio/post.hpp>
#include <utility>

namespace galley::api {

Result<StreamSlots::Slot> StreamSlots::take(const AccountId& account) {
  const std::lock_guard lock(mutex_);
  if (taken_ >= max_) return unavailable("The server has as many streams open as it may have.");
  int& of_account = of_accounts_[account];
  if (of_account >= max_of_account_) return unavailable("The account has as many streams open as it may have.");
  ++of_account;
  ++taken_;
  return Slot(*this, account);
}

void StreamSlots::give_back(const AccountId& account) noexcept {
  const std::lock_guard lock(mutex_);
  --taken_;
  const auto found = of_accounts_.find(account);
  if (--found->second == 0) of_accounts_.erase(found);
}

Reply event_stream_reply() {
  Reply reply{.kind = Reply::Kind::streamed, .status = 200, .content_type = "text/event-stream"};
  // A proxy that gathers an answer before it passes it on would hold the events back.
  reply.headers.emplace_back("X-Accel-Buffering", "no");
  return reply;
}

// Touched on the exchange's thread alone; ringers post to it.
struct ExchangeBell::Wire {
  http::Exchange* exchange;
};

ExchangeBell::ExchangeBell(http::Exchange& exchange, boost::asio::any_io_executor executor)
    : executor_(std::move(executor)), wire_(std::make_shared<Wire>(&exchange)) {}

ExchangeBell::~ExchangeBell() {
  wire_->exchange = nullptr;
}

std::function<void()> ExchangeBell::ringer() const {
  return [wire = wire_, executor = executor_] {
    boost::asio::post(executor, [wire] {
      if (wire->exchange != nullptr) wire->exchange->wake();
    });
  };
}

void append_event(std::string& out, const ServerEvent& event) {
  out += "id: " + event.id + "\nevent: ";
  out += event.name;
  out += "\ndata: " + event.data + "\n\n";
}

void append_place(std::string& out, std::string_view id) {
  out += "id: ";
  out += id;
  out += "\n\n";
}

Task<void> stream_events(http::Exchange& exchange, EventSource& source, const Clock& clock) {
  const Instant until = clock.instant() + longest_stream;
  const Result<void> begun = co_await exchange.begin_stream();
  if (!begun) co_return;
  for (;;) {
    const Result<EventSource::Step> step = source.next();
    if (!step) break;
    if (!step->text.empty()) {
      const Result<void> sent = co_await exchange.write_chunk(step->text);
      if (!sent) co_return;
    }
    if (step->last || clock.instant() >= until) break;
    if (step->more) continue;
    const http::StreamEvent woken = co_await exchange.wait(heartbeat_interval);
    if (woken == http::StreamEvent::closed) co_return;
    if (woken == http::StreamEvent::draining) break;
    if (woken == http::StreamEvent::timed_out) {
      const std::string_view heartbeat = ":\n\n";
      const Result<void> sent = co_await exchange.write_chunk(heartbeat);
      if (!sent) co_return;
    }
  }
  const Result<void> ended = co_await exchange.end_stream();
  (void)ended;  // the client has gone: nobody to tell
}

}  // namespace galley::api
