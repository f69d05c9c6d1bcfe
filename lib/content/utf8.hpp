// Code points one by one, for the text scanners of this module.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace galley::content {

void append_utf8(std::string& out, char32_t character);

// The code point at position at, which moves behind it; a malformed byte is U+FFFD. at < text.size().
char32_t next_code_point(std::string_view text, std::size_t& at);

}  // namespace galley::content
