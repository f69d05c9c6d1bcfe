#include "webhook/body_template.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "base/json.hpp"
#include "sample_event.hpp"

using namespace galley;
using namespace galley::webhook;
using galley::test::sample_snapshot;

namespace {

std::string filled(std::string_view text, const ArticleSnapshot& article = sample_snapshot()) {
  CHECK(check_template(text).has_value());
  return BodyTemplate::parse(text).value().fill(derive_fields(article)).value();
}

// "" where it is accepted.
std::string reason(std::string_view text) {
  const auto judged = check_template(text);
  if (judged.has_value()) return "";
  CHECK(judged.error().code == ErrorCode::validation_failed);
  REQUIRE(judged.error().fields.size() == 1);
  CHECK(judged.error().fields[0].field == "template");
  return judged.error().fields[0].reason;
}

}  // namespace

TEST_CASE("template: a value inside quotes is escaped, a bare one is JSON", "[webhook]") {
  CHECK(filled(R"({"t": "<{{title}}>", "v": {{title}}})") ==
        R"({"t":"<Ten \"quiet\" pumps>","v":"Ten \"quiet\" pumps"})");
  CHECK(filled(R"({"n":{{wordCount}},"m":"{{ wordCount }} words","r":{{readingTime}}})") ==
        R"({"n":251,"m":"251 words","r":2})");
  CHECK(filled(R"({"tags":{{tags}},"line":"{{tags}}"})") == R"({"tags":["pump","water"],"line":"pump, water"})");
  CHECK(filled("[{{tags}},[{{wordCount}}]]") == R"([["pump","water"],[251]])");
  CHECK(filled("{{slug}}") == "\"ten-quiet-pumps\"");
}

TEST_CASE("template: what is absent is null when bare and nothing inside quotes", "[webhook]") {
  ArticleSnapshot article = sample_snapshot();
  article.published_at.reset();
  article.keyword.clear();
  article.tags.clear();
  CHECK(filled(R"({"p":{{publishedAt}},"q":"at {{publishedAt}}","k":{{keyword}},"t":{{tags}},"u":"{{tags}}"})",
               article) == R"({"p":null,"q":"at ","k":null,"t":[],"u":""})");
}

TEST_CASE("template: the result is compact and spelled as JSON.stringify does", "[webhook]") {
  CHECK(filled("{\n  \"a\" : 1.0 , \"b\":1E3,\"c\":-0, \"d\":\"\\u0041\\/\\u001F\",\"e\": [ ] , \"f\":{ }\n}\n") ==
        R"({"a":1,"b":1000,"c":0,"d":"A/\u001f","e":[],"f":{}})");
}

TEST_CASE("template: values cannot change the structure", "[webhook]") {
  ArticleSnapshot article = sample_snapshot();
  article.text.title = R"(","admin":true,"x":"{{slug}}\)";
  article.tags = {R"("],"evil":[")"};
  const std::string body =
      filled(R"({"title":"{{title}}","tags":{{tags}},"bare":{{title}},"line":"{{tags}}"})", article);
  const json::Value value = json::parse(body).value();
  CHECK(value.object()->size() == 4);
  CHECK(*value.find("title")->text() == article.text.title);
  CHECK(*value.find("bare")->text() == article.text.title);
  CHECK(*value.find("tags")->array()->at(0).text() == article.tags[0]);
}

TEST_CASE("template: braces that are no placeholder stay", "[webhook]") {
  CHECK(filled(R"({"a":"{x} } }} {","b":{"c":{"d":1}}})") == R"({"a":"{x} } }} {","b":{"c":{"d":1}}})");
  CHECK(filled(R"({"a":"{\u007btitle}}"})") == R"({"a":"{{title}}"})");
}

TEST_CASE("template: a NUL or broken UTF-8 in an article does not make it undeliverable", "[webhook]") {
  ArticleSnapshot article = sample_snapshot();
  article.text.title = std::string("a\0b\xff", 4);
  CHECK(filled(R"(["{{title}}",{{title}}])", article) == "[\"a\uFFFDb\uFFFD\",\"a\uFFFDb\uFFFD\"]");
}

