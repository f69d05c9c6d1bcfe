#include <catch2/catch.hpp>
#include <cstddef>
#include <cstdio>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "generation/clustering/lexical_clusterer.hpp"
#include "support/figure.hpp"
#include "support/labelled_keywords.hpp"

using galley::Clusterer;
using galley::generation::LexicalClusterer;

namespace {

double pairs(double n) {
  return n * (n - 1) / 2;
}

// Hubert and Arabie, 1985: 1 for the same partition, about 0 for one by chance.
double adjusted_rand_index(const std::vector<std::size_t>& a, const std::vector<std::size_t>& b) {
  std::map<std::pair<std::size_t, std::size_t>, double> both;
  std::map<std::size_t, double> in_a;
  std::map<std::size_t, double> in_b;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ++both[{a[i], b[i]}];
    ++in_a[a[i]];
    ++in_b[b[i]];
  }
  const auto sum = [](const auto& counts) {
    double total = 0;
    for (const auto& [key, count] : counts)
      total += pairs(count);
    return total;
  };
  const double expected = sum(in_a) * sum(in_b) / pairs(static_cast<double>(a.size()));
  const double highest = (sum(in_a) + sum(in_b)) / 2;
  return highest == expected ? 1 : (sum(both) - expected) / (highest - expected);
}

}  // namespace

TEST_CASE("clustering: the adjusted Rand index is one for the same groups and about none for groups by chance",
          "[generation][clustering]") {
  CHECK(adjusted_rand_index({0, 0, 1, 1}, {5, 5, 3, 3}) == Approx(1));
  CHECK(adjusted_rand_index({0, 0, 1, 1}, {0, 1, 0, 1}) == Approx(-0.5));
  CHECK(adjusted_rand_index({0, 0, 1, 2}, {0, 0, 1, 1}) == Approx(0.571428).epsilon(0.001));
}

TEST_CASE("clustering: groups are those of a person, by an adjusted Rand index of 0.6 and more in five languages",
          "[generation][clustering]") {
  std::string figures;
  for (const auto& set : galley::test::labelled_keywords()) {
    std::vector<Clusterer::Phrase> phrases;
    std::vector<std::size_t> labels;
    for (std::size_t page = 0; page < set.pages.size(); ++page) {
      for (const auto text : set.pages[page]) {
        phrases.push_back({.text = text});
        labels.push_back(page);
      }
    }
    const auto grouping = LexicalClusterer().group(phrases, set.language);
    std::vector<std::size_t> found(phrases.size());
    for (std::size_t i = 0; i < phrases.size(); ++i)
      found[i] = grouping.groups.size() + i;
    for (std::size_t group = 0; group < grouping.groups.size(); ++group) {
      for (const std::size_t member : grouping.groups[group].members)
        found[member] = group;
    }
    const double index = adjusted_rand_index(labels, found);
    std::string listing;
    for (const auto& group : grouping.groups) {
      listing += "\n  " + group.name + ":";
      for (const std::size_t member : group.members)
        listing += " [" + std::string(phrases[member].text) + "]";
    }
    INFO(set.language << " " << index << listing);
    CHECK(index >= 0.6);
    char text[16];
    std::snprintf(text, sizeof text, "%.2f", index);
    figures += (figures.empty() ? "" : ", ") + std::string(set.language) + " " + text;
  }
  galley::test::print_figure("clustering: adjusted Rand index of groups and a person's pages: " + figures);
}
