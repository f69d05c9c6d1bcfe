// The character classes and small productions of RFC 9110, RFC 9112 and RFC 3986 that the framing gate needs.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace galley::http::grammar {

// RFC 9110 §5.6.2
bool is_token_character(char c);
bool is_token(std::string_view text);  // not empty
// HTAB, visible ASCII, space, and bytes above 0x7f (obs-text)
bool is_field_value(std::string_view text);
// RFC 3986 path: "/" and pchar, with whole escapes.
bool is_path(std::string_view text);
// Visible ASCII but "#". Browsers and curl send more here than RFC 3986 allows, none of it ambiguous.
bool is_query(std::string_view text);
// A name of letters, digits, "-", ".", "_", "~", an IPv4 address or a bracketed IPv6 address, with or without
// ":port" (1 to 65535). Stricter than RFC 3986: no escapes, no sub-delimiters, no user, no empty port.
bool is_authority(std::string_view text);
// Digits only, without leading zeros, below 10^15.
std::optional<std::uint64_t> to_length(std::string_view text);
// One of the members of a comma-separated list, ignoring case.
bool list_has(std::string_view list, std::string_view member);
// Without spaces and tabs at its ends (OWS).
std::string_view trim_space(std::string_view text);

}  // namespace galley::http::grammar
