#include "content/slug.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "base/encoding.hpp"
#include "support/source_file.hpp"

using namespace galley::content;

namespace {

struct Row {
  std::string language, title, slug;
};

std::vector<Row> golden_rows() {
  std::ifstream file(galley::test::source_file("tests/content/slugs.tsv"));
  REQUIRE(file);
  std::vector<Row> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream parts(line);
    Row row;
    std::getline(parts, row.language, '\t');
    std::getline(parts, row.title, '\t');
    std::getline(parts, row.slug, '\t');
    rows.push_back(row);
  }
  return rows;
}

}  // namespace

TEST_CASE("slug: titles of many languages become what their readers would type", "[content]") {
  const std::vector<Row> rows = golden_rows();
  std::map<std::string, int> languages;
  for (const Row& row : rows) {
    INFO(row.language << ": " << row.title);
    CHECK(make_slug(row.title, row.language) == row.slug);
    CHECK(is_slug(row.slug));
    ++languages[row.language];
  }
  int full = 0;
  for (const auto& [language, count] : languages)
    full += count >= 10 ? 1 : 0;
  CHECK(full >= 12);
}

TEST_CASE("slug: a slug is its own slug", "[content]") {
  for (const Row& row : golden_rows())
    CHECK(make_slug(row.slug, row.language) == row.slug);
  const SlugStyle style{.drop_stop_words = true, .drop_years = true};
  for (const std::string title :
       {"The best of the 2024 grinders", "the 2024 best", "in the of", "2024", "the", "A b"}) {
    const std::string slug = make_slug(title, "en", style);
    CHECK(make_slug(slug, "en", style) == slug);
  }
}

TEST_CASE("slug: a title whose deciding letters are cut off still gives its own slug", "[content]") {
  std::string title;
  for (int i = 0; i < 80; ++i)
    title += "京";
  for (const std::string language : {"en", "ja"}) {
    const std::string slug = make_slug(title + "の", language);
    CHECK(make_slug(slug, language) == slug);
    CHECK(is_slug(slug));
  }
}

TEST_CASE("slug: the language's region and case do not matter", "[content]") {
  CHECK(make_slug("Öl", "de-AT") == "oel");
  CHECK(make_slug("Öl", "DE_at") == "oel");
  CHECK(make_slug("Öl", "") == "ol");
  CHECK(make_slug("Öl", "xx-unknown") == "ol");
}

TEST_CASE("slug: German umlauts are spelled out, composed or not", "[content]") {
  CHECK(make_slug("u\u0308ber", "de") == "ueber");
  CHECK(make_slug("über", "de") == "ueber");
}

TEST_CASE("slug: a long title is cut at a word's end within 75 characters", "[content]") {
  std::string title;
  for (int i = 0; i < 40; ++i)
    title += "word" + std::to_string(i) + " ";
  const std::string slug = make_slug(title, "en");
  CHECK(slug.size() <= max_slug);
  CHECK(slug == "word0-word1-word2-word3-word4-word5-word6-word7-word8-word9-word10-word11");
  CHECK(make_slug(std::string(300, 'x'), "en") == std::string(75, 'x'));
  std::string japanese;
  for (int i = 0; i < 100; ++i)
    japanese += "あ";
  CHECK(galley::count_code_points(make_slug(japanese, "ja")) == max_slug);
}

TEST_CASE("slug: stop words and years go only when asked, and never all", "[content]") {
  const SlugStyle style{.drop_stop_words = true, .drop_years = true};
  CHECK(make_slug("The Best Grinders of 2024 for the Home", "en") == "the-best-grinders-of-2024-for-the-home");
  CHECK(make_slug("The Best Grinders of 2024 for the Home", "en", style) == "best-grinders-home");
  CHECK(make_slug("Die besten Mühlen für den Haushalt 2025", "de", style) == "besten-muehlen-haushalt");
  CHECK(make_slug("1984", "en", style) == "1984");
  CHECK(make_slug("To be or not to be", "en", style) == "to-be-or-not-to-be");
  CHECK(make_slug("The Who", "en", style) == "the-who");
  CHECK(make_slug("Route 2150 and 20245", "en", style) == "route-2150-20245");
}

TEST_CASE("slug: a title without a letter or digit gives nothing", "[content]") {
  for (const std::string title : {"", " ", "😀 🎉", "---", "!!!", "…", "\u200B\uFEFF", "'", "\xFF\xFE"}) {
    INFO(title);
    CHECK(make_slug(title, "en").empty());
    CHECK(make_slug(title, "ja").empty());
  }
}

TEST_CASE("slug: hostile titles give a slug or nothing, never more", "[content][hostile]") {
  for (const std::string title : {"../../etc/passwd", "<script>alert(1)</script>", "a?b#c&d=e", "a\r\nSet-Cookie: x",
                                  "%2e%2e%2f", "a\\b", "a//b", "\u202Eevil", "a\u0000b", "..", "CON", "feed/",
                                  "🏳️‍🌈 pride", "é\u0301\u0301\u0301", "\xC3\x28 broken"}) {
    for (const std::string language : {"en", "ja", "ar"}) {
      const std::string slug = make_slug(title, language);
      INFO(title << " " << slug);
      CHECK((slug.empty() || is_slug(slug)));
    }
  }
  std::string zalgo = "a";
  for (int i = 0; i < 10'000; ++i)
    zalgo += "\u0301";
  CHECK(galley::count_code_points(make_slug(zalgo, "en")) <= max_slug);
}

TEST_CASE("slug: numbers keep a slug within its length", "[content]") {
  CHECK(numbered_slug("espresso", 1) == "espresso");
  CHECK(numbered_slug("espresso", 2) == "espresso-2");
  CHECK(numbered_slug(std::string(75, 'x'), 12) == std::string(72, 'x') + "-12");
  CHECK(numbered_slug(std::string(72, 'x') + "-yz", 2) == std::string(72, 'x') + "-2");
}

TEST_CASE("slug: what is no slug is told apart", "[content]") {
  for (const std::string good : {"a", "a-b", "2024", "東京", "قهوة", "école", "नमस्ते"})
    CHECK(is_slug(good));
  for (const std::string bad : {"", "-", "-a", "a-", "a--b", "A", "É", "a b", "a_b", "a/b", "a.b", "a%20b", "feed",
                                "wp-admin", "a\n", "e\u0301cole", "\xFF", "a\u200Bb", "😀"}) {
    INFO(bad);
    CHECK_FALSE(is_slug(bad));
  }
}

TEST_CASE("slug: a given slug may have 200 code points", "[content]") {
  CHECK(is_slug(std::string(200, 'x')));
  CHECK_FALSE(is_slug(std::string(201, 'x')));
}

TEST_CASE("slug: reserved words are those that servers answer themselves", "[content]") {
  for (const std::string word : {"feed", "wp-admin", "sitemap", "api", "admin", "login", "tag"})
    CHECK(is_reserved_slug(word));
  for (const std::string word : {"", "feeds-2", "espresso", "feed-2"})
    CHECK_FALSE(is_reserved_slug(word));
}
