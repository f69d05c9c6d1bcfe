#include "sitemap/feed.hpp"

#include <catch2/catch.hpp>
#include <iterator>
#include <pugixml.hpp>
#include <vector>

#include "base/json.hpp"

using namespace galley;
using namespace galley::sitemap;

namespace {

constexpr std::string_view self = "https://galley.example/api/public/feed/proj_abcdefghijkl";

Project site() {
  Project project;
  project.name = "Garden & Co";
  project.target_domain = "https://example.com";
  project.language = "de";
  project.created_at = parse_rfc3339("2026-01-01T00:00:00Z").value();
  return project;
}

Article article(int number) {
  Article made;
  made.id = ArticleId("art_abcdefghijk" + std::to_string(number));
  made.slug = "article-" + std::to_string(number);
  made.text.title = "Title <" + std::to_string(number) + ">";
  made.text.markdown = "Hello **world** & all.\n\n<script>alert(1)</script>";
  made.published_at = parse_rfc3339("2026-03-01T10:00:00Z");
  made.last_updated_at = parse_rfc3339("2026-03-30T15:00:00Z");
  return made;
}

std::vector<Article> articles(int count) {
  std::vector<Article> made;
  for (int i = 0; i < count; ++i)
    made.push_back(article(i));
  return made;
}

auto entries(const pugi::xml_document& document) {
  return document.child("feed").children("entry");
}

}  // namespace

TEST_CASE("atom: the feed has id, title, date, links and an author", "[sitemap]") {
  const std::string xml = render_atom(site(), articles(1), self);
  pugi::xml_document document;
  REQUIRE(document.load_buffer(xml.data(), xml.size()));
  const pugi::xml_node feed = document.child("feed");
  CHECK(std::string(feed.attribute("xmlns").value()) == "http://www.w3.org/2005/Atom");
  CHECK(std::string(feed.attribute("xml:lang").value()) == "de");
  CHECK(feed.child_value("id") == std::string(self));
  CHECK(feed.child_value("title") == std::string("Garden & Co"));
  CHECK(feed.child_value("updated") == std::string("2026-03-30T15:00:00.000Z"));
  CHECK(feed.find_child_by_attribute("link", "rel", "self").attribute("href").value() == std::string(self));
  CHECK(feed.find_child_by_attribute("link", "rel", "alternate").attribute("href").value() ==
        std::string("https://example.com"));
  CHECK(feed.child("author").child_value("name") == std::string("Garden & Co"));
}

TEST_CASE("atom: an entry has its address, dates, tags and HTML without scripts", "[sitemap]") {
  std::vector<Article> newest = articles(1);
  newest[0].tags = {"a&b", "c"};
  newest[0].author_name = "Ann";
  newest[0].text.excerpt = "Short.";
  const std::string xml = render_atom(site(), newest, self);
  pugi::xml_document document;
  REQUIRE(document.load_buffer(xml.data(), xml.size()));
  const pugi::xml_node entry = document.child("feed").child("entry");
  CHECK(entry.child_value("id") == std::string(self) + "#art_abcdefghijk0");
  CHECK(entry.child_value("title") == std::string("Title <0>"));
  CHECK(entry.child("link").attribute("href").value() == std::string("https://example.com/article-0"));
  CHECK(entry.child_value("updated") == std::string("2026-03-30T15:00:00.000Z"));
  CHECK(entry.child_value("published") == std::string("2026-03-01T10:00:00.000Z"));
  CHECK(entry.child("author").child_value("name") == std::string("Ann"));
  CHECK(entry.child("category").attribute("term").value() == std::string("a&b"));
  CHECK(entry.child_value("summary") == std::string("Short."));
  const std::string html = entry.child_value("content");
  CHECK(entry.child("content").attribute("type").value() == std::string("html"));
  CHECK(html.find("<strong>world</strong> &amp; all.") != std::string::npos);
  CHECK(html.find("<script") == std::string::npos);
}

TEST_CASE("atom: the newest fifty and no more, in the order given", "[sitemap]") {
  const std::string xml = render_atom(site(), articles(51), self);
  pugi::xml_document document;
  REQUIRE(document.load_buffer(xml.data(), xml.size()));
  const auto range = entries(document);
  CHECK(std::distance(range.begin(), range.end()) == 50);
  CHECK(xml.find("article-49<") == std::string::npos);
  CHECK(xml.find("article-49\"") != std::string::npos);
  CHECK(xml.find("article-50") == std::string::npos);
}

