#include "content/excerpt.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "base/encoding.hpp"

using namespace galley::content;

namespace {

std::string repeat(std::string_view part, int count) {
  std::string out;
  for (int i = 0; i < count; ++i)
    out += part;
  return out;
}

}  // namespace

TEST_CASE("excerpt: it is the first paragraphs without headings, code, tables and images", "[content]") {
  CHECK(excerpt("# Title\n\n![i](x.png)\n\nFirst **bold** [link](/x).\n\n```\ncode\n```\n\n| a |\n|---|\n| b |\n\n- "
                "item\n") == "First bold link. item");
  CHECK(excerpt("# Only a title\n").empty());
  CHECK(excerpt("").empty());
}

TEST_CASE("excerpt: a long text ends with a sentence where one ends in the second half", "[content]") {
  CHECK(shorten("One two three. Four five six seven eight nine ten.", 20) == "One two three.");
  CHECK(shorten("Hi. Four five six seven eight nine ten.", 20) == "Hi. Four five six…");
  CHECK(shorten("One two three. Four", 19) == "One two three. Four");
  CHECK(shorten("comma, separated, words, here", 18) == "comma, separated…");
  CHECK(shorten("  white \n space\t", 50) == "white space");
}

TEST_CASE("excerpt: no result is longer than asked, in any script", "[content]") {
  for (const std::string& text :
       {repeat("word ", 100), repeat("コーヒーは美味しい。", 60), repeat("咖啡", 200), repeat("กาแฟ", 200),
        repeat("😀", 300), repeat("👩‍👩‍👧‍👦", 80), repeat("🇩🇪", 100), repeat("e\u0301", 300),
        std::string(1000, 'x'), repeat("a\u0301\u0301", 200), repeat("🏳️‍🌈 ", 90)}) {
    for (const std::size_t max : {std::size_t{1}, std::size_t{2}, std::size_t{10}, std::size_t{60}, std::size_t{160}}) {
      INFO(text.substr(0, 30) << " " << max);
      const std::string cut = shorten(text, max);
      CHECK(galley::count_code_points(cut) <= max);
      CHECK(galley::is_utf8(cut));
    }
  }
  CHECK(shorten("text", 0).empty());
}

TEST_CASE("excerpt: an emoji with its modifiers is kept whole or left out", "[content]") {
  const std::string family = "👩‍👩‍👧‍👦";  // seven code points
  CHECK(shorten(repeat(family, 3), 16) == repeat(family, 2) + "…");
  CHECK(shorten(repeat(family, 3), 14) == family + "…");
  CHECK(shorten(family + "x", 4) == "…");
  CHECK(shorten(repeat("🇩🇪", 4), 6) == repeat("🇩🇪", 2) + "…");
}

TEST_CASE("excerpt: Chinese and Japanese end at their own full stops", "[content]") {
  CHECK(shorten("コーヒーは飲み物です。豆から作られます。", 15) == "コーヒーは飲み物です。");
  CHECK(shorten("咖啡是一种饮料。它由咖啡豆制成。", 12) == "咖啡是一种饮料。");
}

TEST_CASE("excerpt: meta lines keep to the lengths that search engines show", "[content]") {
  const std::string title = repeat("espresso machine ", 10);
  CHECK(meta_title(title) == "espresso machine espresso machine espresso machine espresso");
  CHECK(meta_title("Short title") == "Short title");
  CHECK(galley::count_code_points(meta_description(repeat("A sentence of words. ", 30))) <= max_meta_description);
  CHECK(meta_description(repeat("A sentence of words. ", 30)).ends_with("."));
}

TEST_CASE("excerpt: words are counted between spaces, or by dictionary where there are none", "[content]") {
  CHECK(word_count("# One\n\ntwo **three** four-five don't 3.5 — !\n") == 6);
  CHECK(word_count("") == 0);
  CHECK(word_count_of_text("Привет мир") == 2);
  CHECK(word_count_of_text("안녕하세요 커피") == 2);
  CHECK(word_count_of_text("咖啡是饮料") >= 2);
  CHECK(word_count_of_text("咖啡是饮料") <= 5);
  CHECK(word_count_of_text("สวัสดีชาวโลก") >= 2);
  CHECK(word_count_of_text("東京タワーへ行きました。") >= 3);
  CHECK(word_count_of_text("😀 🎉 …") == 0);
  CHECK(word_count_of_text("a\u00A0b\u3000c") == 3);
}

TEST_CASE("excerpt: reading takes a minute at least, and 250 words a minute", "[content]") {
  CHECK(reading_time_minutes(0) == 1);
  CHECK(reading_time_minutes(250) == 1);
  CHECK(reading_time_minutes(251) == 2);
  CHECK(reading_time_minutes(1200) == 5);
}
