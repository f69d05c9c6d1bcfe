// The settings and credentials of a Generic Webhook connection.
#pragma once

#include <optional>
#include <string>

#include "base/json.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "domain/webhook.hpp"
#include "net/egress_guard.hpp"

namespace galley::webhook {

inline constexpr std::size_t max_secret_bytes = 256;

struct WebhookSettings {
  std::string url;
  BodyFormat format = BodyFormat::event;
  std::string body_template;  // for BodyFormat::custom
  HeaderList headers{};
};

// {"url", "format"?, "template"?, "headers"?: {name: value}}, null standing for absent. validation_failed with every
// bad field, as "settings.<name>"; unknown names too.
Result<WebhookSettings> read_settings(const json::Value& settings, const net::EgressGuard& guard);
// What read_settings() took, in the form in which it is stored: url, format, then what there is of the others.
json::Value to_json(const WebhookSettings& settings);

// {"secret"?}: 1 to max_secret_bytes without control characters; nothing where there is none. validation_failed as
// "credentials.<name>".
Result<std::optional<Secret>> read_credentials(const json::Value& credentials);
// The same from the stored JSON text, which may be empty.
Result<std::optional<Secret>> stored_secret(const Secret& credentials);

}  // namespace galley::webhook
