#include "webhook/outcome.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/encoding.hpp"
#include "webhook/retry_schedule.hpp"

namespace galley::webhook {

namespace {

constexpr std::size_t kept_body = 4096;
constexpr std::size_t kept_headers = 50;
constexpr std::size_t kept_header_value = 1024;
constexpr int status_gone = 410;

// What a peer sends is shown in JSON, so it must be UTF-8, and it is stored as text, so it holds no NUL.
std::string readable(std::string_view bytes, std::size_t max) {
  bytes = bytes.substr(0, max);
  std::string text;
  text.reserve(bytes.size());
  while (!bytes.empty()) {
    const Utf8Sequence sequence = first_utf8_sequence(bytes);
    if (sequence.well_formed && bytes.front() != '\0')
      text += bytes.substr(0, sequence.length);
    else
      text += "\xEF\xBF\xBD";
    bytes.remove_prefix(sequence.length);
  }
  return text;
}

HeaderList readable_headers(const net::Headers& headers) {
  HeaderList kept;
  for (const net::Header& header : headers) {
    if (kept.size() == kept_headers) break;
    kept.emplace_back(readable(header.name, kept_header_value), readable(header.value, kept_header_value));
  }
  return kept;
}

std::string peer_text(const net::Peer& peer) {
  if (peer.port == 0) return {};
  const std::string address = peer.address.to_string();
  return (peer.address.is_v6() ? "[" + address + "]" : address) + ":" + std::to_string(peer.port);
}

std::string_view class_of(net::FailureKind kind) {
  switch (kind) {
    // Both are our own refusal: nothing left this machine.
    case net::FailureKind::invalid_request:
    case net::FailureKind::refused_by_guard:
      return "guard";
    case net::FailureKind::dns:
      return "dns";
    case net::FailureKind::connect_refused:
      return "connect";
    case net::FailureKind::connect_timeout:
    case net::FailureKind::timeout:
      return "timeout";
    case net::FailureKind::tls:
      return "tls";
    case net::FailureKind::reset:
    case net::FailureKind::cancelled:
      return "reset";
    case net::FailureKind::bad_response:
    case net::FailureKind::body_too_large:
      return "response";
  }
  return "response";
}

Verdict verdict_of(int status) {
  if (status >= 200 && status < 300) return Verdict::succeeded;
  return status == status_gone ? Verdict::gone : Verdict::failed;
}

std::string status_sentence(int status) {
  const std::string number = std::to_string(status);
  if (status >= 300 && status < 400) return "The endpoint answered " + number + "; redirects are not followed.";
  return "The endpoint answered " + number + ".";
}

Attempt begun(Time started_at, const net::Timings& timings, const net::Peer& peer) {
  Attempt attempt;
  attempt.started_at = started_at;
  attempt.duration = std::chrono::ceil<Milliseconds>(timings.total);
  attempt.phases = {.dns_us = timings.dns.count(),
                    .connect_us = timings.connect.count(),
                    .tls_us = timings.tls.count(),
                    .first_byte_us = timings.first_byte.count()};
  attempt.peer = peer_text(peer);
  return attempt;
}

Outcome judge_answer(const net::HttpResponse& response, Time started_at, Time now) {
  Outcome outcome{.verdict = verdict_of(response.status),
                  .attempt = begun(started_at, response.timings, response.peer)};
  outcome.attempt.status = response.status;
  outcome.attempt.response_headers = readable_headers(response.headers);
  outcome.attempt.response_body = readable(response.body, kept_body);
  if (outcome.verdict == Verdict::succeeded) return outcome;
  outcome.attempt.error_class = "status";
  outcome.attempt.error = status_sentence(response.status);
  if (response.status == 429 || response.status == 503)
    if (const std::string* value = net::find_header(response.headers, "Retry-After"))
      outcome.retry_after = parse_retry_after(*value, now);
  return outcome;
}

}  // namespace

Outcome judge(const net::SendResult& sent, Time started_at, Time now) {
  if (sent.has_value()) return judge_answer(*sent, started_at, now);
  const net::TransportError& failure = sent.error();
  // A head that came whole is the endpoint's judgement, whatever became of the body behind it.
  Outcome outcome{.verdict = failure.status ? verdict_of(*failure.status) : Verdict::failed,
                  .attempt = begun(started_at, failure.timings, failure.peer)};
  outcome.attempt.status = failure.status;
  if (outcome.verdict == Verdict::succeeded) return outcome;
  outcome.attempt.error_class = class_of(failure.kind);
  outcome.attempt.error = failure.text;
  return outcome;
}

Outcome judge_unsent(const Error& error, Time now) {
  Outcome outcome{.verdict = Verdict::impossible, .attempt = begun(now, {}, {})};
  outcome.attempt.error_class = "body";
  outcome.attempt.error = error.message;
  return outcome;
}

}  // namespace galley::webhook
