#include "app/listen/project_stream.hpp"

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <limits>
#include <memory>
#include <utility>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "net/url.hpp"

namespace galley::app {

namespace {

namespace asio = boost::asio;

// A server that is there answers soon; the stream itself has no end that is known.
constexpr net::TimeLimits stream_limits{.connect = std::chrono::seconds(10), .total = std::chrono::hours(2)};
constexpr std::chrono::seconds first_pause{1};
constexpr std::chrono::seconds longest_pause{30};
// Of an answer that is no stream.
constexpr std::size_t most_words = std::size_t{16} << 10;

std::string target_of(const StreamOrder& order) {
  std::string query;
  const auto add = [&](std::string_view name, std::string_view value) {
    query += query.empty() ? '?' : '&';
    query += std::string(name) + "=" + percent_encode(value);
  };
  for (const std::string& pattern : order.events)
    add("events", pattern);
  if (!order.since.empty()) add("since", order.since);
  if (!order.follow) add("follow", "false");
  return order.server + "/api/v1/projects/" + percent_encode(order.project) + "/events" + query;
}

// Whether asking again is of no use.
bool is_final(int status) {
  return status >= 300 && status < 500 && status != 408 && status != 429;
}

Task<void> wait(std::chrono::seconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(asio::use_awaitable);
}

// Cancels what it watches when nothing was heard for that long.
class Watchdog {
 public:
  Watchdog(const asio::any_io_executor& executor, std::chrono::seconds silence) : timer_(executor), silence_(silence) {
    heard();
  }
  asio::cancellation_slot slot() { return signal_->slot(); }
  void heard() {
    timer_.expires_after(silence_);
    // Its end may be under way already when this goes.
    timer_.async_wait([weak = std::weak_ptr(signal_)](const boost::system::error_code& stopped) {
      const auto signal = weak.lock();
      if (!stopped && signal) signal->emit(asio::cancellation_type::terminal);
    });
  }

 private:
  // Owner: this.
  std::shared_ptr<asio::cancellation_signal> signal_ = std::make_shared<asio::cancellation_signal>();
  asio::steady_timer timer_;
  const std::chrono::seconds silence_;
};

}  // namespace

Error error_of(const net::HttpResponse& answer) {
  Error error = unavailable("The server answered " + std::to_string(answer.status) + ".");
  if (answer.status == 401 || answer.status == 403) error.code = ErrorCode::forbidden;
  if (answer.status == 404) error.code = ErrorCode::not_found;
  if (answer.status == 400 || answer.status == 422) error.code = ErrorCode::validation_failed;
  const Result<json::Value> told = json::parse(answer.body);
  if (!told) return error;
  if (const std::string message = told->text_at({"error", "message"}); !message.empty()) error.message += " " + message;
  const json::Value* fields = told->at({"error", "details", "fields"});
  if (fields == nullptr || fields->object() == nullptr) return error;
  for (const auto& [name, reasons] : *fields->object())
    if (reasons.array() != nullptr)
      for (const json::Value& reason : *reasons.array())
        if (reason.text() != nullptr) error.fields.push_back({name, *reason.text()});
  return error;
}

ProjectStream::ProjectStream(net::HttpClient& client, const Clock& clock, asio::any_io_executor executor,
                             StreamOrder order, Notice notice)
    : client_(client),
      clock_(clock),
      executor_(std::move(executor)),
      order_(std::move(order)),
      notice_(std::move(notice)),
      change_(executor_, asio::steady_timer::time_point::max()) {}

Task<void> ProjectStream::changed() {
  boost::system::error_code told;
  co_await change_.async_wait(asio::redirect_error(asio::use_awaitable, told));
}

void ProjectStream::tell() {
  change_.cancel();
}

void ProjectStream::take(net::ServerSentEvent event) {
  bytes_ += event.data.size();
  waiting_.push_back(std::move(event));
  tell();
}

Task<net::SendResult> ProjectStream::connect() {
  Result<net::Url> url = net::parse_url(target_of(order_));
  if (!url)
    co_return net::TransportError{.kind = net::FailureKind::invalid_request, .text = "The server's address is wrong."};
  net::HttpRequest request{.url = *std::move(url), .limits = stream_limits};
  request.headers = {{"Authorization", "Bearer " + std::string(order_.key.reveal())}, {"Accept", "text/event-stream"}};
  if (!last_id_.empty()) request.headers.push_back({"Last-Event-ID", last_id_});
  request.max_body = std::numeric_limits<std::size_t>::max();
  overflowed_ = false;
  std::string words;
  net::EventStreamParser parser(largest_event, [&](net::ServerSentEvent event) { take(std::move(event)); });
  Watchdog watchdog(executor_, silence);
  request.on_body = [&](std::string_view piece) {
    watchdog.heard();
    if (words.size() < most_words) words += piece.substr(0, most_words - words.size());
    if (!parser.feed(piece)) return false;
    // Of every event; and every stream begins by saying where it is.
    if (!parser.last_id().empty()) {
      last_id_ = parser.last_id();
      if (std::exchange(state_, State::connected) != State::connected) notice_("");
    }
    overflowed_ = !has_room(1);
    return !overflowed_;
  };
  net::SendResult answer = co_await asio::co_spawn(executor_, client_.send(std::move(request)),
                                                   asio::bind_cancellation_slot(watchdog.slot(), asio::use_awaitable));
  if (answer) answer->body = std::move(words);
  co_return answer;
}

Task<void> ProjectStream::run() {
  std::chrono::seconds pause{0};
  for (;;) {
    while (!has_room(2))
      co_await changed();
    const std::string before = last_id_;
    const Instant began = clock_.instant();
    const net::SendResult answer = co_await connect();
    if (answer && is_final(answer->status)) {
      refused_ = error_of(*answer);
      break;
    }
    const bool streamed = answer && answer->status == 200;
    if (streamed && !order_.follow && !answer->body_truncated) break;
    if (!streamed && std::exchange(state_, State::lost) != State::lost)
      notice_(answer ? error_of(*answer).message : answer.error().text);
    // What got on, or held for a while, may come again at once.
    if (last_id_ != before || clock_.instant() - began > longest_pause) pause = {};
    if (pause.count() > 0) co_await wait(pause);
    pause = std::clamp(pause * 2, first_pause, longest_pause);
  }
  ended_ = true;
  tell();
}

Task<Result<std::optional<net::ServerSentEvent>>> ProjectStream::next() {
  while (waiting_.empty() && !ended_)
    co_await changed();
  if (waiting_.empty()) {
    if (refused_) co_return *refused_;
    co_return std::optional<net::ServerSentEvent>();
  }
  net::ServerSentEvent event = std::move(waiting_.front());
  waiting_.pop_front();
  bytes_ -= event.data.size();
  tell();
  co_return std::optional(std::move(event));
}

}  // namespace galley::app
