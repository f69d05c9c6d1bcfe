#include "sitemap/xml.hpp"

#include <catch2/catch.hpp>
#include <pugixml.hpp>

using galley::sitemap::append_escaped;

namespace {

std::string escaped(std::string_view text) {
  std::string out;
  append_escaped(out, text);
  return out;
}

}  // namespace

TEST_CASE("xml: the five characters are escaped, all else stays", "[sitemap]") {
  CHECK(escaped("a & b < c > d \" e ' f") == "a &amp; b &lt; c &gt; d &quot; e &apos; f");
  CHECK(escaped("日本 ä 😀 \x7f") == "日本 ä 😀 \x7f");
  CHECK(escaped("") == "");
  CHECK(escaped("]]>") == "]]&gt;");
}

TEST_CASE("xml: what XML has no form for is left out", "[sitemap]") {
  std::string all;
  for (char c = 1; c < 0x20; ++c)
    all += c;
  CHECK(escaped(all) == "\t\n&#13;");
  CHECK(escaped(std::string_view("a\0b", 3)) == "ab");
  CHECK(escaped("a\xEF\xBF\xBE\xEF\xBF\xBF"
                "b\xEF\xBF\xBD") == "ab\xEF\xBF\xBD");
}

TEST_CASE("xml: ill-formed UTF-8 becomes the replacement character", "[sitemap]") {
  CHECK(escaped("a\xff"
                "b\xc3") ==
        "a\xEF\xBF\xBD"
        "b\xEF\xBF\xBD");
  CHECK(escaped("\xED\xA0\x80").find("\xED\xA0\x80") == std::string::npos);
}

TEST_CASE("xml: a parser reads back what was escaped, in text and in attributes", "[sitemap]") {
  const std::string text = "<a href=\"x\">'&amp;' \t\r\n]]> 日本</a>";
  const std::string xml = "<r a=\"" + escaped("<\"'&>") + "\">" + escaped(text) + "</r>";
  pugi::xml_document document;
  REQUIRE(document.load_buffer(xml.data(), xml.size()));
  CHECK(std::string(document.child("r").child_value()) == text);
  CHECK(std::string(document.child("r").attribute("a").value()) == "<\"'&>");
}
