#include "base/shape.hpp"

#include <algorithm>

#include "base/encoding.hpp"

namespace galley {

namespace {

// Levenshtein's distance, for names: a few dozen characters each.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

bool is_tracking(std::string_view parameter) {
  return parameter.starts_with('_') || parameter.starts_with("utm_");
}

// A parameter's text as the JSON value that its field expects, so that one set of rules judges both.
json::Value parameter_value(const Schema& schema, const std::string& text) {
  switch (schema.kind) {
    case Schema::Kind::integer:
    case Schema::Kind::number: {
      Result<json::Value> number = json::parse(text);
      return number && number->is_number() ? *std::move(number) : json::Value(text);
    }
    case Schema::Kind::boolean:
      if (text == "true" || text == "1") return json::Value(true);
      if (text == "false" || text == "0") return json::Value(false);
      return json::Value(text);
    case Schema::Kind::text:
    case Schema::Kind::list:
    case Schema::Kind::map:
    case Schema::Kind::object:
    case Schema::Kind::any:
      return json::Value(text);
  }
  return json::Value(text);
}

void split_into(json::Array& list, const Schema& items, std::string_view text) {
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    if (const std::string_view part = trim_ascii(text.substr(0, comma)); !part.empty())
      list.push_back(parameter_value(items, std::string(part)));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
}

}  // namespace

const Shape::Field* Shape::find(std::string_view name) const {
  for (const Field& field : fields_)
    if (field.name == name) return &field;
  return nullptr;
}

std::string Shape::unknown(std::string_view name) const {
  std::string_view nearest;
  std::size_t best = 4;  // further than three edits, or than about a third of the letters, is another word
  if (name.size() <= 64) {
    for (const Field& field : fields_) {
      if (field.rules.read_only) continue;
      const std::size_t edits = distance(to_lower_ascii(name), to_lower_ascii(field.name));
      if (edits < best && edits <= (std::max(name.size(), field.name.size()) + 2) / 3 && edits < field.name.size()) {
        best = edits;
        nearest = field.name;
      }
    }
  }
  if (nearest.empty()) return "is not known";
  return "is not known; did you mean \"" + std::string(nearest) + "\"?";
}

void Shape::decode(const json::Value& value, void* object, Decoding& decoding) const {
  const json::Object* members = value.object();
  if (members == nullptr) return decoding.fail("must be an object, not " + std::string(value.kind()));
  std::vector<const Field*> sent;
  sent.reserve(fields_.size());
  for (const json::Member& member : *members) {
    const Decoding::Step step(decoding, member.first);
    const Field* field = find(member.first);
    if (field == nullptr) {
      if (std::find(ignored_.begin(), ignored_.end(), member.first) == ignored_.end())
        decoding.fail(decoding.full() ? std::string() : unknown(member.first));
      continue;
    }
    if (field->rules.read_only) continue;
    sent.push_back(field);
    if (!member.second.is_null())
      field->operations->decode(member.second, field->of(object), field->rules, decoding);
    else if (field->rules.required)
      decoding.fail("must not be null");
    else
      field->operations->assign(field->of(object), field->default_value);
  }
  if (decoding.patching()) return;
  for (const Field& field : fields_)
    if (field.rules.required && !field.rules.read_only && std::find(sent.begin(), sent.end(), &field) == sent.end())
      decoding.fail_at(field.name, "is required");
}

void Shape::decode_query(std::span<const std::pair<std::string, std::string>> parameters, void* object,
                         Decoding& decoding) const {
  json::Object collected;
  for (const auto& [name, text] : parameters) {
    if (is_tracking(name)) continue;
    const Field* field = find(name);
    if (field == nullptr) {
      decoding.fail_at(name, decoding.full() ? std::string() : unknown(name));
      continue;
    }
    const auto known =
        std::find_if(collected.begin(), collected.end(), [&](const json::Member& m) { return m.first == name; });
    if (field->schema.kind == Schema::Kind::list) {
      json::Array& list = known != collected.end()
                              ? *known->second.array()
                              : *collected.emplace_back(name, json::Value(json::Array{})).second.array();
      split_into(list, *field->schema.items, text);
    } else if (known != collected.end()) {
      decoding.fail_at(name, "must be given once");
    } else {
      collected.emplace_back(name, parameter_value(field->schema, text));
    }
  }
  decode(json::Value(std::move(collected)), object, decoding);
}

void Shape::add(Field field) {
  json::Writer(field.key).value(field.name);
  field.key += ':';
  fields_.push_back(std::move(field));
}

void Shape::encode(const void* object, json::Writer& writer) const {
  writer.begin_object();
  for (const Field& field : fields_) {
    if (field.schema.secret || (field.rules.omit_absent && field.operations->absent(field.of(object)))) continue;
    writer.raw_key(field.key);
    field.operations->encode(field.of(object), writer);
  }
  writer.end_object();
}

}  // namespace galley
