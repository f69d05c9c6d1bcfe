#include "content/ghost_export.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "support/result_text.hpp"
#include "support/source_file.hpp"

using namespace galley;
using content::GhostReader;
using content::SourceArticle;
using content::SourceStatus;

namespace {

std::string file_text() {
  std::ifstream file(test::source_file("tests/content/exports/ghost.json"), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

SourceArticle next_of(GhostReader& reader) {
  auto next = reader.next();
  REQUIRE(next.has_value());
  REQUIRE(next->has_value());
  return **std::move(next);
}

}  // namespace

TEST_CASE("ghost: a post comes with its tags, authors, meta lines and images", "[content][transfer]") {
  auto reader = GhostReader::open(file_text(), "https://brews.example/");
  REQUIRE(reader.has_value());
  const SourceArticle post = next_of(*reader);
  CHECK(post.key == "ghost|5c1f5f0e-3a56-4e4f-9d5c-000000000001");
  CHECK(post.title == "Slow brews");
  CHECK(post.slug == "slow-brews");
  CHECK(post.markdown.find("Brew **slowly** at [home](https://brews.example/how/).") != std::string::npos);
  CHECK(post.markdown.find("![A cup](https://brews.example/content/images/2024/03/cup.png)") != std::string::npos);
  CHECK(post.markdown.find("kg-card") == std::string::npos);
  CHECK(post.excerpt == "Slowly.");
  CHECK(post.meta_title == "Brewing slowly");
  CHECK(post.meta_description == "Why it takes time.");
  CHECK(post.tags == std::vector<std::string>{"News", "Beans"});
  CHECK(post.author == "Ada Bean");
  CHECK(post.canonical_url == "https://elsewhere.example/slow");
  CHECK(post.image_url == "https://brews.example/content/images/2024/03/cover.png");
  CHECK(post.status == SourceStatus::published);
  CHECK(post.published == parse_rfc3339("2024-03-01T09:30:00Z"));
}

TEST_CASE("ghost: without HTML the plain text comes in, and what has neither is refused alone", "[content][transfer]") {
  auto reader = GhostReader::open(file_text(), "");
  REQUIRE(reader.has_value());
  CHECK(next_of(*reader).markdown.find("](/how/)") != std::string::npos);
  const SourceArticle plain = next_of(*reader);
  CHECK(plain.markdown.find("A paragraph") != std::string::npos);
  CHECK(plain.markdown.find("\n\n") != std::string::npos);
  CHECK(plain.status == SourceStatus::draft);
  CHECK(plain.remarks.size() == 1);
  CHECK(reader->next().has_error());
  CHECK(reader->number() == 3);
  CHECK(reader->title() == "Locked in");
  const SourceArticle soon = next_of(*reader);
  CHECK(soon.status == SourceStatus::ready);
  CHECK_FALSE(soon.published);
  const auto end = reader->next();
  REQUIRE(end.has_value());
  CHECK_FALSE(end->has_value());
}

TEST_CASE("ghost: what is none is refused with a reason", "[content][transfer]") {
  CHECK(GhostReader::open("", "").error().code == ErrorCode::invalid_json);
  CHECK(GhostReader::open(std::string(100000, '['), "").error().code == ErrorCode::invalid_json);
  for (const char* text : {"{}", "[]", R"({"db":[]})", R"({"db":[{"data":{"posts":{}}}]})", R"({"db":{"data":1}})"}) {
    INFO(text);
    CHECK(GhostReader::open(text, "").error().code == ErrorCode::validation_failed);
  }
  auto odd = GhostReader::open(R"({"data":{"posts":[1,{"id":7,"title":"Old","html":"<p>x</p>"},null]}})", "");
  REQUIRE(odd.has_value());
  CHECK(odd->next().has_error());
  CHECK(next_of(*odd).key == "ghost|7");
  CHECK(odd->next().has_error());
}
