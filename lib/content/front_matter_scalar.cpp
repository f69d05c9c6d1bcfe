#include "content/front_matter_scalar.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "base/encoding.hpp"
#include "content/front_matter.hpp"
#include "content/utf8.hpp"

namespace galley::content {
namespace {

// What YAML 1.1 and 1.2 readers take for something else than a text.
constexpr std::string_view other_kinds[] = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"};

bool is_plain_letter(char32_t c) {
  if (c >= 0x80) return c >= 0xA0 && c != 0x2028 && c != 0x2029 && c != 0xFEFF && c != 0xFFFD;
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view(" _-./()+!?%").find(static_cast<char>(c)) != std::string_view::npos;
}

bool is_plain(std::string_view text, bool in_list) {
  if (text.empty() || text.ends_with(' ')) return false;
  const char first = text.front();
  const bool starts_with_letter =
      (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z') || static_cast<unsigned char>(first) >= 0x80;
  if (!starts_with_letter || std::ranges::find(other_kinds, to_lower_ascii(text)) != std::end(other_kinds))
    return false;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    if (!is_plain_letter(c) && !(c == ',' && !in_list)) return false;
  }
  return true;
}

void append_escaped(std::string& out, char32_t c) {
  if (c == '"' || c == '\\') {
    out += '\\';
    out += static_cast<char>(c);
  } else if (c == '\n') {
    out += "\\n";
  } else if (c == '\t') {
    out += "\\t";
  } else if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 || c == 0xFEFF) {
    std::array<char, 4> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), static_cast<std::uint32_t>(c), 16).ptr;
    const auto length = static_cast<std::size_t>(end - digits.data());
    out += "\\u" + std::string(4 - length, '0') + std::string(digits.data(), length);
  } else {
    append_utf8(out, c);
  }
}

}  // namespace

void ScalarReader::skip_white() {
  while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t'))
    ++at_;
}

bool ScalarReader::at_end() {
  skip_white();
  return at_ >= text_.size() || text_[at_] == '#';
}

std::string_view ScalarReader::end_line() {
  return at_end() ? std::string_view() : "something follows the end of the value.";
}

std::string_view ScalarReader::read_scalar(std::string& out) {
  if (text_[at_] != '"' && text_[at_] != '\'') return read_plain(out, false);
  if (const std::string_view fault = read_quoted(out); !fault.empty()) return fault;
  return end_line();
}

std::string_view ScalarReader::read_list(std::vector<std::string>& out) {
  ++at_;
  for (skip_white(); at_ < text_.size() && text_[at_] != ']'; skip_white()) {
    if (out.size() == max_front_matter_items) return "the list has more than 1000 items.";
    std::string item;
    const bool is_quoted = text_[at_] == '"' || text_[at_] == '\'';
    const std::string_view fault = is_quoted ? read_quoted(item) : read_plain(item, true);
    if (!fault.empty()) return fault;
    out.push_back(std::move(item));
    skip_white();
    if (at_ < text_.size() && text_[at_] == ',') {
      ++at_;
    } else if (at_ < text_.size() && text_[at_] != ']') {
      return "a comma is missing in the list.";
    }
  }
  if (at_ >= text_.size()) return "the list is not closed on its line.";
  ++at_;
  return end_line();
}

std::string_view ScalarReader::read_quoted(std::string& out) {
  const char quote = text_[at_++];
  while (at_ < text_.size()) {
    const char c = text_[at_++];
    if (c == quote) {
      if (quote == '"' || at_ >= text_.size() || text_[at_] != '\'') return {};
      ++at_;
      out += '\'';
    } else if (c == '\\' && quote == '"') {
      if (const std::string_view fault = read_escape(out); !fault.empty()) return fault;
    } else {
      out += c;
    }
  }
  return "a quoted text is not closed on its line.";
}

std::string_view ScalarReader::read_escape(std::string& out) {
  static constexpr std::string_view names = "\"\\/ntr e";
  static constexpr std::string_view meanings = "\"\\/\n\t\r \x1B";
  const char name = at_ < text_.size() ? text_[at_++] : '\0';
  if (const std::size_t index = names.find(name); name != '\0' && index != std::string_view::npos) {
    out += meanings[index];
    return {};
  }
  const std::size_t length = name == 'x' ? 2 : name == 'u' ? 4 : name == 'U' ? 8 : 0;
  std::uint32_t character = 0;
  const std::string_view digits = text_.substr(std::min(at_, text_.size()), length);
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), character, 16);
  const bool is_whole =
      length > 0 && digits.size() == length && end == digits.data() + digits.size() && failed == std::errc();
  if (!is_whole || character == 0 || character > 0x10FFFF || (character >= 0xD800 && character <= 0xDFFF))
    return "an escape in a quoted text is not known.";
  at_ += length;
  append_utf8(out, character);
  return {};
}

std::string_view ScalarReader::read_plain(std::string& out, bool in_list) {
  // YAML gives these a meaning that is not known here, and taking them as text would surprise.
  if (std::string_view("|>&*!%@`{}[]").find(text_[at_]) != std::string_view::npos)
    return "a value that begins with this character must be quoted.";
  const std::size_t start = at_;
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (in_list && (c == ',' || c == ']' || c == '[')) break;
    if (c == '#' && at_ > start && (text_[at_ - 1] == ' ' || text_[at_ - 1] == '\t')) {
      if (!in_list) break;
      return "the list is not closed on its line.";
    }
    ++at_;
  }
  out = trim_ascii(text_.substr(start, at_ - start));
  // "a: b" within a value is an error to YAML; it has one meaning only, so it is taken as the text that it is.
  return in_list && out.empty() ? "an item of the list is missing." : std::string_view();
}

std::string write_scalar(std::string_view text, bool in_list) {
  if (is_plain(text, in_list)) return std::string(text);
  std::string out = "\"";
  for (std::size_t at = 0; at < text.size();)
    append_escaped(out, next_code_point(text, at));
  return out + "\"";
}

}  // namespace galley::content
