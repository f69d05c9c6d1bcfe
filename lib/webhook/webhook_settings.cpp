#include "webhook/webhook_settings.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "net/url.hpp"
#include "webhook/body_template.hpp"
#include "webhook/request.hpp"

namespace galley::webhook {

namespace {

// The reasons of another check, under the settings' names.
void adopt(std::vector<FieldError>& faults, const std::string& field, const Error& error) {
  if (error.fields.empty()) faults.push_back({field, error.message});
  for (const FieldError& fault : error.fields)
    faults.push_back({field, fault.reason});
}

void read_url(const json::Value& value, WebhookSettings& settings, const net::EgressGuard& guard,
              std::vector<FieldError>& faults) {
  const std::string* text = value.text();
  if (text == nullptr) {
    faults.push_back({"settings.url", "The URL is a string."});
    return;
  }
  settings.url = *text;
  const Result<net::Url> url = net::parse_url(*text);
  if (url.has_error()) {
    adopt(faults, "settings.url", url.error());
    return;
  }
  const Result<void> judged = guard.check_url(*url);
  if (judged.has_error()) adopt(faults, "settings.url", judged.error());
}

void read_format(const json::Value& value, WebhookSettings& settings, std::vector<FieldError>& faults) {
  const std::string* text = value.text();
  const std::optional<BodyFormat> format = text == nullptr ? std::nullopt : from_text<BodyFormat>(*text);
  if (format)
    settings.format = *format;
  else
    faults.push_back({"settings.format", "The format is event, flat or template."});
}

void read_template(const json::Value& value, WebhookSettings& settings, std::vector<FieldError>& faults) {
  const std::string* text = value.text();
  if (text == nullptr) {
    faults.push_back({"settings.template", "The template is a string that holds JSON."});
    return;
  }
  settings.body_template = *text;
  const Result<void> judged = check_template(*text);
  if (judged.has_error()) adopt(faults, "settings.template", judged.error());
}

void read_headers(const json::Value& value, WebhookSettings& settings, std::vector<FieldError>& faults) {
  const json::Object* object = value.object();
  const bool texts = object != nullptr && std::ranges::all_of(*object, [](const json::Member& member) {
                       return member.second.text() != nullptr;
                     });
  if (!texts) {
    faults.push_back({"settings.headers", "The headers are an object of strings."});
    return;
  }
  for (const auto& [name, text] : *object)
    settings.headers.emplace_back(name, *text.text());
  const Result<void> judged = check_headers(settings.headers, "settings.headers");
  if (judged.has_error()) adopt(faults, "settings.headers", judged.error());
}

}  // namespace

Result<WebhookSettings> read_settings(const json::Value& settings, const net::EgressGuard& guard) {
  const json::Object* object = settings.object();
  if (object == nullptr) return invalid("settings", "The settings are an object.");
  WebhookSettings read;
  std::vector<FieldError> faults;
  bool url = false;
  bool body_template = false;
  for (const auto& [name, value] : *object) {
    if (value.is_null()) continue;
    if (name == "url") {
      url = true;
      read_url(value, read, guard, faults);
    } else if (name == "format") {
      read_format(value, read, faults);
    } else if (name == "template") {
      body_template = true;
      read_template(value, read, faults);
    } else if (name == "headers") {
      read_headers(value, read, faults);
    } else {
      faults.push_back({"settings." + name, "There is no such setting; there are url, format, template and headers."});
    }
  }
  if (!url) faults.push_back({"settings.url", "The URL is required."});
  if (read.format == BodyFormat::custom && !body_template)
    faults.push_back({"settings.template", "The format template takes a template."});
  if (read.format != BodyFormat::custom && body_template)
    faults.push_back({"settings.template", "A template goes with the format template only."});
  if (!faults.empty()) return invalid(std::move(faults));
  return read;
}

json::Value to_json(const WebhookSettings& settings) {
  json::Object object;
  object.emplace_back("url", json::Value(settings.url));
  object.emplace_back("format", json::Value(std::string(to_text(settings.format))));
  if (settings.format == BodyFormat::custom) object.emplace_back("template", json::Value(settings.body_template));
  if (!settings.headers.empty()) {
    json::Object headers;
    for (const auto& [name, value] : settings.headers)
      headers.emplace_back(name, json::Value(value));
    object.emplace_back("headers", json::Value(std::move(headers)));
  }
  return json::Value(std::move(object));
}

Result<std::optional<Secret>> read_credentials(const json::Value& credentials) {
  if (credentials.is_null()) return std::optional<Secret>();
  const json::Object* object = credentials.object();
  if (object == nullptr) return invalid("credentials", "The credentials are an object.");
  std::optional<Secret> secret;
  for (const auto& [name, value] : *object) {
    if (name != "secret") return invalid("credentials." + name, "There is no such credential; there is secret.");
    if (value.is_null()) continue;
    const std::string* text = value.text();
    if (text == nullptr || text->empty() || text->size() > max_secret_bytes ||
        std::ranges::any_of(*text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }))
      return invalid("credentials.secret",
                     "A secret has 1 to " + std::to_string(max_secret_bytes) + " bytes and no control characters.");
    // Elsewhere this word asks for a secret; here there would be no place to show it, and it would be a very weak key.
    if (*text == "generate")
      return invalid("credentials.secret",
                     "Give the secret itself, or leave it out: messages are then signed with the project's.");
    secret = Secret(*text);
  }
  return secret;
}

Result<std::optional<Secret>> stored_secret(const Secret& credentials) {
  if (credentials.empty()) return std::optional<Secret>();
  const json::Value value = GALLEY_TRY(json::parse(credentials.reveal()));
  return read_credentials(value);
}

}  // namespace galley::webhook
