// How long grouping takes and how much memory, for whoever changes it. Hidden: run "[.bench]" of an optimised build.
#include <catch2/catch.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "generation/clustering/lexical_clusterer.hpp"
#include "support/figure.hpp"

using galley::Clusterer;
using galley::generation::LexicalClusterer;

namespace {

using Texts = std::vector<std::string>;

class Chance {
 public:
  std::size_t below(std::size_t end) { return engine_() % end; }
  std::string word(std::size_t shortest, std::size_t longest) {
    std::string word;
    for (std::size_t i = shortest + below(longest - shortest + 1); i > 0; --i)
      word += "etaoinshrdlucmfwypvbgkqjxz"[std::min(below(26), below(26))];
    return word;
  }

 private:
  std::mt19937_64 engine_{7};
};

// What a plan of pages looks like: things of some kind, what people want of them, and where.
Texts matrix(std::size_t count) {
  Chance chance;
  Texts brands;
  Texts things;
  Texts cities;
  const Texts wants = {
      "",       "best",   "buy",      "cheap",      "how to clean",  "how to repair", "review",      "price",
      "rental", "repair", "near me",  "used",       "for beginners", "for kids",      "accessories", "size",
      "2025",   "vs",     "delivery", "waterproof", "insurance",     "maintenance",   "spare parts", "manual"};
  for (std::size_t i = 0; i < count / 250; ++i)
    brands.push_back(chance.word(4, 8));
  for (std::size_t i = 0; i < 60; ++i)
    things.push_back(chance.word(5, 10) + (i % 3 == 0 ? " " + chance.word(4, 8) : ""));
  for (std::size_t i = 0; i < 80; ++i)
    cities.push_back(chance.word(5, 9));
  Texts texts;
  while (texts.size() < count) {
    std::string text = wants[chance.below(wants.size())];
    if (chance.below(2) == 0) text += " " + brands[chance.below(brands.size())];
    text += " " + things[chance.below(things.size())] + (chance.below(3) == 0 ? "s" : "");
    if (chance.below(3) == 0) text += " in " + cities[chance.below(cities.size())];
    texts.push_back(text);
  }
  return texts;
}

// No two words alike but by chance.
Texts random_words(std::size_t count) {
  Chance chance;
  Texts texts;
  for (std::size_t i = 0; i < count; ++i) {
    std::string text = chance.word(3, 10);
    for (std::size_t words = chance.below(5); words > 0; --words)
      text += " " + chance.word(3, 10);
    texts.push_back(text);
  }
  return texts;
}

// From few words, in all combinations: the fewer they are the more is like everything else.
Texts few_words(std::size_t count, std::size_t vocabulary, std::size_t shortest, std::size_t longest) {
  Chance chance;
  Texts words;
  for (std::size_t i = 0; i < vocabulary; ++i)
    words.push_back(chance.word(4, 9));
  Texts texts;
  for (std::size_t i = 0; i < count; ++i) {
    std::string text;
    for (std::size_t length = shortest + chance.below(longest - shortest + 1); length > 0; --length)
      text += words[chance.below(words.size())] + " ";
    texts.push_back(text);
  }
  return texts;
}

Texts made(std::size_t count, const std::function<std::string(std::size_t)>& make) {
  Texts texts;
  for (std::size_t i = 0; i < count; ++i)
    texts.push_back(make(i));
  return texts;
}

Texts long_texts(std::size_t count) {
  Chance chance;
  return made(count, [&](std::size_t) {
    std::string text;
    while (text.size() < 190)
      text += chance.word(3, 14) + " ";
    return text;
  });
}

// In letters, since words with digits are compared in another way.
std::string spelled(std::size_t number) {
  std::string letters;
  for (int i = 0; i < 4; ++i, number /= 26)
    letters += static_cast<char>('a' + number % 26);
  return letters;
}

long peak_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stol(line.substr(6));
  }
  return 0;
}

void measure(const std::string& name, const Texts& texts) {
  std::vector<Clusterer::Phrase> phrases;
  for (const std::string& text : texts)
    phrases.push_back({.text = text, .volume = static_cast<std::int64_t>(text.size())});
  std::ofstream("/proc/self/clear_refs") << 5;  // the peak begins anew
  const auto begin = std::chrono::steady_clock::now();
  const auto grouping = LexicalClusterer().group(phrases, "en");
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  std::size_t largest = 0;
  for (const auto& group : grouping.groups)
    largest = std::max(largest, group.members.size());
  char text[200];
  std::snprintf(text, sizeof text,
                "clustering: %zu keywords, %s: %.2f s, peak %ld MB, %zu groups of at most %zu, %zu alone", texts.size(),
                name.c_str(), taken.count(), peak_kib() / 1024, grouping.groups.size(), largest, grouping.alone.size());
  galley::test::print_figure(text);
}

}  // namespace

TEST_CASE("bench: what clustering takes", "[.bench][clustering]") {
  constexpr std::size_t all = Clusterer::max_phrases;
  measure("products, wishes and cities", matrix(10'000));
  measure("products, wishes and cities", matrix(all));
  measure("random words", random_words(10'000));
  measure("random words", random_words(all));
  measure("2 to 5 of 100 words", few_words(all, 100, 2, 5));
  measure("12 to 20 of 30 words", few_words(all, 30, 12, 20));
  measure("20 of 1000 words", few_words(all, 1000, 20, 20));
  measure("one word in each and one of its own", made(all, [](std::size_t i) { return "shoes " + spelled(i); }));
  measure("one word in each, two of 224",
          made(all, [](std::size_t i) { return "shoes " + spelled(i % 224) + "x " + spelled(i / 224) + "y"; }));
  measure("the same words", made(all, [](std::size_t i) { return i % 2 == 0 ? "running shoe" : "Running Shoes"; }));
  measure("one long word with other ends", made(all, [](std::size_t i) { return "incomprehensibilit" + spelled(i); }));
  measure("20 long words in each", long_texts(all));
  measure("empty", Texts(all));
}
