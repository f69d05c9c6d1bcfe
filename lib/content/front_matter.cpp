#include "content/front_matter.hpp"

#include <algorithm>
#include <optional>

#include "base/encoding.hpp"
#include "content/front_matter_scalar.hpp"

namespace galley::content {
namespace {

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.';
  });
}

// The line that begins at position at, without its break; at moves to the next line.
std::string_view take_line(std::string_view text, std::size_t& at) {
  const std::size_t end = std::min(text.find('\n', at), text.size());
  std::string_view line = text.substr(at, end - at);
  at = std::min(end + 1, text.size());
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string_view trim_end(std::string_view text) {
  while (text.ends_with(' ') || text.ends_with('\t'))
    text.remove_suffix(1);
  return text;
}

Error malformed(std::size_t line, std::string_view reason) {
  Error error = invalid("markdown", "Line " + std::to_string(line) + " of the front matter: " + std::string(reason));
  error.details.push_back({"line", static_cast<std::int64_t>(line)});
  return error;
}

class Block {
 public:
  // One line, not empty and no comment.
  std::string_view take(std::string_view line) {
    const std::string_view bare = trim_ascii(line);
    if (bare == "-" || bare.starts_with("- ")) return take_item(trim_ascii(bare.substr(1)));
    if (line.front() == ' ' || line.front() == '\t') return "nested fields are not known here.";
    takes_items_ = false;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return "a field is written as \"name: value\".";
    const std::string_view name = trim_end(line.substr(0, colon));
    if (!is_name(name)) return "a field's name has letters, digits, \"_\", \"-\" and \".\" alone.";
    const std::string_view rest = line.substr(colon + 1);
    if (!rest.empty() && rest.front() != ' ' && rest.front() != '\t') return "a space is missing after the colon.";
    if (std::ranges::any_of(fields,
                            [&](const FrontMatterField& field) { return equals_ignoring_case(field.name, name); }))
      return "this field was given before.";
    if (fields.size() == max_front_matter_fields) return "there are more than 100 fields.";
    ScalarReader reader(trim_ascii(rest));
    FrontMatterValue value;
    if (const std::string_view fault = read_value(reader, value); !fault.empty()) return fault;
    fields.push_back({std::string(name), std::move(value)});
    return {};
  }

  std::vector<FrontMatterField> fields;

 private:
  std::string_view read_value(ScalarReader& reader, FrontMatterValue& value) {
    if (reader.at_end()) {
      value = std::string();
      takes_items_ = true;
      return {};
    }
    if (reader.is_list()) {
      std::vector<std::string> items;
      const std::string_view fault = reader.read_list(items);
      value = std::move(items);
      return fault;
    }
    std::string text;
    const std::string_view fault = reader.read_scalar(text);
    value = std::move(text);
    return fault;
  }

  std::string_view take_item(std::string_view written) {
    if (!takes_items_ || fields.empty()) return "a list item stands under no field.";
    FrontMatterValue& value = fields.back().value;
    if (holds_alternative<std::string>(value)) value = std::vector<std::string>();
    auto& items = get<std::vector<std::string>>(value);
    if (items.size() == max_front_matter_items) return "the list has more than 1000 items.";
    ScalarReader reader(written);
    std::string text;
    if (!reader.at_end()) {
      if (reader.is_list()) return "lists of lists are not known here.";
      if (const std::string_view fault = reader.read_scalar(text); !fault.empty()) return fault;
    }
    items.push_back(std::move(text));
    return {};
  }

  bool takes_items_ = false;
};

const FrontMatterValue* find(const std::vector<FrontMatterField>& fields, std::string_view name) {
  const auto found =
      std::ranges::find_if(fields, [&](const auto& field) { return equals_ignoring_case(field.name, name); });
  return found == fields.end() ? nullptr : &found->value;
}

std::string written(const FrontMatterValue& value) {
  if (const auto* text = get_if<std::string>(&value)) return write_scalar(*text, false);
  if (const auto* flag = get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* number = get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* time = get_if<Time>(&value)) return to_rfc3339(*time);
  std::string out = "[";
  for (const std::string& item : get<std::vector<std::string>>(value)) {
    if (out.size() > 1) out += ", ";
    out += write_scalar(item, true);
  }
  return out + "]";
}

}  // namespace

const std::string* FrontMatterDocument::text(std::string_view name) const {
  const FrontMatterValue* value = find(fields, name);
  return value == nullptr ? nullptr : get_if<std::string>(value);
}

std::vector<std::string> FrontMatterDocument::list(std::string_view name) const {
  const FrontMatterValue* value = find(fields, name);
  if (value == nullptr) return {};
  if (const auto* items = get_if<std::vector<std::string>>(value)) return *items;
  std::vector<std::string> parts;
  const auto* text = get_if<std::string>(value);
  std::string_view rest = text == nullptr ? std::string_view() : std::string_view(*text);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    if (const std::string_view part = trim_ascii(rest.substr(0, end)); !part.empty()) parts.emplace_back(part);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return parts;
}

Result<FrontMatterDocument> parse_front_matter(std::string_view document) {
  if (document.starts_with("\xEF\xBB\xBF")) document.remove_prefix(3);
  FrontMatterDocument out;
  std::size_t at = 0;
  if (trim_end(take_line(document, at)) != "---") {
    out.body = document;
    return out;
  }
  Block block;
  for (std::size_t number = 2; at < document.size(); ++number) {
    if (at > max_front_matter_bytes) return malformed(number, "the front matter is longer than 64 KiB.");
    const std::string_view line = trim_end(take_line(document, at));
    if (line == "---" || line == "...") {
      while (at < document.size()) {
        std::size_t next = at;
        if (!trim_ascii(take_line(document, next)).empty()) break;
        at = next;
      }
      out.fields = std::move(block.fields);
      out.body = document.substr(at);
      return out;
    }
    if (line.empty() || trim_ascii(line).starts_with('#')) continue;
    if (!is_utf8(line)) return malformed(number, "this is not UTF-8 text.");
    if (const std::string_view fault = block.take(line); !fault.empty()) return malformed(number, fault);
  }
  return malformed(1, "the closing \"---\" is missing.");
}

std::string write_front_matter(const FrontMatterDocument& document) {
  std::string out;
  for (const FrontMatterField& field : document.fields) {
    if (is_name(field.name)) out += field.name + ": " + written(field.value) + "\n";
  }
  if (out.empty()) return document.body;
  return "---\n" + out + "---\n\n" + document.body;
}

}  // namespace galley::content
