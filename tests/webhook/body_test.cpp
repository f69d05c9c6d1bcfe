#include "webhook/body.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "node_program.hpp"
#include "sample_event.hpp"
#include "webhook/body_template.hpp"

using namespace galley;
using namespace galley::webhook;
using galley::test::sample_event;
using galley::test::sample_snapshot;

namespace {

std::vector<std::string> names_of(const json::Value& value) {
  std::vector<std::string> names;
  REQUIRE(value.object() != nullptr);
  for (const auto& [name, member] : *value.object())
    names.push_back(name);
  return names;
}

json::Value parsed(const Result<std::string>& body) {
  return json::parse(body.value()).value();
}

const std::string every_variable =
    R"({"all":"{{pageId}}{{title}}{{slug}}{{html}}{{markdown}}{{contentMd}}{{jsonLd}}{{excerpt}}{{metaTitle}})"
    R"({{metaDescription}}{{keyword}}{{wordCount}}{{readingTime}}{{categories}}{{tags}}{{publishedAt}}{{projectName}})"
    R"({{projectDomain}}{{authorName}}", "n" : [ {{wordCount}} , {{tags}}, {{publishedAt}}, {{title}} ], "x": 1.0e2})";

// Texts that JSON writers are known to disagree about.
const std::vector<std::string> hostile_texts = {
    "",
    "\"",
    "\\",
    "\\\\\"",
    "/",
    "</script>",
    "<!--",
    "\b\f\n\r\t",
    std::string("\x01\x0b\x1b\x1f\x7f"),
    "\xc2\x80\xc2\x9f",          // C1 controls
    "\xe2\x80\xa8\xe2\x80\xa9",  // U+2028, U+2029
    "\xef\xbb\xbf",              // byte order mark
    "\xef\xbf\xbe\xef\xbf\xbf",  // noncharacters
    "\xf4\x8f\xbf\xbf",
    "😀 Größe 中文 العربية",
    "e\xcc\x81",                     // decomposed
    "\xff\xfe\xc0\xaf\xed\xa0\x80",  // no UTF-8, a surrogate among it
    "{{title}}",
    "__proto__",
    "0",
    "1e400",
    "\\u0041 \\ud800",
    "a\r\nb",
    "${x}`",
};

// What a customer's own template may hold beside texts: numbers that are printed in many ways, and depth.
const std::vector<std::string> hostile_values = {
    "0",
    "-0",
    "-0.0",
    "1.0",
    "1e2",
    "1E+2",
    "123456789012345678901234567890",
    "9007199254740993",
    "-9007199254740993",
    "1e21",
    "999999999999999900000",
    "1e-6",
    "1e-7",
    "0.1",
    "0.30000000000000004",
    "5e-324",
    "1e-400",
    "2.2250738585072014e-308",
    "1.7976931348623157e308",
    "3.141592653589793238462643383279",
    "1.000000000000000000001",
    R"([1.50, true, null, "\u00e9\/\ud83d\ude00", {"": {}}])",
    std::string(60, '[') + "1e1" + std::string(60, ']'),
    R"("<p title=\"&amp;\">\u003c/p><script>/*\u2028*/</script>")",
};

// Any text: of pieces that are hostile each.
std::string random_text(std::mt19937& random) {
  std::string text;
  const auto pieces = random() % 6;
  for (std::size_t i = 0; i < pieces; ++i) {
    switch (random() % 3) {
      case 0:
        text += hostile_texts[random() % hostile_texts.size()];
        break;
      case 1:
        text += static_cast<char>(random() % 256);
        break;
      default:
        text += "# Is it?\n\n- [x](https://e.com/) *a*\n\n|a|b|\n|-|-|\n|1|2|\n\n";
        break;
    }
  }
  return text;
}

ArticleSnapshot random_article(std::mt19937& random) {
  ArticleSnapshot article = sample_snapshot();
  for (std::string* text : {&article.text.title, &article.text.markdown, &article.slug, &article.keyword,
                            &article.author_name, &article.url, &article.canonical_url, &article.project_name,
                            &article.project_domain, &article.featured_image_url})
    *text = random_text(random);
  if (random() % 2) article.text.excerpt = random_text(random);
  if (random() % 2) article.text.meta_title = random_text(random);
  if (random() % 2) article.text.meta_description = random_text(random);
  if (random() % 2) article.published_at.reset();
  article.tags = {random_text(random), random_text(random)};
  article.categories = {random_text(random)};
  article.text.meta_keywords = {random_text(random)};
  article.word_count = static_cast<std::int64_t>(random());
  return article;
}

