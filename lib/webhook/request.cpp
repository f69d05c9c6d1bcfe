#include "webhook/request.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/encoding.hpp"
#include "webhook/signature.hpp"

namespace galley::webhook {

namespace {

constexpr std::string_view redacted = "[redacted]";
constexpr std::string_view user_agent = "Galley-Webhook/1.0";

// Names in lower case. Content-Encoding is here because the body goes out as it is.
constexpr std::array<std::string_view, 6> own_names = {"content-type",    "content-length", "content-encoding",
                                                       "accept-encoding", "user-agent",     "host"};

bool is_own_header(std::string_view lower_name) {
  return lower_name.starts_with("x-icf-") || lower_name.starts_with("webhook-") ||
         std::ranges::find(own_names, lower_name) != own_names.end();
}

std::optional<std::string> fault_of(const std::string& name, const std::string& value, std::set<std::string>& seen) {
  const Result<void> form = net::check_header(name, value);
  if (form.has_error()) return form.error().fields.empty() ? form.error().message : form.error().fields.front().reason;
  const std::string lower = to_lower_ascii(name);
  if (is_own_header(lower) || net::is_connection_header(lower)) return "The header " + name + " is set by the sender.";
  if (!seen.insert(lower).second) return "The header " + name + " is there twice.";
  return std::nullopt;
}

}  // namespace

net::HttpRequest make_request(const Endpoint& endpoint, const Envelope& envelope, net::RequestBody body,
                              const net::TimeLimits& limits) {
  const std::int64_t timestamp = std::chrono::floor<std::chrono::seconds>(envelope.sent_at).time_since_epoch().count();
  const std::string seconds = std::to_string(timestamp);
  net::Headers headers = {
      {"Content-Type", "application/json"},
      {"User-Agent", std::string(user_agent)},
      {"X-iCF-Signature", icf_signature(endpoint.secrets, envelope.sent_at, body.view())},
      {"X-iCF-Event", std::string(to_text(envelope.type))},
      {"X-iCF-Delivery", envelope.delivery.text()},
      {"X-iCF-Attempt", std::to_string(envelope.attempt)},
      {"X-iCF-Timestamp", seconds},
      {"webhook-id", envelope.event.text()},
      {"webhook-timestamp", seconds},
  };
  std::optional<std::string> standard =
      standard_signature(endpoint.secrets, envelope.sent_at, envelope.event.text(), timestamp, body.view());
  if (standard) headers.push_back({"webhook-signature", *std::move(standard)});
  for (const auto& [name, value] : endpoint.headers)
    headers.push_back({name, value});

  return {.method = net::Method::post,
          .url = endpoint.url,
          .headers = std::move(headers),
          .body = std::move(body),
          .limits = limits,
          .max_body = max_answer_bytes,
          .excess = net::Excess::cut,
          // A message may arrive twice under the same webhook-id; a kept connection that was closed is no failure.
          .retry_on_stale = true};
}

HeaderList kept_headers(const net::Headers& headers) {
  HeaderList kept;
  kept.reserve(headers.size());
  for (const net::Header& header : headers) {
    const std::string lower = to_lower_ascii(header.name);
    const bool secret = !is_own_header(lower) || lower.ends_with("-signature");
    kept.emplace_back(header.name, secret ? std::string(redacted) : header.value);
  }
  return kept;
}

Result<void> check_headers(const HeaderList& headers, const std::string& field) {
  if (headers.size() > max_headers)
    return invalid(field, "At most " + std::to_string(max_headers) + " headers are taken.");
  std::vector<FieldError> faults;
  std::set<std::string> seen;
  for (const auto& [name, value] : headers)
    if (std::optional<std::string> fault = fault_of(name, value, seen)) faults.push_back({field, *std::move(fault)});
  if (!faults.empty()) return invalid(std::move(faults));
  return {};
}

}  // namespace galley::webhook
