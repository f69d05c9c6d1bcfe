// The words of a language that do not say what a keyword is about: what holds sentences together, and what tells the
// searcher's intent.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "domain/keyword.hpp"

namespace galley::generation {

enum class WordRole : std::uint8_t {
  topic,
  modifier,  // "best", "buy", "2025": says how the topic is meant
  filler,    // "the", "for"
};

// Words are given without accents, as without_accents() leaves them. Of a language without a table every word is topic
// and no intent is known. Any thread.
class Lexicon {
 public:
  explicit Lexicon(std::string_view primary_language);

  WordRole role_of(std::string_view word) const;
  // The longest phrase that speaks decides ("best way to" over "best"); a question counts where the keyword begins with
  // it. Among equals: navigational, transactional, commercial, informational.
  std::optional<Intent> intent_of(std::span<const std::string_view> words) const;

 private:
  struct Phrase {
    std::vector<std::string> words;
    Intent intent;
    bool opens;  // counts at the beginning alone
  };
  void add_phrases(std::string_view list, Intent intent, bool opens, std::string_view primary_language);
  static bool stands_at(const Phrase& phrase, std::span<const std::string_view> words);

  std::unordered_map<std::string, std::vector<Phrase>> phrases_;  // by their first word
  std::unordered_set<std::string> fillers_;
  std::unordered_set<std::string> modifiers_;
};

}  // namespace galley::generation
