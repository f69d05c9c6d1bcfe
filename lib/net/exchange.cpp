#include "net/exchange.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/beast/http/error.hpp>
#include <cstring>
#include <utility>

#include "net/cancellation.hpp"
#include "net/dialer.hpp"
#include "net/request_head.hpp"

namespace galley::net {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::milliseconds;

namespace {

// The head of an answer, a chunk's line and all trailers each fit, or the answer is refused.
constexpr std::size_t buffer_size = max_answer_head + 1024;
// Up to here one buffer, copied, is cheaper than two system calls or a gathering write.
constexpr std::size_t flat_body = std::size_t{16} * 1024;
constexpr std::size_t max_interim_answers = 8;

}  // namespace

Exchange::Exchange(ClientParts& parts, HttpRequest request)
    : parts_(parts), request_(std::move(request)), start_(parts.clock.instant()) {}

Task<SendResult> Exchange::run() {
  const Result<void> permitted = parts_.options.guard.check_url(request_.url);
  if (permitted.has_error())
    co_return failure(FailureKind::refused_by_guard, "The URL " + permitted.error().fields.front().reason + ".");
  const Result<void> written = append_head(head_, request_);
  if (written.has_error())
    co_return failure(FailureKind::invalid_request, "The header " + written.error().fields.front().reason + ".");
  std::optional<Lease> lease = co_await take_lease();
  if (co_await is_cancelled()) co_return failure(FailureKind::cancelled, "The request was cancelled.");
  if (!lease) {
    std::string text = "Too many requests to " + request_.url.authority() + " are under way.";
    co_return failure(FailureKind::connect_timeout, std::move(text));
  }
  co_return co_await run_on(*std::move(lease));
}

Task<std::optional<Exchange::Lease>> Exchange::take_lease() {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const auto pool = ConnectionPool::of(executor, parts_.number, parts_.options.pool);
  std::string origin = request_.url.origin();
  std::optional<Lease> lease = pool->try_lease(origin);
  if (lease) co_return lease;
  co_return co_await pool->wait(std::move(origin), std::min(request_.limits.connect, left()));
}

Task<SendResult> Exchange::run_on(Lease lease) {
  connection_ = lease.take_idle(parts_.clock.instant());
  const bool reused = connection_ != nullptr;
  Fault fault;
  if (reused)
    ++parts_.reused;
  else
    fault = co_await dial(lease);
  if (!fault) fault = co_await transfer();
  // The peer closed the connection while the request was on its way: RFC 9112 §9.3.1. Once, and on a new connection, so
  // that a pool full of closed ones does not cost a try each.
  if (fault && reused && fault->kind == FailureKind::reset && !any_answer_ && request_.retry_on_stale) {
    ++parts_.stale_retries;
    fault = co_await dial(lease);
    if (!fault) fault = co_await transfer();
    if (fault) fault->request_may_have_arrived = true;
  }
  timings_.total = elapsed();
  if (fault) {
    fault->timings = timings_;
    co_return *std::move(fault);
  }
  response_.timings = timings_;
  response_.peer = connection_->peer();
  response_.reused_connection = reused;
  if (may_be_kept()) lease.keep(std::move(connection_), parts_.clock.instant());
  co_return std::move(response_);
}

Task<Exchange::Fault> Exchange::dial(Lease& lease) {
  // Connecting started with the call: waiting for the lease counts.
  const milliseconds waited = std::chrono::duration_cast<milliseconds>(elapsed());
  const milliseconds limit = std::min(left(), sent_ ? request_.limits.connect : request_.limits.connect - waited);
  Dialer dialer(parts_, request_.url, timings_);
  DialResult dialled = co_await dialer.dial(lease.session(), limit);
  if (dialled.has_error()) co_return std::move(dialled).error();
  connection_ = *std::move(dialled);
  co_return std::nullopt;
}

Task<Exchange::Fault> Exchange::transfer() {
  if (co_await is_cancelled()) co_return failure(FailureKind::cancelled, "The request was cancelled.");
  const milliseconds limit = left();
  if (limit <= milliseconds(0)) co_return judge_io(asio::error::timed_out, false);
  connection_->limit_time(limit);
  start_answer();
  const error_code write_error = co_await write_request();
  // A peer may answer 413 and close before it has read everything: the answer counts, if it came through.
  Fault fault = co_await read_answer(write_error);
  connection_->release_timer();
  clean_ = clean_ && !write_error;
  co_return fault;
}

Task<error_code> Exchange::write_request() {
  const std::string_view body = request_.body.view();
  const bool flat = body.size() <= flat_body;
  const std::size_t head_size = head_.size();
  if (flat) head_.append(body);
  sent_ = true;
  IoOutcome outcome = co_await connection_->write(head_);
  head_.resize(head_size);  // for the second try
  if (!outcome.error && !flat) outcome = co_await connection_->write(body);
  co_return outcome.error;
}

Task<Exchange::Fault> Exchange::read_answer(error_code write_error) {
  while (true) {
    const asio::mutable_buffer room(buffer_.get() + filled_, buffer_size - filled_);
    const IoOutcome got = co_await connection_->read_some(room);
    if (got.error) {
      const bool cancelled = co_await is_cancelled();
      if (got.error == asio::error::eof || got.error == asio::ssl::error::stream_truncated) {
        if (!cancelled && !connection_->is_time_up()) co_return finish_at_end(got.error);
      }
      co_return judge_io(write_error ? write_error : got.error, cancelled);
    }
    if (!any_answer_) timings_.first_byte = elapsed();
    any_answer_ = true;
    filled_ += got.bytes;
    if (Fault fault = feed()) co_return fault;
    if (is_finished()) co_return std::nullopt;
  }
}

Exchange::Fault Exchange::feed() {
  while (filled_ > 0 && !is_finished()) {
    error_code error;
    const std::size_t taken = parser_->put(asio::buffer(buffer_.get(), filled_), error);
    filled_ -= taken;
    std::memmove(buffer_.get(), buffer_.get() + taken, filled_);
    if (parser_->is_cut()) break;
    if (error == boost::beast::http::error::need_more) {
      if (filled_ == buffer_size)
        return failure(FailureKind::bad_response, "The answer has a head or line that is too long.");
      break;
    }
    if (error) {
      const std::string reason(parser_->fault().empty() ? error.message() : std::string(parser_->fault()));
      return failure(FailureKind::bad_response, "The answer is not valid HTTP: " + reason + ".");
    }
    if (!parser_->is_done() || response_.status >= 200) continue;
    if (response_.status == 101) return failure(FailureKind::bad_response, "The answer switches to another protocol.");
    // RFC 9110 §15.2: any number of interim answers may come first; a few are enough.
    if (++interim_answers_ > max_interim_answers)
      return failure(FailureKind::bad_response, "The answer has too many interim answers.");
    const std::size_t rest = filled_;
    start_answer();
    filled_ = rest;
  }
  if (parser_->is_cut() && request_.excess == Excess::fail && !request_.on_body)
    return failure(FailureKind::body_too_large,
                   "The answer is longer than " + std::to_string(request_.max_body) + " bytes.");
  return std::nullopt;
}

// The peer ended the connection: the end of a body without a length, or of something incomplete.
Exchange::Fault Exchange::finish_at_end(const error_code& error) {
  if (!parser_->got_some() && filled_ == 0)
    return failure(FailureKind::reset, "The connection was closed before an answer came.");
  clean_ = false;
  error_code rest;
  if (parser_->got_some()) parser_->put_eof(rest);
  if (rest || !parser_->is_done())
    return failure(FailureKind::reset, "The connection was closed before the answer was complete.");
  // Without TLS's closing alert the end may be an attacker's. Simple servers leave it out all the same, and the status
  // did come in one piece.
  if (error != asio::error::eof) response_.body_truncated = true;
  return std::nullopt;
}

Exchange::Fault Exchange::judge_io(const error_code& error, bool cancelled) {
  if (cancelled) return failure(FailureKind::cancelled, "The request was cancelled.");
  if (connection_->is_time_up() || error == asio::error::timed_out)
    return failure(FailureKind::timeout, request_.url.authority() + " did not answer in time.");
  return failure(FailureKind::reset, "The connection broke: " + error.message() + ".");
}

void Exchange::start_answer() {
  // Kept from a first try or an interim answer; the parser takes nothing back.
  if (!buffer_) buffer_ = std::make_unique_for_overwrite<char[]>(buffer_size);
  filled_ = 0;
  response_ = HttpResponse{};
  parser_.emplace(request_, response_);
}

bool Exchange::may_be_kept() const {
  return clean_ && filled_ == 0 && parser_->is_done() && !parser_->is_cut() && parser_->keep_alive();
}

TransportError Exchange::failure(FailureKind kind, std::string text) const {
  TransportError error{.kind = kind, .text = std::move(text), .request_may_have_arrived = sent_};
  if (connection_) error.peer = connection_->peer();
  if (parser_ && parser_->is_header_done() && response_.status >= 200) error.status = response_.status;
  return error;
}

milliseconds Exchange::left() const {
  return request_.limits.total - std::chrono::duration_cast<milliseconds>(elapsed());
}

std::chrono::microseconds Exchange::elapsed() const {
  return std::chrono::duration_cast<std::chrono::microseconds>(parts_.clock.instant() - start_);
}

}  // namespace galley::net
