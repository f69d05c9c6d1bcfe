#include "sitemap/xml.hpp"

#include "base/encoding.hpp"

namespace galley::sitemap {
namespace {

constexpr bool needs_care(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte >= 0x80 || c == '&' || c == '<' || c == '>' || c == '"' || c == '\'';
}

std::string_view escape_of(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&apos;";
    case '\t':
      return "\t";
    case '\n':
      return "\n";
    case '\r':
      return "&#13;";  // as itself a parser would make it a line feed
    default:
      return "";  // the other control characters
  }
}

// Returns how many bytes were taken.
std::size_t append_multibyte(std::string& out, std::string_view text) {
  const Utf8Sequence sequence = first_utf8_sequence(text);
  const std::string_view bytes = text.substr(0, sequence.length);
  if (!sequence.well_formed) {
    out += "\xEF\xBF\xBD";
  } else if (bytes != "\xEF\xBF\xBE" && bytes != "\xEF\xBF\xBF") {
    out += bytes;
  }
  return sequence.length;
}

}  // namespace

void append_escaped(std::string& out, std::string_view text) {
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (!needs_care(text[i])) {
      ++i;
      continue;
    }
    out += text.substr(plain, i - plain);
    if (static_cast<unsigned char>(text[i]) < 0x80) {
      out += escape_of(text[i]);
      ++i;
    } else {
      i += append_multibyte(out, text.substr(i));
    }
    plain = i;
  }
  out += text.substr(plain);
}

}  // namespace galley::sitemap
