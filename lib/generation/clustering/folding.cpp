#include "generation/clustering/folding.hpp"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <new>

#include "base/encoding.hpp"

namespace galley::generation {
namespace {

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

icu::UnicodeString from_utf8(std::string_view text) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
}

std::string to_utf8(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

enum class Form : std::uint8_t { composed, decomposed };

// Text that ICU's tables cannot be loaded for stays as it is: it is compared then as it was typed.
icu::UnicodeString normalized(const icu::UnicodeString& text, Form form) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer =
      form == Form::composed ? icu::Normalizer2::getNFCInstance(status) : icu::Normalizer2::getNFDInstance(status);
  icu::UnicodeString out = U_SUCCESS(status) ? normalizer->normalize(text, status) : text;
  if (status == U_MEMORY_ALLOCATION_ERROR || out.isBogus()) throw std::bad_alloc();
  return U_SUCCESS(status) ? out : text;
}

// Latin accents, and the points of Hebrew and Arabic, which only careful writers set.
bool is_accent(UChar32 c) {
  return (c >= 0x300 && c <= 0x36F) || (c >= 0x591 && c <= 0x5C7 && c != 0x5BE) || (c >= 0x64B && c <= 0x65F) ||
         c == 0x670;
}

// Letters that Unicode does not take apart.
std::u16string_view spelled_out(UChar32 c) {
  switch (c) {
    case u'ø':
      return u"o";
    case u'ł':
      return u"l";
    case u'đ':
    case u'ð':
      return u"d";
    case u'ı':
      return u"i";
    case u'ħ':
      return u"h";
    case u'æ':
      return u"ae";
    case u'œ':
      return u"oe";
    case u'þ':
      return u"th";
    default:
      return {};
  }
}

// Who has no umlauts on the keyboard writes ae, oe, ue. Not in "neue", "bauen", "quelle", where the u is another's.
std::string without_written_umlauts(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char before = out.empty() ? ' ' : out.size() > 1 ? out[out.size() - 2] : ' ';
    const bool follows_vowel = !out.empty() && (out.back() == 'a' || out.back() == 'o' || out.back() == 'u');
    const bool is_diphthong = before == 'a' || before == 'e' || before == 'q';
    if (text[i] == 'e' && follows_vowel && !is_diphthong) continue;
    out += text[i];
  }
  return out;
}

}  // namespace

std::string primary_language(std::string_view tag) {
  return to_lower_ascii(tag.substr(0, std::min<std::size_t>(tag.find_first_of("-_"), 8)));
}

std::string fold_word(std::string_view word, std::string_view primary_language) {
  const bool is_turkic = primary_language == "tr" || primary_language == "az";
  if (!is_turkic && is_ascii(word)) return to_lower_ascii(word);
  icu::UnicodeString text = from_utf8(word);
  text.foldCase(is_turkic ? U_FOLD_CASE_EXCLUDE_SPECIAL_I : U_FOLD_CASE_DEFAULT);
  return to_utf8(normalized(text, Form::composed));
}

std::string without_accents(std::string_view folded, std::string_view primary_language) {
  std::string plain(folded);
  if (!is_ascii(folded)) {
    const icu::UnicodeString apart = normalized(from_utf8(folded), Form::decomposed);
    icu::UnicodeString kept;
    for (std::int32_t i = 0; i < apart.length(); i = apart.moveIndex32(i, 1)) {
      const UChar32 c = apart.char32At(i);
      if (is_accent(c)) continue;
      const std::u16string_view letters = spelled_out(c);
      if (letters.empty())
        kept.append(c);
      else
        kept.append(letters.data(), static_cast<std::int32_t>(letters.size()));
    }
    plain = to_utf8(normalized(kept, Form::composed));
  }
  return primary_language == "de" ? without_written_umlauts(plain) : plain;
}

}  // namespace galley::generation