TEST_CASE("template: an unknown variable is refused with its place", "[webhook]") {
  CHECK(reason("{\n  \"a\": \"ü {{titel}}\"\n}") == "Line 2, column 11: \"titel\" is not a known variable.");
  CHECK(reason(R"({"a":{{}}})") == "Line 1, column 6: \"\" is not a known variable.");
  CHECK(reason(R"({"a":"{{TITLE}}"})").find("is not a known variable") != std::string::npos);
  CHECK(reason(R"({"a":"{{{title}}}"})").find("is not a known variable") != std::string::npos);
  CHECK(reason(R"({"a":"{{title.x}}"})").find("is not a known variable") != std::string::npos);
}

TEST_CASE("template: what is not JSON once filled is refused with its place", "[webhook]") {
  CHECK(reason("").find("not JSON") != std::string::npos);
  CHECK(reason("{\n \"a\": {{title}},\n \"b\": x\n}").find("Line 3, column 7: this is not JSON") == 0);
  CHECK(reason(R"({"a":1,})").find("Line 1, column ") == 0);
  for (const std::string_view text : {R"({"a":{{title}})", R"({"a" {{title}}})", "{'a':1}", "{\"a\":1} x", "// c\n{}",
                                      "{\"a\":01}", "[1,2", "\xEF\xBB\xBF{}", "{\"a\":NaN}", "{\"a\":\"\\q\"}"}) {
    CAPTURE(text);
    CHECK_FALSE(reason(text).empty());
  }
}

TEST_CASE("template: placeholders that only some values would fit are refused", "[webhook]") {
  for (const std::string_view text :
       {R"({"a":1{{wordCount}}})", R"({"a":-{{wordCount}}})", R"({"a":{{wordCount}}0})",
        R"({"a":{{wordCount}}{{readingTime}}})", R"({"a":{{wordCount}}.5})", R"({{{title}}:1})",
        R"({"b":1,{{title}}:1})", R"({ {{title}} : 1})", R"({"a":"\u00{{wordCount}}"})", R"({"a":"\u{{wordCount}}"})",
        R"({"a":"\{{title}}"})", R"({"a":"{{title"})", R"({"a":{{title})", R"({"{{slug}}":1})", R"({"a {{slug}}" : 1})",
        R"([{"x":{"{{title}}b":2}}])"}) {
    CAPTURE(text);
    CHECK_FALSE(reason(text).empty());
  }
}

TEST_CASE("template: names that JavaScript moves, loses or has twice are refused", "[webhook]") {
  for (const std::string_view text :
       {R"({"0":1})", R"({"a":{"17":1}})", R"({"__proto__":1})", R"([{"__proto__":{}}])", R"({"a":1,"a":2})",
        R"({"a":1,"\u0061":2})", R"({"a":"\u0000"})", R"({"a":"\ud800"})"}) {
    CAPTURE(text);
    CHECK_FALSE(reason(text).empty());
  }
  CHECK(reason(R"({"a0":1,"-1":2,"1.5":3,"proto":4})").empty());
}

TEST_CASE("template: sizes are bounded", "[webhook]") {
  const std::string longest = "\"" + std::string(max_template_bytes - 2, 'x') + "\"";
  CHECK(reason(longest).empty());
  CHECK(reason(longest + " ").find("65536 bytes") != std::string::npos);
  std::string deep(100, '[');
  CHECK_FALSE(reason(deep + std::string(100, ']')).empty());

  ArticleSnapshot article = sample_snapshot();
  article.text.title = std::string(100000, 't');
  std::string many = "[";
  for (int i = 0; i < 50; ++i)
    many += "{{title}},";
  const auto body = BodyTemplate::parse(many + "1]").value().fill(derive_fields(article));
  REQUIRE(body.has_error());
  CHECK(body.error().code == ErrorCode::payload_too_large);
}