void add_bodies(std::string& lines, std::size_t& count, const ArticleSnapshot& article) {
  const Event event = sample_event(article);
  for (const BodyFormat format : {BodyFormat::event, BodyFormat::flat, BodyFormat::custom}) {
    const Result<std::string> body = make_body(format, every_variable, event);
    REQUIRE(body.has_value());
    REQUIRE(body->find('\n') == std::string::npos);
    lines += *body + "\n";
    ++count;
  }
}

}  // namespace

TEST_CASE("body: the event format has the documented names in their order", "[webhook]") {
  const json::Value body = parsed(event_body(sample_event()));
  CHECK(names_of(body) == std::vector<std::string>{"id", "event", "projectId", "createdAt", "article"});
  CHECK(names_of(*body.find("article")) == std::vector<std::string>{"id", "title", "slug", "content", "excerpt",
                                                                    "status", "meta", "author", "publishedAt",
                                                                    "categories", "tags", "url", "keyword", "wordCount",
                                                                    "readingTime", "markdown", "jsonLd"});
  CHECK(names_of(*body.find("article")->find("meta")) == std::vector<std::string>{"description", "keywords"});
}

TEST_CASE("body: the event format carries the article and what is derived from it", "[webhook]") {
  const json::Value body = parsed(event_body(sample_event()));
  CHECK(*body.find("id")->text() == "evt_00000000000000000001");
  CHECK(*body.find("event")->text() == "article.published");
  CHECK(*body.find("projectId")->text() == "proj_00000000000000000001");
  CHECK(*body.find("createdAt")->text() == "2026-03-30T15:00:00.000Z");
  const json::Value& article = *body.find("article");
  CHECK(article.find("content")->text()->find("<p>A pump moves water. It hums.</p>") != std::string::npos);
  CHECK(article.find("excerpt")->text()->find("A pump moves water.") == 0);
  CHECK(article.find("meta")->find("keywords")->array()->size() == 2);
  CHECK(*article.find("readingTime")->integer() == 2);
  CHECK(*article.find("publishedAt")->text() == "2026-03-30T15:00:00.000Z");
  const std::string* json_ld = article.find("jsonLd")->text();
  REQUIRE(json_ld != nullptr);
  CHECK(json::parse(*json_ld).has_value());
  CHECK(json_ld->find("FAQPage") != std::string::npos);
}

TEST_CASE("body: what an article does not have is null, and lists are empty", "[webhook]") {
  ArticleSnapshot bare;
  bare.id = ArticleId("art_00000000000000000001");
  bare.text.title = "Bare";
  const json::Value body = parsed(event_body(sample_event(bare)));
  const json::Value& article = *body.find("article");
  for (const std::string_view name : {"author", "publishedAt", "url", "keyword"}) {
    CAPTURE(name);
    CHECK(article.find(name)->is_null());
  }
  for (const std::string_view name : {"tags", "categories"})
    CHECK(article.find(name)->array()->empty());
}

TEST_CASE("body: other events have their noun in place of the article", "[webhook]") {
  const JobSnapshot job{.id = JobId("job_00000000000000000001"),
                        .kind = "generate",
                        .status = "succeeded",
                        .total = 3,
                        .done = 2,
                        .failed = 1};
  CHECK(event_body(sample_event(job, EventType::job_completed)).value() ==
        R"({"id":"evt_00000000000000000001","event":"job.completed","projectId":"proj_00000000000000000001",)"
        R"("createdAt":"2026-03-30T15:00:00.000Z","job":{"id":"job_00000000000000000001","kind":"generate",)"
        R"("status":"succeeded","progress":{"total":3,"done":2,"failed":1}}})");
  const ConnectionSnapshot connection{
      .id = ConnectionId("conn_00000000000000000001"), .name = "Blog", .type = "webhook", .error = "gone"};
  const json::Value failed = parsed(event_body(sample_event(connection, EventType::connection_failed)));
  CHECK(*failed.find("connection")->find("lastError")->text() == "gone");
  CHECK(failed.find("article") == nullptr);
  const KeywordSnapshot keyword{.id = KeywordId("kw_00000000000000000001"),
                                .keyword = "moka pot",
                                .intent = {},
                                .cluster = ClusterId("clu_00000000000000000001"),
                                .cluster_name = "moka"};
  CHECK(event_body(sample_event(keyword, EventType::keyword_clustered))
            .value()
            .ends_with(R"("keyword":{"id":"kw_00000000000000000001","keyword":"moka pot","intent":null,)"
                       R"("clusterId":"clu_00000000000000000001","clusterName":"moka"}})"));
  const json::Value test = parsed(event_body(sample_event(TestSnapshot{.message = "Hello"}, EventType::webhook_test)));
  CHECK(*test.find("test")->find("message")->text() == "Hello");
}

