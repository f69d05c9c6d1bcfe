#include "base/unicode.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cstdint>
#include <stdexcept>

namespace galley {
namespace {

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Runs of white space become one space, those at the ends nothing.
icu::UnicodeString without_extra_space(const icu::UnicodeString& text, bool drop_controls) {
  icu::UnicodeString out;
  bool space_waits = false;
  for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const UChar32 c = text.char32At(i);
    if (u_isUWhiteSpace(c)) {
      space_waits = !out.isEmpty();
      continue;
    }
    if (drop_controls && u_charType(c) == U_CONTROL_CHAR) continue;
    if (space_waits) out.append(u' ');
    space_waits = false;
    out.append(c);
  }
  return out;
}

// The same for ASCII alone, which most keywords and titles are.
std::string tidy_ascii(std::string_view text, bool fold, bool drop_controls) {
  std::string out;
  out.reserve(text.size());
  bool space_waits = false;
  for (const char c : text) {
    if (c == ' ' || (c >= '\t' && c <= '\r')) {
      space_waits = !out.empty();
      continue;
    }
    if (drop_controls && (c < ' ' || c == 0x7f)) continue;
    if (space_waits) out += ' ';
    space_waits = false;
    out += fold && c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  }
  return out;
}

icu::UnicodeString from_utf8(std::string_view text) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
}

std::string to_utf8(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

icu::UnicodeString normalize(const icu::Normalizer2* normalizer, const icu::UnicodeString& text, UErrorCode& status) {
  icu::UnicodeString out = normalizer != nullptr ? normalizer->normalize(text, status) : icu::UnicodeString();
  // Only where ICU's own data cannot be loaded or memory is out.
  if (U_FAILURE(status)) throw std::runtime_error(std::string("ICU cannot normalize text: ") + u_errorName(status));
  return out;
}

}  // namespace

std::string fold_text(std::string_view text) {
  if (is_ascii(text)) return tidy_ascii(text, true, false);
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfkc = icu::Normalizer2::getNFKCInstance(status);
  icu::UnicodeString folded = normalize(nfkc, from_utf8(text), status);
  folded.foldCase();
  // Folding takes some characters apart, so that it has to be composed once more.
  return to_utf8(without_extra_space(normalize(nfkc, folded, status), false));
}

std::string tidy_line(std::string_view text) {
  if (is_ascii(text)) return tidy_ascii(text, false, true);
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(status);
  // Controls go first: one between a letter and its accent would keep them apart.
  return to_utf8(normalize(nfc, without_extra_space(from_utf8(text), true), status));
}

}  // namespace galley
