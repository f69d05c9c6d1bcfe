#include "content/utf8.hpp"

#include <unicode/utf8.h>

#include <cstdint>

namespace galley::content {

void append_utf8(std::string& out, char32_t character) {
  if (character < 0x80) {
    out += static_cast<char>(character);
    return;
  }
  std::uint8_t bytes[4];
  std::int32_t length = 0;
  UBool failed = false;
  U8_APPEND(bytes, length, 4, static_cast<UChar32>(character), failed);
  if (failed) {
    out += "\xEF\xBF\xBD";
    return;
  }
  for (std::int32_t i = 0; i < length; ++i)
    out += static_cast<char>(bytes[i]);
}

char32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  UChar32 character = 0;
  U8_NEXT(bytes, at, text.size(), character);
  return character < 0 ? U'�' : static_cast<char32_t>(character);
}

}  // namespace galley::content
