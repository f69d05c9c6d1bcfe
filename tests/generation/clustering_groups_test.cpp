#include <catch2/catch.hpp>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "support/grouped_keywords.hpp"

using galley::Clusterer;
using galley::generation::LexicalClusterer;
using galley::test::are_together;
using galley::test::grouped;
using Texts = std::vector<std::string>;

TEST_CASE("clustering: spellings of one question are together", "[generation][clustering]") {
  struct Pair {
    std::string what, language, a, b;
  };
  const std::vector<Pair> pairs = {{"plural", "en", "standing desk", "standing desks"},
                                   {"plural", "de", "wanderschuh herren", "wanderschuhe herren"},
                                   {"plural", "fr", "vélo électrique", "vélos électriques"},
                                   {"plural", "es", "placa solar", "placas solares"},
                                   {"plural", "it", "scarpa da corsa", "scarpe da corsa"},
                                   {"word order", "en", "running shoes women", "women running shoes"},
                                   {"word order", "en", "trail running shoes men", "men trail running shoes"},
                                   {"typo", "en", "expresso machine", "espresso machine"},
                                   {"typo", "en", "accomodation", "accommodation"},
                                   {"typo", "en", "cofee grinder", "coffee grinder"},
                                   {"case", "en", "IPHONE CASE", "iphone case"},
                                   {"case", "de", "STRASSE KEHREN", "straße kehren"},
                                   {"accents", "fr", "machine à café", "machine a cafe"},
                                   {"accents", "fr", "recettes végétariennes", "recettes vegetariennes"},
                                   {"accents", "es", "camión eléctrico", "camion electrico"},
                                   {"umlauts", "de", "größe", "groesse"},
                                   {"umlauts", "de", "küche planen", "kuche planen"},
                                   {"stop words", "en", "the history of rome", "history rome"},
                                   {"stop words", "de", "checkliste für den umzug", "checkliste umzug"},
                                   {"modifiers", "en", "best standing desk 2025", "buy standing desk online"},
                                   {"apostrophe", "en", "women's boots", "womens boots"},
                                   {"apostrophe", "fr", "plantes d’intérieur", "plantes interieur"},
                                   {"hyphen", "en", "gluten-free bread", "gluten free bread"},
                                   {"compound", "de", "kaffeemaschine", "kaffee maschine"},
                                   {"compound", "en", "sour dough bread", "sourdough bread"},
                                   {"full width", "en", "ＩＰＨＯＮＥ case", "iphone case"},
                                   {"dictionary", "ja", "東京ホテル", "東京 ホテル おすすめ"},
                                   {"dictionary", "zh", "北京烤鸭", "北京烤鸭做法"},
                                   {"particles", "ko", "등산 신발", "등산 신발을"},
                                   {"dotless i", "tr", "ISPARTA OTEL", "ısparta otel"},
                                   {"cases", "ru", "детская коляска", "детские коляски"},
                                   {"no language", "", "running shoes women", "women running shoes"},
                                   {"emoji", "en", "🍕 oven", "oven 🍕"}};
  for (const Pair& pair : pairs) {
    INFO(pair.what << " (" << pair.language << "): " << pair.a << " | " << pair.b);
    CHECK(are_together(pair.a, pair.b, pair.language));
  }
}

TEST_CASE("clustering: topics that only share a word are apart", "[generation][clustering]") {
  struct Pair {
    std::string language, a, b;
  };
  const std::vector<Pair> pairs = {{"en", "apple pie recipe", "apple iphone price"},
                                   {"en", "best laptop", "best mattress"},
                                   {"en", "how to clean a sofa", "how to tie a tie"},
                                   {"en", "c# tutorial", "c++ tutorial"},
                                   {"en", "iphone 14", "samsung 14"},
                                   {"en", "men", "women"},
                                   {"en", "hotel rome", "hotel berlin"},
                                   {"en", "cat", "car"},
                                   {"de", "laufschuhe", "wanderschuhe"},
                                   {"de", "auto kaufen", "haus kaufen"},
                                   {"fr", "prix pompe à chaleur", "prix vélo"},
                                   {"ja", "東京ホテル", "京都ラーメン"},
                                   {"zh", "北京烤鸭", "上海天气"},
                                   {"en", "???", "!!!"},
                                   {"en", "", ""},
                                   {"en", "🍕", "🚗"}};
  for (const Pair& pair : pairs) {
    INFO(pair.language << ": " << pair.a << " | " << pair.b);
    CHECK_FALSE(are_together(pair.a, pair.b, pair.language));
  }
}

TEST_CASE("clustering: groups are apart even if they are all that was given", "[generation][clustering]") {
  const auto grouping = grouped({"apple pie recipe", "apple iphone price"});
  CHECK(grouping.groups.empty());
  CHECK(grouping.alone == std::vector<std::size_t>{0, 1});
}

