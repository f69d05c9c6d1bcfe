#include "content/link.hpp"

#include <algorithm>
#include <cstddef>

#include "base/encoding.hpp"
#include "content/html_entities.hpp"
#include "content/utf8.hpp"

namespace galley::content {
namespace {

// Longer addresses do not work in browsers and servers anyway.
constexpr std::size_t max_address = 8192;
constexpr int max_unescape_rounds = 4;

// What a URL parser drops, or what an eye cannot see: C0, space, DEL, C1, soft hyphen, zero-width and bidi marks, BOM.
bool is_invisible(char32_t c) {
  return c <= 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0xAD || (c >= 0x2000 && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202F) || (c >= 0x205F && c <= 0x206F) || c == 0x3000 || c == 0xFEFF || c == 0xFFFD;
}

std::string without_invisible(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t character = next_code_point(text, at);
    if (!is_invisible(character)) append_utf8(out, character);
  }
  return out;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Broken escapes stay as they are: a browser does not refuse them either.
std::string unescape_percent(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

// The part before the first colon, lower case, where no / ? # \ comes earlier; nothing for a relative address.
std::optional<std::string> scheme_of(std::string_view address) {
  const std::size_t end = address.find_first_of(":/?#\\");
  if (end == std::string_view::npos || address[end] != ':') return std::nullopt;
  return to_lower_ascii(address.substr(0, end));
}

bool is_allowed_scheme(std::string_view scheme, LinkUse use) {
  return scheme == "http" || scheme == "https" || (use == LinkUse::link && scheme == "mailto");
}

// A backslash is taken for a part of the scheme here, which is stricter than browsers are: it refuses "java\\script:".
bool is_allowed_scheme_of(std::string_view address, LinkUse use) {
  const std::size_t end = address.find_first_of(":/?#");
  if (end != std::string_view::npos && address.substr(0, end).find('\\') != std::string_view::npos)
    return address[end] != ':';
  const std::optional<std::string> scheme = scheme_of(address);
  return !scheme || is_allowed_scheme(*scheme, use);
}

bool stays_in_address(char c) {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return true;
  return std::string_view("-_.~!*'(),;:@&=+$/?#%").find(c) != std::string_view::npos;
}

std::string encode_address(std::string_view address) {
  static constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  for (char c : address) {
    if (stays_in_address(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += hex[byte >> 4];
    out += hex[byte & 15];
  }
  return out;
}

std::string_view trim_controls(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= 0x20)
    text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= 0x20)
    text.remove_suffix(1);
  return text;
}

// Browsers drop tab and line breaks anywhere in an address.
std::string without_line_breaks(std::string_view text) {
  std::string out(text);
  std::erase_if(out, [](char c) { return c == '\t' || c == '\n' || c == '\r'; });
  return out;
}

}  // namespace

std::optional<std::string> allowed_address(std::string_view address, LinkUse use) {
  if (address.size() > max_address) return std::nullopt;
  const std::string plain = without_line_breaks(trim_controls(address));
  // Each round undoes one layer of escaping; an address that is not settled after some is hiding something.
  std::string seen = without_invisible(plain);
  for (int round = 0; round < max_unescape_rounds; ++round) {
    if (!is_allowed_scheme_of(seen, use)) return std::nullopt;
    std::string next = without_invisible(decode_entities(unescape_percent(seen)));
    if (next == seen) {
      // "http:x" without slashes means another thing on each page; nobody writes it in good faith.
      const std::optional<std::string> scheme = scheme_of(seen);
      if (scheme && scheme != "mailto" && !seen.substr(scheme->size()).starts_with("://")) return std::nullopt;
      return encode_address(plain);
    }
    seen = std::move(next);
  }
  return std::nullopt;
}

std::string address_host(std::string_view address) {
  const std::string plain = without_line_breaks(trim_controls(address));
  std::string_view rest = plain;
  const std::optional<std::string> scheme = scheme_of(rest);
  if (scheme) {
    if (scheme != "http" && scheme != "https") return {};
    rest.remove_prefix(scheme->size() + 1);
  }
  // A backslash is a slash to browsers.
  const auto is_slash = [](char c) { return c == '/' || c == '\\'; };
  std::size_t slashes = 0;
  while (slashes < rest.size() && is_slash(rest[slashes]))
    ++slashes;
  if (slashes < 2) return {};
  rest.remove_prefix(slashes);
  rest = rest.substr(0, rest.find_first_of("/?#\\"));
  if (const std::size_t user = rest.rfind('@'); user != std::string_view::npos) rest.remove_prefix(user + 1);
  if (rest.starts_with('[')) return to_lower_ascii(rest.substr(0, rest.find(']') + 1));
  rest = rest.substr(0, rest.find(':'));
  while (rest.ends_with('.'))
    rest.remove_suffix(1);
  return to_lower_ascii(unescape_percent(rest));
}

bool is_same_site(std::string_view host, std::string_view site_host) {
  const auto bare = [](std::string_view name) {
    std::string lower = to_lower_ascii(name);
    return lower.starts_with("www.") ? lower.substr(4) : lower;
  };
  return bare(host) == bare(site_host);
}

}  // namespace galley::content
