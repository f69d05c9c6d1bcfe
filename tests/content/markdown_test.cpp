#include "content/markdown.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "page_check.hpp"

using namespace galley::content;

TEST_CASE("markdown: GitHub's tables, task lists, strikethrough and autolinks are rendered", "[content]") {
  CHECK(
      render_html("| a | b |\n|:--|--:|\n| 1 | `x\\|y` |\n") ==
      "<table>\n<thead>\n<tr>\n<th align=\"left\">a</th>\n<th align=\"right\">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n"
      "<td align=\"left\">1</td>\n<td align=\"right\"><code>x|y</code></td>\n</tr>\n</tbody>\n</table>\n");
  CHECK(render_html("- [x] done\n- [ ] open\n") ==
        "<ul>\n<li class=\"task-list-item\"><input type=\"checkbox\" disabled=\"\" checked=\"\"> done</li>\n"
        "<li class=\"task-list-item\"><input type=\"checkbox\" disabled=\"\"> open</li>\n</ul>\n");
  CHECK(render_html("~~old~~ new") == "<p><del>old</del> new</p>\n");
  CHECK(render_html("see https://a.example/x") ==
        "<p>see <a href=\"https://a.example/x\">https://a.example/x</a></p>\n");
}

TEST_CASE("markdown: a backslash before a pipe stays in code outside tables", "[content]") {
  CHECK(render_html("`x\\|y`") == "<p><code>x\\|y</code></p>\n");
}

TEST_CASE("markdown: paragraphs, emphasis, breaks, quotes and lists nest", "[content]") {
  CHECK(render_html("a **b *c***\\\nd") == "<p>a <strong>b <em>c</em></strong><br>\nd</p>\n");
  CHECK(render_html("> 3. x\n> 4. y\n") ==
        "<blockquote>\n<ol start=\"3\">\n<li>x</li>\n<li>y</li>\n</ol>\n</blockquote>\n");
  CHECK(render_html("a\n\n---\n") == "<p>a</p>\n<hr>\n");
}

TEST_CASE("markdown: an empty text is an empty page", "[content]") {
  CHECK(render_html("").empty());
  CHECK(render_html(" \n\n").empty());
  CHECK(plain_text("").empty());
  CHECK(headings("").empty());
}

TEST_CASE("markdown: a code block's class is a language's name or nothing", "[content]") {
  CHECK(render_html("```c++\na<b\n```\n") == "<pre><code class=\"language-c++\">a&lt;b\n</code></pre>\n");
  CHECK(render_html("```x\"onload=alert(1)\na\n```\n") == "<pre><code>a\n</code></pre>\n");
  CHECK(render_html("    indented\n") == "<pre><code>indented\n</code></pre>\n");
}

TEST_CASE("markdown: headings get unique ids that are slugs", "[content]") {
  CHECK(render_html("# Größe\n\n# Größe\n\n## größe 2\n\n# 😀\n", {.language = "de"}) ==
        "<h1 id=\"groesse\">Größe</h1>\n<h1 id=\"groesse-2\">Größe</h1>\n<h2 id=\"groesse-2-2\">größe 2</h2>\n"
        "<h1 id=\"section\">😀</h1>\n");
  CHECK(render_html("# *A* `b` [c](/d)\n") == "<h1 id=\"a-b-c\"><em>A</em> <code>b</code> <a href=\"/d\">c</a></h1>\n");
  CHECK(render_html("# A\n", {.heading_ids = false}) == "<h1>A</h1>\n");
}

TEST_CASE("markdown: headings() names the ids that the page has", "[content]") {
  const std::string text = "# One\n\n## One\n\npara\n\nThree\n---\n";
  const auto found = headings(text, "en");
  REQUIRE(found.size() == 3);
  CHECK(found[0] == Heading{1, "One", "one"});
  CHECK(found[1] == Heading{2, "One", "one-2"});
  CHECK(found[2] == Heading{2, "Three", "three"});
  const std::string html = render_html(text, {.language = "en"});
  for (const Heading& heading : found)
    CHECK(html.find("id=\"" + heading.id + "\"") != std::string::npos);
}

TEST_CASE("markdown: ids stay unique over a thousand equal headings, and end there", "[content]") {
  std::string text;
  for (int i = 0; i < 1200; ++i)
    text += "# a\n";
  const auto found = headings(text);
  REQUIRE(found.size() == max_headings);
  std::set<std::string> ids;
  for (const Heading& heading : found)
    ids.insert(heading.id);
  CHECK(ids.size() == max_headings);
  CHECK(render_html(text).find("<h1>a</h1>") != std::string::npos);
}

