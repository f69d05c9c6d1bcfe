#include "content/wxr.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "support/result_text.hpp"
#include "support/source_file.hpp"

using namespace galley;
using content::SourceArticle;
using content::SourceStatus;
using content::WxrReader;

namespace {

std::string file_text() {
  std::ifstream file(test::source_file("tests/content/exports/wordpress.xml"), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<SourceArticle> articles_of(WxrReader& reader) {
  std::vector<SourceArticle> articles;
  for (;;) {
    auto next = reader.next();
    REQUIRE(next.has_value());
    if (!*next) return articles;
    articles.push_back(**std::move(next));
  }
}

std::string export_of(const std::string& item, const std::string& before = "") {
  return before + "<rss xmlns:wp=\"w\"><channel><wp:wxr_version>1.2</wp:wxr_version>" + item + "</channel></rss>";
}

std::string post(const std::string& content, const std::string& title = "T") {
  return "<item><title>" + title + "</title><wp:post_id>1</wp:post_id><wp:post_type>post</wp:post_type>" +
         "<wp:status>publish</wp:status><content:encoded>" + content + "</content:encoded></item>";
}

}  // namespace

TEST_CASE("wxr: posts and pages are articles and all else is passed over", "[content][transfer]") {
  auto reader = WxrReader::open(file_text());
  REQUIRE(reader.has_value());
  const std::vector<SourceArticle> articles = articles_of(*reader);
  REQUIRE(articles.size() == 3);
  CHECK(reader->ignored() == 3);

  const SourceArticle& first = articles[0];
  CHECK(first.key == "wordpress|https://beans.example|10");
  CHECK(first.title == "First post & more");
  CHECK(first.slug == "first-post");
  CHECK(first.markdown.find("Grind **late**, brew [soon](https://beans.example/how/).") != std::string::npos);
  CHECK(first.markdown.find("## Tools") != std::string::npos);
  CHECK(first.markdown.find("- A grinder") != std::string::npos);
  CHECK(first.markdown.find("if (a[b[0]]> 1) return;") != std::string::npos);
  CHECK(first.markdown.find("gallery ids=\"1,2\"") != std::string::npos);
  CHECK(first.markdown.find("wp:") == std::string::npos);
  CHECK(first.excerpt == "Grind late & brew soon.");
  CHECK(first.categories == std::vector<std::string>{"News & Co"});
  CHECK(first.tags == std::vector<std::string>{"Espresso"});
  CHECK(first.author == "Ada Bean");
  CHECK(first.address == "https://beans.example/first-post/");
  CHECK(first.image_url == "https://beans.example/wp-content/uploads/2024/03/cover.png");
  CHECK(first.meta_title == "First things first");
  CHECK(first.meta_description == "How to begin.");
  CHECK(first.status == SourceStatus::published);
  CHECK(first.published == parse_rfc3339("2024-03-01T09:30:00Z"));
  CHECK(first.modified == parse_rfc3339("2024-04-01T08:30:00Z"));

  const SourceArticle& about = articles[1];
  CHECK(about.status == SourceStatus::draft);
  CHECK(about.slug == "あい");
  CHECK(about.author == "gone");
  CHECK_FALSE(about.published);
  CHECK(about.markdown.find("\n\nA second paragraph with *emphasis*.") != std::string::npos);
  CHECK(about.markdown.find("> Quoted") != std::string::npos);
  CHECK(about.markdown.find("one\n\ntwo") != std::string::npos);

  const SourceArticle& soon = articles[2];
  CHECK(soon.status == SourceStatus::ready);
  CHECK_FALSE(soon.published);
  CHECK(soon.remarks.size() == 1);
}

TEST_CASE("wxr: entities of a document type stay as the text that they are", "[content][transfer]") {
  const std::string laughs =
      "<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">"
      "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY x SYSTEM \"file:///etc/passwd\">]>";
  auto reader = WxrReader::open(export_of(post("&lt;p&gt;&amp;c; &c; &x;&lt;/p&gt;", "&c;"), laughs));
  REQUIRE(reader.has_value());
  const std::vector<SourceArticle> articles = articles_of(*reader);
  REQUIRE(articles.size() == 1);
  CHECK(articles[0].title == "&c;");
  CHECK(articles[0].markdown.find("haha") == std::string::npos);
  CHECK(articles[0].markdown.find("root:") == std::string::npos);
  CHECK(articles[0].markdown.size() < 40);
}

TEST_CASE("wxr: nesting of any depth is read or refused and never overflows", "[content][transfer]") {
  std::string deep;
  for (int i = 0; i < 300000; ++i)
    deep += "<a>";
  std::string closed = deep;
  for (int i = 0; i < 300000; ++i)
    closed += "</a>";
  auto reader = WxrReader::open(export_of(closed + post("x")));
  REQUIRE(reader.has_value());
  CHECK(articles_of(*reader).size() == 1);
  CHECK(WxrReader::open(export_of(deep)).has_error());
}

TEST_CASE("wxr: what is none is refused with a reason", "[content][transfer]") {
  for (const std::string& text : {std::string(), std::string("<rss"), std::string("<rss><channel/></rss>"),
                                  std::string("{}"), std::string("<rss>\xff</rss>"), std::string("\0<rss/>", 7)}) {
    INFO(text);
    const auto refused = WxrReader::open(text);
    REQUIRE(refused.has_error());
    CHECK(refused.error().fields.at(0).field == "FILE");
  }
}

TEST_CASE("wxr: an article that is too long is refused alone", "[content][transfer]") {
  auto reader = WxrReader::open(export_of(post(std::string((1 << 20) + 1, 'x'), "Long") + post("short", "Short")));
  REQUIRE(reader.has_value());
  const auto refused = reader->next();
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == ErrorCode::payload_too_large);
  CHECK(reader->number() == 1);
  CHECK(reader->title() == "Long");
  CHECK(articles_of(*reader).size() == 1);
}
