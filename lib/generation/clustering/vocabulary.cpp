#include "generation/clustering/vocabulary.hpp"

#include <algorithm>
#include <utility>

#include "generation/clustering/folding.hpp"
#include "generation/clustering/stemmer.hpp"
#include "generation/clustering/word_splitter.hpp"

namespace galley::generation {

Vocabulary::Vocabulary(std::span<const Clusterer::Phrase> phrases, std::string_view primary_language)
    : lexicon_(primary_language) {
  split(phrases);
  fold(primary_language);
  index_topics();
}

void Vocabulary::split(std::span<const Clusterer::Phrase> phrases) {
  std::unordered_map<std::string, WordId> ids;
  WordSplitter splitter;
  begins_.reserve(phrases.size() + 1);
  begins_.push_back(0);
  for (const Clusterer::Phrase& phrase : phrases) {
    for (std::string& word : splitter.split(phrase.text)) {
      const auto [place, is_new] = ids.try_emplace(std::move(word), static_cast<WordId>(words_.size()));
      if (is_new) words_.push_back({.typed = place->first, .plain = {}});
      text_.push_back(place->second);
    }
    begins_.push_back(text_.size());
  }
}

void Vocabulary::fold(std::string_view primary_language) {
  // "recettes végétariennes" and "recettes vegetariennes" are one word each, whose stem the rules find where the
  // accents are: of all spellings the one with most accents is stemmed for all.
  std::unordered_map<std::string, std::string> spellings;
  for (Word& word : words_) {
    std::string folded = fold_word(word.typed, primary_language);
    word.plain = without_accents(folded, primary_language);
    word.role = lexicon_.role_of(word.plain);
    const auto [place, is_new] = spellings.try_emplace(word.plain, folded);
    std::string& best = place->second;
    const bool is_better = folded.size() > best.size() || (folded.size() == best.size() && folded < best);
    if (!is_new && is_better) best = std::move(folded);
  }
  Stemmer stemmer(primary_language);
  for (auto& [plain, spelling] : spellings)
    spelling = without_accents(stemmer.stem(spelling), primary_language);
  for (const auto& [plain, stem] : spellings)
    stems_.push_back(stem);
  std::ranges::sort(stems_);
  stems_.erase(std::ranges::unique(stems_).begin(), stems_.end());
  for (Word& word : words_) {
    const auto place = std::ranges::lower_bound(stems_, spellings.at(word.plain));
    word.stem = static_cast<StemId>(place - stems_.begin());
  }
}

void Vocabulary::index_topics() {
  for (WordId word = 0; word < words_.size(); ++word) {
    if (words_[word].role != WordRole::topic) continue;
    const auto [place, is_new] = topics_.try_emplace(words_[word].plain, word);
    // Of several spellings always the same, whatever the order of the phrases.
    if (!is_new && words_[word].typed < words_[place->second].typed) place->second = word;
  }
}

std::span<const WordId> Vocabulary::words_of(PhraseId phrase) const {
  return std::span(text_).subspan(begins_[phrase], begins_[phrase + 1] - begins_[phrase]);
}

std::vector<WordId> Vocabulary::topic_of(PhraseId phrase) const {
  const auto words = words_of(phrase);
  auto strongest = WordRole::filler;
  for (const WordId word : words)
    strongest = std::min(strongest, words_[word].role);
  std::vector<WordId> topic;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const Word& word = words_[words[i]];
    if (word.role != strongest) continue;
    topic.push_back(words[i]);
    if (strongest != WordRole::topic || i + 1 == words.size()) continue;
    const auto joined = topics_.find(word.plain + words_[words[i + 1]].plain);
    if (joined == topics_.end() || words_[words[i + 1]].role != WordRole::topic) continue;
    topic.back() = joined->second;
    ++i;
  }
  return topic;
}

std::optional<Intent> Vocabulary::intent_of(PhraseId phrase) const {
  std::vector<std::string_view> words;
  for (const WordId word : words_of(phrase))
    words.push_back(words_[word].plain);
  return lexicon_.intent_of(words);
}

}  // namespace galley::generation
