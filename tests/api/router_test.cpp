#include "api/router.hpp"

#include <catch2/catch.hpp>
#include <stdexcept>
#include <string>

namespace galley::api {
namespace {

using enum http::Method;

Endpoint row(http::Method method, std::string_view path, std::string_view operation) {
  return {.method = method, .path = path, .operation = operation, .summary = "A row."};
}

const EndpointTable& table() {
  static const EndpointTable rows = [] {
    EndpointTable made;
    made.push_back(row(get, "/articles", "list"));
    made.push_back(row(get, "/articles/{articleId}", "get"));
    made.push_back(row(patch, "/articles/{articleId}", "update"));
    made.push_back(row(del, "/articles/{articleId}", "delete"));
    made.push_back(row(post, "/articles/publish", "publishMany"));
    made.push_back(row(post, "/articles/{articleId}/publish", "publish"));
    made.push_back(row(get, "/articles/{articleId}/revisions/{number}", "revision"));
    made.push_back(row(get, "/sitemap/{projectId}", "sitemap"));
    made.push_back(row(get, "/sitemap/{projectId}/{page}.xml", "page"));
    made.push_back(row(get, "/schema/", "schema"));
    return made;
  }();
  return rows;
}

// "get art_1 x", "405 GET, HEAD" or "404".
std::string found(http::Method method, std::string_view path) {
  static const Router router({&table()});
  const std::optional<Match> match = router.find(method, path);
  if (!match) return "404";
  if (match->endpoint == nullptr) return "405 " + std::string(match->allow);
  std::string text(match->endpoint->operation);
  for (const std::string_view parameter : match->parameters)
    if (!parameter.empty()) text += " " + std::string(parameter);
  return text;
}

}  // namespace

TEST_CASE("router: paths lead to their rows with their parameters", "[api]") {
  CHECK(found(get, "/articles") == "list");
  CHECK(found(get, "/articles/art_1") == "get art_1");
  CHECK(found(patch, "/articles/art_1") == "update art_1");
  CHECK(found(post, "/articles/art_1/publish") == "publish art_1");
  CHECK(found(get, "/articles/art_1/revisions/7") == "revision art_1 7");
}

TEST_CASE("router: HEAD finds the row of GET, and only that", "[api]") {
  CHECK(found(head, "/articles/art_1") == "get art_1");
  CHECK(found(head, "/articles/publish") == "405 POST");
}

TEST_CASE("router: one trailing slash is ignored, two are not", "[api]") {
  CHECK(found(get, "/articles/") == "list");
  CHECK(found(get, "/articles/art_1/") == "get art_1");
  CHECK(found(get, "/schema/") == "schema");
  CHECK(found(get, "/schema") == "schema");
  CHECK(found(get, "/articles//") == "404");
  CHECK(found(get, "/articles/art_1//") == "404");
}

TEST_CASE("router: empty segments are no parameters", "[api]") {
  CHECK(found(post, "/articles//publish") == "404");
  CHECK(found(get, "//articles") == "404");
  CHECK(found(get, "/sitemap//1.xml") == "404");
}

TEST_CASE("router: a literal wins over a parameter", "[api]") {
  CHECK(found(post, "/articles/publish") == "publishMany");
  CHECK(found(get, "/articles/publish") == "405 POST");
}

TEST_CASE("router: a parameter's suffix is matched and left out", "[api]") {
  CHECK(found(get, "/sitemap/proj_1/3.xml") == "page proj_1 3");
  CHECK(found(get, "/sitemap/proj_1.xml") == "sitemap proj_1.xml");
  CHECK(found(get, "/sitemap/proj_1/3") == "404");
  CHECK(found(get, "/sitemap/proj_1/.xml") == "404");
}

TEST_CASE("router: another method of a known path names the allowed ones", "[api]") {
  CHECK(found(put, "/articles/art_1") == "405 DELETE, GET, HEAD, PATCH");
  CHECK(found(other, "/articles") == "405 GET, HEAD");
  CHECK(found(options, "/articles") == "405 GET, HEAD");
}

TEST_CASE("router: unknown paths are not found whatever the method", "[api]") {
  CHECK(found(get, "/") == "404");
  CHECK(found(get, "") == "404");
  CHECK(found(get, "*") == "404");
  CHECK(found(get, "/article") == "404");
  CHECK(found(get, "/Articles") == "404");
  CHECK(found(post, "/articles/art_1/publish/now") == "404");
  CHECK(found(get, "/articles/art_1/revisions") == "404");
  CHECK(found(get, "/%61rticles") == "404");
}

TEST_CASE("router: tables with two rows for one place are refused", "[api]") {
  const EndpointTable twice{row(get, "/a/{x}", "one"), row(get, "/a/{y}", "two")};
  CHECK_THROWS_AS(Router({&twice}), std::logic_error);
  const EndpointTable suffixes{row(get, "/a/{x}.xml", "one"), row(get, "/a/{y}.csv", "two")};
  CHECK_THROWS_AS(Router({&suffixes}), std::logic_error);
  const EndpointTable deep{row(get, "/{a}/{b}/{c}/{d}", "deep")};
  CHECK_THROWS_AS(Router({&deep}), std::logic_error);
}

}  // namespace galley::api
