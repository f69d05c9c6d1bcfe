#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <vector>

#include "support/grouped_keywords.hpp"

using galley::Intent;
using galley::test::grouped;

namespace {

constexpr auto informational = Intent::informational;
constexpr auto commercial = Intent::commercial;
constexpr auto transactional = Intent::transactional;
constexpr auto navigational = Intent::navigational;

struct Expectation {
  std::string text;
  std::optional<Intent> intent;
};

void check(const std::string& language, const std::vector<Expectation>& expectations) {
  std::vector<std::string> texts;
  for (const auto& [text, intent] : expectations)
    texts.push_back(text);
  const auto intents = grouped(texts, language).intents;
  REQUIRE(intents.size() == texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    INFO(language << ": " << texts[i]);
    CHECK(intents[i] == expectations[i].intent);
  }
}

}  // namespace

TEST_CASE("clustering: intents in English", "[generation][clustering]") {
  check("en", {{"buy yoga mat", transactional},
               {"yoga mat price", transactional},
               {"Nike COUPON", transactional},
               {"yoga studio near me", transactional},
               {"how much does a yoga mat cost", transactional},
               {"best yoga mat", commercial},
               {"yoga mat reviews", commercial},
               {"nike vs adidas", commercial},
               {"what is the best yoga mat", commercial},
               {"is a yoga mat worth it", commercial},
               {"how to clean a yoga mat", informational},
               {"what is yoga", informational},
               {"best way to clean a yoga mat", informational},
               {"why buy gold", informational},
               {"apple pie recipe", informational},
               {"netflix login", navigational},
               {"nike official site", navigational},
               {"buy from amazon login", navigational},
               {"yoga mat", std::nullopt},
               {"showbuy", std::nullopt},
               {"", std::nullopt},
               {"🍕", std::nullopt}});
}

TEST_CASE("clustering: intents in German", "[generation][clustering]") {
  check("de-AT", {{"laptop kaufen", transactional},
                  {"laptop günstig", transactional},
                  {"laptop guenstig", transactional},
                  {"was kostet ein laptop", transactional},
                  {"bester laptop", commercial},
                  {"laptop vergleich", commercial},
                  {"was ist besser mac oder pc", commercial},
                  {"wie funktioniert ein laptop", informational},
                  {"apfelkuchen rezept", informational},
                  {"sparkasse anmelden", navigational},
                  {"laptop", std::nullopt}});
}

TEST_CASE("clustering: intents in French", "[generation][clustering]") {
  check("fr", {{"acheter un vélo", transactional},
               {"velo pas cher", transactional},
               {"combien coûte une pompe à chaleur", transactional},
               {"meilleur vélo électrique", commercial},
               {"vélo électrique avis", commercial},
               {"comment réparer un vélo", informational},
               {"qu'est-ce que le yoga", informational},
               {"recette de crêpes", informational},
               {"impôts connexion", navigational},
               {"vélo", std::nullopt}});
}

TEST_CASE("clustering: intents in Spanish", "[generation][clustering]") {
  check("es-MX", {{"comprar bicicleta", transactional},
                  {"cuánto cuesta una bicicleta", transactional},
                  {"cuanto cuesta una bicicleta", transactional},
                  {"mejores bicicletas", commercial},
                  {"opiniones bicicleta", commercial},
                  {"cómo limpiar una bicicleta", informational},
                  {"qué es el yoga", informational},
                  {"banco iniciar sesión", navigational},
                  {"bicicleta", std::nullopt}});
}

TEST_CASE("clustering: intents in Italian", "[generation][clustering]") {
  check("it", {{"comprare bicicletta", transactional},
               {"quanto costa una bicicletta", transactional},
               {"migliore bicicletta", commercial},
               {"bicicletta recensioni", commercial},
               {"come pulire una bicicletta", informational},
               {"cos'è lo yoga", informational},
               {"juventus sito ufficiale", navigational},
               {"bicicletta", std::nullopt}});
}

TEST_CASE("clustering: no intent is guessed in a language without rules", "[generation][clustering]") {
  check("fi", {{"osta pyörä", std::nullopt}, {"buy bike", std::nullopt}});
  check("", {{"buy bike", std::nullopt}});
}
