#include "domain/keyword.hpp"

#include <catch2/catch.hpp>

using namespace galley;

namespace {

std::vector<std::string> bad_fields(const Keyword& keyword) {
  std::vector<std::string> names;
  const Result<void> result = check(keyword);
  if (result.has_error()) {
    for (const FieldError& field : result.error().fields)
      names.push_back(field.field);
  }
  return names;
}

}  // namespace

TEST_CASE("keyword: text alone is enough and the edges of its measures are good", "[domain]") {
  Keyword keyword;
  keyword.text = "best running shoes";
  CHECK(bad_fields(keyword).empty());
  for (const int difficulty : {0, 100}) {
    keyword.difficulty = difficulty;
    keyword.volume = difficulty == 0 ? 0 : Keyword::max_volume;
    CHECK(bad_fields(keyword).empty());
  }
}

TEST_CASE("keyword: every bad field is named at once", "[domain]") {
  Keyword keyword;
  keyword.text = "\t ";
  keyword.volume = -1;
  keyword.difficulty = 101;
  CHECK(bad_fields(keyword) == std::vector<std::string>{"keyword", "volume", "difficulty"});
  keyword.volume = Keyword::max_volume + 1;
  keyword.difficulty = -1;
  CHECK(bad_fields(keyword) == std::vector<std::string>{"keyword", "volume", "difficulty"});
}

TEST_CASE("keyword: the text is one line of at most 200 code points", "[domain]") {
  Keyword keyword;
  for (std::size_t i = 0; i < Keyword::max_length; ++i)
    keyword.text += "語";
  CHECK(bad_fields(keyword).empty());
  keyword.text += "語";
  CHECK(bad_fields(keyword) == std::vector<std::string>{"keyword"});
  keyword.text = "two\nlines";
  CHECK(bad_fields(keyword) == std::vector<std::string>{"keyword"});
  keyword.text = "bad\xc3";
  CHECK(bad_fields(keyword) == std::vector<std::string>{"keyword"});
}
