// How the planner and writer API's frame is described.
#include <algorithm>
#include <array>
#include <string>

#include "api/error_table.hpp"
#include "api/igny8/igny8_dialect.hpp"
#include "http/answer.hpp"

namespace galley::api::igny8 {

namespace {

constexpr std::array<std::string_view, 3> throttle_headers = {"X-Throttle-Limit", "X-Throttle-Remaining",
                                                              "X-Throttle-Reset"};
constexpr std::string_view request_id = "550e8400-e29b-41d4-a716-446655440000";

void describe_text(json::Writer& out, std::string_view name, std::string_view about) {
  out.key(name).begin_object().member("type", "string").member("description", about).end_object();
}

void describe_success(json::Writer& out, bool success) {
  out.key("success").begin_object().member("type", "boolean").member("const", success).end_object();
}

void describe_request_id(json::Writer& out) {
  out.key("request_id").begin_object().member("type", "string").member("format", "uuid");
  out.member("description", "The same as the header X-Request-ID.").end_object();
}

void require(json::Writer& out, std::initializer_list<std::string_view> names) {
  out.key("required").begin_array();
  for (const std::string_view name : names)
    out.value(name);
  out.end_array();
}

}  // namespace

void Igny8Dialect::describe_object(json::Writer& out, const WriteSchema& write_schema) const {
  out.begin_object().member("type", "object");
  require(out, {"success", "data", "request_id"});
  out.key("properties").begin_object();
  describe_success(out, true);
  out.key("data");
  write_schema(out);
  describe_text(out, "message", "A sentence for people.");
  describe_request_id(out);
  out.end_object().end_object();
}

void Igny8Dialect::describe_list(json::Writer& out, const WriteSchema& write_schema) const {
  out.begin_object().member("type", "object");
  require(out, {"success", "count", "next", "previous", "results", "request_id"});
  out.key("properties").begin_object();
  describe_success(out, true);
  out.key("count").begin_object().member("type", "integer").member("description", "All that match.").end_object();
  for (const auto& [name, about] : {std::pair{"next", "Address of the next page; null on the last one."},
                                    std::pair{"previous", "Address of the page before; null on the first one."}}) {
    out.key(name).begin_object().key("type").begin_array().value("string").value("null").end_array();
    out.member("format", "uri").member("description", about).end_object();
  }
  out.key("results").begin_object().member("type", "array").key("items");
  write_schema(out);
  out.end_object();
  describe_request_id(out);
  out.end_object().end_object();
}

void Igny8Dialect::write_object_example(json::Writer& out, const WriteSchema& write_data) const {
  out.begin_object().member("success", true).key("data");
  write_data(out);
  out.member("request_id", request_id).end_object();
}

void Igny8Dialect::write_list_example(json::Writer& out, const WriteSchema& write_data) const {
  out.begin_object().member("success", true).member("count", 1).key("next").null().key("previous").null();
  out.key("results").begin_array();
  write_data(out);
  out.end_array().member("request_id", request_id).end_object();
}

void Igny8Dialect::write_error_example(json::Writer& out, const PublicError& error) const {
  out.begin_object().member("success", false).member("error", error_text(error.code));
  if (error.code == ErrorCode::validation_failed) {
    out.key("errors").begin_object().key("email").begin_array().value("This field is required").end_array();
    out.end_object();
  }
  out.member("request_id", request_id).end_object();
}

std::span<const std::string_view> Igny8Dialect::rate_headers(const Endpoint&) const {
  return throttle_headers;
}

std::string Igny8Dialect::error_answer(int status) const {
  std::string name = "Planner";
  name += http::reason_phrase(status);
  std::erase(name, ' ');
  return name;
}

void Igny8Dialect::describe_frames(json::Writer& out) const {
  out.key(error_schema()).begin_object().member("type", "object");
  out.member("description", "What went wrong, in the planner and writer API.");
  require(out, {"success", "error", "request_id"});
  out.key("properties").begin_object();
  describe_success(out, false);
  out.key("error")
      .begin_object()
      .member("type", "string")
      .member("description", "What went wrong, in two or three words.");
  out.key("examples").begin_array().value("Validation failed").end_array().end_object();
  out.key("errors").begin_object().member("type", "object");
  out.member("description", "Every bad field with its reasons; non_field_errors for the rest.");
  out.key("additionalProperties").begin_object().member("type", "array");
  out.key("items").begin_object().member("type", "string").end_object().end_object();
  out.key("examples").begin_array().begin_object().key("email").begin_array().value("This field is required");
  out.end_array().end_object().end_array().end_object();
  describe_request_id(out);
  out.end_object().end_object();
}

}  // namespace galley::api::igny8
