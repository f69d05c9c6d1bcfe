#include "net/url.hpp"

#include <algorithm>
#include <array>
#include <boost/url/parse.hpp>
#include <charconv>
#include <utility>

#include "base/encoding.hpp"

namespace galley::net {
namespace {

constexpr std::string_view name_characters = "abcdefghijklmnopqrstuvwxyz0123456789-_";

bool is_ascii(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  return true;
}

Error bad_url(std::string reason) {
  return invalid("url", std::move(reason));
}

std::string_view last_label(std::string_view host) {
  const std::size_t dot = host.rfind('.');
  return dot == std::string_view::npos ? host : host.substr(dot + 1);
}

// One part of an IPv4 address as inet_aton and the URL standard read it: 0x… is hexadecimal, 0… octal.
std::optional<std::uint64_t> parse_ipv4_part(std::string_view part) {
  if (part.empty()) return std::nullopt;
  int base = 10;
  if (part.starts_with("0x") || part.starts_with("0X")) {
    part.remove_prefix(2);
    base = 16;
    if (part.empty()) return 0;
  } else if (part.size() > 1 && part.front() == '0') {
    base = 8;
  }
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value, base);
  if (error != std::errc{} || end != part.data() + part.size()) return std::nullopt;
  return value;
}

// The URL standard's "ends in a number": such a host can only be an address, since no top-level domain is a number.
bool ends_in_number(std::string_view host) {
  const std::string_view label = last_label(host);
  return !label.empty() && (label.find_first_not_of("0123456789") == std::string_view::npos ||
                            ((label.starts_with("0x") || label.starts_with("0X")) && parse_ipv4_part(label)));
}

std::optional<Address> parse_ipv4(std::string_view host) {
  std::array<std::uint64_t, 4> parts{};
  std::size_t count = 0;
  while (true) {
    if (count == parts.size()) return std::nullopt;
    const std::size_t dot = host.find('.');
    const std::optional<std::uint64_t> part = parse_ipv4_part(host.substr(0, dot));
    if (!part) return std::nullopt;
    parts[count++] = *part;
    if (dot == std::string_view::npos) break;
    host.remove_prefix(dot + 1);
  }
  std::uint64_t value = parts[count - 1];
  if (value >= std::uint64_t{1} << (8 * (5 - count))) return std::nullopt;
  for (std::size_t i = 0; i + 1 < count; ++i) {
    if (parts[i] > 255) return std::nullopt;
    value += parts[i] << (8 * (3 - i));
  }
  return Address(boost::asio::ip::address_v4(static_cast<std::uint32_t>(value)));
}

std::optional<std::string> fault_of_name(std::string_view host) {
  if (host.size() > 253) return "has a host name longer than 253 characters";
  while (true) {
    const std::size_t dot = host.find('.');
    const std::string_view label = host.substr(0, dot);
    if (label.empty()) return "has a host name with an empty label";
    if (label.size() > 63) return "has a host name with a label longer than 63 characters";
    if (label.find_first_not_of(name_characters) != std::string_view::npos)
      return "has a host name with a character other than letters, digits, hyphen and underscore";
    if (label.front() == '-' || label.back() == '-')
      return "has a host name with a label that begins or ends in a hyphen";
    if (dot == std::string_view::npos) return std::nullopt;
    host.remove_prefix(dot + 1);
  }
}

Result<void> read_ipv6(const std::string& text, Url& url) {
  // A zone names an interface of this machine: it has no meaning to a user, and every scoped address is forbidden.
  if (text.find('%') != std::string::npos) return bad_url("has an IPv6 address with a zone, which is not allowed");
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address_v6(text, error);
  if (error) return bad_url("has an IPv6 address that is not well formed");
  url.literal = address;
  url.host = address.to_string();
  return {};
}

Result<void> read_name(std::string decoded, Url& url) {
  if (!is_ascii(decoded)) return bad_url("has a host name with non-ASCII letters: write it in its xn-- form");
  std::string host = to_lower_ascii(decoded);
  if (host.ends_with('.')) host.pop_back();
  if (host.empty()) return bad_url("has no host");
  if (ends_in_number(host)) {
    url.literal = parse_ipv4(host);
    if (!url.literal) return bad_url("has a host that ends in a number but is not an IPv4 address");
    url.host = url.literal->to_string();
    return {};
  }
  if (std::optional<std::string> fault = fault_of_name(host)) return bad_url(*std::move(fault));
  url.host = std::move(host);
  return {};
}

Result<void> read_port(std::string_view text, Url& url) {
  if (text.empty()) {
    url.port = url.is_https() ? 443 : 80;
    return {};
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), url.port);
  if (error != std::errc{} || end != text.data() + text.size() || url.port == 0)
    return bad_url("has a port that is not between 1 and 65535");
  return {};
}