TEST_CASE("atom: a project without articles has a feed without entries", "[sitemap]") {
  Project project = site();
  project.target_domain.reset();
  const std::string xml = render_atom(project, {}, self);
  pugi::xml_document document;
  REQUIRE(document.load_buffer(xml.data(), xml.size()));
  CHECK(document.child("feed").child_value("updated") == std::string("2026-01-01T00:00:00.000Z"));
  CHECK_FALSE(document.child("feed").child("entry"));
  CHECK_FALSE(document.child("feed").find_child_by_attribute("link", "rel", "alternate"));
}

TEST_CASE("atom: texts that would make the feed too big leave only their excerpts", "[sitemap]") {
  std::vector<Article> newest = articles(3);
  for (Article& one : newest)
    one.text.markdown = "Word. " + std::string(1000, 'x');
  const std::string xml = render_atom(site(), newest, self, 1500);
  pugi::xml_document document;
  REQUIRE(document.load_buffer(xml.data(), xml.size()));
  int with_content = 0, with_summary = 0;
  for (const pugi::xml_node entry : entries(document)) {
    with_content += entry.child("content") ? 1 : 0;
    with_summary += entry.child("summary") ? 1 : 0;
  }
  CHECK(with_content == 1);
  CHECK(with_summary == 3);
}

TEST_CASE("atom: hostile texts leave a well-formed document", "[sitemap]") {
  Project project = site();
  project.name = "]]></title><script>\x01\"'";
  std::vector<Article> newest = articles(1);
  newest[0].text.title = std::string("a\0\x0b&nbsp;</entry>\xff", 19);
  newest[0].tags = {"\"/><x/>"};
  const std::string xml = render_atom(project, newest, "https://a.example/?x=1&y=\"'<");
  pugi::xml_document document;
  REQUIRE(document.load_buffer(xml.data(), xml.size()));
  CHECK_FALSE(document.child("feed").child("script"));
  CHECK_FALSE(document.child("feed").child("entry").child("x"));
}

TEST_CASE("json feed: it has the members that version 1.1 asks for", "[sitemap]") {
  std::vector<Article> newest = articles(2);
  newest[0].tags = {"t"};
  newest[0].author_name = "Ann";
  newest[0].featured_image_url = "https://example.com/i.png";
  newest[1].text.markdown.clear();
  const Result<json::Value> parsed = json::parse(render_json_feed(site(), newest, self));
  REQUIRE(parsed.has_value());
  CHECK(*parsed->find("version")->text() == "https://jsonfeed.org/version/1.1");
  CHECK(*parsed->find("title")->text() == "Garden & Co");
  CHECK(*parsed->find("home_page_url")->text() == "https://example.com");
  CHECK(*parsed->find("feed_url")->text() == self);
  CHECK(*parsed->find("language")->text() == "de");
  const json::Array& items = *parsed->find("items")->array();
  REQUIRE(items.size() == 2);
  CHECK(*items[0].find("id")->text() == std::string(self) + "#art_abcdefghijk0");
  CHECK(*items[0].find("url")->text() == "https://example.com/article-0");
  CHECK(items[0].find("content_html")->text()->find("<strong>world</strong>") != std::string::npos);
  CHECK(items[0].find("content_text") == nullptr);
  CHECK(*items[0].find("image")->text() == "https://example.com/i.png");
  CHECK(*items[0].find("date_published")->text() == "2026-03-01T10:00:00.000Z");
  CHECK(*items[0].find("date_modified")->text() == "2026-03-30T15:00:00.000Z");
  CHECK(*items[0].find("authors")->array()->at(0).find("name")->text() == "Ann");
  CHECK(*items[0].find("tags")->array()->at(0).text() == "t");
  CHECK(items[1].find("content_html") == nullptr);
  CHECK(items[1].find("content_text") != nullptr);
  CHECK(items[1].find("tags") == nullptr);
}

TEST_CASE("json feed: fifty items at most, and none is a list too", "[sitemap]") {
  const Result<json::Value> many = json::parse(render_json_feed(site(), articles(60), self));
  REQUIRE(many.has_value());
  CHECK(many->find("items")->array()->size() == 50);
  const Result<json::Value> none = json::parse(render_json_feed(site(), {}, self));
  REQUIRE(none.has_value());
  CHECK(none->find("items")->array()->empty());
}