TEST_CASE("clustering: a keyword that is in twice is in its group twice", "[generation][clustering]") {
  const auto grouping = grouped({"yoga mat", "solar panel", "yoga mat", "yoga mat"});
  REQUIRE(grouping.groups.size() == 1);
  CHECK(grouping.groups[0].members == std::vector<std::size_t>{0, 2, 3});
  CHECK(grouping.alone == std::vector<std::size_t>{1});
}

TEST_CASE("clustering: of nothing come no groups", "[generation][clustering]") {
  const auto grouping = LexicalClusterer().group({}, "en");
  CHECK(grouping.groups.empty());
  CHECK(grouping.alone.empty());
  CHECK(grouping.intents.empty());
}

TEST_CASE("clustering: one keyword is alone", "[generation][clustering]") {
  const auto grouping = grouped({"yoga mat"});
  CHECK(grouping.groups.empty());
  CHECK(grouping.alone == std::vector<std::size_t>{0});
}

TEST_CASE("clustering: where words say nothing but intent they are the topic", "[generation][clustering]") {
  CHECK(are_together("best buy", "Best Buy"));
  CHECK(are_together("the who", "The Who"));
  CHECK_FALSE(are_together("best buy", "how much"));
}

TEST_CASE("clustering: a group has the name of its member with the highest volume", "[generation][clustering]") {
  const std::vector<Clusterer::Phrase> phrases = {{.text = "standing desk", .volume = 100},
                                                  {.text = "Best Standing Desks", .volume = 900},
                                                  {.text = "buy standing desk", .volume = std::nullopt},
                                                  {.text = "a standing desk", .volume = 100}};
  const auto grouping = LexicalClusterer().group(phrases, "en");
  REQUIRE(grouping.groups.size() == 1);
  CHECK(grouping.groups[0].name == "Best Standing Desks");
  CHECK(grouping.groups[0].members == std::vector<std::size_t>{1, 3, 0, 2});
}

TEST_CASE("clustering: among equal volumes the shortest gives the name, then the first by text",
          "[generation][clustering]") {
  CHECK(grouped({"best standing desk", "standing desk", "a standing desk"}).groups.at(0).name == "standing desk");
  CHECK(grouped({"desk standing", "Desk standing"}).groups.at(0).name == "Desk standing");
  // In code points: "café" is shorter than "cafes" whatever its bytes are.
  CHECK(grouped({"cafes", "cafés", "café"}, "fr").groups.at(0).name == "café");
}

TEST_CASE("clustering: groups come by their volume, then by name", "[generation][clustering]") {
  constexpr auto huge = std::numeric_limits<std::int64_t>::max();
  const std::vector<Clusterer::Phrase> phrases = {
      {.text = "yoga mat", .volume = 50},
      {.text = "solar panel", .volume = huge},
      {.text = "solar panels", .volume = huge},
      {.text = "yoga mats", .volume = 51},
      {.text = "violin string", .volume = 101},
      {.text = "violin strings"},
      {.text = "winter tyre", .volume = -7},
      {.text = "winter tyres", .volume = std::numeric_limits<std::int64_t>::min()}};
  const auto grouping = LexicalClusterer().group(phrases, "en");
  Texts names;
  for (const auto& group : grouping.groups)
    names.push_back(group.name);
  CHECK(names == Texts{"solar panel", "violin string", "yoga mats", "winter tyre"});
}

TEST_CASE("clustering: a group says by which words it is one, as people type them", "[generation][clustering]") {
  const Texts texts = {
      "best trail running shoes", "trail running shoes women", "cheap trail running shoes", "running watch",
      "gps running watches",      "expresso machine",          "espresso machine",          "espresso machines repair"};
  const auto grouping = grouped(texts);
  REQUIRE(are_together(grouping, 0, 1));
  REQUIRE(are_together(grouping, 5, 6));
  for (const auto& group : grouping.groups) {
    if (group.name.ends_with("shoes")) CHECK(group.shared == Texts{"shoes", "trail", "running"});
    if (group.name.ends_with("watch")) CHECK(group.shared.front() == "watch");
    for (const auto& word : group.shared)
      CHECK(word.find("machin ") == std::string::npos);
  }
}

TEST_CASE("clustering: spellings of one word share the one that the name has", "[generation][clustering]") {
  const std::vector<Clusterer::Phrase> phrases = {{.text = "accomodation", .volume = 10},
                                                  {.text = "Accommodation", .volume = 1000}};
  const auto grouping = LexicalClusterer().group(phrases, "en");
  REQUIRE(grouping.groups.size() == 1);
  CHECK(grouping.groups[0].shared == Texts{"Accommodation"});
}
