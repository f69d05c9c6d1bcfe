#include "http/stream.hpp"

#include <array>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <utility>

namespace galley::http {

namespace asio = boost::asio;

void Stream::reset(bool head) {
  if (state_ != State::none) {
    piece_ = std::string();
    timer_.reset();
  }
  state_ = State::none;
  head_ = head;
  closed_ = woken_ = false;
}

Task<Result<void>> Stream::send(std::string_view bytes) {
  bool sent = connection_.send(bytes);
  if (!sent) sent = co_await connection_.send_rest();
  if (sent) co_return Result<void>();
  closed_ = true;
  co_return unavailable("The client has gone.");
}

Task<Result<void>> Stream::begin() {
  state_ = State::open;
  timer_.emplace(lane_.context);
  answer_.begin_stream();
  const Result<void> sent = co_await send(answer_.flat());
  if (head_) closed_ = true;
  co_return sent;
}

Task<Result<void>> Stream::write(std::string_view piece) {
  if (closed_) co_return unavailable("The client has gone.");
  if (piece.empty()) co_return Result<void>();
  answer_.count_streamed(piece.size());
  if (!answer_.chunked()) co_return co_await send(piece);
  std::array<char, 16> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), piece.size(), 16);
  piece_.assign(digits.data(), end);
  piece_ += "\r\n";
  piece_ += piece;
  piece_ += "\r\n";
  co_return co_await send(piece_);
}

Task<StreamEvent> Stream::wait(Milliseconds at_most) {
  if (!closed_ && !lane_.draining() && !woken_) {
    timer_->expires_after(at_most);
    boost::system::error_code interrupted;
    co_await timer_->async_wait(asio::redirect_error(asio::use_awaitable, interrupted));
  }
  if (closed_) co_return StreamEvent::closed;
  if (lane_.draining()) co_return StreamEvent::draining;
  co_return std::exchange(woken_, false) ? StreamEvent::woken : StreamEvent::timed_out;
}

void Stream::interrupt() {
  if (timer_) timer_->cancel();
}

void Stream::wake() {
  woken_ = true;
  interrupt();
}

Task<Result<void>> Stream::end() {
  if (state_ != State::open) co_return Result<void>();
  // The answer to HEAD ends with its fields.
  if (head_) {
    state_ = State::ended;
    co_return Result<void>();
  }
  if (closed_) co_return unavailable("The client has gone.");
  if (answer_.chunked()) {
    const std::string_view last = "0\r\n\r\n";
    GALLEY_CO_TRY(co_await send(last));
  }
  state_ = State::ended;
  co_return Result<void>();
}

void Stream::tick() {
  // Looked at, not waited for: a second waiting operation on the socket would have to be ended before the next request.
  if (state_ != State::open || closed_ || !connection_.has_left()) return;
  closed_ = true;
  interrupt();
}

void Stream::begin_drain() {
  interrupt();
}

void Stream::cut() {
  closed_ = true;
  interrupt();
}

}  // namespace galley::http
