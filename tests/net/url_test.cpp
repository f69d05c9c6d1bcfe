#include "net/url.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <string_view>

namespace galley::net {
namespace {

std::string canonical(std::string_view text) {
  const Result<Url> url = parse_url(text);
  return url ? url->text() : "refused: " + url.error().fields.at(0).reason;
}

std::string reason(std::string_view text) {
  const Result<Url> url = parse_url(text);
  if (url) return "accepted: " + url->text();
  REQUIRE(url.error().code == ErrorCode::validation_failed);
  REQUIRE(url.error().fields.size() == 1);
  REQUIRE(url.error().fields[0].field == "url");
  return url.error().fields[0].reason;
}

}  // namespace

TEST_CASE("url: the parts of a plain URL", "[net]") {
  const Url url = parse_url("https://Hooks.Example.com/a/b?c=d#part").value();
  CHECK(url.scheme == "https");
  CHECK(url.host == "hooks.example.com");
  CHECK(url.port == 443);
  CHECK(url.target == "/a/b?c=d");
  CHECK_FALSE(url.literal);
  CHECK(url.origin() == "https://hooks.example.com");
  CHECK(url.authority() == "hooks.example.com");
}

TEST_CASE("url: what is taken has one canonical form", "[net]") {
  struct Row {
    std::string_view text;
    std::string_view canonical;
  };
  const Row rows[] = {
      {"http://example.com", "http://example.com/"},
      {"HTTPS://EXAMPLE.COM", "https://example.com/"},
      {"https://example.com.", "https://example.com/"},
      {"https://example.com:443/x", "https://example.com/x"},
      {"https://example.com:/x", "https://example.com/x"},
      {"https://example.com:0443/x", "https://example.com/x"},
      {"http://example.com:443/", "http://example.com:443/"},
      {"https://example.com:8443", "https://example.com:8443/"},
      {"https://example.com?a=b", "https://example.com/?a=b"},
      {"https://example.com/?", "https://example.com/?"},
      {"https://example.com/#x", "https://example.com/"},
      {"https://example.com/a%20b", "https://example.com/a%20b"},
      {"https://example.com/grün?ö=ß", "https://example.com/gr%C3%BCn?%C3%B6=%C3%9F"},
      {"https://xn--grn-ioa.example/", "https://xn--grn-ioa.example/"},
      {"https://under_score.example/", "https://under_score.example/"},
      {"https://exam%70le.com/", "https://example.com/"},
      {"https://localhost:8080/", "https://localhost:8080/"},
      {"https://10.0.0.1.nip.example/", "https://10.0.0.1.nip.example/"},
      {"https://8.8.8.8./", "https://8.8.8.8/"},
      {"https://1.example/", "https://1.example/"},
      {"https://8.8.8.8/", "https://8.8.8.8/"},
      {"https://134744072/", "https://8.8.8.8/"},
      {"https://0x8.0x8.0x8.0x8/", "https://8.8.8.8/"},
      {"https://010.8.8.8/", "https://8.8.8.8/"},
      {"https://[2606:4700:0:0:0:0:0:1111]/", "https://[2606:4700::1111]/"},
      {"https://[2606:4700::1111]:8443/x", "https://[2606:4700::1111]:8443/x"},
      {"https://[::FFFF:8.8.8.8]/", "https://[::ffff:8.8.8.8]/"},
      {"https://example.com/a//b/../c", "https://example.com/a//b/../c"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(canonical(row.text) == row.canonical);
  }
}

TEST_CASE("url: what is refused is refused with a reason that names it", "[net]") {
  struct Row {
    std::string_view text;
    std::string_view part;
  };
  const Row rows[] = {
      {"", "is required"},
      {"example.com", "absolute http or https"},
      {"//example.com/", "absolute http or https"},
      {"/path", "absolute http or https"},
      {"ftp://example.com/", "absolute http or https"},
      {"file:///etc/passwd", "absolute http or https"},
      {"javascript://example.com/", "absolute http or https"},
      {"http:example.com", "absolute http or https"},
      {"http:/example.com", "absolute http or https"},
      {" https://example.com", "space"},
      {"https://example.com/a b", "space"},
      {"https://example.com/\r\nX: y", "control character"},
      {"https://example.com/\t", "control character"},
      {"https://exa\nmple.com/", "control character"},
      {"https://example.com/\x7f", "control character"},
      {"https://example.com\\@127.0.0.1/", "backslash"},
      {"https://user@example.com/", "user name or password"},
      {"https://user:pw@example.com/", "user name or password"},
      {"https://@example.com/", "user name or password"},
      {"https:///path", "no host"},
      {"https://", "no host"},
      {"https://:443/", "no host"},
      {"https://./", "no host"},
      {"https://?x", "no host"},
      {"https://grün.example/", "xn--"},
      {"https://gr%C3%BCn.example/", "xn--"},
      {"https://１２７.0.0.1/", "xn--"},
      {"https://example。com/", "xn--"},
      {"https://\xff.example/", "UTF-8"},
      {"https://example.com/\xff", "UTF-8"},
      {"https://a..b/", "empty label"},
      {"https://example.com../", "empty label"},
      {"https://.example.com/", "empty label"},
      {"https://-a.example/", "hyphen"},
      {"https://a-.example/", "hyphen"},
      {"https://a%00b.example/", "letters, digits"},
      {"https://a%2fb.example/", "letters, digits"},
      {"https://a%40b.example/", "letters, digits"},
      {"https://a!b.example/", "letters, digits"},
      {"https://a%zz.example/", "broken percent-escape"},
      {"https://example.com:99999/", "port"},
      {"https://example.com:65536/", "port"},
      {"https://example.com:0/", "port"},
      {"https://example.com:-1/", "port"},
      {"https://example.com:+80/", "port"},
      {"https://example.com:0x50/", "port"},
      {"https://example.com:80:80/", "port"},
      {"https://[::1/", "not well formed"},
      {"https://[::g]/", "not well formed"},
      {"https://[fe80::1%25eth0]/", "zone"},
      {"https://[fe80::1%eth0]/", "zone"},
      {"https://[::1]x/", "after its IPv6"},
      {"https://[]/", "not well formed"},
      {"https://[127.0.0.1]/", "not well formed"},
      {"https://a[::1]/", "letters, digits"},
      {"https://[v1.x]/", "not well formed"},
      {"https://256.1.1.1/", "not an IPv4 address"},
      {"https://1.2.3.4.5/", "not an IPv4 address"},
      {"https://0x1.2.3.4.5/", "not an IPv4 address"},
      {"https://127.0.0.1.evil:443x/", "port"},
      {"https://4294967296/", "not an IPv4 address"},
      {"https://08.1.1.1/", "not an IPv4 address"},
      {"https://1..2/", "not an IPv4 address"},
      {"https://example.1/", "not an IPv4 address"},
      {"https://example.com/a|b", "percent-encoded"},
      {"https://example.com/%zz", "percent-encoded"},
      {"https://example.com/<x>", "percent-encoded"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const std::string given = reason(row.text);
    CHECK_THAT(given, Catch::Contains(std::string(row.part)));
    CHECK_THAT(given, !Catch::StartsWith("accepted"));
  }
}

TEST_CASE("url: the bounds of lengths", "[net]") {
  const std::string label(63, 'a');
  CHECK(parse_url("https://" + label + ".example/").has_value());
  CHECK_THAT(reason("https://" + label + "a.example/"), Catch::Contains("63"));
  const std::string name = label + "." + label + "." + label + "." + std::string(61, 'b');
  CHECK(parse_url("https://" + name + "/").has_value());
  CHECK_THAT(reason("https://" + name + "b/"), Catch::Contains("253"));
  const std::string base = "https://example.com/";
  CHECK(parse_url(base + std::string(max_url_length - base.size(), 'x')).has_value());
  CHECK_THAT(reason(base + std::string(max_url_length + 1 - base.size(), 'x')), Catch::Contains("2048"));
}

TEST_CASE("url: equal URLs in different spellings compare equal", "[net]") {
  CHECK(parse_url("HTTPS://Example.com:443").value() == parse_url("https://example.com./").value());
  CHECK_FALSE(parse_url("https://example.com/a").value() == parse_url("https://example.com/A").value());
}

}  // namespace galley::net
