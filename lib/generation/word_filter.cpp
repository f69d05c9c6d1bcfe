#include "generation/word_filter.hpp"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/unicode.hpp"

namespace galley::generation {
namespace {

constexpr std::size_t max_avoid_words = 500;

struct Word {
  std::string folded;
  std::size_t begin = 0;
  std::size_t end = 0;
};

UChar32 next(std::string_view text, std::size_t& at) {
  UChar32 c = 0;
  U8_NEXT(reinterpret_cast<const std::uint8_t*>(text.data()), at, text.size(), c);
  return c;
}

bool is_word_part(UChar32 c) {
  return c > 0 && (u_isalnum(c) || u_charType(c) == U_NON_SPACING_MARK || u_charType(c) == U_COMBINING_SPACING_MARK);
}

std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> words;
  bool in_word = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const bool belongs = is_word_part(next(text, at));
    if (belongs && !in_word) words.push_back({{}, begin, at});
    if (belongs) words.back().end = at;
    in_word = belongs;
  }
  for (Word& word : words)
    word.folded = fold_text(text.substr(word.begin, word.end - word.begin));
  return words;
}

bool has_unspaced_script(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const UChar32 c = next(text, at);
    if (c >= 0x0E00 && (u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC) || (c >= 0x3040 && c <= 0x30FF) || c <= 0x0EFF))
      return true;
  }
  return false;
}

// The first and last word of the first occurrence of the phrase from word start on.
std::optional<std::pair<std::size_t, std::size_t>> find_phrase(const std::vector<Word>& words,
                                                               const std::vector<std::vector<std::string>>& phrases,
                                                               std::size_t start) {
  for (std::size_t i = start; i < words.size(); ++i) {
    for (const auto& phrase : phrases) {
      if (i + phrase.size() > words.size()) continue;
      const bool same =
          std::ranges::equal(phrase,
                             std::ranges::subrange(words.begin() + static_cast<std::ptrdiff_t>(i),
                                                   words.begin() + static_cast<std::ptrdiff_t>(i + phrase.size())),
                             {}, {}, &Word::folded);
      if (same) return std::pair(i, i + phrase.size() - 1);
    }
  }
  return std::nullopt;
}

}  // namespace

WordFilter::WordFilter(const std::vector<std::string>& avoid, std::string_view keyword) {
  const std::vector<Word> keyword_words = words_of(keyword);
  const std::string folded_keyword = fold_text(keyword);
  for (std::size_t i = 0; i < std::min(avoid.size(), max_avoid_words); ++i) {
    if (has_unspaced_script(avoid[i])) {
      std::string folded = fold_text(avoid[i]);
      if (folded_keyword.find(folded) == std::string::npos) unspaced_.push_back(std::move(folded));
      continue;
    }
    std::vector<std::string> phrase;
    for (Word& word : words_of(avoid[i]))
      phrase.push_back(std::move(word.folded));
    if (!phrase.empty() && !find_phrase(keyword_words, {phrase}, 0)) phrases_.push_back(std::move(phrase));
  }
}

bool WordFilter::has_any(std::string_view text) const {
  if (find_phrase(words_of(text), phrases_, 0)) return true;
  const std::string folded = fold_text(text);
  return std::ranges::any_of(unspaced_,
                             [&](const std::string& word) { return folded.find(word) != std::string::npos; });
}

std::string WordFilter::strip(std::string_view text) const {
  std::string out(text);
  // What is left around a gap may be such a phrase again; each round makes the text shorter.
  for (std::vector<Word> words = words_of(out); auto found = find_phrase(words, phrases_, 0); words = words_of(out)) {
    out.erase(words[found->first].begin, words[found->second].end - words[found->first].begin);
    // "a  b", "a , b" and "a--b": the gap goes with the word.
    while (out.find("  ") != std::string::npos)
      out.replace(out.find("  "), 2, " ");
    for (const std::string_view mark : {" ,", " .", " :", " ?", " ;"}) {
      for (std::size_t at = out.find(mark); at != std::string::npos; at = out.find(mark))
        out.erase(at, 1);
    }
  }
  for (const std::string& word : unspaced_) {
    for (std::size_t at = out.find(word); at != std::string::npos; at = out.find(word))
      out.erase(at, word.size());
  }
  // In another case or width than it was given in: the whole text is not worth keeping.
  if (has_any(out)) out.clear();
  return tidy_line(out);
}

std::string WordFilter::say(std::initializer_list<std::string> wordings) const {
  for (const std::string& wording : wordings) {
    if (!has_any(wording)) return wording;
  }
  return wordings.size() == 0 ? std::string() : strip(*wordings.begin());
}

}  // namespace galley::generation
