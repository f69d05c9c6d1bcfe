#include "api/igny8/igny8_dialect.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "api/error_table.hpp"
#include "api/igny8/page_address.hpp"
#include "base/encoding.hpp"
#include "http/answer.hpp"

namespace galley::api::igny8 {

namespace {

constexpr std::array<std::string_view, 5> roots = {"/api/v1/auth", "/api/v1/planner", "/api/v1/writer",
                                                   "/api/v1/system", "/api/v1/billing"};

struct Wording {
  std::string_view reason;  // as the Shapes say it, or how that begins
  std::string_view text;
};
constexpr Wording wordings[] = {
    {"is required", "This field is required"},
    {"must not be null", "This field may not be null"},
    {"must not be empty", "This field may not be blank"},
    {"must be a whole number", "A valid integer is required"},
    {"must be a number", "A valid number is required"},
    {"must be an e-mail address", "Invalid email format"},
    {"must be true or false", "Must be a valid boolean"},
    {"must be a string", "Not a valid string"},
};

// The member at "site.name"; null where there is none.
const json::Value* find_given(const json::Value* value, std::string_view path) {
  while (value != nullptr && !path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    value = value->find(path.substr(0, dot));
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return value;
}

const json::Value* given_in(const Call& call, std::string_view field, json::Value& parameter) {
  if (call.body) return find_given(&*call.body, field);
  const std::string* text = find_parameter(call.query, field);
  if (text == nullptr) return nullptr;
  parameter = json::Value(*text);
  return &parameter;
}

void write_fields(const Call& call, const Error& error, json::Writer& writer) {
  // In the order in which they were found, each name once.
  std::vector<std::string_view> names;
  for (const FieldError& field : error.fields)
    if (std::ranges::find(names, field.field) == names.end()) names.push_back(field.field);
  writer.key("errors").begin_object();
  for (const std::string_view name : names) {
    // What is wrong with the whole body belongs to no field.
    writer.key(name == "body" || name == "query" ? std::string_view("non_field_errors") : name).begin_array();
    for (const FieldError& field : error.fields) {
      if (field.field != name) continue;
      json::Value parameter;
      writer.value(reason_text(field, given_in(call, name, parameter)));
    }
    writer.end_array();
  }
  writer.end_object();
}

// Errors whose frame tells more than their name: what was wrong with what was sent, or stands in its way.
bool explains(ErrorCode code) {
  return code == ErrorCode::validation_failed || code == ErrorCode::conflict || code == ErrorCode::quota_exceeded ||
         code == ErrorCode::precondition_failed || code == ErrorCode::connection_rejected;
}

}  // namespace

std::string_view error_text(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_json:
      return "Malformed JSON";
    case ErrorCode::validation_failed:
      return "Validation failed";
    case ErrorCode::bad_request:
      return "Bad request";
    case ErrorCode::unauthorized:
      return "Authentication required";
    case ErrorCode::sign_in_refused:
      return "Invalid email or password";
    case ErrorCode::quota_exceeded:
      return "Insufficient credits";
    case ErrorCode::forbidden:
      return "Permission denied";
    case ErrorCode::not_found:
    case ErrorCode::route_not_found:
      return "Resource not found";
    case ErrorCode::method_not_allowed:
      return "Method not allowed";
    case ErrorCode::timed_out:
      return "Request timeout";
    case ErrorCode::conflict:
    case ErrorCode::precondition_failed:
      return "Resource conflict";
    case ErrorCode::payload_too_large:
      return "Payload too large";
    case ErrorCode::uri_too_long:
      return "URI too long";
    case ErrorCode::unsupported_media_type:
      return "Unsupported media type";
    case ErrorCode::headers_too_large:
      return "Headers too large";
    case ErrorCode::connection_rejected:
      return "Unprocessable entity";
    case ErrorCode::rate_limited:
      return "Rate limit exceeded";
    case ErrorCode::internal:
      return "Internal server error";
    case ErrorCode::unavailable:
      return "Service unavailable";
  }
  return "Internal server error";
}

std::string reason_text(const FieldError& error, const json::Value* given) {
  if (error.reason.starts_with("must be one of ") && given != nullptr && given->text() != nullptr)
    return "\"" + *given->text() + "\" is not a valid choice";
  if (error.field.ends_with("password") && error.reason == "must be at least 8 characters long")
    return "Password must be at least 8 characters";
  for (const Wording& wording : wordings)
    if (error.reason.starts_with(wording.reason)) return std::string(wording.text);
  std::string text = error.reason;
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z')
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
  return text;
}

bool Igny8Dialect::owns(std::string_view path) const {
  if (path == "/api/ping" || path == "/api/ping/") return true;
  return std::ranges::any_of(roots, [path](std::string_view root) {
    return path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '/');
  });
}

void Igny8Dialect::write_body(const Call& call, const Reply& reply, std::string& out) const {
  json::Writer writer(out);
  writer.begin_object().member("success", true);
  if (reply.kind == Reply::Kind::list) {
    const PageAddresses addresses = page_addresses(call, *reply.paging);
    writer.member("count", reply.paging->total);
    for (const auto& [name, address] :
         {std::pair{"next", &addresses.next}, std::pair{"previous", &addresses.previous}}) {
      writer.key(name);
      if (*address)
        writer.value(**address);
      else
        writer.null();
    }
    writer.key("results").raw(reply.body);
  } else {
    writer.key("data").raw(reply.body);
    if (!reply.message.empty()) writer.member("message", reply.message);
  }
  writer.member("request_id", call.request_id).end_object();
}

void Igny8Dialect::write_error_body(const Call& call, const Error& error, std::string& out) const {
  json::Writer writer(out);
  writer.begin_object().member("success", false).member("error", error_text(error.code));
  if (!error.fields.empty()) {
    write_fields(call, error, writer);
  } else if (explains(error.code)) {
    writer.key("errors").begin_object().key("non_field_errors").begin_array().value(error.message).end_array();
    writer.end_object();
  }
  writer.member("request_id", call.request_id).end_object();
}

void Igny8Dialect::write_rate(const RateVerdict& rate, http::Answer& answer) const {
  answer.add("X-Throttle-Limit", static_cast<std::size_t>(rate.limit));
  answer.add("X-Throttle-Remaining", static_cast<std::size_t>(rate.remaining));
  answer.add("X-Throttle-Reset", static_cast<std::size_t>(rate.reset));
}

}  // namespace galley::api::igny8
