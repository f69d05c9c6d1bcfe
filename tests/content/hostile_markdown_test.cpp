#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "content/markdown.hpp"
#include "page_check.hpp"

using namespace galley::content;
using namespace std::string_literals;

namespace {

const std::vector<std::string> hostile_addresses = {
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "JAVASCRIPT:alert(1)",
    " javascript:alert(1)",
    "\tjavascript:alert(1)",
    "java\tscript:alert(1)",
    "java&#9;script:alert(1)",
    "java&#10;script:alert(1)",
    "java&#x0D;script:alert(1)",
    "java&Tab;script:alert(1)",
    "java&NewLine;script:alert(1)",
    "&#1;javascript:alert(1)",
    "&#14;javascript:alert(1)",
    "\x01javascript:alert(1)",
    "\x1Fjavascript:alert(1)",
    "javascript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "javascript&#x3a;alert(1)",
    "javascript&#x003A;alert(1)",
    "javascript&#0000058;alert(1)",
    "&#106;avascript:alert(1)",
    "&#x6A;avascript:alert(1)",
    "&#x6a&#x61;vascript:alert(1)",
    "&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)",
    "javascript%3Aalert(1)",
    "javascript%3aalert(1)",
    "%6Aavascript:alert(1)",
    "%6a%61%76%61%73%63%72%69%70%74%3Aalert(1)",
    "java%0ascript:alert(1)",
    "java%09script:alert(1)",
    "%01javascript:alert(1)",
    "javascript%253Aalert(1)",
    "%256Aavascript:alert(1)",
    "javascript%25253Aalert(1)",
    "java\u00ADscript:alert(1)",
    "java\u200Bscript:alert(1)",
    "\u200Bjavascript:alert(1)",
    "\uFEFFjavascript:alert(1)",
    "\u2028javascript:alert(1)",
    "\u00A0javascript:alert(1)",
    "\u3000javascript:alert(1)",
    "java&shy;script:alert(1)",
    "java&ZeroWidthSpace;script:alert(1)",
    "javascript://example.com/%0aalert(1)",
    "javascript:/*--></title></style></script><svg/onload=alert(1)>*/",
    "vbscript:msgbox(1)",
    "VBSCRIPT:msgbox(1)",
    "vbscript&colon;msgbox(1)",
    "livescript:alert(1)",
    "mocha:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "DATA:text/html,x",
    "data&colon;text/html,x",
    "data:image/svg+xml,<svg onload=alert(1)>",
    "data:application/xhtml+xml,x",
    "data:,x",
    "blob:https://example.com/1",
    "file:///etc/passwd",
    "filesystem:https://example.com/t/x",
    "ftp://example.com/x",
    "view-source:https://example.com",
    "about:blank",
    "chrome://settings",
    "ms-settings:x",
    "intent://x#Intent;end",
    "tel:123",
    "sms:123",
    "ws://example.com",
    "feed:javascript:alert(1)",
    "jar:https://example.com!/x",
    "res://x",
    "mhtml:x",
    "x-javascript:alert(1)",
    "http:alert(1)",
    "https:alert(1)",
    "http&colon;alert(1)",
    "java\\script:alert(1)",
    "javascript\\:alert(1)",
    "java\0script:alert(1)"s,
    "javascript\0:alert(1)"s};

const std::vector<std::string> hostile_texts = {"<script>alert(1)</script>",
                                                "<SCRIPT SRC=//x.example/x.js></SCRIPT>",
                                                "<scr<script>ipt>alert(1)</scr</script>ipt>",
                                                "<img src=x onerror=alert(1)>",
                                                "<img src=\"x\" onerror=\"alert(1)\"/>",
                                                "<svg onload=alert(1)>",
                                                "<svg/onload=alert(1)//",
                                                "<body onload=alert(1)>",
                                                "<iframe src=javascript:alert(1)>",
                                                "<iframe srcdoc='<script>alert(1)</script>'>",
                                                "<object data=javascript:alert(1)>",
                                                "<embed src=javascript:alert(1)>",
                                                "<math><mi xlink:href=javascript:alert(1)>",
                                                "<a href=javascript:alert(1)>x</a>",
                                                "<a href=\"java&#10;script:alert(1)\">x",
                                                "<form action=javascript:alert(1)><input type=submit>",
                                                "<input autofocus onfocus=alert(1)>",
                                                "<details open ontoggle=alert(1)>",
                                                "<style>@import 'javascript:alert(1)'</style>",
                                                "<link rel=stylesheet href=javascript:alert(1)>",
                                                "<base href=javascript:/a/>",
                                                "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
                                                "<template><script>alert(1)</script></template>",
                                                "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
                                                "<!--><script>alert(1)</script>-->",
                                                "<![CDATA[<script>alert(1)</script>]]>",
                                                "<?xml-stylesheet href=javascript:alert(1)?>",
                                                "<!DOCTYPE x [<!ENTITY y 'z'>]>",
                                                "&lt;script&gt;alert(1)&lt;/script&gt;",
                                                "&#60;script&#62;alert(1)&#60;/script&#62;",
                                                "<p onclick=alert(1)>x</p>",
                                                "<xss style=behavior:url(x)>",
                                                "<table background=javascript:alert(1)>",
                                                "[a](/x \"\\\" onmouseover=alert(1) x=\\\"\")",
                                                "[a](/x '\" onmouseover=\"alert(1)')",
                                                "[a](/x\"onmouseover=\"alert(1))",
                                                "[a](</x\" onmouseover=\"alert(1)>)",
                                                "![\" onerror=\"alert(1)](/x)",
                                                "![a](/x \"\\\" onerror=\\\"alert(1)\")",
                                                "![a](</x\" onerror=\"alert(1)>)",
                                                "[a](/x&quot; onmouseover=&quot;alert(1))",
                                                "[a](<javascript:alert(1)>)",
                                                "[a](<java\nscript:alert(1)>)",
                                                "[a]: javascript:alert(1)\n\n[a]",
                                                "[a]: <javascript:alert(1)> \"t\"\n\n[a][] ![a]",
                                                "[a][b]\n\n[b]: data:text/html,x",
                                                "<javascript:alert(1)>",
                                                "<JAVASCRIPT:alert(1)>",
                                                "<data:text/html,x>",
                                                "<vbscript:x>",
                                                "<a@b.example\"onclick=alert(1)>",
                                                "http://x.example/\"onmouseover=\"alert(1)",
                                                "www.x.example/'onmouseover='alert(1)",
                                                "https://x.example/<script>alert(1)</script>",
                                                "# <img src=x onerror=alert(1)>",
                                                "# a\" onclick=\"alert(1)",
                                                "```\"><script>alert(1)</script>\nx\n```",
                                                "```html\" onclick=\"alert(1)\nx\n```",
                                                "`<script>alert(1)</script>`",
                                                "    <script>alert(1)</script>",
                                                "| <script>x</script> |\n|---|\n| <b onclick=x> |",
                                                "- [x] <script>alert(1)</script>",
                                                "> <script>alert(1)</script>",
                                                "[<script>alert(1)</script>](/x)",
                                                "[![x](javascript:1)](javascript:2)",
                                                "[x](javascript:1 \"a [y](javascript:2)\")",
                                                "![![x](javascript:1)](/y)",
                                                "<<script>script>alert(1)<</script>/script>",
                                                "\0<script>alert(1)</script>"s,
                                                "<scr\0ipt>alert(1)</script>"s,
                                                "\xC0\xBCscript>alert(1)",
                                                "\xE2\x80<script>"};

std::string repeat(std::string_view part, std::size_t bytes) {
  std::string out;
  while (out.size() < bytes)
    out += part;
  return out;
}

}  // namespace

