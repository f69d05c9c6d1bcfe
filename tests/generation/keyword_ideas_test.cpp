#include "generation/keyword_ideas.hpp"

#include <catch2/catch.hpp>

using namespace galley;

namespace {

std::vector<IdeaWriter::Draft> ideas(std::vector<std::string> texts, const std::string& language = "en") {
  IdeaWriter::Brief brief{.cluster = texts.front(), .language = language};
  for (std::string& text : texts) {
    Keyword keyword;
    keyword.text = std::move(text);
    brief.keywords.push_back(std::move(keyword));
  }
  return generation::KeywordIdeas().write(brief);
}

}  // namespace

TEST_CASE("ideas: each kind of question gets an article of its own", "[unit]") {
  const auto drafts =
      ideas({"moka pot", "best moka pot", "moka pot vs french press", "how to clean a moka pot", "moka pot cleaning"});
  REQUIRE(drafts.size() == 4);
  CHECK(drafts[0].title == "Moka pot: what you need to know");
  CHECK(drafts[0].structure == ContentStructure::article);
  CHECK(drafts[0].keywords == std::vector<std::string>{"moka pot", "moka pot cleaning"});
  CHECK(drafts[0].description == "Covers: moka pot, moka pot cleaning");
  CHECK(drafts[1].structure == ContentStructure::listicle);
  CHECK(drafts[2].structure == ContentStructure::comparison);
  CHECK(drafts[2].title == "Moka pot vs french press: the differences, and which one to choose");
  CHECK(drafts[3].structure == ContentStructure::guide);
  CHECK(drafts[3].word_count == 1800);
}

TEST_CASE("ideas: a question is its own title", "[unit]") {
  const auto drafts = ideas({"can you wash a moka pot?"});
  REQUIRE(drafts.size() == 1);
  CHECK(drafts[0].title == "Can you wash a moka pot?");
}

TEST_CASE("ideas: titles are in the site's language, or the keyword alone", "[unit]") {
  CHECK(ideas({"mokkakanne"}, "de-AT")[0].title == "Mokkakanne: was Sie wissen sollten");
  CHECK(ideas({"cafetière italienne"}, "fr")[0].title.starts_with("Cafetière italienne : "));
  CHECK(ideas({"mokakoffie"}, "nl")[0].title == "Mokakoffie");
}

TEST_CASE("ideas: at most five, the same ones each time, and none too long", "[unit]") {
  std::vector<std::string> texts;
  for (int i = 0; i < 200; ++i)
    texts.push_back((i % 7 == 0   ? "how to "
                     : i % 7 == 1 ? "best "
                     : i % 7 == 2 ? "what is "
                     : i % 7 == 3 ? "price of "
                                  : "") +
                    std::string(100, static_cast<char>('a' + i % 26)) + " review vs " + std::to_string(i));
  const auto drafts = ideas(texts);
  CHECK(drafts.size() <= IdeaWriter::max_ideas);
  const auto again = ideas(texts);
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    CHECK(drafts[i].title == again[i].title);
    Idea idea;
    idea.title = drafts[i].title;
    idea.description = drafts[i].description;
    idea.keywords = drafts[i].keywords;
    idea.word_count = drafts[i].word_count;
    CHECK(check(idea).has_value());
  }
}
