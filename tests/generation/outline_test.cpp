#include "generation/outline.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/encoding.hpp"
#include "base/unicode.hpp"
#include "content/csv.hpp"
#include "content/markdown.hpp"
#include "content/slug.hpp"
#include "generation/keyword_form.hpp"
#include "generation/word_filter.hpp"
#include "support/source_file.hpp"

using namespace galley::generation;
namespace content = galley::content;

namespace {

struct Keyword {
  std::string text;
  SearchIntent intent;
  std::string cluster;
};

std::vector<Keyword> example_keywords() {
  std::ifstream file(galley::test::source_file("examples/keywords.csv"));
  REQUIRE(file);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::map<std::string, SearchIntent> intents = {{"informational", SearchIntent::informational},
                                                       {"commercial", SearchIntent::commercial},
                                                       {"transactional", SearchIntent::transactional},
                                                       {"navigational", SearchIntent::navigational}};
  content::CsvReader reader(text);
  std::vector<Keyword> keywords;
  static_cast<void>(reader.next());
  while (true) {
    const auto row = reader.next();
    REQUIRE(row.has_value());
    if (!*row) return keywords;
    const auto& fields = (*row)->fields;
    keywords.push_back({fields.at(0), intents.at(fields.at(3)), fields.at(5)});
  }
}

OutlineBrief brief_for(const Keyword& keyword, const std::vector<Keyword>& all) {
  OutlineBrief brief{.keyword = keyword.text, .niche = "Home espresso", .language = "en", .intent = keyword.intent};
  for (const Keyword& other : all) {
    if (other.cluster == keyword.cluster && other.text != keyword.text && brief.cluster_keywords.size() < 8)
      brief.cluster_keywords.push_back(other.text);
  }
  return brief;
}

// What the briefs' targets add up to.
std::size_t target_words(const std::string& markdown) {
  std::size_t total = 0;
  static const std::string mark = "*Target: ";
  for (std::size_t at = markdown.find(mark); at != std::string::npos; at = markdown.find(mark, at + 1))
    total += std::stoul(markdown.substr(at + mark.size()));
  return total;
}

std::string everything(const OutlineDraft& draft) {
  std::string all = draft.title + "\n" + draft.slug + "\n" + draft.meta_title + "\n" + draft.meta_description + "\n" +
                    draft.excerpt + "\n" + draft.markdown;
  for (const std::string& keyword : draft.meta_keywords)
    all += "\n" + keyword;
  return all;
}

void check_headings(const std::string& markdown) {
  int level = 1;
  for (const content::Heading& heading : content::headings(markdown)) {
    INFO(heading.text);
    CHECK_FALSE(heading.text.empty());
    CHECK(heading.level >= 2);
    CHECK(heading.level <= level + 1);
    level = heading.level;
  }
  CHECK(level >= 2);
}

}  // namespace

TEST_CASE("outline: every example keyword gives its own title and structure", "[generation]") {
  const auto keywords = example_keywords();
  REQUIRE(keywords.size() >= 220);
  std::set<std::string> titles;
  std::set<std::string> structures;
  std::set<std::string> slugs;
  for (const Keyword& keyword : keywords) {
    const OutlineDraft draft = write_outline(brief_for(keyword, keywords));
    INFO(keyword.text);
    CHECK(titles.insert(draft.title).second);
    std::string structure;
    for (const content::Heading& heading : content::headings(draft.markdown))
      structure += std::to_string(heading.level) + heading.text + "\n";
    CHECK(structures.insert(structure).second);
    CHECK(slugs.insert(draft.slug).second);
  }
}

TEST_CASE("outline: headings are in order, words add up and meta lines fit, for every example keyword",
          "[generation]") {
  const auto keywords = example_keywords();
  for (const Keyword& keyword : keywords) {
    for (const std::size_t words : {std::size_t{300}, std::size_t{1200}, std::size_t{5000}}) {
      OutlineBrief brief = brief_for(keyword, keywords);
      brief.word_count = words;
      const OutlineDraft draft = write_outline(brief);
      INFO(keyword.text << " " << words);
      check_headings(draft.markdown);
      CHECK(target_words(draft.markdown) == words);
      CHECK(content::is_slug(draft.slug));
      CHECK_FALSE(draft.title.empty());
      CHECK(galley::count_code_points(draft.meta_title) <= 60);
      CHECK(galley::count_code_points(draft.meta_title) >= 3);
      CHECK(galley::count_code_points(draft.meta_description) <= 160);
      CHECK(galley::count_code_points(draft.meta_description) >= 50);
      REQUIRE_FALSE(draft.meta_keywords.empty());
      CHECK(draft.meta_keywords.front() == keyword.text);
      CHECK_FALSE(draft.excerpt.empty());
    }
  }
}

