#include "domain/web_url.hpp"

#include <arpa/inet.h>
#include <unicode/idna.h>
#include <unicode/stringpiece.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>

#include "base/encoding.hpp"

namespace galley {
namespace {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
constexpr bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

// RFC 3986 §3.3 pchar without escapes, and "/".
constexpr bool stands_in_path(char c) {
  return is_digit(c) || is_letter(c) || std::string_view("-._~!$&'()*+,;=:@/").find(c) != std::string_view::npos;
}

void append_escape(std::string& out, char c) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out += {'%', hex[byte >> 4], hex[byte & 15]};
}

// Keeps escapes that are there. also: further characters that may stand as they are.
std::optional<std::string> encode_part(std::string_view text, std::string_view also) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '%' && (text.size() - i < 3 || !is_hex(text[i + 1]) || !is_hex(text[i + 2]))) return std::nullopt;
    if (c == '%' || stands_in_path(c) || also.find(c) != std::string_view::npos) {
      out += c;
    } else {
      append_escape(out, c);
    }
  }
  return out;
}

// UTS #46, as browsers do it. Nothing where the name is no internationalised domain name.
std::optional<std::string> to_ascii_name(std::string_view host) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<const icu::IDNA> idna(
      icu::IDNA::createUTS46Instance(UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ, status));
  if (U_FAILURE(status)) return std::nullopt;
  std::string out;
  icu::StringByteSink<std::string> sink(&out);
  icu::IDNAInfo info;
  idna->nameToASCII_UTF8(icu::StringPiece(host.data(), static_cast<std::int32_t>(host.size())), sink, info, status);
  if (U_FAILURE(status) || info.hasErrors()) return std::nullopt;
  return out;
}

bool is_dns_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; });
}

bool is_ipv4(const std::string& host) {
  in_addr address{};
  return inet_pton(AF_INET, host.c_str(), &address) == 1;
}

std::optional<std::string> normalize_ipv6(std::string_view host) {
  const std::string inner(host.substr(1, host.size() - 2));
  in6_addr address{};
  if (inet_pton(AF_INET6, inner.c_str(), &address) != 1) return std::nullopt;
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (inet_ntop(AF_INET6, &address, text.data(), static_cast<socklen_t>(text.size())) == nullptr) return std::nullopt;
  return '[' + std::string(text.data()) + ']';
}

std::optional<std::string> normalize_host(std::string_view given) {
  if (given.size() > 2 && given.front() == '[' && given.back() == ']') return normalize_ipv6(given);
  std::string host(given);
  if (!std::all_of(given.begin(), given.end(), is_ascii)) {
    std::optional<std::string> ascii = to_ascii_name(given);
    if (!ascii) return std::nullopt;
    host = *std::move(ascii);
  }
  host = to_lower_ascii(host);
  if (host.ends_with('.')) host.pop_back();
  if (host.empty() || host.size() > 253) return std::nullopt;
  std::string_view rest = host, label;
  for (;;) {
    const std::size_t dot = rest.find('.');
    label = rest.substr(0, dot);
    if (!is_dns_label(label)) return std::nullopt;
    if (dot == std::string_view::npos) break;
    rest.remove_prefix(dot + 1);
  }
  // A name whose last label is a number is an address to every browser, in spellings that nobody means: "http://1.2/".
  if (std::all_of(label.begin(), label.end(), is_digit) && !is_ipv4(host)) return std::nullopt;
  return host;
}

std::optional<std::string> normalize_port(std::string_view text, std::string_view scheme) {
  unsigned port = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (code != std::errc{} || end != text.data() + text.size() || port == 0 || port > 65535) return std::nullopt;
  if (port == (scheme == "https" ? 443U : 80U)) return std::string{};
  return std::to_string(port);
}

bool has_unfit_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || c == '\\'; });
}

}  // namespace

std::optional<WebUrl> parse_web_url(std::string_view text) {
  if (text.size() > max_web_url || has_unfit_character(text) || !is_utf8(text)) return std::nullopt;
  WebUrl url;
  const std::size_t mark = text.find("://");
  if (mark == std::string_view::npos) return std::nullopt;
  url.scheme = to_lower_ascii(text.substr(0, mark));
  if (url.scheme != "http" && url.scheme != "https") return std::nullopt;
  text.remove_prefix(mark + 3);
  text = text.substr(0, text.find('#'));

  const std::size_t authority_end = std::min(text.find_first_of("/?"), text.size());
  std::string_view authority = text.substr(0, authority_end);
  const std::string_view tail = text.substr(authority_end);
  if (authority.find('@') != std::string_view::npos) return std::nullopt;
  // Within brackets a colon belongs to the address.
  const std::size_t colon = authority.rfind(':');
  if (colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos) {
    std::optional<std::string> port = normalize_port(authority.substr(colon + 1), url.scheme);
    if (!port) return std::nullopt;
    url.port = *std::move(port);
    authority = authority.substr(0, colon);
  }
  std::optional<std::string> host = normalize_host(authority);
  const std::size_t query_at = std::min(tail.find('?'), tail.size());
  std::optional<std::string> path = encode_part(tail.substr(0, query_at), "");
  std::optional<std::string> query = encode_part(tail.substr(query_at), "?");
  if (!host || !path || !query) return std::nullopt;
  url.host = *std::move(host);
  url.path = *std::move(path);
  url.query = *std::move(query);
  if (url.text().size() > max_web_url) return std::nullopt;
  return url;
}

void append_path(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (stands_in_path(c)) {
      out += c;
    } else {
      append_escape(out, c);
    }
  }
}

}  // namespace galley
