#include "http/session.hpp"

#include <exception>
#include <new>
#include <utility>

namespace galley::http {
namespace {

// A connection that has not sent anything yet when the drain begins was opened for a request that is on its way.
constexpr Milliseconds newcomer_time = std::chrono::seconds(1);

std::string_view shared_of(const Answer& answer) {
  return answer.shared() ? std::string_view(*answer.shared()) : std::string_view();
}

}  // namespace

Session::Session(std::shared_ptr<Lane> lane, Socket socket, std::string peer)
    : owned_lane_(std::move(lane)),
      lane_(*owned_lane_),
      peer_(std::move(peer)),
      connection_(lane_, std::move(socket)),
      body_(lane_, connection_, input_),
      exchange_(*this),
      stream_(lane_, connection_, exchange_.answer()) {
  lane_.sessions.push_back(*this);
  lane_.counts.open.add();
  lane_.counts.accepted.add();
}

Session::~Session() {
  lane_.counts.open.take();
}

Task<void> Session::run() {
  connection_.limit_to(lane_.draining() ? newcomer_time : lane_.limits.head_time);
  while (co_await read_request()) {
    const bool goes_on = co_await serve();
    if (!goes_on) break;
    ++served_;
    input_.release();
    connection_.limit_to(input_.empty() ? lane_.limits.idle_time : lane_.limits.head_time);
  }
}

Task<bool> Session::read_request() {
  HeadScan scan;
  phase_ = input_.empty() ? Phase::idle : Phase::head;
  while (true) {
    if (!input_.empty()) {
      const HeadScan::State state = scan.feed(input_.unread(), lane_.limits.head);
      Refusal refusal = scan.refusal();
      if (state == HeadScan::State::complete && take_head(scan, refusal)) co_return true;
      if (state != HeadScan::State::incomplete) {
        // What was not read by take_head is read as far as it goes, for the path.
        if (state == HeadScan::State::refused)
          read_head(input_.unread().substr(scan.begin()), lane_.limits.head, exchange_.request_);
        co_await refuse(refusal);
        co_return false;
      }
    }
    input_.make_room(1);
    std::size_t count = co_await connection_.receive(input_.room(), input_.room_size());
    // A request may have arrived at the very moment at which the drain interrupted the wait.
    if (count == 0 && interrupted_) count = connection_.receive_now(input_.room(), input_.room_size());
    if (count == 0 || (connection_.expired() && phase_ == Phase::head)) {
      co_await end_of_input();
      co_return false;
    }
    lane_.counts.bytes_received.add(count);
    input_.received(count);
    // The first head's time began with the connection.
    if (std::exchange(phase_, Phase::head) == Phase::idle && served_ != 0) connection_.limit_to(lane_.limits.head_time);
  }
}

bool Session::take_head(const HeadScan& scan, Refusal& refusal) {
  Request& request = exchange_.request_;
  const auto head = [&] { return input_.unread().substr(scan.begin(), scan.end() - scan.begin()); };
  std::optional<Refusal> refused = read_head(head(), lane_.limits.head, request);
  if (!refused && request.chunked && input_.room_size() < BodyReader::chunk_room) {
    // The bytes move, so the views into them are made anew.
    input_.make_room(BodyReader::chunk_room);
    refused = read_head(head(), lane_.limits.head, request);
  }
  if (refused) {
    refusal = *refused;
    return false;
  }
  input_.consume(scan.end());
  input_.hold();
  return true;
}

Task<void> Session::end_of_input() {
  if (!connection_.expired()) co_return;
  if (input_.empty()) {
    lane_.counts.idle_closed.add();
    co_return;
  }
  read_head(input_.unread(), lane_.limits.head, exchange_.request_);
  const Refusal late{RefusalKind::head_timed_out, "The head of the request did not arrive in time."};
  co_await refuse(late);
}

Task<void> Session::refuse(Refusal refusal) {
  phase_ = Phase::closing;
  connection_.lift_limit();
  lane_.counts.refused[static_cast<std::size_t>(refusal.kind)].add();
  Answer& answer = exchange_.answer_;
  exchange_.request_.peer = peer_;
  answer.reset({.head = exchange_.request_.method == Method::head,
                .minor_version = exchange_.request_.minor_version,
                .close = true,
                .fixed = lane_.fixed_fields()});
  try {
    lane_.handler.refuse(refusal, exchange_);
  } catch (const std::exception& error) {
    lane_.log.write(LogLevel::error, "refusing a request failed", {{"cause", std::string_view(error.what())}});
    answer_bare(status_of(refusal.kind));
  }
  if (!answer.finished()) answer_bare(status_of(refusal.kind));
  const bool sent = co_await send_answer();
  if (sent) co_await linger();
}

Task<bool> Session::serve() {
  phase_ = Phase::busy;
  connection_.lift_limit();
  lane_.counts.requests.add();
  Request& request = exchange_.request_;
  Answer& answer = exchange_.answer_;
  const bool head = request.method == Method::head;
  request.peer = peer_;
  body_.begin(request);
  stream_.reset(head);
  answer.reset({.head = head,
                .minor_version = request.minor_version,
                .close = !request.keep_alive || lane_.draining() || !body_.droppable(),
                .fixed = lane_.fixed_fields()});
  bool failed = false;
  int bare = 500;
  try {
    co_await lane_.handler.handle(exchange_);
  } catch (const std::exception& error) {
    failed = true;
    // Where memory is too short even for the handler's own words: the next request may find more.
    if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) bare = 503;
    lane_.log.write(LogLevel::error, "a handler failed", {{"cause", std::string_view(error.what())}});
  }
  if (stream_.begun()) {
    // Cut short, the client sees that the end is missing.
    if (failed || !stream_.ended() || answer.closes()) co_return false;
  } else {
    if (failed || !answer.finished()) {
      if (!failed) lane_.log.write(LogLevel::error, "a handler finished no answer");
      answer_bare(bare);
    }
    bool sent = connection_.send(answer.flat(), shared_of(answer));
    if (!sent) sent = co_await connection_.send_rest();
    if (!sent) co_return false;
    if (answer.closes()) {
      phase_ = Phase::closing;
      if (!body_.complete() || !input_.empty()) co_await linger();
      co_return false;
    }
  }
  if (body_.complete()) co_return true;
  if (!body_.droppable()) co_return false;
  co_return co_await body_.drop();
}

