#include "webhook/signature.hpp"

#include <utility>

#include "base/crypto.hpp"
#include "base/encoding.hpp"

namespace galley::webhook {

namespace {

constexpr std::string_view standard_prefix = "whsec_";

bool overlap_runs(const Projects::WebhookSecrets& secrets, Time now) {
  return secrets.previous && now < secrets.previous_until;
}

void append_standard(std::string& value, const Secret& secret, std::string_view signed_bytes) {
  const std::optional<Secret> key = standard_key(secret);
  if (!key) return;
  const Digest digest = hmac_sha256(key->reveal(), signed_bytes);
  if (!value.empty()) value += ' ';
  value += "v1,";
  value += to_base64(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

}  // namespace

std::string icf_signature(const Projects::WebhookSecrets& secrets, Time now, std::string_view body) {
  const Secret& key = overlap_runs(secrets, now) ? *secrets.previous : secrets.current;
  return to_hex(hmac_sha256(key.reveal(), body));
}

std::optional<std::string> standard_signature(const Projects::WebhookSecrets& secrets, Time now,
                                              std::string_view message_id, std::int64_t timestamp,
                                              std::string_view body) {
  const std::string seconds = std::to_string(timestamp);
  std::string signed_bytes;
  signed_bytes.reserve(message_id.size() + seconds.size() + body.size() + 2);
  signed_bytes.append(message_id).append(1, '.').append(seconds).append(1, '.').append(body);

  std::string value;
  append_standard(value, secrets.current, signed_bytes);
  if (overlap_runs(secrets, now)) append_standard(value, *secrets.previous, signed_bytes);
  if (value.empty()) return std::nullopt;
  return value;
}

std::optional<Secret> standard_key(const Secret& secret) {
  const std::string_view text = secret.reveal();
  if (!text.starts_with(standard_prefix)) return std::nullopt;
  std::optional<std::string> bytes = from_base64(text.substr(standard_prefix.size()));
  if (!bytes || bytes->empty()) return std::nullopt;
  return Secret(*std::move(bytes));
}

}  // namespace galley::webhook
