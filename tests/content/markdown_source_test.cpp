#include "content/markdown_source.hpp"

#include <catch2/catch.hpp>
#include <sstream>

#include "content/line_reader.hpp"
#include "content/paragraphs.hpp"
#include "support/result_text.hpp"

using namespace galley;
using content::LineReader;
using content::read_markdown_source;
using content::SourceArticle;
using content::SourceStatus;

namespace {

SourceArticle read(std::string_view path, std::string_view text) {
  auto article = read_markdown_source(path, text);
  REQUIRE(article.has_value());
  return *std::move(article);
}

}  // namespace

TEST_CASE("markdown source: fields are taken in the spellings of site generators", "[content][transfer]") {
  const SourceArticle hugo =
      read("posts/a.md",
           "---\ntitle: \"A  title\"\ndate: 2024-03-01T09:30:00+01:00\nlastmod: 2024-04-01\n"
           "description: About\ntags: [x, y, x]\ncategories:\n- News\nauthor: Ada\n---\n\nBody\n");
  CHECK(hugo.title == "A title");
  CHECK(hugo.slug == "a");
  CHECK(hugo.status == SourceStatus::ready);
  CHECK(hugo.created == parse_rfc3339("2024-03-01T08:30:00Z"));
  CHECK(hugo.modified == parse_date("2024-04-01"));
  CHECK(hugo.meta_description == "About");
  CHECK(hugo.tags == std::vector<std::string>{"x", "y"});
  CHECK(hugo.categories == std::vector<std::string>{"News"});
  CHECK(hugo.author == "Ada");
  CHECK(hugo.markdown == "Body\n");
  CHECK(hugo.key == "markdown|posts/a.md");
  const SourceArticle jekyll = read("_posts/2024-03-01-my-post.md",
                                    "---\ntitle: My post\nstatus: published\ndate: 2024-03-01 09:30:00 +0100\n---\nx");
  CHECK(jekyll.slug == "my-post");
  CHECK(jekyll.status == SourceStatus::published);
  CHECK(jekyll.published == parse_rfc3339("2024-03-01T08:30:00Z"));
}

TEST_CASE("markdown source: the path gives what the front matter does not", "[content][transfer]") {
  const SourceArticle post = read("_posts/2024-03-01-my-post.markdown", "---\ntitle: T\n---\nx");
  CHECK(post.slug == "my-post");
  CHECK(post.created == parse_date("2024-03-01"));
  CHECK(read("posts/bundle/index.md", "---\ntitle: T\ndraft: true\n---\nx").slug == "bundle");
  CHECK(read("a.md", "---\ntitle: T\ndraft: true\nstatus: published\n---\nx").status == SourceStatus::draft);
  CHECK(read("a.md", "---\ntitle: T\ndraft: false\n---\nx").status == SourceStatus::ready);
  const SourceArticle own = read("a.md", "---\ntitle: T\nstatus: ready\npublishedAt: 2024-03-01T09:30:00.000Z\n---\nx");
  CHECK(own.status == SourceStatus::published);
  CHECK(own.published == parse_rfc3339("2024-03-01T09:30:00Z"));
}

TEST_CASE("markdown source: what cannot be read is refused with a reason", "[content][transfer]") {
  for (const char* text : {"# No front matter\n", "+++\ntitle = \"T\"\n+++\nx", "---\ntitle: T\n",
                           "---\ntitle:\n---\nx", "---\ntitle: \xff\n---\nx"}) {
    INFO(text);
    CHECK(read_markdown_source("a.md", text).error().code == ErrorCode::validation_failed);
  }
}

TEST_CASE("lines: one by one, with their numbers, and one that is too long alone is refused", "[content][transfer]") {
  std::istringstream in(
      "\xEF\xBB\xBF"
      "one\r\n\n  \n0123456789\n01234567890\nlast");
  LineReader lines(in, 10);
  CHECK(*lines.next().value() == "one");
  CHECK(lines.number() == 1);
  CHECK(*lines.next().value() == "0123456789");
  CHECK(lines.number() == 4);
  CHECK(lines.next().error().code == ErrorCode::payload_too_large);
  CHECK(lines.number() == 5);
  CHECK(*lines.next().value() == "last");
  CHECK_FALSE(lines.next().value());
}

TEST_CASE("paragraphs: blank lines stand for them in old posts alone", "[content][transfer]") {
  CHECK(content::add_paragraphs("one\ntwo\n\nthree") == "<p>one<br>two</p>\n<p>three</p>\n");
  CHECK(content::add_paragraphs("<h2>H</h2>\n\ntext") == "<h2>H</h2>\n<p>text</p>\n");
  CHECK(content::add_paragraphs("a\n<pre>x\n\ny</pre>\nb") == "<p>a</p>\n<pre>x\n\ny</pre>\n<p>b</p>\n");
  CHECK(content::add_paragraphs("<!-- wp:paragraph -->\n<p>a</p>\n\n") == "<!-- wp:paragraph -->\n<p>a</p>\n\n");
  CHECK(content::add_paragraphs("one line") == "one line");
}