TEST_CASE("body: the flat format has the documented names in their order", "[webhook]") {
  const json::Value body = parsed(flat_body(sample_event()));
  CHECK(names_of(body) == std::vector<std::string>{"pageId", "title", "slug", "html", "markdown", "contentMd", "jsonLd",
                                                   "excerpt", "metaTitle", "metaDescription", "keyword", "wordCount",
                                                   "readingTime", "categories", "tags", "publishedAt", "projectName",
                                                   "projectDomain", "authorName"});
  CHECK(*body.find("pageId")->text() == "art_00000000000000000007");
  CHECK(*body.find("markdown") == *body.find("contentMd"));
  CHECK(json::parse(*body.find("jsonLd")->text()).has_value());
  CHECK(*body.find("wordCount")->integer() == 251);
}

TEST_CASE("body: flat and template carry articles only, and a test is in the event format for all", "[webhook]") {
  for (const BodyFormat format : {BodyFormat::flat, BodyFormat::custom}) {
    CHECK(carries(format, EventType::article_deleted));
    CHECK(carries(format, EventType::webhook_test));
    CHECK_FALSE(carries(format, EventType::job_completed));
    CHECK_FALSE(carries(format, EventType::connection_failed));
    CHECK_FALSE(carries(format, EventType::keyword_clustered));
    CHECK(make_body(format, "{}", sample_event(JobSnapshot{}, EventType::job_completed)).has_error());
    const Event test = sample_event(TestSnapshot{.message = "Hello"}, EventType::webhook_test);
    CHECK(make_body(format, "{}", test).value() == event_body(test).value());
  }
  CHECK(carries(BodyFormat::event, EventType::job_completed));
}

TEST_CASE("body: the same event gives the same bytes each time", "[webhook]") {
  for (const BodyFormat format : {BodyFormat::event, BodyFormat::flat, BodyFormat::custom})
    CHECK(make_body(format, every_variable, sample_event()).value() ==
          make_body(format, every_variable, sample_event()).value());
}

TEST_CASE("body: control characters are escaped as JavaScript does", "[webhook]") {
  ArticleSnapshot article = sample_snapshot();
  article.text.title = "/\"\\\b\f\n\r\t\x01\x1f\x7f é </script>";
  const std::string body = event_body(sample_event(article)).value();
  CHECK(body.find(R"("title":"/\"\\\b\f\n\r\t\u0001\u001f)"
                  "\x7f é </script>\"") != std::string::npos);
}

TEST_CASE("body: a body beyond the bound is refused", "[webhook]") {
  ArticleSnapshot article = sample_snapshot();
  article.text.title = std::string(max_body_bytes, 'x');
  const auto body = event_body(sample_event(article));
  REQUIRE(body.has_error());
  CHECK(body.error().code == ErrorCode::payload_too_large);
}

TEST_CASE("body: the bytes are what JSON.stringify(JSON.parse(body)) gives in JavaScript", "[webhook]") {
  std::string lines;
  std::size_t count = 0;
  for (const std::string& text : hostile_texts) {
    ArticleSnapshot article = sample_snapshot();
    article.text.title = article.text.markdown = article.keyword = article.author_name = text;
    article.tags = {text, text};
    add_bodies(lines, count, article);
  }
  for (const std::string& value : hostile_values) {
    const std::string own = R"({"v": )" + value + R"(, "t": "{{title}}"})";
    REQUIRE(check_template(own).has_value());
    lines += make_body(BodyFormat::custom, own, sample_event(sample_snapshot())).value() + "\n";
    ++count;
  }
  std::mt19937 random(20260330);
  for (int i = 0; i < 700; ++i)
    add_bodies(lines, count, random_article(random));
  CHECK(test::run_node("same_bytes.js", lines) == "same " + std::to_string(count) + "\n");
}
