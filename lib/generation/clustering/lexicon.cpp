#include "generation/clustering/lexicon.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "base/encoding.hpp"
#include "generation/clustering/folding.hpp"
#include "generation/clustering/lexicon_tables.hpp"

namespace galley::generation {
namespace {

// A question says more than one word of another list does: "why buy gold" asks.
constexpr std::size_t weight_of_opening = 1;

// Calls use(part) for each part between the signs, trimmed.
template <class Use>
void for_each_part(std::string_view list, char sign, Use use) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(sign), list.size());
    const std::string_view part = trim_ascii(list.substr(0, end));
    if (!part.empty()) use(part);
    list.remove_prefix(std::min(end + 1, list.size()));
  }
}

bool is_year(std::string_view word) {
  return word.size() == 4 && (word.starts_with("199") || word.starts_with("20")) &&
         std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; }) && word < "2040";
}

}  // namespace

Lexicon::Lexicon(std::string_view primary_language) {
  const auto all = lexicon_tables();
  const auto table = std::ranges::find(all, primary_language, &LexiconTable::language);
  if (table == all.end()) return;
  const auto plain = [&](std::string_view word) {
    return without_accents(fold_word(word, primary_language), primary_language);
  };
  for_each_part(table->fillers, ',', [&](std::string_view word) { fillers_.insert(plain(word)); });
  add_phrases(table->navigational, Intent::navigational, false, primary_language);
  add_phrases(table->transactional, Intent::transactional, false, primary_language);
  add_phrases(table->commercial, Intent::commercial, false, primary_language);
  add_phrases(table->informational, Intent::informational, false, primary_language);
  add_phrases(table->questions, Intent::informational, true, primary_language);
  for_each_part(table->topics, ',', [&](std::string_view word) { modifiers_.erase(plain(word)); });
}

void Lexicon::add_phrases(std::string_view list, Intent intent, bool opens, std::string_view primary_language) {
  for_each_part(list, ',', [&](std::string_view text) {
    Phrase phrase{.words = {}, .intent = intent, .opens = opens};
    for_each_part(text, ' ', [&](std::string_view word) {
      phrase.words.push_back(without_accents(fold_word(word, primary_language), primary_language));
    });
    if (phrase.words.size() == 1) modifiers_.insert(phrase.words.front());
    std::string first = phrase.words.front();
    phrases_[std::move(first)].push_back(std::move(phrase));
  });
}

WordRole Lexicon::role_of(std::string_view word) const {
  const std::string key(word);
  if (fillers_.contains(key)) return WordRole::filler;
  return modifiers_.contains(key) || is_year(word) ? WordRole::modifier : WordRole::topic;
}

bool Lexicon::stands_at(const Phrase& phrase, std::span<const std::string_view> words) {
  return phrase.words.size() <= words.size() && std::equal(phrase.words.begin(), phrase.words.end(), words.begin());
}

std::optional<Intent> Lexicon::intent_of(std::span<const std::string_view> words) const {
  // Stronger first: what says more words, then in the order of the tables.
  const auto rank = [](Intent intent) {
    constexpr Intent order[] = {Intent::informational, Intent::commercial, Intent::transactional, Intent::navigational};
    return std::ranges::find(order, intent) - order;
  };
  std::optional<Intent> found;
  std::size_t strength = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto candidates = phrases_.find(std::string(words[i]));
    if (candidates == phrases_.end()) continue;
    for (const Phrase& phrase : candidates->second) {
      if ((phrase.opens && i > 0) || !stands_at(phrase, words.subspan(i))) continue;
      const std::size_t weight = phrase.words.size() + (phrase.opens ? weight_of_opening : 0);
      if (found && (weight < strength || (weight == strength && rank(phrase.intent) <= rank(*found)))) continue;
      found = phrase.intent;
      strength = weight;
    }
  }
  return found;
}

}  // namespace galley::generation
