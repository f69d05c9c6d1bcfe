#include "net/http_client.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <string_view>

#include "net/request_head.hpp"

namespace galley::net {
namespace {

HttpRequest request(Method method, std::string body = "") {
  return {.method = method,
          .url = parse_url("https://example.com:8443/a?b=c#d").value(),
          .body = RequestBody(std::move(body))};
}

std::string head_of(const HttpRequest& wanted) {
  std::string head;
  const Result<void> written = append_head(head, wanted);
  return written ? head : "refused: " + written.error().fields.at(0).reason;
}

}  // namespace

TEST_CASE("request head: what a POST looks like on the wire", "[net]") {
  HttpRequest post = request(Method::post, "{}");
  post.headers = {{"Content-Type", "application/json"}, {"X-iCF-Event", "article.published"}};
  CHECK(head_of(post) ==
        "POST /a?b=c HTTP/1.1\r\nHost: example.com:8443\r\nContent-Type: application/json\r\n"
        "X-iCF-Event: article.published\r\nAccept-Encoding: identity\r\nContent-Length: 2\r\n\r\n");
}

TEST_CASE("request head: a length stands where the method or a body asks for one", "[net]") {
  CHECK_THAT(head_of(request(Method::post)), Catch::Contains("Content-Length: 0\r\n"));
  CHECK_THAT(head_of(request(Method::put)), Catch::Contains("Content-Length: 0\r\n"));
  CHECK_THAT(head_of(request(Method::patch)), Catch::Contains("Content-Length: 0\r\n"));
  CHECK_THAT(head_of(request(Method::get)), !Catch::Contains("Content-Length"));
  CHECK_THAT(head_of(request(Method::del)), !Catch::Contains("Content-Length"));
  CHECK_THAT(head_of(request(Method::del, "x")), Catch::Contains("Content-Length: 1\r\n"));
}

TEST_CASE("request head: the caller may ask for another coding, once", "[net]") {
  HttpRequest get = request(Method::get);
  get.headers = {{"accept-encoding", "gzip"}};
  const std::string head = head_of(get);
  CHECK_THAT(head, Catch::Contains("accept-encoding: gzip\r\n"));
  CHECK_THAT(head, !Catch::Contains("identity"));
}

TEST_CASE("request head: the connection's own headers cannot be brought", "[net]") {
  for (const std::string_view name :
       {"Host", "host", "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "TE", "Trailer", "Upgrade",
        "Expect", "Proxy-Connection", "Proxy-Authorization", "HTTP2-Settings"}) {
    CAPTURE(name);
    HttpRequest get = request(Method::get);
    get.headers = {{std::string(name), "x"}};
    CHECK(is_connection_header(name));
    CHECK_THAT(head_of(get), Catch::StartsWith("refused"));
  }
  CHECK_FALSE(is_connection_header("Authorization"));
  CHECK_FALSE(is_connection_header("Content-Type"));
}

TEST_CASE("header check: nothing that could end a line or hide in one", "[net]") {
  const auto ok = [](std::string_view name, std::string_view value) { return check_header(name, value).has_value(); };
  CHECK(ok("X-Name", "value"));
  CHECK(ok("X-Name", ""));
  CHECK(ok("X-Name", "two words, \"quoted\"; grün"));
  CHECK(ok("!#$%&'*+-.^_`|~09azAZ", "x"));
  for (const std::string_view value : {"a\r\nB: c", "a\nb", "a\rb", "a\tb", "\x01", "a\x7f", "a\x1b[0m", " a", "a "}) {
    CAPTURE(value);
    CHECK_FALSE(ok("X-Name", value));
  }
  CHECK_FALSE(ok("X-Name", std::string_view("a\0b", 3)));
  for (const std::string_view name : {"", "X Name", "X:Name", "X\r\n", "X(", "Ünicode", "X\"", "X/", "X@", "{X}"}) {
    CAPTURE(name);
    CHECK_FALSE(ok(name, "x"));
  }
  CHECK(ok("X-Name", std::string(8192, 'x')));
  CHECK_FALSE(ok("X-Name", std::string(8193, 'x')));
  CHECK(ok(std::string(256, 'x'), "x"));
  CHECK_FALSE(ok(std::string(257, 'x'), "x"));
}

TEST_CASE("headers: are found in any case, the first of several", "[net]") {
  const Headers headers = {{"Retry-After", "5"}, {"retry-after", "6"}};
  REQUIRE(find_header(headers, "RETRY-AFTER") != nullptr);
  CHECK(*find_header(headers, "RETRY-AFTER") == "5");
  CHECK(find_header(headers, "Retry") == nullptr);
}

TEST_CASE("request body: shared bytes are not copied", "[net]") {
  const auto bytes = std::make_shared<const std::string>(100, 'x');
  const RequestBody body(bytes);
  const RequestBody copy = body;
  CHECK(copy.view().data() == bytes->data());
  CHECK(RequestBody().view().empty());
}

}  // namespace galley::net
