#include "http/framing_probes.hpp"

#include <catch2/catch.hpp>
#include <set>

namespace galley::http::test {
namespace {

using namespace std::string_literals;

const std::string passes = "passes";
const std::string bad = "bad_frame";
const std::string target_too_long = "target_too_long";
const std::string head_too_large = "head_too_large";
const std::string coding = "transfer_coding_unknown";
const std::string version = "version_unsupported";
const std::string expectation = "expectation_unknown";

std::string line(const std::string& request_line) {
  return request_line + "\r\nHost: a\r\n\r\n";
}
std::string target(const std::string& text) {
  return line("GET " + text + " HTTP/1.1");
}
std::string host(const std::string& value) {
  return "GET / HTTP/1.1\r\nHost: " + value + "\r\n\r\n";
}
std::string fields(const std::string& lines) {
  return "POST / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n";
}
std::string old_fields(const std::string& lines) {
  return "POST / HTTP/1.0\r\n" + lines + "\r\n";
}

}  // namespace

std::vector<Probe> request_line_probes() {
  return {
      {"plain", line("GET / HTTP/1.1"), passes},
      {"HTTP/1.0", line("GET / HTTP/1.0"), passes},
      {"HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n", passes},
      {"unknown method", line("BREW / HTTP/1.1"), passes},
      {"token method", line("M-SEARCH / HTTP/1.1"), passes},
      {"lower-case method", line("get / HTTP/1.1"), passes},
      {"one empty line first", "\r\n" + line("GET / HTTP/1.1"), passes},
      {"two empty lines first", "\r\n\r\n" + line("GET / HTTP/1.1"), bad},
      {"bare LF first", "\n" + line("GET / HTTP/1.1"), bad},
      {"bare CR first", "\r" + line("GET / HTTP/1.1"), bad},
      {"space first", " " + line("GET / HTTP/1.1"), bad},
      {"tab first", "\t" + line("GET / HTTP/1.1"), bad},
      {"NUL first", "\0"s + line("GET / HTTP/1.1"), bad},
      {"byte order mark first", "\xef\xbb\xbf" + line("GET / HTTP/1.1"), bad},
      {"TLS hello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s, bad},
      {"method with colon", line("GET: / HTTP/1.1"), bad},
      {"method with slash", line("GE/T / HTTP/1.1"), bad},
      {"method with NUL", line("GE\0T / HTTP/1.1"s), bad},
      {"method with a high byte", line("G\xc3\x8bT / HTTP/1.1"), bad},
      {"method of 33 characters", line(std::string(33, 'A') + " / HTTP/1.1"), bad},
      {"method alone", line("GET"), bad},
      {"HTTP/0.9", "GET /\r\n\r\n", bad},
      {"no target", line("GET HTTP/1.1"), bad},
      {"empty target", line("GET  HTTP/1.1"), bad},
      {"two spaces before the target", line("GET  / HTTP/1.1"), bad},
      {"two spaces before the version", line("GET /  HTTP/1.1"), bad},
      {"space after the version", line("GET / HTTP/1.1 "), bad},
      {"tab instead of spaces", line("GET\t/\tHTTP/1.1"), bad},
      {"tab before the version", line("GET /\tHTTP/1.1"), bad},
      {"vertical tab", line("GET /\vHTTP/1.1"), bad},
      {"form feed", line("GET\f/ HTTP/1.1"), bad},
      {"bare CR as a space", line("GET\r/ HTTP/1.1"), bad},
      {"CR within the line", line("GET /\rX HTTP/1.1"), bad},
      {"CR CR LF", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", bad},
      {"LF ends the line", "GET / HTTP/1.1\nHost: a\r\n\r\n", bad},
      {"LF ends all lines", "GET / HTTP/1.1\nHost: a\n\n", bad},
      {"lower-case version", line("GET / http/1.1"), bad},
      {"version of two digits", line("GET / HTTP/1.10"), bad},
      {"version without a minor", line("GET / HTTP/1"), bad},
      {"version with a leading zero", line("GET / HTTP/01.1"), bad},
      {"version with a comma", line("GET / HTTP/1,1"), bad},
      {"version with a letter", line("GET / HTTP/1.x"), bad},
      {"version of another protocol", line("GET / ICAP/1.0"), bad},
      {"HTTPS as the version", line("GET / HTTPS/1.1"), bad},
      {"HTTP/0.9 by name", line("GET / HTTP/0.9"), version},
      {"HTTP/1.2", line("GET / HTTP/1.2"), version},
      {"HTTP/2.0", line("GET / HTTP/2.0"), version},
      {"HTTP/3.0", line("GET / HTTP/3.0"), version},
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", bad},
      {"request smuggled into the line", line("GET / HTTP/1.1 GET /admin HTTP/1.1"), bad},
  };
}

std::vector<Probe> target_probes() {
  return {
      {"long path", target("/a/b/c.d;e=f,g@h:i&j+k!$'()*~_-"), passes},
      {"dots stay", target("/a/../b/./c"), passes},
      {"double slash stays", target("//a//b"), passes},
      {"escape stays", target("/a%2Fb%2e%2E"), passes},
      {"escaped NUL stays", target("/a%00b"), passes},
      {"query", target("/a?b=c&d=e"), passes},
      {"empty query", target("/a?"), passes},
      {"question mark in the query", target("/a?b?c"), passes},
      {"braces in the query", target("/a?f={\"a\":[1|2]}^`\\<>"), passes},
      {"broken escape in the query", target("/a?q=100%"), passes},
      {"absolute", target("http://a/b?c"), passes},
      {"absolute in capitals", target("HTTP://A/b"), passes},
      {"absolute without a path", target("http://a"), passes},
      {"absolute with a query alone", target("http://a?b"), passes},
      {"OPTIONS *", line("OPTIONS * HTTP/1.1"), passes},
      {"GET *", line("GET * HTTP/1.1"), bad},
      {"two stars", line("OPTIONS ** HTTP/1.1"), bad},
      {"star and query", line("OPTIONS *?a HTTP/1.1"), bad},
      {"no leading slash", target("a"), bad},
      {"query alone", target("?a"), bad},
      {"authority form", line("CONNECT a:443 HTTP/1.1"), bad},
      {"fragment", target("/a#b"), bad},
      {"fragment in the query", target("/a?b#c"), bad},
      {"fragment after an authority", target("http://a#b"), bad},
      {"backslash", target("/a\\b"), bad},
      {"backslash first", target("\\a"), bad},
      {"quote", target("/\"a\""), bad},
      {"angle brackets", target("/<a>"), bad},
      {"brace in the path", target("/{a}"), bad},
      {"caret", target("/a^b"), bad},
      {"backtick", target("/a`b"), bad},
      {"bar", target("/a|b"), bad},
      {"square bracket in the path", target("/a[0]"), bad},
      {"broken escape", target("/a%zz"), bad},
      {"escape cut short", target("/a%2"), bad},
      {"percent alone", target("/a%"), bad},
      {"IIS escape", target("/%u002e"), bad},
      {"control byte", target("/a\x01"), bad},
      {"NUL", target("/a\0b"s), bad},
      {"DEL", target("/a\x7f"), bad},
      {"UTF-8 in the path", target("/\xc3\xa4"), bad},
      {"UTF-8 in the query", target("/?\xc3\xa4"), bad},
      {"no-break space",
       target("/a\xa0"
              "b"),
       bad},
      {"control byte in the query", target("/?a\x1f"), bad},
      {"tab in the query", target("/?a\tb"), bad},
      {"https", target("https://a/"), bad},
      {"ftp", target("ftp://a/"), bad},
      {"scheme alone", target("http://"), bad},
      {"one slash after the scheme", target("http:/a/"), bad},
      {"no slash after the scheme", target("http:a"), bad},
      {"empty authority", target("http:///a"), bad},
      {"another authority than Host", target("http://b/"), bad},
      {"another port than Host", target("http://a:81/"), bad},
      {"user in the authority", target("http://u@a/"), bad},
      {"user and password", target("http://u:p@a/"), bad},
      {"backslash in the authority", target("http://a\\b/"), bad},
      {"authority that only begins like Host", target("http://a.b/"), bad},
      {"javascript", target("javascript:alert(1)"), bad},
  };
}

std::vector<Probe> host_probes() {
  return {
      {"name", host("example.com"), passes},
      {"name and port", host("example.com:8080"), passes},
      {"capitals", host("EXAMPLE.com"), passes},
      {"IPv4", host("127.0.0.1"), passes},
      {"IPv6", host("[::1]"), passes},
      {"IPv6 and port", host("[2001:db8::1]:443"), passes},
      {"underscore", host("my_host"), passes},
      {"final dot", host("example.com."), passes},
      {"spaces around", host(" \t a \t "), passes},
      {"highest port", host("a:65535"), passes},
      {"no Host on 1.1", "GET / HTTP/1.1\r\n\r\n", bad},
      {"no Host on 1.1 with an absolute target", "GET http://a/ HTTP/1.1\r\n\r\n", bad},
      {"empty", host(""), bad},
      {"two", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", bad},
      {"the same twice", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", bad},
      {"twice in two spellings", "GET / HTTP/1.1\r\nHost: a\r\nhOsT: a\r\n\r\n", bad},
      {"two on 1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", bad},
      {"list", host("a, b"), bad},
      {"comma", host("a,b"), bad},
      {"space within", host("a b"), bad},
      {"path", host("a/b"), bad},
      {"query", host("a?b"), bad},
      {"fragment", host("a#b"), bad},
      {"user", host("u@a"), bad},
      {"scheme", host("http://a"), bad},
      {"backslash", host("a\\b"), bad},
      {"escape", host("a%2eb"), bad},
      {"empty port", host("a:"), bad},
      {"port 0", host("a:0"), bad},
      {"port with a leading zero", host("a:080"), bad},
      {"port too high", host("a:65536"), bad},
      {"port of letters", host("a:http"), bad},
      {"signed port", host("a:+80"), bad},
      {"two ports", host("a:80:81"), bad},
      {"port alone", host(":80"), bad},
      {"IPv6 without brackets", host("::1"), bad},
      {"open bracket", host("[::1"), bad},
      {"close bracket", host("::1]"), bad},
      {"empty brackets", host("[]"), bad},
      {"text behind the brackets", host("[::1]a"), bad},
      {"IPv6 with a zone", host("[fe80::1%25eth0]"), bad},
      {"IPvFuture", host("[v1.a]"), bad},
      {"name in brackets", host("[a]"), bad},
      {"NUL", host("a\0b"s), bad},
      {"UTF-8",
       host("b\xc3\xbc"
            "cher.example"),
       bad},
      {"quotes", host("\"a\""), bad},
      {"256 characters", host(std::string(256, 'a')), bad},
      {"empty on 1.0", "GET / HTTP/1.0\r\nHost:\r\n\r\n", bad},
  };
}

std::vector<Probe> field_probes() {
  return {
      {"value with a tab", fields("X: a\tb\r\n"), passes},
      {"empty value", fields("X:\r\n"), passes},
      {"no space after the colon", fields("X:a\r\n"), passes},
      {"high bytes in a value", fields("X: \xc3\xa4\xff\r\n"), passes},
      {"colon in a value", fields("X: a:b\r\n"), passes},
      {"all token characters", fields("!#$%&'*+-.^_`|~09azAZ: a\r\n"), passes},
      {"a field twice", fields("X: a\r\nX: b\r\n"), passes},
      {"100-continue", fields("Content-Length: 1\r\nExpect: 100-continue\r\n"), passes},
      {"100-Continue in capitals", fields("Content-Length: 1\r\nExpect: 100-CONTINUE\r\n"), passes},
      {"any Expect on 1.0", old_fields("Expect: a\r\n"), passes},
      {"announced trailer", fields("Trailer: X\r\nTransfer-Encoding: chunked\r\n"), passes},
      {"space before the colon", fields("X : a\r\n"), bad},
      {"tab before the colon", fields("X\t: a\r\n"), bad},
      {"space before the colon of Content-Length", fields("Content-Length : 5\r\n"), bad},
      {"space before the colon of Transfer-Encoding", fields("Transfer-Encoding : chunked\r\n"), bad},
      {"space in a name", fields("X Y: a\r\n"), bad},
      {"empty name", fields(": a\r\n"), bad},
      {"no colon", fields("X\r\n"), bad},
      {"folded with a space", fields("X: a\r\n b\r\n"), bad},
      {"folded with a tab", fields("X: a\r\n\tb\r\n"), bad},
      {"fold that hides a length", fields("X: a\r\n Content-Length: 5\r\n"), bad},
      {"folded Transfer-Encoding", fields("Transfer-Encoding:\r\n chunked\r\n"), bad},
      {"line of spaces", fields("X: a\r\n  \r\n"), bad},
      {"space before the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", bad},
      {"NUL in a name", fields("X\0Y: a\r\n"s), bad},
      {"NUL in a value", fields("X: a\0b\r\n"s), bad},
      {"CR in a value", fields("X: a\rb\r\n"), bad},
      {"LF in a value", fields("X: a\nb\r\n"), bad},
      {"CR that hides a field", fields("X: a\rContent-Length: 5\r\n"), bad},
      {"LF that hides a field", fields("X: a\nContent-Length: 5\r\n"), bad},
      {"LF ends a field", "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", bad},
      {"CR CR LF ends a field", fields("X: a\r\r\n"), bad},
      {"bell in a value", fields("X: \x07\r\n"), bad},
      {"escape character in a value", fields("X: \x1b[31m\r\n"), bad},
      {"vertical tab in a value", fields("X: a\vb\r\n"), bad},
      {"DEL in a value", fields("X: a\x7f\r\n"), bad},
      {"high byte in a name", fields("\xc3\xa4: a\r\n"), bad},
      {"parenthesis in a name", fields("X(Y): a\r\n"), bad},
      {"quote in a name", fields("\"X\": a\r\n"), bad},
      {"slash in a name", fields("X/Y: a\r\n"), bad},
      {"at sign in a name", fields("X@Y: a\r\n"), bad},
      {"bracket in a name", fields("X[0]: a\r\n"), bad},
      {"comma in a name", fields("X,Y: a\r\n"), bad},
      {"equals sign in a name", fields("X=Y: a\r\n"), bad},
      {"two Content-Type", fields("Content-Type: a/b\r\nContent-Type: a/b\r\n"), bad},
      {"two Authorization", fields("Authorization: Bearer a\r\nauthorization: Bearer b\r\n"), bad},
      {"LF before the empty line", "GET / HTTP/1.1\r\nHost: a\r\n\n", bad},
      {"LF as the empty line's end", "GET / HTTP/1.1\r\nHost: a\r\n\n\r\n", bad},
      {"unknown Expect", fields("Expect: a\r\n"), expectation},
      {"Expect with more", fields("Content-Length: 1\r\nExpect: 100-continue, a\r\n"), expectation},
  };
}

std::vector<Probe> length_probes() {
  return {
      {"Content-Length 0", fields("Content-Length: 0\r\n"), passes},
      {"largest Content-Length", fields("Content-Length: 999999999999999\r\n"), passes},
      {"spaces around", fields("Content-Length: \t 5 \t\r\n"), passes},
      {"chunked", fields("Transfer-Encoding: chunked\r\n"), passes},
      {"Chunked in capitals", fields("TRANSFER-ENCODING: CHUNKED\r\n"), passes},
      {"Content-Length on 1.0", old_fields("Content-Length: 5\r\n"), passes},
      {"look-alike with an underscore", fields("Content_Length: 5\r\n"), passes},
      {"Content-Length of 16 digits", fields("Content-Length: 1000000000000000\r\n"), bad},
      {"Content-Length beyond 2^64", fields("Content-Length: 18446744073709551621\r\n"), bad},
      {"empty Content-Length", fields("Content-Length:\r\n"), bad},
      {"plus sign", fields("Content-Length: +5\r\n"), bad},
      {"minus sign", fields("Content-Length: -5\r\n"), bad},
      {"hexadecimal", fields("Content-Length: 0x5\r\n"), bad},
      {"leading zero", fields("Content-Length: 05\r\n"), bad},
      {"exponent", fields("Content-Length: 1e1\r\n"), bad},
      {"fraction", fields("Content-Length: 5.0\r\n"), bad},
      {"letters", fields("Content-Length: five\r\n"), bad},
      {"list", fields("Content-Length: 5, 5\r\n"), bad},
      {"list with a differing member", fields("Content-Length: 5, 6\r\n"), bad},
      {"list with an empty member", fields("Content-Length: 5,\r\n"), bad},
      {"space within", fields("Content-Length: 5 5\r\n"), bad},
      {"quotes", fields("Content-Length: \"5\"\r\n"), bad},
      {"full-width digit", fields("Content-Length: \xef\xbc\x95\r\n"), bad},
      {"underscore within", fields("Content-Length: 1_000\r\n"), bad},
      {"two Content-Length", fields("Content-Length: 5\r\nContent-Length: 6\r\n"), bad},
      {"the same Content-Length twice", fields("Content-Length: 5\r\nContent-Length: 5\r\n"), bad},
      {"two spellings of Content-Length", fields("Content-Length: 5\r\ncontent-length: 5\r\n"), bad},
      {"two Content-Length on 1.0", old_fields("Content-Length: 5\r\nContent-Length: 5\r\n"), bad},
      {"CL.TE", fields("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), bad},
      {"TE.CL", fields("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), bad},
      {"TE beside Content-Length 0", fields("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n"), bad},
      {"two Transfer-Encoding", fields("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), bad},
      {"chunked and identity in two fields", fields("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"),
       bad},
      {"chunked twice in a list", fields("Transfer-Encoding: chunked, chunked\r\n"), bad},
      {"gzip, chunked", fields("Transfer-Encoding: gzip, chunked\r\n"), bad},
      {"chunked, identity", fields("Transfer-Encoding: chunked, identity\r\n"), bad},
      {"leading comma", fields("Transfer-Encoding: ,chunked\r\n"), bad},
      {"final comma", fields("Transfer-Encoding: chunked,\r\n"), bad},
      {"parameter", fields("Transfer-Encoding: chunked;a=b\r\n"), bad},
      {"quotes around chunked", fields("Transfer-Encoding: \"chunked\"\r\n"), bad},
      {"vertical tab before chunked", fields("Transfer-Encoding: \vchunked\r\n"), bad},
      {"NUL behind chunked", fields("Transfer-Encoding: chunked\0\r\n"s), bad},
      {"empty Transfer-Encoding", fields("Transfer-Encoding:\r\n"), bad},
      {"chunked on 1.0", old_fields("Transfer-Encoding: chunked\r\n"), bad},
      {"identity on 1.0", old_fields("Transfer-Encoding: identity\r\n"), bad},
      {"identity", fields("Transfer-Encoding: identity\r\n"), coding},
      {"gzip", fields("Transfer-Encoding: gzip\r\n"), coding},
      {"xchunked", fields("Transfer-Encoding: xchunked\r\n"), coding},
      {"cow", fields("Transfer-Encoding: cow\r\n"), coding},
  };
}

std::vector<Probe> size_probes() {
  std::string hundred;
  for (int i = 0; i < 99; ++i)
    hundred += "X: a\r\n";
  const std::string frame = fields("X: \r\n");
  return {
      {"100 fields", fields(hundred), passes},
      {"101 fields", fields(hundred + "X: a\r\n"), head_too_large},
      {"target of 8 KiB", target("/" + std::string(8191, 'a')), passes},
      {"target beyond 8 KiB", target("/" + std::string(8192, 'a')), target_too_long},
      {"target of 12 KiB", target("/" + std::string(12'000, 'a')), target_too_long},
      {"endless target", "GET /" + std::string(20'000, 'a'), target_too_long},
      {"head of 16 KiB", fields("X: " + std::string(16 * 1024 - frame.size(), 'a') + "\r\n"), passes},
      {"head beyond 16 KiB", fields("X: " + std::string(16 * 1024 - frame.size() + 1, 'a') + "\r\n"), head_too_large},
      {"endless field", "GET / HTTP/1.1\r\nX: " + std::string(20'000, 'a'), head_too_large},
      {"endless name", "GET / HTTP/1.1\r\n" + std::string(20'000, 'a'), head_too_large},
  };
}

std::vector<Probe> all_probes() {
  std::vector<Probe> all;
  for (const auto& group :
       {request_line_probes(), target_probes(), host_probes(), field_probes(), length_probes(), size_probes()})
    all.insert(all.end(), group.begin(), group.end());
  return all;
}

TEST_CASE("framing probes: there are at least 250, and none is there twice", "[http]") {
  const std::vector<Probe> all = all_probes();
  std::set<std::string> bytes;
  for (const Probe& probe : all) {
    INFO(probe.name);
    CHECK(bytes.insert(probe.bytes).second);
  }
  CHECK(all.size() >= 250);
}

}  // namespace galley::http::test
