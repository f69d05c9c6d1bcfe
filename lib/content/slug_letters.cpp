#include "content/slug_letters.hpp"

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>

#include "base/encoding.hpp"

namespace galley::content {
namespace {

constexpr std::size_t max_title = 500;  // code points that are looked at

struct LetterRules {
  std::string_view languages;  // separated by spaces
  std::string_view letters;    // letter and spelling in turn, separated by spaces; "_" is none
  std::string_view initials;   // the same, at the beginning of a word
};

// Sources: DIN 5007-2 (de), what WordPress and the languages' own sites do (da, nb, ca, az, bg, sr, mk), the table of
// the Ukrainian cabinet of 2010 (uk), the passport rules of 2013 with й as y (ru).
constexpr LetterRules letter_rules[] = {
    {"de lb", "ä ae ö oe ü ue ß ss", ""},
    {"da nb nn no fo", "å aa æ ae ø oe", ""},
    {"az", "ə e", ""},
    {"ca", "· _", ""},
    {"uk",
     "а a б b в v г h ґ g д d е e є ie ж zh з z и y і i ї i й i к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts "
     "ч ch ш sh щ shch ь _ ю iu я ia",
     "є ye ї yi й y ю yu я ya"},
    {"bg",
     "а a б b в v г g д d е e ж zh з z и i й y к k л l м m н n о o п p р r с s т t у u ф f х h ц ts ч ch ш sh щ sht ъ "
     "a "
     "ь y ю yu я ya",
     ""},
    {"sr bs",
     "а a б b в v г g д d ђ dj е e ж z з z и i ј j к k л l љ lj м m н n њ nj о o п p р r с s т t ћ c у u ф f х h "
     "ц c ч c џ dz ш s đ dj",
     ""},
    {"mk",
     "а a б b в v г g д d ѓ gj е e ж zh з z ѕ dz и i ј j к k л l љ lj м m н n њ nj о o п p р r с s т t ќ kj у u ф f "
     "х h ц c ч ch џ dzh ш sh",
     ""},
    {"be", "г h і i ў u ы y ё io е e ж zh й i х kh ц ts ч ch ш sh ь _ э e ю iu я ia", "ё yo е ye й y ю yu я ya"},
    {"ru",
     "а a б b в v г g д d е e ё e ж zh з z и i й y к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch ш sh щ "
     "shch ъ _ ы y ь _ э e ю yu я ya",
     ""},
};

using Spellings = std::map<UChar32, icu::UnicodeString>;
struct Spelling {
  Spellings letters;
  Spellings initials;
};

Spellings read_spellings(std::string_view text) {
  Spellings out;
  while (!text.empty()) {
    std::array<std::string_view, 2> pair;
    for (std::string_view& part : pair) {
      const std::size_t end = std::min(text.find(' '), text.size());
      part = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    const auto utf16 = [](std::string_view utf8) {
      return icu::UnicodeString::fromUTF8(icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size())));
    };
    out[utf16(pair[0]).char32At(0)] = pair[1] == "_" ? icu::UnicodeString() : utf16(pair[1]);
  }
  return out;
}

std::map<std::string, Spelling, std::less<>> read_rules() {
  std::map<std::string, Spelling, std::less<>> out;
  for (const LetterRules& rules : letter_rules) {
    std::string_view languages = rules.languages;
    while (!languages.empty()) {
      const std::size_t end = std::min(languages.find(' '), languages.size());
      out[std::string(languages.substr(0, end))] = {read_spellings(rules.letters), read_spellings(rules.initials)};
      languages.remove_prefix(std::min(end + 1, languages.size()));
    }
  }
  return out;
}

const Spelling* spelling_of(std::string_view language) {
  static const auto rules = read_rules();
  const auto found = rules.find(language);
  return found == rules.end() ? nullptr : &found->second;
}

// One of each per thread: making one takes longer than a slug, and they are not thread-safe.
icu::UnicodeString to_latin(icu::UnicodeString text) {
  static thread_local const auto transliterator = [] {
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<icu::Transliterator> made(icu::Transliterator::createInstance(
        "Greek-Latin/UNGEGN; Any-Latin; Latin-ASCII; NFD; [:Mn:] Remove; NFC; Lower", UTRANS_FORWARD, status));
    if (U_FAILURE(status) || !made) throw std::runtime_error("ICU lacks its transliteration rules");
    return made;
  }();
  transliterator->transliterate(text);
  return text;
}

UScriptCode script_of(UChar32 c) {
  UErrorCode status = U_ZERO_ERROR;
  return uscript_getScript(c, &status);
}

bool keeps_its_letters(const icu::UnicodeString& text, std::string_view language) {
  for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const UScriptCode script = script_of(text.char32At(i));
    if (script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA || script == USCRIPT_ARABIC ||
        script == USCRIPT_HEBREW)
      return true;
    if (script == USCRIPT_HAN && language == "ja") return true;
  }
  return false;
}

