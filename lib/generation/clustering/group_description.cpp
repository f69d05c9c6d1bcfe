#include "generation/clustering/group_description.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/encoding.hpp"

namespace galley::generation {
namespace {

constexpr std::size_t max_shared = 5;

std::int64_t volume_of(const Clusterer::Phrase& phrase) {
  return phrase.volume.value_or(-1);  // unknown: below none
}

// One stem in a group.
struct SharedStem {
  std::size_t holders = 0;
  bool is_in_name = false;
  std::map<std::string_view, std::size_t> typed{};  // how often so

  std::string_view commonest() const {
    const auto best = std::ranges::max_element(typed, [](const auto& a, const auto& b) { return a.second < b.second; });
    return best->first;
  }
};

std::map<StemId, SharedStem> count_stems(std::span<const PhraseId> members, PhraseId named,
                                         const Vocabulary& vocabulary) {
  std::map<StemId, SharedStem> stems;
  std::vector<StemId> own;
  for (const PhraseId member : members) {
    own.clear();
    for (const WordId word : vocabulary.topic_of(member)) {
      const StemId stem = vocabulary.stem_of(word);
      if (std::ranges::find(own, stem) != own.end()) continue;
      own.push_back(stem);
      SharedStem& shared = stems[stem];
      ++shared.holders;
      shared.is_in_name = shared.is_in_name || member == named;
      ++shared.typed[vocabulary.typed(word)];
    }
  }
  return stems;
}

std::vector<std::string> shared_words(std::span<const PhraseId> members, PhraseId named, const Vocabulary& vocabulary,
                                      const Topics& topics) {
  const auto stems = count_stems(members, named, vocabulary);
  const auto telling = [&](const auto& entry) {
    return topics.weight_of(entry.first) * static_cast<float>(entry.second.holders);
  };
  std::vector<std::pair<float, std::string_view>> common;
  for (const auto& entry : stems) {
    if (2 * entry.second.holders > members.size()) common.emplace_back(-telling(entry), entry.second.commonest());
  }
  std::ranges::sort(common);
  std::vector<std::string> words;
  for (const auto& [weight, word] : common) {
    if (words.size() < max_shared) words.emplace_back(word);
  }
  if (words.empty()) {
    // Spellings of one word, say: the one that the name has speaks for all.
    const auto best = std::ranges::max_element(stems, {}, [&](const auto& entry) {
      return std::tuple(entry.second.holders, entry.second.is_in_name, telling(entry));
    });
    words.emplace_back(best->second.commonest());
  }
  return words;
}

}  // namespace

Clusterer::Group describe_group(std::vector<PhraseId> members, std::span<const Clusterer::Phrase> phrases,
                                const Vocabulary& vocabulary, const Topics& topics) {
  std::ranges::sort(members, [&](PhraseId a, PhraseId b) {
    if (volume_of(phrases[a]) != volume_of(phrases[b])) return volume_of(phrases[a]) > volume_of(phrases[b]);
    return std::tie(phrases[a].text, a) < std::tie(phrases[b].text, b);
  });
  const std::int64_t highest = volume_of(phrases[members.front()]);
  const auto unlike_name = [&](PhraseId id) {
    return std::tuple(volume_of(phrases[id]) < highest, count_code_points(phrases[id].text), phrases[id].text);
  };
  const PhraseId named = *std::ranges::min_element(members, {}, unlike_name);
  return {.name = std::string(phrases[named].text),
          .members = {members.begin(), members.end()},
          .shared = shared_words(members, named, vocabulary, topics)};
}

}  // namespace galley::generation
