// Keywords and their groups, as tests ask for them.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "generation/clustering/lexical_clusterer.hpp"

namespace galley::test {

inline Clusterer::Grouping grouped(const std::vector<std::string>& texts, std::string_view language = "en") {
  std::vector<Clusterer::Phrase> phrases;
  for (const std::string& text : texts)
    phrases.push_back({.text = text});
  return generation::LexicalClusterer().group(phrases, language);
}

inline bool are_together(const Clusterer::Grouping& grouping, std::size_t a, std::size_t b) {
  for (const Clusterer::Group& group : grouping.groups) {
    const std::set<std::size_t> members(group.members.begin(), group.members.end());
    if (members.contains(a) && members.contains(b)) return true;
  }
  return false;
}

// Judged among keywords of other topics, as all of a project are.
inline bool are_together(const std::string& a, const std::string& b, std::string_view language = "en") {
  return are_together(grouped({a, b, "garden hose repair", "tax return deadline", "piano lessons kids",
                               "violin strings", "chess opening traps", "solar panel roof", "winter tyres", "yoga mat"},
                              language),
                      0, 1);
}

// Groups as sets of texts, so that two orders of the same keywords can be compared.
inline std::multiset<std::multiset<std::string>> as_sets(const Clusterer::Grouping& grouping,
                                                         const std::vector<std::string>& texts) {
  std::multiset<std::multiset<std::string>> sets;
  for (const Clusterer::Group& group : grouping.groups) {
    std::multiset<std::string> set;
    for (const std::size_t member : group.members)
      set.insert(texts[member]);
    sets.insert(set);
  }
  return sets;
}

// Each index is in one group or alone, once; groups have two members or more and a reason; one intent for each.
inline bool is_complete(const Clusterer::Grouping& grouping, std::size_t count) {
  std::vector<int> seen(count);
  for (const Clusterer::Group& group : grouping.groups) {
    if (group.members.size() < 2 || group.shared.empty()) return false;
    for (const std::size_t member : group.members)
      ++seen.at(member);
  }
  for (const std::size_t index : grouping.alone)
    ++seen.at(index);
  for (const int times : seen) {
    if (times != 1) return false;
  }
  return grouping.intents.size() == count;
}

}  // namespace galley::test
