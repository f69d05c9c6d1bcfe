#include <catch2/catch.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "generation/clustering/folding.hpp"
#include "generation/clustering/kinship.hpp"
#include "generation/clustering/stemmer.hpp"
#include "generation/clustering/word_splitter.hpp"

using namespace galley::generation;
using Words = std::vector<std::string>;

TEST_CASE("clustering: a phrase is split into its words", "[generation][clustering]") {
  WordSplitter splitter;
  CHECK(splitter.split("Best  V60, for-home?") == Words{"Best", "V60", "for", "home"});
  CHECK(splitter.split("c++ vs C# vs .net") == Words{"c++", "vs", "C#", "vs", "net"});
  CHECK(splitter.split("shoes+men 1.5 l 10,5") == Words{"shoes", "men", "1.5", "l", "10.5"});
  CHECK(splitter.split("women's rock'n'roll l’hôtel") == Words{"women", "rock", "roll", "hôtel"});
  CHECK(splitter.split("dell'acqua it's") == Words{"dell", "acqua"});
  CHECK(splitter.split("ім'я") == Words{"імя"});
  CHECK(splitter.split("ｃａｆｅ\u0301 ﬁn") == Words{"café", "fin"});
  CHECK(splitter.split("🍕pizza👩‍🍳") == Words{"🍕", "pizza", "👩", "🍳"});
  CHECK(splitter.split("東京ホテル予約 online") == Words{"東京", "ホテル", "予約", "online"});
  CHECK(splitter.split("สวัสดีชาวโลก") == Words{"สวัสดี", "ชาว", "โลก"});
  CHECK(splitter.split("?! … — ") == Words{});
  CHECK(splitter.split("").empty());
}

TEST_CASE("clustering: of a phrase no more than its first words are looked at", "[generation][clustering]") {
  WordSplitter splitter;
  std::string text;
  for (int i = 0; i < 50; ++i)
    text += "a ";
  CHECK(splitter.split(text).size() == WordSplitter::max_words);
  CHECK(splitter.split(std::string(10'000, 'x')).front().size() == 800);
}

TEST_CASE("clustering: words are folded and lose their accents", "[generation][clustering]") {
  const auto plain = [](const char* word, const char* language = "") {
    return without_accents(fold_word(word, language), language);
  };
  CHECK(plain("CAFÉ") == "cafe");
  CHECK(plain("Łódź") == "lodz");
  CHECK(plain("Ørsted") == "orsted");
  CHECK(plain("Straße") == "strasse");
  CHECK(plain("Größe", "de") == "grosse");
  CHECK(plain("Groesse", "de") == "grosse");
  CHECK(plain("Groesse", "en") == "groesse");
  CHECK(plain("neue", "de") == "neue");
  CHECK(plain("bauen", "de") == "bauen");
  CHECK(plain("IĞDIR", "tr") == "igdir");
  CHECK(plain("が") == "が");
  CHECK(plain("안녕") == "안녕");
  CHECK(plain("שָׁלוֹם") == "שלום");
  CHECK(primary_language("de-AT") == "de");
  CHECK(primary_language("PT_br") == "pt");
  CHECK(primary_language("") == "");
}

TEST_CASE("clustering: stems follow the language's rules, and without rules words stay", "[generation][clustering]") {
  CHECK(Stemmer("en").stem("machines") == "machin");
  CHECK(Stemmer("de").stem("häuser") == "haus");
  CHECK(Stemmer("nb").stem("husene") == Stemmer("no").stem("husene"));
  CHECK(Stemmer("ja").stem("東京") == "東京");
  CHECK(Stemmer("").stem("machines") == "machines");
  CHECK(Stemmer("en").stem("").empty());
}

TEST_CASE("clustering: stems that are written alike are kin, both ways, and never where they have digits",
          "[generation][clustering]") {
  const std::vector<std::string> stems = {"accommod", "accomod", "espresso", "expresso", "galaxy14",
                                          "galaxy15", "machin",  "unused",   "unusued"};
  const std::vector<std::uint32_t> frequency = {9, 1, 5, 2, 3, 3, 8, 1, 0};
  const auto kin = find_kin(stems, frequency);
  REQUIRE(kin.size() == stems.size());
  REQUIRE(kin[0].size() == 1);
  CHECK(kin[0][0].stem == 1);
  CHECK(kin[0][0].likeness == kin[1].at(0).likeness);
  CHECK(kin[2].at(0).stem == 3);
  CHECK(kin[3].at(0).stem == 2);
  for (const std::size_t stem : {4U, 5U, 6U, 7U, 8U}) {
    INFO(stems[stem]);
    CHECK(kin[stem].empty());
  }
}
