#include "content/front_matter.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace galley::content;
using Texts = std::vector<std::string>;

namespace {

FrontMatterDocument parsed(std::string_view text) {
  auto document = parse_front_matter(text);
  REQUIRE(document.has_value());
  return *document;
}

// The line that is named as malformed; 0 where nothing is.
std::int64_t bad_line(std::string_view block) {
  const auto document = parse_front_matter("---\n" + std::string(block) + "\n---\nbody");
  if (document) return 0;
  CHECK(document.error().code == galley::ErrorCode::validation_failed);
  REQUIRE(document.error().details.size() == 1);
  CHECK(document.error().details[0].name == "line");
  return get<std::int64_t>(document.error().details[0].value);
}

}  // namespace

TEST_CASE("front matter: scalars, quoted scalars and lists are read", "[content]") {
  const auto document = parsed(
      "---\n"
      "title: Espresso: a guide # not a comment after a word#this\n"
      "# a comment\n"
      "\n"
      "slug:   espresso-guide  \n"
      "single: 'it''s'\n"
      "double: \"a \\\"b\\\" \\u00e9\\n\" # comment\n"
      "empty:\n"
      "draft: true\n"
      "date: 2026-03-30\n"
      "tags: [a, 'b, c', \"d\"]\n"
      "none: []\n"
      "categories:\n"
      "  - One\n"
      "  - 'Two: 2'\n"
      "other:\n"
      "- x\n"
      "---\n"
      "\n"
      "# Body\n---\n");
  CHECK(*document.text("title") == "Espresso: a guide");
  CHECK(*document.text("SLUG") == "espresso-guide");
  CHECK(*document.text("single") == "it's");
  CHECK(*document.text("double") == "a \"b\" é\n");
  CHECK(document.text("empty")->empty());
  CHECK(*document.text("draft") == "true");
  CHECK(*document.text("date") == "2026-03-30");
  CHECK(document.list("tags") == Texts{"a", "b, c", "d"});
  CHECK(document.list("none").empty());
  CHECK(document.list("categories") == Texts{"One", "Two: 2"});
  CHECK(document.list("other") == Texts{"x"});
  CHECK(document.text("tags") == nullptr);
  CHECK(document.text("missing") == nullptr);
  CHECK(document.list("missing").empty());
  CHECK(document.body == "# Body\n---\n");
}

TEST_CASE("front matter: a text with commas can be taken as a list", "[content]") {
  CHECK(parsed("---\ntags: a, b ,, c\n---\n").list("tags") == Texts{"a", "b", "c"});
}

TEST_CASE("front matter: a document without it is all body", "[content]") {
  CHECK(parsed("# Title\n---\na: b\n---\n").body == "# Title\n---\na: b\n---\n");
  CHECK(parsed("").body.empty());
  CHECK(parsed("----\nx").body == "----\nx");
  CHECK(parsed(" ---\nx").fields.empty());
}

TEST_CASE("front matter: byte order mark, CRLF and the dotted end are accepted", "[content]") {
  const auto document = parsed("\xEF\xBB\xBF---\r\ntitle: x\r\n...\r\n\r\nbody\r\n");
  CHECK(*document.text("title") == "x");
  CHECK(document.body == "body\r\n");
}

TEST_CASE("front matter: what is malformed is named with its line", "[content]") {
  CHECK(bad_line("a: b\nno colon") == 3);
  CHECK(bad_line("a: b\na: c") == 3);
  CHECK(bad_line("a:b") == 2);
  CHECK(bad_line("a: 'open") == 2);
  CHECK(bad_line("a: \"open\\\"") == 2);
  CHECK(bad_line("a: \"x\" y") == 2);
  CHECK(bad_line("a: \"\\q\"") == 2);
  CHECK(bad_line("a: \"\\u12\"") == 2);
  CHECK(bad_line("a: \"\\ud800\"") == 2);
  CHECK(bad_line("a: [b, c") == 2);
  CHECK(bad_line("a: [b c] d") == 2);
  CHECK(bad_line("a: [[b]]") == 2);
  CHECK(bad_line("a: ['b' 'c']") == 2);
  CHECK(bad_line("x: y\n- item") == 3);
  CHECK(bad_line("- item") == 2);
  CHECK(bad_line("a:\n  b: c") == 3);
  CHECK(bad_line("a: |\n  text") == 2);
  CHECK(bad_line("a: &anchor x") == 2);
  CHECK(bad_line("a: !!str x") == 2);
  CHECK(bad_line("a: {b: c}") == 2);
  CHECK(bad_line("a b: c") == 2);
  CHECK(bad_line("a: \xFF") == 2);
  CHECK(bad_line("a: b") == 0);
}

