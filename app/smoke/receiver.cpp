#include "app/smoke/receiver.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/crypto.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"

namespace galley::app {

namespace {

constexpr std::string_view secret_prefix = "whsec_";

}  // namespace

bool is_signed(const ReceivedMessage& message, const Secret& secret) {
  if (to_hex(hmac_sha256(secret.reveal(), message.body)) != message.signature) return false;
  if (!secret.reveal().starts_with(secret_prefix)) return false;
  const std::optional<std::string> key = from_base64(secret.reveal().substr(secret_prefix.size()));
  if (!key) return false;
  const Digest digest = hmac_sha256(*key, message.id + "." + message.timestamp + "." + message.body);
  const std::string bytes(digest.begin(), digest.end());
  return message.signatures == "v1," + to_base64(bytes);
}

Task<std::optional<ReceivedMessage>> Receiver::wait_for(Wanted wanted, Milliseconds time) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, time);
  bool time_is_over = false;
  for (;;) {
    const auto found = std::ranges::find_if(messages_, wanted);
    if (found != messages_.end()) co_return *found;
    if (time_is_over) co_return std::nullopt;
    boost::system::error_code woken;
    waiting_ = &timer;
    co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    waiting_ = nullptr;
    time_is_over = !woken;
  }
}

Task<void> Receiver::handle(http::Exchange& exchange) {
  const http::Request& request = exchange.request();
  const auto field = [&](std::string_view name) { return std::string(request.header(name).value_or("")); };
  ReceivedMessage message{.path = std::string(request.path),
                          .event = field("X-iCF-Event"),
                          .signature = field("X-iCF-Signature"),
                          .id = field("webhook-id"),
                          .timestamp = field("webhook-timestamp"),
                          .signatures = field("webhook-signature"),
                          .body = {}};
  const Result<std::string_view> body = co_await exchange.read_body(max_body);
  if (!body || messages_.size() == max_messages) {
    exchange.answer().begin(503);
    exchange.answer().finish();
    co_return;
  }
  message.body = *body;
  messages_.push_back(std::move(message));
  // async_wait ends with operation_aborted, the time itself stays.
  if (waiting_ != nullptr) waiting_->cancel();
  std::string text;
  json::Writer(text).begin_object().member("id", post_id).member("url", post_url).end_object();
  exchange.answer().begin(200);
  exchange.answer().add("Content-Type", "application/json");
  exchange.answer().finish(text);
}

void Receiver::refuse(const http::Refusal& refusal, http::Exchange& exchange) {
  exchange.answer().begin(http::status_of(refusal.kind));
  exchange.answer().finish();
}

}  // namespace galley::app
