#include "content/html_entities.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "content/html_entity_names.hpp"
#include "content/utf8.hpp"

namespace galley::content {
namespace {

// The longest that is looked at: "&#x0010FFFF;" and "&ZeroWidthSpace;" fit, and a text full of "&" stays linear.
constexpr std::size_t max_reference = 32;

// The HTML standard reads these C1 controls as Windows-1252, because that is what pages mean by them.
constexpr std::array<char32_t, 32> windows_1252 = {0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                   0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
                                                   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                   0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

std::string decode_number(std::string_view digits) {
  std::uint32_t base = 10;
  if (!digits.empty() && (digits.front() == 'x' || digits.front() == 'X')) {
    base = 16;
    digits.remove_prefix(1);
  }
  if (digits.empty()) return {};
  std::uint32_t number = 0;
  for (char c : digits) {
    std::uint32_t digit = 99;
    if (c >= '0' && c <= '9') digit = static_cast<std::uint32_t>(c - '0');
    if (c >= 'a' && c <= 'f') digit = static_cast<std::uint32_t>(c - 'a') + 10;
    if (c >= 'A' && c <= 'F') digit = static_cast<std::uint32_t>(c - 'A') + 10;
    if (digit >= base) return {};
    number = std::min<std::uint32_t>(number * base + digit, 0x110000);
  }
  char32_t character = number;
  if (character >= 0x80 && character <= 0x9F) character = windows_1252[character - 0x80];
  if (character == 0 || character > 0x10FFFF || (character >= 0xD800 && character <= 0xDFFF)) character = 0xFFFD;
  std::string out;
  append_utf8(out, character);
  return out;
}

// Of the reference that a text begins with; 0 for none. Numbers end without a semicolon as well, as in browsers.
std::size_t reference_length(std::string_view text) {
  if (!text.starts_with("&#")) {
    const std::size_t end = text.find(';');
    return end == std::string_view::npos ? 0 : end + 1;
  }
  const bool is_hexadecimal = text.size() > 2 && (text[2] == 'x' || text[2] == 'X');
  const std::string_view digits = is_hexadecimal ? "0123456789abcdefABCDEF" : "0123456789";
  const std::size_t end = std::min(text.find_first_not_of(digits, is_hexadecimal ? 3 : 2), text.size());
  return end < text.size() && text[end] == ';' ? end + 1 : end;
}

}  // namespace

std::string decode_entity(std::string_view reference) {
  if (reference.size() < 3 || reference.front() != '&' || reference.back() != ';') return {};
  const std::string_view name = reference.substr(1, reference.size() - 2);
  if (name.front() == '#') return decode_number(name.substr(1));
  const auto found = std::ranges::lower_bound(named_entities, name, {}, &NamedEntity::name);
  if (found == named_entities.end() || found->name != name) return {};
  std::string out;
  append_utf8(out, found->character);
  return out;
}

std::string decode_entities(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t ampersand = text.find('&', at);
    out += text.substr(at, ampersand - at);
    if (ampersand == std::string_view::npos) break;
    const std::size_t length = reference_length(text.substr(ampersand, max_reference));
    std::string reference(text.substr(ampersand, length));
    if (length > 0 && !reference.ends_with(';')) reference += ';';
    const std::string decoded = decode_entity(reference);
    out += decoded.empty() ? "&" : decoded;
    at = ampersand + (decoded.empty() ? 1 : length);
  }
  return out;
}

void append_escaped_html(std::string& out, std::string_view text) {
  for (char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
}

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  append_escaped_html(out, text);
  return out;
}

}  // namespace galley::content