Task<bool> Session::send_answer() {
  const bool sent = connection_.send(exchange_.answer_.flat(), shared_of(exchange_.answer_));
  if (sent) co_return true;
  co_return co_await connection_.send_rest();
}

void Session::answer_bare(int status) {
  Answer& answer = exchange_.answer_;
  answer.begin(status);
  if (status == 503) answer.add("Retry-After", "2");
  answer.close_after();
  answer.finish();
}

// Closing at once, with bytes of the client unread, would reset the connection and could take the answer with it.
Task<void> Session::linger() {
  connection_.finish_sending();
  connection_.limit_to(lane_.limits.linger_time);
  std::size_t count = 1;
  while (count != 0 && !connection_.expired()) {
    input_.release();
    input_.discard();
    input_.make_room(1);
    count = co_await connection_.receive(input_.room(), input_.room_size());
    lane_.counts.bytes_received.add(count);
  }
}

void Session::tick(bool full) {
  connection_.tick();
  stream_.tick();
  if (full && phase_ == Phase::idle && served_ != 0) {
    lane_.counts.idle_closed.add();
    connection_.interrupt();
  }
}

void Session::begin_drain() {
  switch (phase_) {
    case Phase::idle:
      if (served_ == 0) return connection_.limit_to(newcomer_time);
      interrupted_ = true;
      return connection_.interrupt();
    case Phase::busy:
      exchange_.answer_.set_close(true);
      return stream_.begin_drain();
    case Phase::head:
    case Phase::closing:
      return;
  }
}

void Session::cut() {
  connection_.cut();
  stream_.cut();
}

Task<Result<std::string_view>> Session::read_body(std::size_t limit) {
  Result<std::string_view> body = co_await body_.read(limit);
  // An unread body would have closed the connection; one that was read need not.
  exchange_.answer_.set_close(!exchange_.request_.keep_alive || lane_.draining() || !body_.complete());
  co_return body;
}

}  // namespace galley::http
