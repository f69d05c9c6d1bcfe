#include "domain/web_url.hpp"

#include <catch2/catch.hpp>

using namespace galley;

namespace {

std::string normal(std::string_view text) {
  const std::optional<WebUrl> url = parse_web_url(text);
  return url ? url->text() : "none";
}

}  // namespace

TEST_CASE("web url: scheme and host are lower case and the scheme's own port goes", "[domain]") {
  CHECK(normal("HTTPS://Example.COM:443/A?b=C") == "https://example.com/A?b=C");
  CHECK(normal("http://example.com:80") == "http://example.com");
  CHECK(normal("http://example.com:443/") == "http://example.com:443/");
  CHECK(normal("https://example.com.:8443/x") == "https://example.com:8443/x");
  CHECK(normal("https://example.com?x=1") == "https://example.com?x=1");
}

TEST_CASE("web url: non-ASCII text is percent-encoded, a host becomes its xn-- form", "[domain]") {
  CHECK(normal("https://münchen.example/straße?q=ä") == "https://xn--mnchen-3ya.example/stra%C3%9Fe?q=%C3%A4");
  CHECK(normal("https://example.com/a%20b") == "https://example.com/a%20b");
  CHECK(normal("https://example.com/<\"x\">") == "https://example.com/%3C%22x%22%3E");
}

TEST_CASE("web url: the fragment is dropped", "[domain]") {
  CHECK(normal("https://example.com/a#b") == "https://example.com/a");
  CHECK(normal("https://example.com#b/../c") == "https://example.com");
}

TEST_CASE("web url: addresses are hosts, in brackets where they are IPv6", "[domain]") {
  CHECK(normal("http://127.0.0.1:8080/") == "http://127.0.0.1:8080/");
  CHECK(normal("http://[2001:DB8::0001]:8080/") == "http://[2001:db8::1]:8080/");
  CHECK(normal("http://[::1]/") == "http://[::1]/");
}

TEST_CASE("web url: what is not an absolute web address is refused", "[domain]") {
  for (const std::string_view text : {"",
                                      "example.com",
                                      "/path",
                                      "//example.com/",
                                      "ftp://example.com/",
                                      "javascript://example.com/%0aalert(1)",
                                      "data:text/html,x",
                                      "http://",
                                      "http:///path",
                                      "https://?x",
                                      "http://user@example.com/",
                                      "http://user:pw@example.com/",
                                      "http://exa mple.com/",
                                      "http://example.com/a b",
                                      "http://example.com/\n",
                                      "http://example.com\\@evil.example/",
                                      "http://example.com:0/",
                                      "http://example.com:65536/",
                                      "http://example.com:/",
                                      "http://example.com:8a/",
                                      "http://-a.example/",
                                      "http://a-.example/",
                                      "http://a..example/",
                                      "http://.example/",
                                      "http://exam<ple.com/",
                                      "http://1.2/",
                                      "http://256.1.1.1/",
                                      "http://0x7f.1/",
                                      "http://[::1/",
                                      "http://[::g]/",
                                      "http://[]/",
                                      "http://::1/",
                                      "http://example.com/%",
                                      "http://example.com/%4",
                                      "http://example.com/%zz",
                                      "http://example.com/?%q1",
                                      "http://a\x7f.example/",
                                      "http://example.com/\xff",
                                      "http://xn--.example/"}) {
    CAPTURE(text);
    CHECK(normal(text) == "none");
  }
}

TEST_CASE("web url: one that is too long, or grows too long by its escapes, is refused", "[domain]") {
  const std::string base = "https://example.com/";
  CHECK(normal(base + std::string(max_web_url - base.size(), 'a')) != "none");
  CHECK(normal(base + std::string(max_web_url - base.size() + 1, 'a')) == "none");
  std::string wide = base;
  for (int i = 0; i < 600; ++i)
    wide += "ä";
  CHECK(wide.size() < max_web_url);
  CHECK(normal(wide) == "none");
}
