#include "content/html_import.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/encoding.hpp"
#include "content/markdown.hpp"
#include "page_check.hpp"

using namespace galley::content;

namespace {

std::string imported(std::string_view html) {
  auto markdown = html_to_markdown(html);
  REQUIRE(markdown.has_value());
  return *markdown;
}

// The page that the imported text gives, without ids.
std::string page(std::string_view html) {
  return render_html(imported(html), {.heading_ids = false});
}

std::string repeat(std::string_view part, std::size_t bytes) {
  std::string out;
  while (out.size() < bytes)
    out += part;
  return out;
}

}  // namespace

TEST_CASE("html import: each known element becomes its Markdown", "[content]") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"<p>One</p><p>Two</p>", "One\n\nTwo\n"},
      {"<h1>T</h1><h6>U</h6>", "# T\n\n###### U\n"},
      {"<p>a <strong>b</strong> <em>c</em> <del>d</del></p>", "a **b** *c* ~~d~~\n"},
      {"<p>a<b> b </b>c</p>", "a **b** c\n"},
      {"<a href='/x'>y</a>", "[y](/x)\n"},
      {"<a href='/x_(y)?a=1&amp;b=2'>z</a>", "[z](/x_%28y%29?a=1\\&b=2)\n"},
      {"<img src=/i.png alt='An [image]'>", "![An \\[image\\]](/i.png)\n"},
      {"<p>x<br>y</p>", "x\\\ny\n"},
      {"a<hr>b", "a\n\n---\n\nb\n"},
      {"<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "- a\n- b\n  - c\n"},
      {"<ol start=3><li>a<li>b</ol>", "3. a\n4. b\n"},
      {"<ul><li><p>a</p><p>b</p></li></ul>", "- a\n\n  b\n"},
      {"<ul><li>a</ul><ul><li>b</ul>", "- a\n\n* b\n"},
      {"<blockquote><p>a</p><p>b</p></blockquote>c", "> a\n>\n> b\n\nc\n"},
      {"<pre><code class='x language-cpp y'>a &lt; b\n  c</code></pre>", "```cpp\na < b\n  c\n```\n"},
      {"<pre>\n```\n</pre>", "````\n```\n````\n"},
      {"<code>a`b</code>", "``a`b``\n"},
      {"<table><tr><th>A<th>B<tr><td>1<td>x|y</table>", "| A | B |\n| --- | --- |\n| 1 | x\\|y |\n"},
      {"<figure><img src=i.png alt=x><figcaption>Cap</figcaption></figure>", "![x](i.png)\n\n*Cap*\n"},
      {"<div>a</div>b<span>c</span><custom-tag>d</custom-tag>", "a\n\nbcd\n"},
      {"&lt;b&gt; &amp;amp; &eacute; &#8212; &nbsp;&nosuch;", "\\<b> \\&amp; é — \u00A0\\&nosuch;\n"},
      {"", ""},
      {"   \n ", ""}};
  for (const auto& [html, markdown] : cases) {
    INFO(html);
    CHECK(imported(html) == markdown);
  }
}

TEST_CASE("html import: what would be Markdown in the text is text in the page", "[content]") {
  for (const std::string text : {"* a",           "- a",          "+ a",
                                 "1. a",          "1) a",         "# a",
                                 "=== ",          "---",          "a *b* _c_ ~~d~~",
                                 "[a](b)",        "![a](b)",      "`a`",
                                 "| a | b |",     "a \\ b",       "http://x.example/a_b",
                                 "www.x.example", "me@x.example", "&amp;copy;",
                                 "> a",           "~~~",          "```",
                                 "[ ] a",         "[a]: b",       "***",
                                 "___",           "1234567890. a"}) {
    INFO(text);
    const std::string html = page("<p>" + text + "</p>");
    CHECK(html == "<p>" + escape_html(decode_entities(galley::trim_ascii(text))) + "</p>\n");
  }
  CHECK(page("<p>a<br># b<br>- c<br>1. d</p>") == "<p>a<br>\n# b<br>\n- c<br>\n1. d</p>\n");
  CHECK(page("<h2>C# and #</h2>") == "<h2>C# and #</h2>\n");
}

TEST_CASE("html import: a page comes back as it was", "[content]") {
  const std::string html =
      "<h1>Title &amp; more</h1>\n<p>Para with <strong>bold</strong>, <em>it</em> and <a "
      "href=\"https://x.example/a\">link</a>.</p>\n"
      "<ol>\n<li>a</li>\n<li>b</li>\n</ol>\n<blockquote>\n<p>q</p>\n</blockquote>\n<pre><code class=\"language-py\">x "
      "= 1\n</code></pre>\n"
      "<table>\n<thead>\n<tr>\n<th>A</th>\n<th>B</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td><code>p|q</"
      "code></td>\n</tr>\n</tbody>\n"
      "</table>\n<hr>\n<p><img src=\"/i.png\" alt=\"x\" loading=\"lazy\"></p>\n";
  CHECK(page(html) == html);
}

TEST_CASE("html import: overlapping, nested and adjacent formatting is put in order", "[content]") {
  CHECK(page("<b>a<i>b</b>c</i>") == "<p><strong>a<em>b</em></strong>c</p>\n");
  CHECK(page("<b>a<i>b</b> c</i>") == "<p><strong>a<em>b</em></strong> <em>c</em></p>\n");
  CHECK(page("<b>a</b><b>b</b>") == "<p><strong>ab</strong></p>\n");
  CHECK(page("<b>a <strong>b</strong> c</b>") == "<p><strong>a b c</strong></p>\n");
  CHECK(page("<b><p>a</p><p>b</p></b>c") == "<p><strong>a</strong></p>\n<p><strong>b</strong></p>\n<p>c</p>\n");
  CHECK(page("<b> </b>a<i></i>") == "<p>a</p>\n");
  CHECK(page("<a href=/x>a<a href=/y>b</a>") == "<p><a href=\"/x\">a</a><a href=\"/y\">b</a></p>\n");
}

