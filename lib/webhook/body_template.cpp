#include "webhook/body_template.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/variant.hpp"

namespace galley::webhook {

namespace {

constexpr std::string_view field_name = "template";

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

Error at_place(std::string_view text, std::size_t offset, const std::string& reason) {
  const std::string_view before = text.substr(0, offset);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0: the first line
  const std::size_t column = 1 + count_code_points(before.substr(line_start));
  Error error = invalid(std::string(field_name),
                        "Line " + std::to_string(line) + ", column " + std::to_string(column) + ": " + reason);
  error.details.push_back({"line", std::int64_t{line}});
  error.details.push_back({"column", static_cast<std::int64_t>(column)});
  return error;
}

// The inside of a JSON string. The reader that the filled text goes through takes no NUL, so it becomes U+FFFD here
// rather than making an article undeliverable.
void append_escaped(std::string& out, std::string_view text) {
  std::string clean;
  if (text.find('\0') != std::string_view::npos) {
    for (const char c : text) {
      if (c == '\0')
        clean += "\xEF\xBF\xBD";
      else
        clean += c;
    }
    text = clean;
  }
  std::string quoted;
  json::Writer(quoted).value(text);
  out.append(quoted, 1, quoted.size() - 2);
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  append_escaped(out, text);
  out += '"';
}

struct InString {
  std::string& out;
  void operator()(monostate) const {}
  void operator()(std::string_view text) const { append_escaped(out, text); }
  void operator()(const std::string& text) const { append_escaped(out, text); }
  void operator()(std::int64_t number) const { out += std::to_string(number); }
  void operator()(const std::vector<std::string>& texts) const {
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (i > 0) out += ", ";
      append_escaped(out, texts[i]);
    }
  }
};

struct AsValue {
  std::string& out;
  void operator()(monostate) const { out += "null"; }
  void operator()(std::string_view text) const { append_quoted(out, text); }
  void operator()(const std::string& text) const { append_quoted(out, text); }
  void operator()(std::int64_t number) const { out += std::to_string(number); }
  void operator()(const std::vector<std::string>& texts) const {
    out += '[';
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (i > 0) out += ',';
      append_quoted(out, texts[i]);
    }
    out += ']';
  }
};

void append_value(std::string& out, const FlatField& field, bool in_string, const ArticleFields& fields) {
  const FieldValue value = field.value(fields);
  if (in_string)
    visit(InString{out}, value);
  else
    visit(AsValue{out}, value);
}

std::optional<std::int64_t> integer_detail(const Error& error, std::string_view name) {
  for (const Detail& detail : error.details)
    if (detail.name == name)
      if (const auto* number = get_if<std::int64_t>(&detail.value)) return *number;
  return std::nullopt;
}

std::string text_detail(const Error& error, std::string_view name) {
  for (const Detail& detail : error.details)
    if (detail.name == name)
      if (const auto* text = get_if<std::string>(&detail.value)) return *text;
  return error.message;
}

// JavaScript prints names that look like array indexes first and in rising order, and "__proto__" sets a prototype
// instead of a member where an object is built by assignment.
Result<void> check_names(const json::Value& value) {
  if (const json::Array* array = value.array()) {
    for (const json::Value& element : *array)
      GALLEY_TRY(check_names(element));
  } else if (const json::Object* object = value.object()) {
    for (const auto& [name, member] : *object) {
      const bool digits = !name.empty() && std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
      if (digits || name == "__proto__")
        return invalid(std::string(field_name),
                       "The name \"" + name + "\" is not possible: JavaScript gives it a meaning of its own.");
      GALLEY_TRY(check_names(member));
    }
  }
  return {};
}

ArticleSnapshot sample_article() {
  ArticleSnapshot sample;
  sample.id = ArticleId("art_00000000000000000000");
  sample.text = {.title = "A \"sample\" title", .markdown = "# Sample\n\nText with \"quotes\" and a \\ backslash.\n"};
  sample.slug = "a-sample-title";
  sample.keyword = "sample";
  sample.categories = {"Guides", "News"};
  sample.tags = {"one", "two"};
  sample.author_name = "Ada";
  sample.published_at = Time(std::chrono::sys_days(std::chrono::year(2026) / 3 / 30));
  sample.word_count = 1200;
  sample.project_name = "Sample";
  sample.project_domain = "https://example.com";
  sample.language = "en";
  return sample;
}

}  // namespace