bool is_apostrophe(UChar32 c) {
  return c == '\'' || c == 0x2019 || c == 0x2018 || c == '`' || c == 0xB4 || (c >= 0x2B0 && c <= 0x2FF);
}

std::string_view word_for_ampersand(std::string_view language) {
  static constexpr std::pair<std::string_view, std::string_view> words[] = {
      {"en", "and"}, {"", "and"},   {"de", "und"}, {"fr", "et"}, {"es", "y"},  {"it", "e"},  {"pt", "e"},
      {"nl", "en"},  {"sv", "och"}, {"da", "og"},  {"nb", "og"}, {"no", "og"}, {"fi", "ja"}, {"pl", "i"}};
  for (const auto& [code, word] : words) {
    if (code == language) return word;
  }
  return {};
}

// Digits of every script become ASCII's, "&" the language's word, and letters their spelling.
icu::UnicodeString respell(const icu::UnicodeString& text, std::string_view language, bool keeps_letters) {
  const Spelling* own = spelling_of(language);
  const Spelling* cyrillic = spelling_of("ru");
  const bool elides = language == "fr" || language == "it" || language == "ca";
  icu::UnicodeString out;
  bool in_word = false;
  for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const UChar32 c = text.char32At(i);
    const bool starts_word = !in_word;
    in_word = u_isalnum(c) || u_charType(c) == U_NON_SPACING_MARK || is_apostrophe(c);
    if (u_charType(c) == U_DECIMAL_DIGIT_NUMBER) {
      out.append(static_cast<UChar32>('0' + u_charDigitValue(c)));
      continue;
    }
    // ICU reads a character after a number as a part of it.
    const bool is_han = script_of(c) == USCRIPT_HAN;
    const UChar32 before = out.isEmpty() ? U' ' : out.char32At(out.length() - 1);
    const bool follows_han = script_of(before) == USCRIPT_HAN;
    if (!keeps_letters && u_isalnum(before) && is_han != follows_han && u_isalnum(c)) out.append(u' ');
    if (keeps_letters && c >= 0x80 && script_of(c) == USCRIPT_LATIN) {
      out.append(to_latin(icu::UnicodeString(c)));
      continue;
    }
    if (c == '&') {
      const std::string_view word = word_for_ampersand(language);
      out.append(u' ')
          .append(icu::UnicodeString(word.data(), static_cast<std::int32_t>(word.size()), US_INV))
          .append(u' ');
      continue;
    }
    if (is_apostrophe(c)) {
      if (elides) out.append(u' ');
      continue;
    }
    const Spelling* spelling = own;
    if (script_of(c) == USCRIPT_CYRILLIC && (own == nullptr || !own->letters.contains(c))) spelling = cyrillic;
    if (spelling != nullptr && !keeps_letters) {
      if (const auto found = spelling->initials.find(c); starts_word && found != spelling->initials.end()) {
        out.append(found->second);
        continue;
      }
      // The one pair with a rule: "зг" is "zgh", since "zh" is another letter.
      if (c == u'г' && language == "uk" && out.endsWith(u"z", 1)) {
        out.append(u"gh", 2);
        continue;
      }
      if (const auto found = spelling->letters.find(c); found != spelling->letters.end()) {
        out.append(found->second);
        continue;
      }
    }
    out.append(c);
  }
  return out;
}

// Vowel points and the tatweel are ornaments of Arabic and Hebrew; nobody types them in an address.
bool is_ornament(UChar32 c) {
  return u_charType(c) == U_NON_SPACING_MARK || c == 0x640;
}

}  // namespace

std::string primary_language(std::string_view language) {
  return to_lower_ascii(language.substr(0, language.find_first_of("-_")));
}

std::vector<std::string> slug_words(std::string_view title, std::string_view language) {
  const std::string_view bounded = first_code_points(title, max_title);
  icu::UnicodeString text =
      icu::UnicodeString::fromUTF8(icu::StringPiece(bounded.data(), static_cast<std::int32_t>(bounded.size())));
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* compose = icu::Normalizer2::getNFKCInstance(status);
  if (U_FAILURE(status)) throw std::runtime_error("ICU lacks its normalisation tables");
  text = compose->normalize(text, status).toLower(icu::Locale::getRoot());
  // Lower-casing may decompose ("İ" becomes "i" and a dot).
  text = compose->normalize(text, status);
  const bool keeps_letters = keeps_its_letters(text, language);
  text = respell(text, language, keeps_letters);
  if (!keeps_letters) text = to_latin(std::move(text));

  std::vector<std::string> words;
  bool in_word = false;
  for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const UChar32 c = text.char32At(i);
    if (is_apostrophe(c) || (keeps_letters && is_ornament(c))) continue;
    const bool belongs = keeps_letters ? u_isalnum(c) != 0 : (c < 0x80 && u_isalnum(c) != 0);
    if (!belongs) {
      in_word = false;
      continue;
    }
    if (!in_word) words.emplace_back();
    in_word = true;
    icu::UnicodeString(c).toUTF8String(words.back());
  }
  return words;
}

}  // namespace galley::content