// By hand: Boost.URL 1.81 reads "1.2.3.4.example.com" as the address 1.2.3.4 with the path ".example.com", and
// "example.com:80:80" as port 80 with the path ":80".
Result<void> read_authority(std::string_view authority, Url& url) {
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    if (end == std::string_view::npos) return bad_url("has an IPv6 address that is not well formed");
    GALLEY_TRY(read_ipv6(std::string(authority.substr(1, end - 1)), url));
    authority.remove_prefix(end + 1);
    if (!authority.empty() && authority.front() != ':') return bad_url("has something after its IPv6 address");
    return read_port(authority.substr(authority.empty() ? 0 : 1), url);
  }
  const std::size_t colon = std::min(authority.find(':'), authority.size());
  std::optional<std::string> host = percent_decode(authority.substr(0, colon));
  if (!host) return bad_url("has a host name with a broken percent-escape");
  GALLEY_TRY(read_name(*std::move(host), url));
  authority.remove_prefix(colon);
  return read_port(authority.substr(authority.empty() ? 0 : 1), url);
}

std::string encode_non_ascii(std::string_view text) {
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x80)
      encoded.push_back(c);
    else
      encoded += percent_encode(std::string_view(&c, 1));
  }
  return encoded;
}

Result<void> read_target(std::string_view text, Url& url) {
  // No fragment: it is the browser's own (RFC 9110 §7.1) and never travels.
  url.target = encode_non_ascii(text.substr(0, text.find('#')));
  if (!url.target.starts_with('/')) url.target.insert(0, "/");
  if (!boost::urls::parse_origin_form(url.target))
    return bad_url("has a path or query with a character that must be percent-encoded");
  return {};
}

// Between "://" and the path: of a text that has a scheme.
std::string_view authority_of(std::string_view text) {
  const std::string_view rest = text.substr(text.find("://") + 3);
  return rest.substr(0, rest.find_first_of("/?#"));
}

// What can be seen before the text is taken apart, so that the reason names it rather than "not well formed".
std::optional<std::string> fault_of_text(std::string_view text) {
  if (text.empty()) return "is required";
  if (text.size() > max_url_length) return "is longer than " + std::to_string(max_url_length) + " bytes";
  for (const char c : text) {
    if (c == ' ') return "contains a space";
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return "contains a control character";
    if (c == '\\') return "contains a backslash";
  }
  if (!is_utf8(text)) return "is not valid UTF-8";
  const std::size_t colon = text.find("://");
  const std::string scheme = to_lower_ascii(text.substr(0, colon == std::string_view::npos ? 0 : colon));
  if (scheme != "http" && scheme != "https") return "must be an absolute http or https URL";
  const std::string_view authority = authority_of(text);
  if (authority.empty()) return "has no host";
  if (authority.find('@') != std::string_view::npos) return "must not contain a user name or password";
  if (!is_ascii(authority)) return "has a host name with non-ASCII letters: write it in its xn-- form";
  return std::nullopt;
}

}  // namespace

std::string Url::authority() const {
  std::string text = literal && literal->is_v6() ? "[" + host + "]" : host;
  if (port != (is_https() ? 443 : 80)) text += ":" + std::to_string(port);
  return text;
}

std::string Url::origin() const {
  return scheme + "://" + authority();
}

std::string Url::text() const {
  return origin() + target;
}

Result<Url> parse_url(std::string_view text) {
  if (std::optional<std::string> fault = fault_of_text(text)) return bad_url(*std::move(fault));
  Url url;
  url.scheme = to_lower_ascii(text.substr(0, text.find("://")));
  const std::string_view authority = authority_of(text);
  GALLEY_TRY(read_authority(authority, url));
  GALLEY_TRY(read_target(text.substr(url.scheme.size() + 3 + authority.size()), url));
  return url;
}

}  // namespace galley::net
