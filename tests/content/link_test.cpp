#include "content/link.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "content/html_entities.hpp"

using namespace galley::content;

TEST_CASE("link: web, mail and relative addresses are allowed and encoded", "[content]") {
  CHECK(allowed_address("https://x.example/a b?c=\"d\"", LinkUse::link) == "https://x.example/a%20b?c=%22d%22");
  CHECK(allowed_address("  /path  ", LinkUse::link) == "/path");
  CHECK(allowed_address("mailto:a@b.example", LinkUse::link) == "mailto:a@b.example");
  CHECK(allowed_address("HTTP://X.example", LinkUse::image) == "HTTP://X.example");
  CHECK(allowed_address("/é", LinkUse::link) == "/%C3%A9");
  CHECK(allowed_address("/%C3%A9", LinkUse::link) == "/%C3%A9");
  for (const std::string relative :
       {"", "#a", "?a", "a/b:c", "./a:b", "?x=javascript:1", "#javascript:1", "/javascript:1", "//x.example"})
    CHECK(allowed_address(relative, LinkUse::link) == relative);
}

TEST_CASE("link: other schemes are refused", "[content][hostile]") {
  for (const std::string bad :
       {"javascript:1", "data:x", "ftp://x", "a:b", ":x", "http:x", "https:/x", "1:2", "%3A", "java%5Cscript:1"}) {
    INFO(bad);
    CHECK_FALSE(allowed_address(bad, LinkUse::link).has_value());
  }
  CHECK_FALSE(allowed_address("mailto:a@b.example", LinkUse::image).has_value());
  CHECK_FALSE(allowed_address("/" + std::string(10'000, 'a'), LinkUse::link).has_value());
}

TEST_CASE("link: the host is what a browser would connect to", "[content]") {
  CHECK(address_host("https://Example.com:8443/x") == "example.com");
  CHECK(address_host("http://user:pass@evil.example/@good.example") == "evil.example");
  CHECK(address_host("//evil.example/x") == "evil.example");
  CHECK(address_host("\\\\evil.example\\x") == "evil.example");
  CHECK(address_host("/\t/evil.example") == "evil.example");
  CHECK(address_host("https://evil.example\\@good.example") == "evil.example");
  CHECK(address_host("https:///evil.example") == "evil.example");
  CHECK(address_host("https://good%2Eexample./") == "good.example");
  CHECK(address_host("https://[::1]:80/") == "[::1]");
  CHECK(address_host("/path").empty());
  CHECK(address_host("mailto:a@b.example").empty());
}

TEST_CASE("link: a site is itself with and without www", "[content]") {
  CHECK(is_same_site("www.example.com", "Example.com"));
  CHECK_FALSE(is_same_site("a.example.com", "example.com"));
  CHECK_FALSE(is_same_site("example.com.evil.example", "example.com"));
}

TEST_CASE("entities: known references are decoded, the rest stays", "[content]") {
  CHECK(decode_entity("&amp;") == "&");
  CHECK(decode_entity("&Eacute;") == "É");
  CHECK(decode_entity("&#x1F600;") == "😀");
  CHECK(decode_entity("&#150;") == "–");
  CHECK(decode_entity("&#0;") == "\uFFFD");
  CHECK(decode_entity("&#xD800;") == "\uFFFD");
  CHECK(decode_entity("&#99999999999999999999;") == "\uFFFD");
  for (const std::string none : {"&;", "&#;", "&#x;", "&#xZ;", "&nosuch;", "amp;", "&amp", ""})
    CHECK(decode_entity(none).empty());
  CHECK(decode_entities("a &lt;b&gt; &amp;amp; &nosuch; & &#65&#x42") == "a <b> &amp; &nosuch; & AB");
  CHECK(escape_html("<a href=\"x\">'&") == "&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
}