TEST_CASE("markdown: no spelling of a foreign scheme becomes a link or an image", "[content][hostile]") {
  REQUIRE(hostile_addresses.size() >= 80);
  for (const std::string& address : hostile_addresses) {
    const std::vector<std::string> texts = {
        "[text](" + address + ")", "[text](<" + address + ">)",           "![text](" + address + ")",
        "<" + address + ">",       "[text]\n\n[text]: " + address + "\n", "[text](" + address + " \"title\")"};
    for (const std::string& text : texts) {
      INFO(text);
      const std::string html = render_html(text, {.site_host = "example.com"});
      CHECK(page_fault(html) == "");
      CHECK(html.find("src=") == std::string::npos);
      // What does not even parse as a link is text, in which an e-mail or web address may be found.
      const std::size_t href = html.find("href=\"");
      if (href != std::string::npos) CHECK(html.find("href=\"http") == href);
    }
  }
}

TEST_CASE("markdown: markup in any place comes out as text", "[content][hostile]") {
  REQUIRE(hostile_texts.size() >= 60);
  for (const std::string& text : hostile_texts) {
    for (const std::string& wrapped : {text, "a " + text + " b", "* " + text, "**" + text + "**", "> # " + text}) {
      INFO(wrapped);
      CHECK(page_fault(render_html(wrapped)) == "");
    }
  }
}