TEST_CASE("outline: the same brief gives the same draft", "[generation]") {
  const auto keywords = example_keywords();
  for (std::size_t i = 0; i < keywords.size(); i += 20) {
    const OutlineBrief brief = brief_for(keywords[i], keywords);
    CHECK(everything(write_outline(brief)) == everything(write_outline(brief)));
  }
}

TEST_CASE("outline: keywords are told apart by what they ask for", "[generation]") {
  const std::vector<std::pair<std::string, KeywordForm>> cases = {
      {"V60 vs Chemex", KeywordForm::comparison},
      {"hand grinder versus electric grinder", KeywordForm::comparison},
      {"best hand grinder for espresso", KeywordForm::best_of},
      {"Best espresso machine under 500", KeywordForm::best_of},
      {"how to clean a moka pot", KeywordForm::how_to},
      {"espresso tonic recipe", KeywordForm::how_to},
      {"Gaggia Classic review", KeywordForm::review},
      {"espresso machine with built-in grinder worth it", KeywordForm::review},
      {"what is microfoam", KeywordForm::definition},
      {"third wave coffee meaning", KeywordForm::definition},
      {"how much does a good espresso machine cost", KeywordForm::cost},
      {"espresso machine service cost", KeywordForm::cost},
      {"why is my espresso sour", KeywordForm::troubleshooting},
      {"espresso machine leaking water from group head", KeywordForm::troubleshooting},
      {"how to fix sour pour over coffee", KeywordForm::troubleshooting},
      {"barista course near me", KeywordForm::local},
      {"is espresso stronger than coffee", KeywordForm::question},
      {"can you freeze coffee beans?", KeywordForm::question},
      {"are cheap espresso machines worth it", KeywordForm::question},
      {"how much caffeine in a double espresso", KeywordForm::question},
      {"what does anaerobic coffee taste like", KeywordForm::question},
      {"what does single origin mean", KeywordForm::definition},
      {"espresso grind size", KeywordForm::generic},
      {"vs", KeywordForm::generic},
      {"best", KeywordForm::generic},
      {"", KeywordForm::generic}};
  for (const auto& [keyword, form] : cases) {
    INFO(keyword);
    CHECK(read_keyword(keyword).form == form);
  }
}

TEST_CASE("outline: a keyword's parts are found", "[generation]") {
  const KeywordParts comparison = read_keyword("oat milk vs almond milk in coffee");
  CHECK(comparison.subject == "oat milk");
  CHECK(comparison.other == "almond milk");
  CHECK(comparison.purpose == "coffee");
  const KeywordParts best = read_keyword("Best Hand Grinder for Espresso");
  CHECK(best.subject == "Hand Grinder");
  CHECK(best.purpose == "Espresso");
  CHECK(read_keyword("how to clean a moka pot").subject == "clean a moka pot");
  CHECK(read_keyword("what is a PID controller in an espresso machine?").subject ==
        "PID controller in an espresso machine");
  CHECK(read_keyword("how much does a good espresso machine cost").subject == "good espresso machine");
  CHECK(read_keyword("Gaggia Classic review").subject == "Gaggia Classic");
}

TEST_CASE("outline: a comparison names both things, a best-of list its purpose", "[generation]") {
  const std::string comparison = write_outline({.keyword = "V60 vs Chemex"}).markdown;
  CHECK(comparison.find("Choose V60") + comparison.find("take V60") != 2 * std::string::npos);
  CHECK(comparison.find("Chemex does well") + comparison.find("Chemex is ahead") != 2 * std::string::npos);
  const std::string best =
      write_outline({.keyword = "best hand grinder for espresso", .intent = SearchIntent::commercial}).markdown;
  CHECK(best.find("hand grinder for espresso") != std::string::npos);
}

TEST_CASE("outline: a title says more than its keyword, and a question ends as one", "[generation]") {
  for (const Keyword& keyword : example_keywords()) {
    const OutlineDraft draft = write_outline({.keyword = keyword.text, .intent = keyword.intent});
    INFO(draft.title);
    CHECK(draft.title.size() > keyword.text.size() + 5);
    CHECK(draft.title.find("?:") == std::string::npos);
    if (keyword.text.starts_with("why ") || keyword.text.starts_with("can "))
      CHECK(draft.meta_title.find('?') != std::string::npos);
  }
}

