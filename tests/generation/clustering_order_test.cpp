#include <algorithm>
#include <catch2/catch.hpp>
#include <cstddef>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "support/grouped_keywords.hpp"
#include "support/labelled_keywords.hpp"

using galley::Clusterer;
using galley::generation::LexicalClusterer;
using galley::test::as_sets;
using galley::test::grouped;
using galley::test::is_complete;
using Texts = std::vector<std::string>;

namespace {

Texts all_of(const galley::test::LabelledSet& set) {
  Texts texts;
  for (const auto& page : set.pages)
    texts.insert(texts.end(), page.begin(), page.end());
  return texts;
}

// From few words and letters, so that likeness ties everywhere.
Texts random_texts(std::mt19937& chance, std::size_t count) {
  const Texts words = {"red",  "blue",  "green", "shoe",    "shoes", "boot", "boots", "run",   "running", "walk",
                       "best", "cheap", "buy",   "running", "trail", "city", "the",   "hiken", "hiking",  "biking"};
  Texts texts;
  for (std::size_t i = 0; i < count; ++i) {
    std::string text;
    for (std::size_t length = 1 + chance() % 4; length > 0; --length)
      text += (text.empty() ? "" : " ") + words[chance() % words.size()];
    texts.push_back(text);
  }
  return texts;
}

Texts names_and_words(const Clusterer::Grouping& grouping) {
  Texts lines;
  for (const auto& group : grouping.groups) {
    std::string line = group.name + ":";
    for (const auto& word : group.shared)
      line += " " + word;
    lines.push_back(line);
  }
  return lines;
}

}  // namespace

TEST_CASE("clustering: the order of the keywords changes nothing", "[generation][clustering]") {
  std::mt19937 chance(1);
  std::vector<std::pair<std::string, Texts>> sets;
  for (const auto& set : galley::test::labelled_keywords())
    sets.emplace_back(set.language, all_of(set));
  for (int i = 0; i < 10; ++i)
    sets.emplace_back("en", random_texts(chance, 60));
  for (auto& [language, texts] : sets) {
    const auto first = grouped(texts, language);
    REQUIRE(is_complete(first, texts.size()));
    const auto sets_before = as_sets(first, texts);
    for (int round = 0; round < 30; ++round) {
      std::ranges::shuffle(texts, chance);
      const auto again = grouped(texts, language);
      REQUIRE(is_complete(again, texts.size()));
      REQUIRE(as_sets(again, texts) == sets_before);
      REQUIRE(names_and_words(again) == names_and_words(first));
    }
  }
}

TEST_CASE("clustering: all threads get the same groups from one clusterer", "[generation][clustering]") {
  const auto sets = galley::test::labelled_keywords();
  const Texts texts = all_of(sets.front());
  const std::vector<Clusterer::Phrase> phrases = [&] {
    std::vector<Clusterer::Phrase> made;
    for (const std::string& text : texts)
      made.push_back({.text = text});
    return made;
  }();
  const LexicalClusterer clusterer;
  const auto expected = clusterer.group(phrases, "en");
  std::vector<Clusterer::Grouping> found(4);
  {
    std::vector<std::jthread> threads;
    for (auto& grouping : found)
      threads.emplace_back([&clusterer, &phrases, &grouping] { grouping = clusterer.group(phrases, "en"); });
  }
  for (const auto& grouping : found) {
    CHECK(names_and_words(grouping) == names_and_words(expected));
    CHECK(grouping.alone == expected.alone);
    CHECK(grouping.intents == expected.intents);
  }
}

TEST_CASE("clustering: hostile keywords are grouped or alone, each once", "[generation][clustering]") {
  Texts texts = {"",
                 " ",
                 "\t\n",
                 "a",
                 "a",
                 "'",
                 "''''",
                 "l'",
                 "d'd'd'd",
                 "++",
                 "c++++",
                 "#",
                 ".",
                 "1.",
                 ".1",
                 "1,000.5",
                 "🍕",
                 "👩‍👩‍👧‍👦 family",
                 "🇩🇪",
                 "🇩🇪 flag",
                 "e\xCC\x81\xCC\x81\xCC\x81",
                 "\xCC\x81",
                 "\xE2\x80\x8B\xE2\x80\x8D",
                 "東京",
                 "ー",
                 "ภาษาไทย",
                 "नमस्ते",
                 "مرحبا بالعالم",
                 "שָׁלוֹם",
                 "안녕하세요",
                 "İSTANBUL",
                 "ŉ ẞ ﬁ",
                 "\xFF\xFE",
                 "caf\xC3",
                 std::string("nul\0nul", 7),
                 std::string(200, 'a'),
                 std::string(100'000, 'b'),
                 std::string(100'000, ' '),
                 "%s%n <script>"};
  std::string long_one;
  for (int i = 0; i < 200; ++i)
    long_one += "漢";
  texts.push_back(long_one);
  std::string many;
  for (int i = 0; i < 100; ++i)
    many += "x ";
  texts.push_back(many);
  for (const std::string language :
       {"en", "de-AT", "fr_CA", "ja", "th", "tr", "xx", "", "-", "zh-Hant-TW", "EN", "not a language at all, by far"}) {
    INFO(language);
    const auto grouping = grouped(texts, language);
    CHECK(is_complete(grouping, texts.size()));
    CHECK(std::ranges::is_sorted(grouping.alone));
  }
}

TEST_CASE("clustering: random bytes are grouped or alone, each once", "[generation][clustering]") {
  std::mt19937 chance(3);
  for (const std::string language : {"en", "de", "ja"}) {
    Texts texts;
    for (int i = 0; i < 500; ++i) {
      std::string text;
      for (std::size_t length = chance() % 40; length > 0; --length)
        text += static_cast<char>(chance());
      texts.push_back(text);
    }
    CHECK(is_complete(grouped(texts, language), texts.size()));
  }
}

TEST_CASE("clustering: what all keywords have holds none together", "[generation][clustering]") {
  const Texts own = {"violin", "garden", "solar",  "winter", "chess",  "piano",  "carpet",
                     "kettle", "helmet", "wallet", "bottle", "socket", "pencil", "basket",
                     "mirror", "saddle", "hammer", "pillow", "candle", "ladder"};
  Texts texts;
  for (const std::string& word : own)
    texts.push_back("shoes " + word);
  CHECK(grouped(texts).groups.empty());
}

TEST_CASE("clustering: thousands of spellings of the same words are one group", "[generation][clustering]") {
  Texts texts;
  for (int i = 0; i < 2000; ++i)
    texts.push_back(i % 2 == 0 ? "Running shoe" : "running shoes");
  const auto grouping = grouped(texts);
  REQUIRE(grouping.groups.size() == 1);
  CHECK(grouping.groups[0].members.size() == texts.size());
}

TEST_CASE("clustering: what is behind the bound is left alone", "[generation][clustering]") {
  const std::vector<Clusterer::Phrase> phrases(Clusterer::max_phrases + 2, {.text = "buy yoga mat"});
  const auto grouping = LexicalClusterer().group(phrases, "en");
  REQUIRE(grouping.groups.size() == 1);
  CHECK(grouping.groups[0].members.size() == Clusterer::max_phrases);
  CHECK(grouping.alone == std::vector<std::size_t>{Clusterer::max_phrases, Clusterer::max_phrases + 1});
  CHECK(grouping.intents.front() == galley::Intent::transactional);
  CHECK_FALSE(grouping.intents.back().has_value());
}