TEST_CASE("markdown: only links to other hosts are marked, and only where the site is known", "[content]") {
  const RenderOptions site{.site_host = "example.com"};
  CHECK(render_html("[a](https://other.example/x)", site) ==
        "<p><a href=\"https://other.example/x\" rel=\"nofollow noopener\">a</a></p>\n");
  for (const std::string own :
       {"https://example.com/x", "https://WWW.Example.com:443/x", "/x", "x", "#x", "?x", "mailto:a@b.example"})
    CHECK(render_html("[a](" + own + ")", site).find("rel=") == std::string::npos);
  for (const std::string other :
       {"//evil.example/x", "https://example.com@evil.example/", "https://example.com.evil.example",
        "https://notexample.com", "http:\\\\\\\\evil.example"})
    CHECK(render_html("[a](" + other + ")", site).find("href=\"http://example.com") == std::string::npos);
  CHECK(render_html("[a](//evil.example/x)", site).find("rel=\"nofollow noopener\"") != std::string::npos);
  CHECK(render_html("[a](https://example.com@evil.example/)", site).find("rel=\"nofollow noopener\"") !=
        std::string::npos);
  CHECK(render_html("[a](https://other.example/x)").find("rel=") == std::string::npos);
}

TEST_CASE("markdown: a bare address in a link's text does not nest a link", "[content]") {
  CHECK(render_html("[see http://a.example/x now](/y)") == "<p><a href=\"/y\">see http://a.example/x now</a></p>\n");
  CHECK(render_html("[see http://a.example/x now](data:x) b").find("<a href=\"http://a.example/x\">") !=
        std::string::npos);
}

TEST_CASE("markdown: images load lazily and keep their alternative text", "[content]") {
  CHECK(render_html("![a *b* \"c\"](/i.png \"T\")") ==
        "<p><img src=\"/i.png\" alt=\"a b &quot;c&quot;\" title=\"T\" loading=\"lazy\"></p>\n");
  CHECK(render_html("[![x](/i.png)](/y)") ==
        "<p><a href=\"/y\"><img src=\"/i.png\" alt=\"x\" loading=\"lazy\"></a></p>\n");
  CHECK(render_html("![gone](mailto:a@b.example)") == "<p>gone</p>\n");
}

TEST_CASE("markdown: raw HTML is shown as the text that it is", "[content]") {
  CHECK(render_html("<b>x</b> <!-- c -->") == "<p>&lt;b&gt;x&lt;/b&gt; &lt;!-- c --&gt;</p>\n");
  CHECK(render_html("<div>\n<script>alert(1)</script>\n</div>").find("<script") == std::string::npos);
}

TEST_CASE("markdown: references are decoded once and escaped again", "[content]") {
  CHECK(render_html("&amp;lt; &eacute; &#x3c;b&#62; &nosuch; &") == "<p>&amp;lt; é &lt;b&gt; &amp;nosuch; &amp;</p>\n");
  CHECK(render_html("[a](/x?a=1&copy;=2)") == "<p><a href=\"/x?a=1%C2%A9=2\">a</a></p>\n");
}

TEST_CASE("markdown: plain text has the words and nothing else", "[content]") {
  CHECK(plain_text("# T\n\na **b** [c](http://x.example) ![img](i.png)\n\n- d\n- e\n\n| f | g |\n|---|---|\n| h | i "
                   "|\n\n```\ncode\n```\n") == "T\na b c \nd\ne\nf\tg\nh\ti\ncode");
}

TEST_CASE("markdown: a heading with a question mark and text below is a question", "[content]") {
  const auto found = questions(
      "# Guide\n\nIntro\n\n## What is it?\n\nA *thing*.\n\n- one\n- two\n\n## No question\n\nx\n\n## Empty?\n\n## "
      "コーヒーとは？\n\n飲み物。\n");
  REQUIRE(found.size() == 2);
  CHECK(found[0] == Question{"What is it?", "A thing. one two"});
  CHECK(found[1] == Question{"コーヒーとは？", "飲み物。"});
}

TEST_CASE("markdown: input beyond the bound is left out, and never within a character", "[content]") {
  std::string text(max_markdown_bytes - 1, 'a');
  text += "é end";
  const std::string html = render_html(text);
  CHECK(html.find("end") == std::string::npos);
  CHECK(galley::is_utf8(html));
  CHECK(html.size() == max_markdown_bytes - 1 + std::string("<p></p>\n").size());
}