TEST_CASE("outline: the intent changes what a plain keyword gets", "[generation]") {
  const auto markdown = [](SearchIntent intent) {
    return write_outline({.keyword = "coffee subscription", .intent = intent}).markdown;
  };
  CHECK(markdown(SearchIntent::transactional).find("Price, delivery and returns") != std::string::npos);
  CHECK(markdown(SearchIntent::informational).find("Price, delivery and returns") == std::string::npos);
  CHECK(markdown(SearchIntent::commercial) != markdown(SearchIntent::navigational));
}

TEST_CASE("outline: it says what it is before anything else", "[generation]") {
  for (const Keyword& keyword : example_keywords()) {
    const std::string markdown = write_outline({.keyword = keyword.text, .intent = keyword.intent}).markdown;
    CHECK(markdown.starts_with("> **Outline for a writer, not a finished article.**"));
    CHECK(markdown.find("neither a person nor a language model has written it") != std::string::npos);
  }
}

TEST_CASE("outline: notes carry the project's voice and the language", "[generation]") {
  const OutlineDraft draft = write_outline({.keyword = "café de olla",
                                            .niche = "Home coffee",
                                            .language = "de-AT",
                                            .tone = "Friendly",
                                            .writing_style = "Short sentences",
                                            .audience = "parents",
                                            .author_name = "Ann *B*"});
  for (const std::string part : {"Niche: Home coffee", "Tone: Friendly", "Style: Short sentences", "Audience: parents",
                                 "Author: Ann \\*B\\*", "de-AT", "in English", "What this means for parents"}) {
    INFO(part);
    CHECK(draft.markdown.find(part) != std::string::npos);
  }
  CHECK(write_outline({.keyword = "x", .language = "en-GB"}).markdown.find("translated") == std::string::npos);
}

TEST_CASE("outline: links stand at the end, and only those with a good address", "[generation][hostile]") {
  const OutlineDraft draft = write_outline({.keyword = "moka pot",
                                            .internal_links = {{"Cleaning [it]", "https://x.example/clean_(up)"},
                                                               {"Bad", "javascript:alert(1)"},
                                                               {"", "/empty"},
                                                               {"](javascript:alert(1))", "/y"}}});
  const std::string html = content::render_html(draft.markdown);
  CHECK(html.find("<a href=\"https://x.example/clean_%28up%29\">Cleaning [it]</a>") != std::string::npos);
  CHECK(html.find("href=\"javascript") == std::string::npos);
  CHECK(html.find("Bad") == std::string::npos);
  CHECK(html.find("<a href=\"/y\">](javascript:alert(1))</a>") != std::string::npos);
  CHECK(write_outline({.keyword = "moka pot"}).markdown.find("Read next") == std::string::npos);
}

TEST_CASE("outline: words to avoid are nowhere in it", "[generation]") {
  const auto keywords = example_keywords();
  const std::vector<std::vector<std::string>> lists = {
      {"best", "guide", "worth", "really"},
      {"outline", "draft", "article", "writer", "brief", "target", "show", "words"},
      {"first choice", "step by step", "short list", "PLAIN words", "in practice", "what"},
      {"the", "a", "and", "of", "to", "is", "in", "for", "it", "you", "how"},
      {"Espresso", "coffee", "milk", "pot"}};
  for (std::size_t i = 0; i < keywords.size(); i += 7) {
    for (const auto& list : lists) {
      OutlineBrief brief = brief_for(keywords[i], keywords);
      brief.avoid_words = list;
      brief.audience = "espresso lovers and a writer";
      brief.tone = "the best tone";
      brief.internal_links = {{"The best coffee guide", "https://x.example/best-coffee-guide"}};
      const OutlineDraft draft = write_outline(brief);
      std::string all = everything(draft);
      // The address is not the draft's words.
      if (const std::size_t at = all.find("https://x.example/best-coffee-guide"); at != std::string::npos)
        all.erase(at, 35);
      for (const std::string& word : list) {
        if (WordFilter({word}, "").has_any(keywords[i].text)) continue;
        INFO(keywords[i].text << " / " << word << "\n" << all);
        CHECK_FALSE(WordFilter({word}, "").has_any(all));
      }
      check_headings(draft.markdown);
    }
  }
}

