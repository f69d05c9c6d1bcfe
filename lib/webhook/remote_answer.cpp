#include "webhook/remote_answer.hpp"

#include <string>
#include <utility>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/unicode.hpp"
#include "net/url.hpp"

namespace galley::webhook {

namespace {

constexpr std::size_t max_external_id = 256;  // bytes
constexpr std::size_t quoted_words = 200;     // code points of the answer

bool is_printable(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return false;
  return true;
}

// The answer's own words on one line: most servers say what they did not like.
std::string words_of(const Outcome& outcome) {
  const std::string line = tidy_line(outcome.attempt.response_body);
  return std::string(first_code_points(line, quoted_words));
}

bool is_transient(int status) {
  return status == 408 || status == 429 || status >= 500;
}

ConnectorError no_answer(const net::TransportError& failure) {
  const bool refused_by_us =
      failure.kind == net::FailureKind::refused_by_guard || failure.kind == net::FailureKind::invalid_request;
  const bool late = failure.kind == net::FailureKind::timeout || failure.kind == net::FailureKind::connect_timeout;
  const ErrorCode code = refused_by_us ? ErrorCode::connection_rejected
                         : late        ? ErrorCode::timed_out
                                       : ErrorCode::unavailable;
  return {.error = {.code = code, .message = failure.text}, .transient = !refused_by_us};
}

}  // namespace

RemotePost read_remote_post(std::string_view body) {
  RemotePost post;
  const Result<json::Value> answer = json::parse(body);
  if (answer.has_error()) return post;
  if (const json::Value* id = answer->find("id")) {
    if (const std::string* text = id->text();
        text != nullptr && !text->empty() && text->size() <= max_external_id && is_printable(*text))
      post.external_id = *text;
    if (const std::int64_t* number = id->integer()) post.external_id = std::to_string(*number);
  }
  if (const json::Value* url = answer->find("url"))
    if (const std::string* text = url->text())
      // As the client writes it, so that what is shown and linked is a URL whatever the endpoint's text was.
      if (const Result<net::Url> parsed = net::parse_url(*text); parsed.has_value()) post.external_url = parsed->text();
  return post;
}

ConnectorError classify(const net::SendResult& sent, const Outcome& outcome, const ConnectionId& connection) {
  if (!outcome.attempt.status) {
    if (sent.has_error()) return no_answer(sent.error());
    return {.error = internal_error("an answer without a status")};
  }
  const int status = *outcome.attempt.status;
  const std::string words = words_of(outcome);
  std::string message = outcome.attempt.error;
  if (!words.empty()) message += " It said: " + words;
  ConnectorError error{
      .error = {.code = is_transient(status) ? ErrorCode::unavailable : ErrorCode::connection_rejected,
                .message = std::move(message),
                .details = {{"connection_id", connection.text()}, {"status", std::int64_t{status}}, {"reason", words}}},
      .transient = is_transient(status),
      .connection_is_broken = status == 401 || status == 403 || status == 410};
  if (outcome.retry_after) error.retry_after = std::chrono::ceil<std::chrono::seconds>(*outcome.retry_after);
  return error;
}

}  // namespace galley::webhook
