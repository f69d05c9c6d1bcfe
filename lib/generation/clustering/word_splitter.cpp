#include "generation/clustering/word_splitter.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>

#include <cstdint>
#include <new>

#include "domain/keyword.hpp"

namespace galley::generation {
namespace {

enum class Sign : std::uint8_t { other, letter, unspaced, emoji, apostrophe, invisible };

// Scripts that put no spaces between words. ー belongs to several scripts, hence ranges and not the script property.
bool is_unspaced(UChar32 c) {
  return (c >= 0x0E00 && c <= 0x0EFF) || (c >= 0x1000 && c <= 0x109F) || (c >= 0x1780 && c <= 0x17FF) || c == 0x3005 ||
         (c >= 0x3041 && c <= 0x30FF && c != 0x30FB) || (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
         (c >= 0x20000 && c <= 0x3FFFF);
}

Sign sign_of(UChar32 c) {
  if (c == '\'' || c == 0x2019 || c == 0x02BC) return Sign::apostrophe;
  if (c == 0x00AD || c == 0x200B || c == 0x200C || c == 0x200D || (c >= 0xFE00 && c <= 0xFE0F)) return Sign::invisible;
  if (is_unspaced(c)) return Sign::unspaced;
  constexpr std::uint32_t marks = U_GC_M_MASK;
  if (u_isalnum(c) || (U_GET_GC_MASK(c) & marks) != 0) return Sign::letter;
  if (c < 0x80) return Sign::other;
  if (u_hasBinaryProperty(c, UCHAR_REGIONAL_INDICATOR)) return Sign::letter;
  return u_hasBinaryProperty(c, UCHAR_EXTENDED_PICTOGRAPHIC) ? Sign::emoji : Sign::other;
}

bool is_mark(UChar32 c) {
  return (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0;
}

icu::UnicodeString compatible(std::string_view text) {
  const std::string_view seen = text.substr(0, 4 * Keyword::max_length);
  const icu::UnicodeString typed =
      icu::UnicodeString::fromUTF8(icu::StringPiece(seen.data(), static_cast<std::int32_t>(seen.size())));
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfkc = icu::Normalizer2::getNFKCInstance(status);
  icu::UnicodeString out = U_SUCCESS(status) ? nfkc->normalize(typed, status) : typed;
  if (status == U_MEMORY_ALLOCATION_ERROR || out.isBogus()) throw std::bad_alloc();
  return U_SUCCESS(status) ? out : typed;
}

void append(const icu::UnicodeString& word, std::vector<std::string>& words) {
  if (word.isEmpty() || words.size() == WordSplitter::max_words) return;
  word.toUTF8String(words.emplace_back());
}

}  // namespace

// One phrase on its way through split().
class WordSplitter::Line {
 public:
  Line(WordSplitter& splitter, const icu::UnicodeString& text) : splitter_(splitter), text_(text) {}

  std::vector<std::string> words() {
    for (std::int32_t i = 0; i < text_.length() && words_.size() < max_words; i = text_.moveIndex32(i, 1))
      take(text_.char32At(i), text_.moveIndex32(i, 1));
    end_all();
    return std::move(words_);
  }

 private:
  void take(UChar32 c, std::int32_t next) {
    switch (sign_of(c)) {
      case Sign::letter:
        if (!run_.isEmpty() && is_mark(c)) {
          run_.append(c);  // the dots over a kana
          return;
        }
        end_run();
        if (!word_.isEmpty() || !is_mark(c)) word_.append(c);
        return;
      case Sign::unspaced:
        end_word(false);
        run_.append(c);
        return;
      case Sign::emoji:
        end_all();
        append(icu::UnicodeString(c), words_);
        return;
      case Sign::apostrophe:
        // In other scripts it is a letter's sign: "ім'я" is one word.
        if (!word_.isEmpty() && last() >= 0x250) return;
        end_run();
        end_word(true);
        return;
      case Sign::invisible:
        return;
      case Sign::other:
        if (!joins(c, next)) end_all();
        return;
    }
  }

  UChar32 last() const { return word_.char32At(word_.length() - 1); }

  // "c++", "c#", "3.5": a sign that belongs to the word before it is kept, and the word goes on.
  bool joins(UChar32 c, std::int32_t next) {
    if (word_.isEmpty()) return false;
    const UChar32 following = next < text_.length() ? text_.char32At(next) : ' ';
    const bool is_suffix = (c == '+' || c == '#') && !u_isalnum(following);
    const bool is_point = (c == '.' || c == ',') && u_isdigit(last()) && u_isdigit(following);
    if (is_suffix) word_.append(c);
    if (is_point) word_.append(u'.');
    return is_suffix || is_point;
  }

  void end_word(bool at_apostrophe) {
    const bool is_cut_off = (at_apostrophe || after_apostrophe_) && word_.length() <= 2;
    if (!is_cut_off) append(word_, words_);
    if (!word_.isEmpty() || at_apostrophe) after_apostrophe_ = at_apostrophe;
    word_.remove();
  }

  void end_run() {
    if (!run_.isEmpty()) splitter_.cut_by_dictionary(run_, words_);
    run_.remove();
  }

  void end_all() {
    end_run();
    end_word(false);
    after_apostrophe_ = false;
  }

  WordSplitter& splitter_;
  const icu::UnicodeString& text_;
  icu::UnicodeString word_;
  icu::UnicodeString run_;  // of a script without spaces
  bool after_apostrophe_ = false;
  std::vector<std::string> words_;
};

std::vector<std::string> WordSplitter::split(std::string_view text) {
  const icu::UnicodeString line = compatible(text);
  return Line(*this, line).words();
}

void WordSplitter::cut_by_dictionary(const icu::UnicodeString& run, std::vector<std::string>& words) {
  UErrorCode status = U_ZERO_ERROR;
  if (dictionary_ == nullptr) {
    dictionary_.reset(icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), status));
    if (status == U_MEMORY_ALLOCATION_ERROR) throw std::bad_alloc();
  }
  if (U_FAILURE(status) || dictionary_ == nullptr) {
    dictionary_.reset();
    append(run, words);  // without a dictionary the run is one word
    return;
  }
  dictionary_->setText(run);
  std::int32_t begin = dictionary_->first();
  for (std::int32_t end = dictionary_->next(); end != icu::BreakIterator::DONE; end = dictionary_->next()) {
    append(run.tempSubStringBetween(begin, end), words);
    begin = end;
  }
}

}  // namespace galley::generation
