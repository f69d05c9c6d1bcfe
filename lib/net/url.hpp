// Url: an absolute http or https URL as this program is ready to request it. What is stored of a user's URL is his
// text; what is judged and connected to is the Url that was parsed from it, so that no two parsers can disagree.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace galley::net {

using Address = boost::asio::ip::address;

// Bytes; the longest URL that is taken.
inline constexpr std::size_t max_url_length = 2048;

struct Url {
  std::string scheme;      // "http" or "https"
  std::string host;        // lower case, no trailing dot; a literal in its canonical form, IPv6 without brackets
  std::uint16_t port = 0;  // never 0; 80 or 443 where the text names none
  std::string target;      // path and query, starts with "/"; ASCII only
  std::optional<Address> literal;  // where the host is an address and not a name

  bool is_https() const { return scheme == "https"; }
  // "example.com", "example.com:8443", "[2606:4700::1111]:8443": the Host header. The scheme's own port is left out.
  std::string authority() const;
  // "https://example.com:8443": what connections are pooled by.
  std::string origin() const;
  // The whole URL in canonical form.
  std::string text() const;

  bool operator==(const Url&) const = default;
};

// validation_failed naming the field "url", with a reason that names what is wrong. Stricter than browsers: absolute
// http or https only, no user info, no white space, control character or backslash, a host that is a DNS name in ASCII
// (an IDN in its xn-- form) or an address, a port from 1 to 65535. A fragment is dropped. Non-ASCII text in path and
// query is percent-encoded. A host whose last label is a number is an IPv4 address in one of the spellings that
// inet_aton and browsers take (decimal, octal, hexadecimal, one to four parts), and becomes its canonical form.
Result<Url> parse_url(std::string_view text);

}  // namespace galley::net