TEST_CASE("front matter: an end that is missing is named at the first line", "[content]") {
  const auto document = parse_front_matter("---\ntitle: x\n");
  REQUIRE(document.has_error());
  CHECK(get<std::int64_t>(document.error().details.at(0).value) == 1);
  CHECK(parse_front_matter("---").has_error());
}

TEST_CASE("front matter: fields, items and bytes are bounded", "[content][hostile]") {
  std::string fields = "---\n";
  for (std::size_t i = 0; i <= max_front_matter_fields; ++i)
    fields += "f" + std::to_string(i) + ": x\n";
  CHECK(parse_front_matter(fields + "---\n").has_error());
  std::string items = "---\na:\n";
  for (std::size_t i = 0; i <= max_front_matter_items; ++i)
    items += "- x\n";
  CHECK(parse_front_matter(items + "---\n").has_error());
  std::string item_line = "---\na: [";
  for (std::size_t i = 0; i <= max_front_matter_items; ++i)
    item_line += "x,";
  CHECK(parse_front_matter(item_line + "]\n---\n").has_error());
  std::string comments = "---\n";
  while (comments.size() < 2 * max_front_matter_bytes)
    comments += "# comment\n";
  CHECK(parse_front_matter(comments + "---\n").has_error());
}

TEST_CASE("front matter: what is written reads back as the same texts", "[content]") {
  const Texts texts = {
      "plain", "with: colon", "# hash",      "a # b",     "'single'", "\"double\"", "back\\slash", "- dash",
      "true",  "No",          "null",        "~",         "1e3",      "2026-03-30", "007",         "",
      " lead", "trail ",      "line\nbreak", "tab\there", "[list]",   "{map}",      "a, b",        "é 東京 ☕",
      "\x01",  "\u2028",      "%x",          "@y",        "---",      "? x",        "!tag",        "*a",
      "&a",    "|",           ">",           "`",         "key:",     "😀"};
  FrontMatterDocument document;
  for (std::size_t i = 0; i < texts.size(); ++i)
    document.fields.push_back({"f" + std::to_string(i), texts[i]});
  document.fields.push_back({"all", texts});
  document.fields.push_back({"none", Texts{}});
  document.body = "# Body\n\ntext\n";
  const auto again = parsed(write_front_matter(document));
  CHECK(again.fields == document.fields);
  CHECK(again.body == document.body);
}

TEST_CASE("front matter: texts that YAML would take for something else are quoted", "[content]") {
  FrontMatterDocument document;
  document.fields = {{"title", std::string("No")},
                     {"date", std::string("2026-03-30")},
                     {"plain", std::string("Espresso at home")},
                     {"draft", false},
                     {"weight", std::int64_t{3}},
                     {"at", galley::Time(std::chrono::milliseconds(1'774'882'800'000))},
                     {"tags", Texts{"a", "b, c"}},
                     {"bad name", std::string("x")}};
  document.body = "x";
  CHECK(write_front_matter(document) ==
        "---\ntitle: \"No\"\ndate: \"2026-03-30\"\nplain: Espresso at home\ndraft: false\nweight: 3\nat: "
        "2026-03-30T15:00:00.000Z\n"
        "tags: [a, \"b, c\"]\n---\n\nx");
  CHECK(write_front_matter({.body = "x"}) == "x");
}
