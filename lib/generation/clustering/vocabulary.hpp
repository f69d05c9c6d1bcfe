// The words of all keywords, and their stems.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "domain/clusterer.hpp"
#include "generation/clustering/lexicon.hpp"

namespace galley::generation {

using WordId = std::uint32_t;
using StemId = std::uint32_t;
using PhraseId = std::uint32_t;  // index into what the vocabulary was made from

// Written once, by its constructor. Stems are numbered in the order of their text, so that the order of the phrases
// leaves no trace in them; words are not.
class Vocabulary {
 public:
  Vocabulary(std::span<const Clusterer::Phrase> phrases, std::string_view primary_language);

  std::size_t phrase_count() const { return begins_.size() - 1; }
  std::span<const WordId> words_of(PhraseId phrase) const;
  // What the phrase is about, in its order: its words without modifiers and fillers. Where nothing else is there
  // ("best buy", "the who") they are the topic. Two words that another phrase writes as one ("sour dough", "sourdough")
  // are that one.
  std::vector<WordId> topic_of(PhraseId phrase) const;
  std::optional<Intent> intent_of(PhraseId phrase) const;

  std::string_view typed(WordId word) const { return words_[word].typed; }
  StemId stem_of(WordId word) const { return words_[word].stem; }
  std::span<const std::string> stems() const { return stems_; }

 private:
  struct Word {
    std::string typed;  // in NFKC
    std::string plain;  // folded and without accents
    StemId stem = 0;
    WordRole role = WordRole::topic;
  };
  void split(std::span<const Clusterer::Phrase> phrases);
  void fold(std::string_view primary_language);
  void index_topics();

  Lexicon lexicon_;
  std::vector<Word> words_;
  std::vector<std::string> stems_;
  std::unordered_map<std::string_view, WordId> topics_;  // words of this role by their plain form
  std::vector<WordId> text_;                             // the words of all phrases
  std::vector<std::size_t> begins_;                      // where each phrase begins in it, and the end
};

}  // namespace galley::generation
