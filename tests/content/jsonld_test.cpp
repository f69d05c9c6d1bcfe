#include "content/jsonld.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "base/encoding.hpp"
#include "base/json.hpp"

using namespace galley::content;
namespace json = galley::json;

namespace {

json::Value parsed(const std::string& text) {
  auto value = json::parse(text);
  REQUIRE(value.has_value());
  return *value;
}

std::string text_of(const json::Value& value, std::string_view name) {
  const json::Value* member = value.find(name);
  REQUIRE(member != nullptr);
  REQUIRE(member->text() != nullptr);
  return *member->text();
}

}  // namespace

TEST_CASE("json-ld: an article is a BlogPosting with what is known of it", "[content]") {
  const JsonLdArticle article{.headline = "Title \"quoted\"",
                              .description = "About",
                              .author = "Ann",
                              .published = galley::Time(std::chrono::milliseconds(1'774'882'800'000)),
                              .modified = galley::Time(std::chrono::milliseconds(1'774'882'801'500)),
                              .url = "https://x.example/a?b=1&c=2",
                              .image = "https://x.example/i.png",
                              .keywords = {"one", "two"},
                              .word_count = 1200,
                              .language = "de"};
  const json::Value posting = parsed(json_ld(article));
  CHECK(text_of(posting, "@context") == "https://schema.org");
  CHECK(text_of(posting, "@type") == "BlogPosting");
  CHECK(text_of(posting, "headline") == "Title \"quoted\"");
  CHECK(text_of(posting, "description") == "About");
  CHECK(text_of(*posting.find("author"), "name") == "Ann");
  CHECK(text_of(*posting.find("author"), "@type") == "Person");
  CHECK(text_of(posting, "datePublished") == "2026-03-30T15:00:00.000Z");
  CHECK(text_of(posting, "dateModified") == "2026-03-30T15:00:01.500Z");
  CHECK(text_of(posting, "url") == "https://x.example/a?b=1&c=2");
  CHECK(text_of(posting, "image") == "https://x.example/i.png");
  CHECK(posting.find("keywords")->array()->size() == 2);
  CHECK(*posting.find("wordCount")->integer() == 1200);
  CHECK(text_of(posting, "inLanguage") == "de");
  CHECK(posting.find("@graph") == nullptr);
}

TEST_CASE("json-ld: what is not known is left out", "[content]") {
  const json::Value posting = parsed(json_ld({.headline = "T"}));
  REQUIRE(posting.object() != nullptr);
  CHECK(posting.object()->size() == 3);
  for (const std::string name : {"author", "datePublished", "dateModified", "url", "image", "keywords", "wordCount",
                                 "inLanguage", "description"})
    CHECK(posting.find(name) == nullptr);
}

TEST_CASE("json-ld: questions make a graph with a FAQPage", "[content]") {
  const json::Value graph = parsed(json_ld({.headline = "T"}, {{"What?", "This."}, {"Why?", "So."}}));
  const json::Array& nodes = *graph.find("@graph")->array();
  REQUIRE(nodes.size() == 2);
  CHECK(text_of(nodes[0], "@type") == "BlogPosting");
  CHECK(text_of(nodes[1], "@type") == "FAQPage");
  const json::Array& entities = *nodes[1].find("mainEntity")->array();
  REQUIRE(entities.size() == 2);
  CHECK(text_of(entities[0], "@type") == "Question");
  CHECK(text_of(entities[0], "name") == "What?");
  CHECK(text_of(*entities[0].find("acceptedAnswer"), "text") == "This.");
  CHECK(text_of(*entities[1].find("acceptedAnswer"), "@type") == "Answer");
}

TEST_CASE("json-ld: nothing in it can end or change the script element it stands in", "[content][hostile]") {
  const std::string hostile = "</script><script>alert(1)</script><!-- ]]> & \u2028";
  const std::string text =
      json_ld({.headline = hostile, .author = hostile, .url = hostile, .keywords = {hostile}}, {{hostile, hostile}});
  for (const char c : {'<', '>', '&'})
    CHECK(text.find(c) == std::string::npos);
  const json::Value graph = parsed(text);
  const json::Value& posting = graph.find("@graph")->array()->at(0);
  CHECK(text_of(*posting.find("author"), "name") == hostile);
  CHECK(text_of(posting, "url") == hostile);
}

TEST_CASE("json-ld: a long headline is shortened to what search engines take", "[content]") {
  const json::Value posting = parsed(json_ld({.headline = std::string(500, 'x')}));
  CHECK(galley::count_code_points(text_of(posting, "headline")) <= 110);
}
