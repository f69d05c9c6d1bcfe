// How the publishing API's frame is described.
#include <string>

#include "api/error_table.hpp"
#include "api/icf/icf_dialect.hpp"
#include "http/answer.hpp"

namespace galley::api::icf {

namespace {

void write_error_schema(json::Writer& out) {
  out.key("Error").begin_object().member("type", "object").member("description", "What went wrong.");
  out.key("required").begin_array().value("error").end_array();
  out.key("properties").begin_object().key("error").begin_object().member("type", "object");
  out.key("required").begin_array().value("code").value("message").value("details").end_array();
  out.key("properties").begin_object();
  out.key("code").begin_object().member("type", "string").key("enum").begin_array();
  for (const PublicError& row : error_table)
    if (row.code != ErrorCode::sign_in_refused) out.value(row.name);  // the other dialect's alone
  out.end_array().end_object();
  out.key("message").begin_object().member("type", "string").member("description", "A sentence for people.");
  out.key("examples").begin_array().value("The requested article could not be found.").end_array().end_object();
  out.key("details").begin_object().member("type", "object");
  out.member(
      "description",
      "What a program may want to know: the id that was not found; fields with every bad field and its reasons.");
  out.key("examples").begin_array().begin_object().member("articleId", "art_xyz789").end_object().end_array();
  out.end_object().end_object().end_object().end_object().end_object();
}

void write_number(json::Writer& out, std::string_view name, std::string_view type, std::string_view about) {
  out.key(name).begin_object().member("type", type).member("description", about).end_object();
}

void write_pagination_schema(json::Writer& out) {
  out.key("Pagination").begin_object().member("type", "object").member("description", "Where a page of a list stands.");
  out.key("required").begin_array().value("pageSize").value("total").value("nextCursor").end_array();
  out.key("properties").begin_object();
  write_number(out, "page", "integer", "From 1; left out where the page was asked for by cursor.");
  write_number(out, "pageSize", "integer", "Rows on a full page.");
  write_number(out, "total", "integer", "Matches, counted to 10000.");
  write_number(out, "totalIsExact", "boolean", "false where there are more than total; left out where it is exact.");
  out.key("nextCursor").begin_object().key("type").begin_array().value("string").value("null").end_array();
  out.member("description", "For the parameter cursor; null on the last page.").end_object();
  out.end_object().end_object();
}

}  // namespace

void IcfDialect::describe_object(json::Writer& out, const WriteSchema& write_schema) const {
  write_schema(out);
}

void IcfDialect::describe_list(json::Writer& out, const WriteSchema& write_schema) const {
  out.begin_object().member("type", "object");
  out.key("required").begin_array().value("data").value("pagination").end_array();
  out.key("properties").begin_object();
  out.key("data").begin_object().member("type", "array").key("items");
  write_schema(out);
  out.end_object();
  out.key("pagination").begin_object().member("$ref", "#/components/schemas/Pagination").end_object();
  out.end_object().end_object();
}

void IcfDialect::write_object_example(json::Writer& out, const WriteSchema& write_data) const {
  write_data(out);
}

void IcfDialect::write_list_example(json::Writer& out, const WriteSchema& write_data) const {
  out.begin_object().key("data").begin_array();
  write_data(out);
  out.end_array().key("pagination").begin_object();
  out.member("page", 1).member("pageSize", 20).member("total", 1).key("nextCursor").null();
  out.end_object().end_object();
}

void IcfDialect::write_error_example(json::Writer& out, const PublicError& error) const {
  out.begin_object().key("error").begin_object();
  out.member("code", error.name).member("message", error.title).key("details").begin_object().end_object();
  out.end_object().end_object();
}

std::span<const std::string_view> IcfDialect::rate_headers(const Endpoint& endpoint) const {
  static constexpr std::string_view names[] = {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"};
  if (endpoint.scope != RateScope::plan) return {};
  return names;
}

std::string IcfDialect::error_answer(int status) const {
  std::string name(http::reason_phrase(status));
  std::erase(name, ' ');
  return name;
}

void IcfDialect::describe_frames(json::Writer& out) const {
  write_error_schema(out);
  write_pagination_schema(out);
}

}  // namespace galley::api::icf