TEST_CASE("markdown: hostile parts one after the other do not combine to something harmful", "[content][hostile]") {
  for (std::size_t i = 0; i < hostile_texts.size(); ++i) {
    const std::string& second = hostile_texts[(i * 7 + 3) % hostile_texts.size()];
    const std::string text = hostile_texts[i] + second + "[x](" + hostile_addresses[i % hostile_addresses.size()] + ")";
    INFO(text);
    CHECK(page_fault(render_html(text)) == "");
  }
}

TEST_CASE("markdown: patterns that blow up parsers give bounded, balanced output", "[content][hostile]") {
  constexpr std::size_t bytes = 200'000;
  std::string backticks;
  for (std::size_t i = 1; backticks.size() < bytes; ++i)
    backticks += std::string(i, '`') + " a";
  std::string nested;
  for (std::size_t i = 0; nested.size() < bytes; ++i)
    nested += std::string(i * 2, ' ') + "- a\n";
  std::vector<std::string> texts = {
      "[a]: http://x.example/" + std::string(bytes / 2, 'b') + "\n\n" + repeat("[a] ", bytes / 2),
      "[a]: /x '" + std::string(bytes / 2, 'b') + "'\n\n" + repeat("[a] ", bytes / 2),
      repeat("|a", bytes / 8) + "\n" + repeat("|---", bytes / 4) + "\n" + repeat("a\n", bytes / 2),
      repeat(">", bytes / 2) + "\n" + repeat("a\n", bytes / 2),
      repeat("[", bytes / 2) + repeat("]", bytes / 2),
      backticks,
      nested};
  for (const std::string part : {"![[]()",
                                 "[",
                                 "[a](",
                                 "[a](\n",
                                 "[a](b 'c ",
                                 "[a](b 'c\n",
                                 "[a]: b 'c\n",
                                 "**a *a ",
                                 "_a*",
                                 "*",
                                 "*a",
                                 "~~a~",
                                 ">",
                                 "> > a\n",
                                 "<",
                                 "<a ",
                                 "<!--",
                                 "<?",
                                 "<![CDATA[",
                                 "&",
                                 "&#",
                                 "http://",
                                 "http://a.b/(",
                                 "www.a.b(",
                                 "a@",
                                 "a@b.",
                                 "# é\n",
                                 "```\n",
                                 "[a\n",
                                 "[a](<b\n",
                                 "- ",
                                 "1) ",
                                 "\\",
                                 "a\n==\n",
                                 "[x][",
                                 "*\n\n",
                                 "\t",
                                 "-\t\n",
                                 "a|b\n---|---\n",
                                 "|",
                                 "[]()",
                                 ":",
                                 "x.y@"})
    texts.push_back(repeat(part, bytes));
  texts.emplace_back(bytes, '\0');
  for (const std::string& text : texts) {
    INFO(text.substr(0, 40));
    const std::string html = render_html(text, {.site_host = "example.com"});
    CHECK(html.size() <= text.size() * max_expansion + 65'536);
    CHECK(page_fault(html) == "");
    CHECK(plain_text(text).size() <= 3 * text.size() + 4096);
    CHECK(questions(text).size() <= max_questions);
  }
}

TEST_CASE("markdown: a long honest text is not taken for a hostile one", "[content][hostile]") {
  std::string text = "| Name | Link |\n|---|---|\n";
  for (int i = 0; i < 2000; ++i) {
    const std::string n = std::to_string(i);
    text += "| Item " + n + " | [see " + n + "](https://shop.example/p/" + n + " \"Item " + n + "\") (new) |\n";
  }
  const std::string html = render_html(text);
  std::size_t links = 0;
  for (std::size_t at = html.find("<a "); at != std::string::npos; at = html.find("<a ", at + 1))
    ++links;
  CHECK(links == 2000);
  CHECK(html.find("<p>") == std::string::npos);
}