TEST_CASE("html import: scripts, styles and frames go with their content", "[content][hostile]") {
  for (const std::string name : {"script", "style", "iframe", "textarea", "title", "xmp", "noembed", "svg", "math",
                                 "object", "template", "noscript", "select", "video"}) {
    INFO(name);
    CHECK(imported("a <" + name + " x=y>alert(1)</" + name + "> b") == "a b\n");
    CHECK(imported("a <" + name + ">alert(1)") == "a\n");
  }
  CHECK(imported("a<!-- <b>c</b> -->b<!doctype html><?php x ?>") == "ab\n");
  CHECK(imported("<script></scripty><b>x</b></SCRIPT >y") == "y\n");
  CHECK(imported("<svg><svg>a</svg>b</svg>c") == "c\n");
}

TEST_CASE("html import: hostile pages give harmless ones", "[content][hostile]") {
  for (const std::string html : {"<a href=javascript:alert(1)>x</a>",
                                 "<a href=' java\nscript:alert(1)'>x</a>",
                                 "<a href='java&#10;script:alert(1)'>x</a>",
                                 "<a href='&#106&#97;vascript:alert(1)'>x</a>",
                                 "<a href='javascript&colon;alert(1)'>x</a>",
                                 "<a href='%6aavascript:alert(1)'>x</a>",
                                 "<img src=data:text/html,x alt=y>",
                                 "<img src=x onerror=alert(1)>",
                                 "<p onclick=alert(1)>x</p>",
                                 "<scr<script>ipt>alert(1)</scr</script>ipt>",
                                 "<<script>script>alert(1)<</script>/script>",
                                 "&lt;script&gt;alert(1)&lt;/script&gt;",
                                 "<a href='x](javascript:alert(1))'>y</a>",
                                 "<a href='/x'>](javascript:alert(1))</a>",
                                 "<img src=/x alt='](javascript:alert(1))'>",
                                 "<a href=\"/x) [y](javascript:alert(1)\">z</a>",
                                 "<code>`<img src=x onerror=alert(1)>`</code>",
                                 "<pre>```\n<script>alert(1)</script></pre>",
                                 "<pre><code class='language-x\" onload=\"y'>z</pre>",
                                 "<p>[a]: javascript:alert(1)</p><p>[a]</p>",
                                 "<p>&lt;javascript:alert(1)></p>",
                                 "<td><script>x</script><img src=x onerror=1>",
                                 "<b <script>alert(1)</script>",
                                 "<img src=x:x onerror=alert(1) alt=\"<script>\">",
                                 "<a\x00href=javascript:alert(1)>x",
                                 "<a href=\"",
                                 "<",
                                 "</",
                                 "<!",
                                 "<!--",
                                 "&",
                                 "&#",
                                 "&#x",
                                 "&#xFFFFFFFFFF;",
                                 "&#xD800;",
                                 "\xC3\x28<b>\xFF</b>"}) {
    INFO(html);
    const auto markdown = html_to_markdown(html);
    REQUIRE(markdown.has_value());
    CHECK(page_fault(render_html(*markdown)) == "");
    CHECK(render_html(*markdown).find("href=\"java") == std::string::npos);
  }
}

TEST_CASE("html import: long, deep and unfinished input gives bounded output or is refused", "[content][hostile]") {
  for (const std::string part : {"<",
                                 "<a ",
                                 "<a \"",
                                 "</",
                                 "<!--",
                                 "<b>",
                                 "<b><i>x",
                                 "<div>",
                                 "<ul>",
                                 "<ul><li>",
                                 "<ul><li>x",
                                 "<ol><li>x",
                                 "<blockquote>",
                                 "<blockquote>x<p>",
                                 "<table>",
                                 "<table><tr><td>x",
                                 "<td>x",
                                 "<p>",
                                 "&",
                                 "<script>",
                                 "<script></",
                                 "<pre>`",
                                 "<code>`",
                                 "<a href=x>y",
                                 "<svg>",
                                 "<h1>x",
                                 "<br>",
                                 "x<br>",
                                 "<img src=x>",
                                 "<li>x",
                                 "<hr>",
                                 "</ul>",
                                 "</b>",
                                 "<b>x</b>",
                                 "<p a=1 b=2 c=3",
                                 "=",
                                 "1."}) {
    INFO(part);
    const auto markdown = html_to_markdown(repeat(part, 300'000));
    if (markdown) {
      CHECK(markdown->size() <= max_markdown_bytes);
      CHECK(page_fault(render_html(*markdown)) == "");
    } else {
      CHECK(markdown.error().code == galley::ErrorCode::payload_too_large);
    }
  }
}

TEST_CASE("html import: lists and quotes beyond the depth are ignored and their text kept", "[content][hostile]") {
  const std::string text =
      imported(repeat("<blockquote>", 12 * 100) + "deep" + repeat("</blockquote>", 13 * 100) + "<p>after</p>");
  std::string quotes;
  for (std::size_t i = 0; i < max_html_depth; ++i)
    quotes += "> ";
  CHECK(text == quotes + "deep\n\nafter\n");
}

TEST_CASE("html import: more than a mebibyte is refused", "[content]") {
  const auto refused = html_to_markdown(std::string(max_html_bytes + 1, 'a'));
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == galley::ErrorCode::payload_too_large);
  CHECK(html_to_markdown(std::string(max_html_bytes - 1, 'a')).has_value());
}