TEST_CASE("outline: avoided words are whole words in any case, or any place without spaces", "[generation]") {
  const WordFilter filter({"Cheap", "state of the art", "game-changer", "安い"}, "keyword");
  CHECK(filter.has_any("so CHEAP!"));
  CHECK_FALSE(filter.has_any("cheaper"));
  CHECK(filter.has_any("a State-of-the-Art thing"));
  CHECK(filter.has_any("a game changer"));
  CHECK(filter.has_any("とても安いです"));
  CHECK(filter.strip("a cheap, cheap thing") == "a, thing");
  CHECK(filter.strip("とても安いです") == "とてもです");
  CHECK(WordFilter({"cheap"}, "cheap grinders").strip("cheap grinders") == "cheap grinders");
  CHECK(WordFilter({"", " ", "!"}, "x").strip("a ! b") == "a ! b");
}

TEST_CASE("outline: hostile keywords give a harmless, whole draft", "[generation][hostile]") {
  std::string long_words;
  for (int i = 0; i < 3000; ++i)
    long_words += "word ";
  std::vector<std::string> keywords = {"",
                                       " ",
                                       "???",
                                       "!!!",
                                       "...",
                                       "😀",
                                       "😀 vs 🎉",
                                       "vs",
                                       "a vs",
                                       "vs b",
                                       "best",
                                       "best for",
                                       "how to",
                                       "what is",
                                       "why is my",
                                       "near me",
                                       "cost",
                                       "review",
                                       "# heading",
                                       "> quote",
                                       "- item",
                                       "1. item",
                                       "```",
                                       "`code`",
                                       "**bold**",
                                       "_em_",
                                       "[a](javascript:alert(1))",
                                       "![a](x)",
                                       "<script>alert(1)</script>",
                                       "<img src=x onerror=alert(1)>",
                                       "a | b",
                                       "---",
                                       "===",
                                       "&lt;b&gt;",
                                       "a\nb\r\nc",
                                       "a\tb",
                                       std::string("a\0b", 3),
                                       "\xFF\xFE",
                                       "\u202Eabc",
                                       "https://evil.example/x",
                                       "\\",
                                       "*Target: 9999 words.*",
                                       "東京タワー とは",
                                       "كيف تصنع القهوة",
                                       "a vs b vs c vs d",
                                       "what is what is what is",
                                       "best best best for for for",
                                       "?",
                                       "a?b?c?"};
  keywords.push_back(long_words);
  keywords.push_back(std::string(20'000, 'x'));
  std::string emoji;
  for (int i = 0; i < 500; ++i)
    emoji += "👩‍👩‍👧‍👦";
  keywords.push_back(emoji);
  for (const std::string& keyword : keywords) {
    INFO(keyword.substr(0, 60));
    const OutlineDraft draft = write_outline({.keyword = keyword,
                                              .cluster_keywords = keywords,
                                              .language = "en",
                                              .audience = keyword,
                                              .author_name = keyword});
    const std::string html = content::render_html(draft.markdown);
    CHECK(html.find("<script") == std::string::npos);
    CHECK(html.find("<img") == std::string::npos);
    CHECK(html.find("href=") == std::string::npos);
    CHECK(html.find("<code>") == std::string::npos);
    CHECK(draft.markdown.size() < 60'000);
    CHECK(galley::is_utf8(draft.markdown));
    check_headings(draft.markdown);
    CHECK((draft.slug.empty() || content::is_slug(draft.slug)));
    CHECK_FALSE(draft.title.empty());
    CHECK(galley::count_code_points(draft.title) <= 110);
    CHECK(draft.title.find('\n') == std::string::npos);
    CHECK(galley::count_code_points(draft.meta_title) <= 60);
    CHECK(galley::count_code_points(draft.meta_description) >= 50);
    CHECK(galley::count_code_points(draft.meta_description) <= 160);
  }
}

TEST_CASE("outline: a length outside its bounds is taken within them", "[generation]") {
  CHECK(target_words(write_outline({.keyword = "moka pot", .word_count = 0}).markdown) == 300);
  CHECK(target_words(write_outline({.keyword = "moka pot", .word_count = 1'000'000}).markdown) == 5000);
  CHECK(target_words(write_outline({.keyword = "moka pot", .word_count = 1237}).markdown) == 1237);
}
