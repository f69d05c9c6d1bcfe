#include "generation/clustering/lexical_clusterer.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "generation/clustering/folding.hpp"
#include "generation/clustering/group_description.hpp"
#include "generation/clustering/linkage.hpp"
#include "generation/clustering/similarity_graph.hpp"
#include "generation/clustering/topics.hpp"
#include "generation/clustering/vocabulary.hpp"

namespace galley::generation {
namespace {

// How alike topics are that one page could answer, on average. Chosen on the labelled sets of the tests.
constexpr float least_likeness = 0.4F;

std::int64_t total_volume(const Clusterer::Group& group, std::span<const Clusterer::Phrase> phrases) {
  std::int64_t total = 0;
  for (const std::size_t member : group.members)
    total += std::clamp<std::int64_t>(phrases[member].volume.value_or(0), 0, Keyword::max_volume);
  return total;
}

void sort_groups(std::vector<Clusterer::Group>& groups, std::span<const Clusterer::Phrase> phrases) {
  std::vector<std::pair<std::int64_t, Clusterer::Group>> order;
  order.reserve(groups.size());
  for (Clusterer::Group& group : groups)
    order.emplace_back(-total_volume(group, phrases), std::move(group));
  std::ranges::sort(order, [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : a.second.name < b.second.name;
  });
  for (std::size_t i = 0; i < order.size(); ++i)
    groups[i] = std::move(order[i].second);
}

}  // namespace

Clusterer::Grouping LexicalClusterer::group(std::span<const Phrase> phrases, std::string_view language) const {
  const auto taken = phrases.first(std::min(phrases.size(), max_phrases));
  const Vocabulary vocabulary(taken, primary_language(language));
  const Topics topics(vocabulary);
  const auto roots = join_topics(topics, find_edges(topics, least_likeness), least_likeness);

  Grouping grouping;
  grouping.intents.resize(phrases.size());
  std::vector<std::vector<PhraseId>> members(topics.size());
  for (PhraseId phrase = 0; phrase < taken.size(); ++phrase) {
    grouping.intents[phrase] = vocabulary.intent_of(phrase);
    if (const auto topic = topics.topic_of(phrase)) members[roots[*topic]].push_back(phrase);
  }
  std::vector<bool> is_grouped(phrases.size());
  for (std::vector<PhraseId>& group : members) {
    if (group.size() < 2) continue;
    for (const PhraseId phrase : group)
      is_grouped[phrase] = true;
    grouping.groups.push_back(describe_group(std::move(group), taken, vocabulary, topics));
  }
  for (std::size_t i = 0; i < phrases.size(); ++i) {
    if (!is_grouped[i]) grouping.alone.push_back(i);
  }
  sort_groups(grouping.groups, phrases);
  return grouping;
}

}  // namespace galley::generation