class BodyTemplate::Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  Result<std::vector<Part>> run() {
    while (at_ < text_.size()) {
      if (text_.substr(at_).starts_with("{{")) {
        GALLEY_TRY(take_placeholder());
      } else if (in_string_) {
        GALLEY_TRY(take_string_byte());
      } else {
        if (text_[at_] == '"') open_string();
        ++at_;
      }
    }
    close_part(nullptr);
    return std::move(parts_);
  }

 private:
  void open_string() {
    in_string_ = true;
    string_parts_ = parts_.size();
  }

  Result<void> take_string_byte() {
    if (text_[at_] == '"') {
      in_string_ = false;
      // A name made of an article's text could stand twice, or be one that JavaScript moves.
      if (parts_.size() > string_parts_ && next_sign(at_ + 1) == ':')
        return at_place(text_, parts_[string_parts_].offset + parts_[string_parts_].literal.size(),
                        "a placeholder may not stand in a name.");
      ++at_;
      return {};
    }
    if (text_[at_] != '\\') {
      ++at_;
      return {};
    }
    // An escape that a value would complete would mean something else for every value.
    if (text_.substr(at_ + 1).starts_with('u')) {
      const std::string_view digits = text_.substr(at_ + 2, 4);
      if (digits.size() < 4 || !std::ranges::all_of(digits, is_hex))
        return at_place(text_, at_, "\\u takes four hexadecimal digits.");
      at_ += 6;
      return {};
    }
    if (text_.substr(at_ + 1).starts_with('{')) return at_place(text_, at_, "\\{ is not an escape of JSON.");
    at_ = std::min(at_ + 2, text_.size());
    return {};
  }

  Result<void> take_placeholder() {
    const std::size_t end = text_.find("}}", at_);
    if (end == std::string_view::npos) return at_place(text_, at_, "{{ without its }}.");
    const std::string_view name = trim_ascii(text_.substr(at_ + 2, end - at_ - 2));
    const FlatField* const field = find_flat_field(name);
    if (field == nullptr)
      return at_place(text_, at_, "\"" + std::string(first_code_points(name, 40)) + "\" is not a known variable.");
    if (!in_string_ && !is_whole_value(end + 2))
      return at_place(text_, at_, "outside quotes a placeholder must be a whole value.");
    close_part(field);
    at_ = end + 2;
    literal_ = at_;
    return {};
  }

  // Whether what stands before and behind leaves room for a value and nothing else.
  bool is_whole_value(std::size_t end) const {
    std::size_t before = at_;
    while (before > 0 && is_blank(text_[before - 1]))
      --before;
    const char left = before == 0 ? '\0' : text_[before - 1];
    const char right = next_sign(end);
    const bool left_fits = left == '\0' || left == ':' || left == ',' || left == '[';
    return left_fits && (right == '\0' || right == ',' || right == ']' || right == '}');
  }

  // The next byte that is not blank; NUL at the end.
  char next_sign(std::size_t from) const {
    while (from < text_.size() && is_blank(text_[from]))
      ++from;
    return from < text_.size() ? text_[from] : '\0';
  }

  void close_part(const FlatField* field) {
    parts_.push_back({.literal = std::string(text_.substr(literal_, at_ - literal_)),
                      .offset = literal_,
                      .field = field,
                      .in_string = in_string_});
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t literal_ = 0;  // where the literal under way begins
  bool in_string_ = false;
  std::size_t string_parts_ = 0;  // parts before the string under way
  std::vector<Part> parts_;
};

Result<BodyTemplate> BodyTemplate::parse(std::string_view text) {
  if (text.size() > max_template_bytes)
    return invalid(std::string(field_name), "A template has at most " + std::to_string(max_template_bytes) + " bytes.");
  if (!is_utf8(text)) return invalid(std::string(field_name), "A template is UTF-8.");
  BodyTemplate result;
  result.parts_ = GALLEY_TRY(Scanner(text).run());
  return result;
}

Result<std::string> BodyTemplate::fill_text(const ArticleFields& fields) const {
  std::string filled;
  for (const Part& part : parts_) {
    filled += part.literal;
    if (part.field != nullptr) append_value(filled, *part.field, part.in_string, fields);
    if (filled.size() > max_filled_bytes)
      return Error{
          .code = ErrorCode::payload_too_large,
          .message = "The filled template would be longer than " + std::to_string(max_filled_bytes) + " bytes."};
  }
  return filled;
}

Result<std::string> BodyTemplate::fill(const ArticleFields& fields) const {
  const std::string filled = GALLEY_TRY(fill_text(fields));
  // Read and printed again: the template's own spaces, escapes and spellings of numbers are not JSON.stringify's.
  const Result<json::Value> value = json::parse(filled);
  if (value.has_error())
    return internal_error("a saved template gives no JSON: " + text_detail(value.error(), "reason"));
  return json::to_text(*value);
}

std::size_t BodyTemplate::source_offset(const ArticleFields& fields, std::size_t filled_offset) const {
  std::size_t filled = 0;
  for (const Part& part : parts_) {
    if (filled_offset < filled + part.literal.size()) return part.offset + (filled_offset - filled);
    filled += part.literal.size();
    const std::size_t placeholder = part.offset + part.literal.size();
    if (part.field == nullptr) return placeholder;
    std::string value;
    append_value(value, *part.field, part.in_string, fields);
    if (filled_offset < filled + value.size()) return placeholder;
    filled += value.size();
  }
  return 0;
}

Result<void> check_template(std::string_view text) {
  const BodyTemplate parsed = GALLEY_TRY(BodyTemplate::parse(text));
  const ArticleSnapshot sample = sample_article();
  const ArticleFields fields = derive_fields(sample);
  const Result<std::string> filled = parsed.fill_text(fields);
  if (filled.has_error()) return invalid(std::string(field_name), filled.error().message);
  const Result<json::Value> value = json::parse(*filled);
  if (value.has_error()) {
    const auto offset = static_cast<std::size_t>(integer_detail(value.error(), "offset").value_or(0));
    return at_place(text, parsed.source_offset(fields, offset),
                    "this is not JSON once filled: " + text_detail(value.error(), "reason"));
  }
  return check_names(*value);
}

}  // namespace galley::webhook
