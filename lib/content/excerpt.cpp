#include "content/excerpt.hpp"

#include <unicode/brkiter.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <stdexcept>

#include "base/encoding.hpp"
#include "base/unicode.hpp"
#include "content/lead_text.hpp"
#include "content/markdown.hpp"
#include "content/utf8.hpp"

namespace galley::content {
namespace {

constexpr std::size_t words_a_minute = 250;
constexpr std::string_view ellipsis = "…";

enum class Boundary : std::uint8_t { grapheme, word, sentence };

std::unique_ptr<icu::BreakIterator> make_iterator(Boundary boundary) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Locale& locale = icu::Locale::getRoot();
  std::unique_ptr<icu::BreakIterator> made;
  switch (boundary) {
    case Boundary::grapheme:
      made.reset(icu::BreakIterator::createCharacterInstance(locale, status));
      break;
    case Boundary::word:
      made.reset(icu::BreakIterator::createWordInstance(locale, status));
      break;
    case Boundary::sentence:
      made.reset(icu::BreakIterator::createSentenceInstance(locale, status));
      break;
  }
  if (U_FAILURE(status) || !made) throw std::runtime_error("ICU lacks its text boundary rules");
  return made;
}

// Making one takes far longer than using it, and they are not thread-safe.
icu::BreakIterator& boundaries(Boundary boundary, const icu::UnicodeString& text) {
  static thread_local const std::unique_ptr<icu::BreakIterator> graphemes = make_iterator(Boundary::grapheme);
  static thread_local const std::unique_ptr<icu::BreakIterator> words = make_iterator(Boundary::word);
  static thread_local const std::unique_ptr<icu::BreakIterator> sentences = make_iterator(Boundary::sentence);
  icu::BreakIterator& iterator = boundary == Boundary::grapheme ? *graphemes
                                 : boundary == Boundary::word   ? *words
                                                                : *sentences;
  iterator.setText(text);
  return iterator;
}

icu::UnicodeString to_utf16(std::string_view text) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
}

std::string to_utf8(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

bool is_white_or_joining(UChar32 c) {
  return u_isUWhiteSpace(c) || c == ',' || c == ';' || c == ':' || c == '-' || c == 0x2013 || c == 0x2014 ||
         c == 0x3001 || c == 0xFF0C || c == 0x60C;
}

void trim_end(icu::UnicodeString& text) {
  while (!text.isEmpty() && is_white_or_joining(text.char32At(text.length() - 1)))
    text.truncate(text.moveIndex32(text.length(), -1));
}

// The last place to cut at or before limit, or 0. The iterator is asked on the whole text, so that it sees what
// follows.
std::int32_t cut_at(Boundary boundary, const icu::UnicodeString& text, std::int32_t limit) {
  icu::BreakIterator& iterator = boundaries(boundary, text);
  if (iterator.isBoundary(limit)) return limit;
  const std::int32_t before = iterator.preceding(limit);
  return before == icu::BreakIterator::DONE ? 0 : before;
}

icu::UnicodeString cut_at_word(const icu::UnicodeString& text, std::int32_t limit) {
  icu::UnicodeString cut = text.tempSubStringBetween(0, cut_at(Boundary::word, text, limit));
  trim_end(cut);
  if (!cut.isEmpty()) return cut;
  return text.tempSubStringBetween(0, cut_at(Boundary::grapheme, text, limit));
}

// Enough of the text for its boundaries near max to be seen, and no more: shortening a megabyte costs no megabyte.
icu::UnicodeString beginning(std::string_view line, std::size_t max) {
  return to_utf16(first_code_points(line, 2 * max + 200));
}

std::int32_t index_of(const icu::UnicodeString& text, std::size_t code_points) {
  return text.moveIndex32(0, static_cast<std::int32_t>(code_points));
}

std::string cut_without_mark(std::string_view text, std::size_t max) {
  const std::string line = tidy_line(text);
  if (count_code_points(line) <= max) return line;
  const icu::UnicodeString start = beginning(line, max);
  return to_utf8(cut_at_word(start, index_of(start, max)));
}

bool is_written_without_spaces(UChar32 c) {
  UErrorCode status = U_ZERO_ERROR;
  switch (static_cast<int>(uscript_getScript(c, &status))) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_THAI:
    case USCRIPT_LAO:
    case USCRIPT_KHMER:
    case USCRIPT_MYANMAR:
      return true;
    default:
      return false;
  }
}

std::size_t count_by_dictionary(std::string_view token) {
  const icu::UnicodeString text = to_utf16(token);
  icu::BreakIterator& iterator = boundaries(Boundary::word, text);
  std::size_t words = 0;
  while (iterator.next() != icu::BreakIterator::DONE) {
    if (iterator.getRuleStatus() >= UBRK_WORD_NUMBER) ++words;
  }
  return words;
}

}  // namespace

std::string shorten(std::string_view text, std::size_t max) {
  const std::string line = tidy_line(text);
  if (count_code_points(line) <= max) return line;
  if (max == 0) return {};
  const icu::UnicodeString start = beginning(line, max);
  icu::UnicodeString sentence = start.tempSubStringBetween(0, cut_at(Boundary::sentence, start, index_of(start, max)));
  while (!sentence.isEmpty() && u_isUWhiteSpace(sentence.char32At(sentence.length() - 1)))
    sentence.truncate(sentence.length() - 1);
  if (static_cast<std::size_t>(sentence.countChar32()) * 2 >= max) return to_utf8(sentence);
  return to_utf8(cut_at_word(start, index_of(start, max - 1))) + std::string(ellipsis);
}

std::string excerpt(std::string_view markdown, std::size_t max) {
  // Four bytes are the longest code point.
  return shorten(lead_text(markdown, 4 * max + 4), max);
}

std::string meta_title(std::string_view title) {
  return cut_without_mark(title, max_meta_title);
}

std::string meta_description(std::string_view text) {
  return shorten(text, max_meta_description);
}

std::size_t word_count(std::string_view markdown) {
  return word_count_of_text(plain_text(markdown));
}

std::size_t word_count_of_text(std::string_view plain) {
  std::size_t words = 0;
  std::size_t token_start = 0;
  bool has_letter = false;
  bool needs_dictionary = false;
  const auto end_token = [&](std::size_t end) {
    if (needs_dictionary) {
      words += count_by_dictionary(plain.substr(token_start, end - token_start));
    } else if (has_letter) {
      ++words;
    }
    has_letter = needs_dictionary = false;
  };
  for (std::size_t at = 0; at < plain.size();) {
    const std::size_t start = at;
    const auto character = static_cast<UChar32>(next_code_point(plain, at));
    if (u_isUWhiteSpace(character)) {
      end_token(start);
      token_start = at;
      continue;
    }
    has_letter = has_letter || u_isalnum(character);
    needs_dictionary = needs_dictionary || (character >= 0x0E00 && is_written_without_spaces(character));
  }
  end_token(plain.size());
  return words;
}

std::size_t reading_time_minutes(std::size_t words) {
  return std::max<std::size_t>(1, (words + words_a_minute - 1) / words_a_minute);
}

}  // namespace galley::content
