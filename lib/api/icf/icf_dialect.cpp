#include "api/icf/icf_dialect.hpp"

#include <map>

#include "api/error_table.hpp"
#include "base/json.hpp"

namespace galley::api::icf {

namespace {

// For the pipeline's header fields, not for readers of the body.
bool is_header_detail(std::string_view name) {
  return name == "allow" || name == "retry_after";
}

void write_fields(const std::vector<FieldError>& fields, json::Writer& writer) {
  std::map<std::string, std::vector<std::string_view>> by_name;
  for (const FieldError& field : fields)
    by_name[camel(field.field)].push_back(field.reason);
  writer.key("fields").begin_object();
  for (const auto& [name, reasons] : by_name) {
    writer.key(name).begin_array();
    for (const std::string_view reason : reasons)
      writer.value(reason);
    writer.end_array();
  }
  writer.end_object();
}

void write_detail(const DetailValue& value, json::Writer& writer) {
  if (const auto* text = get_if<std::string>(&value)) {
    writer.value(*text);
  } else if (const auto* number = get_if<std::int64_t>(&value)) {
    writer.value(*number);
  } else {
    writer.begin_array();
    for (const std::string& element : get<std::vector<std::string>>(value))
      writer.value(element);
    writer.end_array();
  }
}

}  // namespace

std::string camel(std::string_view name) {
  std::string text;
  text.reserve(name.size());
  bool raise = false;
  for (const char c : name) {
    if (c == '_' && !text.empty() && text.back() != '.') {
      raise = true;
      continue;
    }
    text += raise && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    raise = false;
  }
  return text;
}

void write_list(std::string_view rows, const Reply::Paging& paging, std::string& out) {
  json::Writer writer(out);
  writer.begin_object().key("data").raw(rows);
  writer.key("pagination").begin_object();
  if (!paging.by_cursor) writer.member("page", paging.page);
  writer.member("pageSize", paging.size).member("total", paging.total);
  if (!paging.total_is_exact) writer.member("totalIsExact", false);
  writer.key("nextCursor");
  if (paging.next_cursor)
    writer.value(*paging.next_cursor);
  else
    writer.null();
  writer.end_object().end_object();
}

void write_error(const Error& error, std::string& out) {
  json::Writer writer(out);
  writer.begin_object().key("error").begin_object();
  writer.member("code", public_error(error.code).name).member("message", error.message);
  writer.key("details").begin_object();
  if (!error.fields.empty()) write_fields(error.fields, writer);
  for (const Detail& detail : error.details) {
    if (is_header_detail(detail.name)) continue;
    writer.key(camel(detail.name));
    write_detail(detail.value, writer);
  }
  writer.end_object().end_object().end_object();
}

void IcfDialect::write_body(const Call&, const Reply& reply, std::string& out) const {
  if (reply.kind == Reply::Kind::list)
    write_list(reply.body, *reply.paging, out);
  else
    out += reply.body;
}

void IcfDialect::write_error_body(const Call&, const Error& error, std::string& out) const {
  write_error(error, out);
}

void IcfDialect::write_rate(const RateVerdict& rate, http::Answer& answer) const {
  answer.add("X-RateLimit-Limit", static_cast<std::size_t>(rate.limit));
  answer.add("X-RateLimit-Remaining", static_cast<std::size_t>(rate.remaining));
  answer.add("X-RateLimit-Reset", static_cast<std::size_t>(rate.reset));
}

}  // namespace galley::api::icf
