// Absolute http and https URLs as they may stand in a page or a sitemap. Nothing is connected to by them: that is
// net::Url's part.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace galley {

// Bytes as given, and once more percent-encoded; sitemaps.org takes no longer address.
inline constexpr std::size_t max_web_url = 2048;

struct WebUrl {
  std::string scheme;  // "http" or "https"
  std::string host;    // lower case ASCII, an IDN in its xn-- form, IPv6 in brackets; no trailing dot
  std::string port;    // digits; empty where it is the scheme's own
  std::string path;    // empty or from "/"; ASCII
  std::string query;   // empty or from "?"; ASCII

  std::string text() const { return scheme + "://" + host + (port.empty() ? "" : ":" + port) + path + query; }

  bool operator==(const WebUrl&) const = default;
};

// Nothing for what is not absolute http(s), has user info, white space, control characters, a backslash or a broken
// escape, or is longer than max_web_url. Non-ASCII text of path and query is percent-encoded, the fragment dropped.
std::optional<WebUrl> parse_web_url(std::string_view text);

// Appends text with everything percent-encoded that may not stand in a path as it is; "/" stays.
void append_path(std::string& out, std::string_view text);

}  // namespace galley
