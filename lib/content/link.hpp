// Which addresses may stand in a page. Source: the WHATWG URL standard's parsing, which is what browsers follow.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace galley::content {

enum class LinkUse : unsigned char { link, image };

// The address as it may stand in an attribute before HTML escaping (unsafe characters percent-encoded), or nothing
// where its scheme is not http, https, or (links only) mailto. Relative addresses are allowed. Schemes are judged after
// control and invisible characters are dropped and percent and HTML escapes are undone, so no spelling hides one; a
// relative address whose first segment holds an escaped colon is refused for that reason.
std::optional<std::string> allowed_address(std::string_view address, LinkUse use);

// The lower-case host of an absolute or scheme-relative http(s) address, without port and user; empty for relative
// ones.
std::string address_host(std::string_view address);

// "example.com" and "www.example.com" are the same site.
bool is_same_site(std::string_view host, std::string_view site_host);

}  // namespace galley::content
