#include "api/openapi_examples.hpp"

namespace galley::api {

namespace {

using Form = SchemaBook::Form;

std::string_view text_of_format(std::string_view format) {
  if (format == "date-time") return "2026-03-30T15:00:00.000Z";
  if (format == "date") return "2026-03-30";
  if (format == "uri") return "https://example.com/";
  if (format == "email") return "user@example.com";
  if (format == "uuid") return "550e8400-e29b-41d4-a716-446655440000";
  return "text";
}

void write_text(json::Writer& out, const Schema& schema, const Rules& rules) {
  if (!schema.names.empty()) {
    out.value(schema.names.front());
  } else if (!schema.id_prefix.empty()) {
    out.value(std::string(schema.id_prefix) + "_mwxg2di2q8pjx3c28puo");
  } else {
    out.value(text_of_format(rules.format.empty() ? schema.format : rules.format));
  }
}

void write_value(json::Writer& out, const Schema& schema, const Rules& rules, Form form) {
  switch (schema.kind) {
    case Schema::Kind::text:
      return write_text(out, schema, rules);
    case Schema::Kind::integer:
      out.value(static_cast<std::int64_t>(rules.min.value_or(1)));
      return;
    case Schema::Kind::number:
      out.value(rules.min.value_or(1));
      return;
    case Schema::Kind::boolean:
      out.value(false);
      return;
    case Schema::Kind::list:
      out.begin_array();
      if (schema.items) write_value(out, *schema.items, {}, form == Form::patch ? Form::request : form);
      out.end_array();
      return;
    case Schema::Kind::map:
      out.begin_object();
      if (schema.items) {
        out.key("name");
        write_value(out, *schema.items, {}, form);
      }
      out.end_object();
      return;
    case Schema::Kind::object:
      return write_example(out, schema.shape(), form);
    case Schema::Kind::any:
      out.begin_object().end_object();
      return;
  }
}

bool is_shown(const Shape::Field& field, Form form) {
  switch (form) {
    case Form::request:
      return !field.rules.read_only && (field.rules.required || !field.rules.example.empty());
    case Form::patch:
      return !field.rules.read_only && !field.rules.example.empty();
    case Form::answer:
      return !field.schema.secret && !field.rules.omit_absent;
  }
  return true;
}

}  // namespace

void write_example(json::Writer& out, const Shape& shape, Form form) {
  out.begin_object();
  for (const Shape::Field& field : shape.fields()) {
    if (!is_shown(field, form)) continue;
    out.key(field.name);
    if (!field.rules.example.empty())
      out.raw(field.rules.example);
    else
      write_value(out, field.schema, field.rules, form);
  }
  out.end_object();
}

}  // namespace galley::api
