#include "api/schema_book.hpp"

#include <stdexcept>

namespace galley::api {

namespace {

using Form = SchemaBook::Form;

std::string name_of(const Shape& shape, Form form) {
  return std::string(shape.name()) + (form == Form::patch ? "Patch" : "");
}

// A list's element has no earlier self that a patch could add to.
Form form_of_items(const Schema& schema, Form form) {
  return form == Form::patch && schema.kind == Schema::Kind::list ? Form::request : form;
}

std::string_view type_of(Schema::Kind kind) {
  switch (kind) {
    case Schema::Kind::text:
      return "string";
    case Schema::Kind::integer:
      return "integer";
    case Schema::Kind::number:
      return "number";
    case Schema::Kind::boolean:
      return "boolean";
    case Schema::Kind::list:
      return "array";
    case Schema::Kind::map:
    case Schema::Kind::object:
      return "object";
    case Schema::Kind::any:
      return "";
  }
  return "";
}

// The words for a lower and an upper bound of that type.
std::pair<std::string_view, std::string_view> bounds_of(Schema::Kind kind) {
  switch (kind) {
    case Schema::Kind::text:
      return {"minLength", "maxLength"};
    case Schema::Kind::integer:
    case Schema::Kind::number:
      return {"minimum", "maximum"};
    case Schema::Kind::list:
      return {"minItems", "maxItems"};
    case Schema::Kind::map:
      return {"minProperties", "maxProperties"};
    case Schema::Kind::boolean:
    case Schema::Kind::object:
    case Schema::Kind::any:
      return {};
  }
  return {};
}

void write_names(json::Writer& out, const Schema& schema, bool nullable) {
  if (schema.names.empty()) return;
  out.key("enum").begin_array();
  for (const std::string_view name : schema.names)
    out.value(name);
  if (nullable) out.null();
  out.end_array();
}

void write_object(json::Writer& out, const Schema& schema, bool nullable, Form form, const std::string& place) {
  const std::string reference = place + name_of(schema.shape(), form);
  if (!nullable) {
    out.member("$ref", reference);
    return;
  }
  out.key("anyOf").begin_array();
  out.begin_object().member("$ref", reference).end_object();
  out.begin_object().member("type", "null").end_object();
  out.end_array();
}

// The members of a schema, without its braces.
void write_type(json::Writer& out, const Schema& schema, bool nullable, Form form, const std::string& place) {
  if (schema.kind == Schema::Kind::object) return write_object(out, schema, nullable, form, place);
  if (const std::string_view type = type_of(schema.kind); !type.empty()) {
    out.key("type");
    if (nullable)
      out.begin_array().value(type).value("null").end_array();
    else
      out.value(type);
  }
  write_names(out, schema, nullable);
  if (!schema.format.empty()) out.member("format", schema.format);
  if (!schema.id_prefix.empty()) out.member("pattern", "^" + std::string(schema.id_prefix) + "_[a-z0-9]{12,40}$");
  if (!schema.items) return;
  out.key(schema.kind == Schema::Kind::list ? "items" : "additionalProperties").begin_object();
  write_type(out, *schema.items, schema.items->nullable, form_of_items(schema, form), place);
  out.end_object();
}

void write_rules(json::Writer& out, const Shape::Field& field) {
  const Rules& rules = field.rules;
  const auto [lowest, highest] = bounds_of(field.schema.kind);
  if (rules.min && !lowest.empty()) out.member(lowest, *rules.min);
  if (rules.max && !highest.empty()) out.member(highest, *rules.max);
  if (!rules.format.empty()) out.member("format", rules.format);
  if (rules.read_only) out.member("readOnly", true);
  if (field.schema.secret) out.member("writeOnly", true);
  if (!rules.about.empty()) out.member("description", rules.about);
  if (!rules.example.empty()) out.key("examples").begin_array().raw(rules.example).end_array();
}

bool is_required(const Shape::Field& field, bool requested) {
  if (requested) return field.rules.required && !field.rules.read_only;
  return !field.rules.omit_absent && !field.schema.secret;
}

}  // namespace

void SchemaBook::note_types(const Schema& schema, Form form) {
  if (schema.kind == Schema::Kind::object) note(schema.shape(), form);
  if (schema.items) note_types(*schema.items, form_of_items(schema, form));
}

std::string SchemaBook::note(const Shape& shape, Form form) {
  std::string name = name_of(shape, form);
  Entry& entry = entries_[name];
  if (entry.shape != nullptr && entry.shape != &shape) throw std::logic_error("two shapes are named " + name);
  const bool known = entry.shape != nullptr && (form == Form::answer || entry.requested);
  entry.shape = &shape;
  entry.patch = form == Form::patch;
  entry.requested = entry.requested || form != Form::answer;
  if (known) return name;
  for (const Shape::Field& field : shape.fields())
    note_types(field.schema, form);
  return name;
}

void SchemaBook::write_reference(json::Writer& out, ShapeFunction shape, Form form) {
  out.begin_object().member("$ref", place_ + note(shape(), form)).end_object();
}

void SchemaBook::write_parameter_schema(json::Writer& out, const Shape::Field& field) {
  note_types(field.schema, Form::request);
  out.begin_object();
  write_type(out, field.schema, false, Form::request, place_);
  Shape::Field described = field;
  described.rules.about = {};  // stands at the parameter
  write_rules(out, described);
  out.end_object();
}

void SchemaBook::write_entry(json::Writer& out, const Entry& entry) const {
  const Shape& shape = *entry.shape;
  const Form form = entry.patch ? Form::patch : entry.requested ? Form::request : Form::answer;
  out.begin_object().member("type", "object");
  if (!shape.about().empty()) out.member("description", shape.about());
  bool any = false;
  for (const Shape::Field& field : shape.fields()) {
    if (entry.patch || !is_required(field, entry.requested)) continue;
    if (!any) out.key("required").begin_array();
    any = true;
    out.value(field.name);
  }
  if (any) out.end_array();
  out.key("properties").begin_object();
  for (const Shape::Field& field : shape.fields()) {
    out.key(field.name).begin_object();
    write_type(out, field.schema, field.schema.nullable || (entry.patch && !field.rules.required), form, place_);
    write_rules(out, field);
    out.end_object();
  }
  out.end_object().end_object();
}

void SchemaBook::write_all(json::Writer& out) const {
  for (const auto& [name, entry] : entries_) {
    out.key(name);
    write_entry(out, entry);
  }
}

}  // namespace galley::api
