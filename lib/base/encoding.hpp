// Byte encodings: hexadecimal is in crypto.hpp beside the digests; here are base64, percent-encoding, UTF-8 and CRC-32.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace galley {

// RFC 4648 §4 with padding, and §5 (url-safe) without.
std::string to_base64(std::string_view bytes);
std::string to_base64url(std::string_view bytes);
// Strict: canonical padding for base64, none for base64url, no white space, unused bits zero. Nothing when malformed.
std::optional<std::string> from_base64(std::string_view text);
std::optional<std::string> from_base64url(std::string_view text);

// RFC 3986: everything but unreserved characters becomes %XX.
std::string percent_encode(std::string_view text);
// Nothing for a broken escape. plus_is_space: as in form-encoded queries.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);

// The first sequence of a text that is not empty. Where it is ill-formed, length is that of the part which one U+FFFD
// replaces (Unicode §3.9, the practice of WHATWG's decoder).
struct Utf8Sequence {
  std::size_t length;
  bool well_formed;
};
Utf8Sequence first_utf8_sequence(std::string_view text);

// Well-formed UTF-8 (Unicode table 3-7: no overlong form, no surrogate, at most U+10FFFF).
bool is_utf8(std::string_view text);
// Number of code points of well-formed UTF-8.
std::size_t count_code_points(std::string_view text);
// The longest prefix of at most max code points, never cutting one.
std::string_view first_code_points(std::string_view text, std::size_t max);

// IEEE 802.3, as zlib's crc32.
std::uint32_t crc32(std::string_view bytes);

// ASCII only: header names, schemes, host names.
std::string to_lower_ascii(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b);
std::string_view trim_ascii(std::string_view text);

}  // namespace galley
