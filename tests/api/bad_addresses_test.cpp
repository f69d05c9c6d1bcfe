// Ids, parameters, methods and paths that are wrong, generated from the endpoint table.
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "api/refusals.hpp"

namespace galley::test {
namespace {

TEST_CASE("icf: ids that are malformed, random or of another kind answer 404 and are named", "[api][icf]") {
  Refusals fixture;
  const std::map<std::string_view, std::string> names = {
      {"proj", "projectId"}, {"kw", "keywordId"},   {"art", "articleId"}, {"conn", "connectionId"},
      {"wh", "webhookId"},   {"dlv", "deliveryId"}, {"job", "jobId"},     {"key", "keyId"}};
  for (const api::Endpoint& endpoint : fixture.table) {
    const RouteCase& row = fixture.row(endpoint);
    for (std::size_t i = 0; i < endpoint.id_prefixes.size(); ++i) {
      const std::string_view prefix = endpoint.id_prefixes[i];
      std::vector<std::string> wrong;
      if (prefix.empty()) {
        wrong = {"0", "-1", "+1", "01x", "x", "999999", "99999999999999999999", "1.5", "%31x"};
      } else {
        const std::string good = row.ids[i];
        wrong = {random_id(prefix),
                 random_id(prefix == "evt" ? "clu" : "evt"),
                 "x",
                 std::string(prefix) + "_",
                 std::string(prefix) + "_short",
                 std::string(prefix) + "_UPPERCASE0000",
                 good + "x",
                 good.substr(0, good.size() - 1),
                 good + "%00",
                 "%27%20OR%201=1",
                 "..%2f" + good,
                 std::string(prefix) + "_" + std::string(200, 'a')};
      }
      for (const std::string& id : wrong) {
        RouteCase changed = row;
        changed.ids[i] = id;
        const ApiAnswer given = fixture.refused(request_of(endpoint, changed), 404, "RESOURCE_NOT_FOUND");
        if (given.status != 404 || prefix.empty()) continue;
        INFO(endpoint.operation << " " << id << " " << given.body);
        const json::Value details = given.value("error.details");
        CHECK(details.object()->size() == 1);
        CHECK(details.find(names.at(prefix)) != nullptr);
      }
    }
  }
}

TEST_CASE("icf: an unknown parameter is refused by name, but on public pages", "[api][icf]") {
  Refusals fixture;
  for (const api::Endpoint& endpoint : fixture.table) {
    ApiRequest request = fixture.valid(endpoint);
    const char glue = request.target.find('?') == std::string::npos ? '?' : '&';
    const std::string target = request.target;
    request.target = target + glue + "zzzzzzzz=1";
    if (endpoint.access == api::Access::open) {
      CHECK(fixture.api.send(request).status == 200);
      continue;
    }
    fixture.names(request, "zzzzzzzz");
    if (endpoint.method != http::Method::get) continue;
    request.target = target + glue + "_=17&utm_source=letter&utm_campaign";
    CHECK(fixture.api.send(request).status == 200);
  }
}

TEST_CASE("icf: parameters out of range, of a wrong kind or given twice are refused by name", "[api][icf]") {
  Refusals fixture;
  const std::string keywords = "/api/v1/projects/" + fixture.world.project + "/keywords";
  const std::vector<std::pair<std::string, std::string>> table = {
      {"/api/v1/projects?pageSize=0", "pageSize"},
      {"/api/v1/projects?pageSize=101", "pageSize"},
      {"/api/v1/projects?pageSize=-1", "pageSize"},
      {"/api/v1/projects?pageSize=ten", "pageSize"},
      {"/api/v1/projects?pageSize=1.5", "pageSize"},
      {"/api/v1/projects?pageSize=", "pageSize"},
      {"/api/v1/projects?limit=0", "limit"},
      {"/api/v1/projects?limit=101", "limit"},
      {"/api/v1/projects?limit=5&pageSize=6", "limit"},
      {"/api/v1/projects?page=0", "page"},
      {"/api/v1/projects?page=-1", "page"},
      {"/api/v1/projects?page=99999999999999999999", "page"},
      {"/api/v1/projects?page=1&page=2", "page"},
      {"/api/v1/projects?sort=name", "sort"},
      {"/api/v1/projects?sort=--createdAt", "sort"},
      {"/api/v1/projects?sort=", "sort"},
      {"/api/v1/projects?cursor=nonsense", "cursor"},
      {"/api/v1/projects?cursor=", "cursor"},
      {"/api/v1/projects?sort=title&cursor=" + fixture.world.article_cursor, "cursor"},
      {"/api/v1/projects?page=2&cursor=" + fixture.world.article_cursor, "page"},
      {"/api/v1/articles?status=finished", "status.0"},
      {"/api/v1/articles?status=draft&status=finished", "status.1"},
      {"/api/v1/articles?project=nonsense", "project"},
      {"/api/v1/articles?updatedSince=yesterday", "updatedSince"},
      {"/api/v1/articles?include=everything", "include.0"},
      {"/api/v1/articles?q=" + std::string(201, 'x'), "q"},
      {keywords + "?priority=urgent", "priority"},
      {keywords + "?clusterId=nonsense", "clusterId"},
      {"/api/v1/publications?connection=nonsense", "connection"},
      {"/api/v1/webhooks/" + fixture.world.webhook + "/deliveries?event=article.read", "event"},
      {"/api/v1/webhooks/" + fixture.world.webhook + "/deliveries?since=x", "since"},
  };
  for (const auto& [target, field] : table)
    fixture.names({.target = target}, field);
  for (const std::string& broken : std::vector<std::string>{"%zz", "%f", "%ff", "%c0%af", "%00"}) {
    fixture.refused({.target = "/api/v1/articles?q=" + broken}, 400, "VALIDATION_FAILED");
    fixture.refused({.target = "/api/v1/articles?" + broken + "=1"}, 400, "VALIDATION_FAILED");
  }
  std::string many = "/api/v1/articles?page=1";
  for (int i = 0; i < 300; ++i)
    many += "&_" + std::to_string(i);
  fixture.refused({.target = many}, 400, "VALIDATION_FAILED");
}

TEST_CASE("icf: a method that a path does not know answers 405 with those that it does", "[api][icf]") {
  Refusals fixture;
  std::map<std::string_view, std::set<std::string>> allowed;
  std::map<std::string_view, const api::Endpoint*> any;
  for (const api::Endpoint& endpoint : fixture.table) {
    allowed[endpoint.path].insert(std::string(http::to_text(endpoint.method)));
    if (endpoint.method == http::Method::get) allowed[endpoint.path].insert("HEAD");
    any[endpoint.path] = &endpoint;
  }
  for (const auto& [path, methods] : allowed) {
    std::string allow;
    for (const std::string& method : methods)
      allow += (allow.empty() ? "" : ", ") + method;
    for (const std::string& method :
         std::vector<std::string>{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"}) {
      if (methods.contains(method)) continue;
      INFO(method << " " << path);
      ApiRequest request{.method = method, .target = fill_path(path, fixture.row(*any.at(path)).ids)};
      const ApiAnswer given = fixture.api.send(request);
      CHECK(given.status == 405);
      CHECK(given.field("Allow") == allow);
      if (method != "HEAD") CHECK(given.error_code() == "METHOD_NOT_ALLOWED");
      CHECK(changes(fixture.before, fixture.server.dump()) == "");
    }
  }
}

TEST_CASE("icf: a path that is not there answers ROUTE_NOT_FOUND, whoever asks, and never repeats a key",
          "[api][icf]") {
  Refusals fixture;
  const std::string key = fixture.server.first().owner;
  for (const std::string& path : std::vector<std::string>{
           "/", "/api", "/api/v1", "/api/v1/", "/api/v1/nothing", "/api/v2/projects", "/api/v1//projects",
           "/api/v1/projects//", "/API/v1/projects", "/api/v1/projects/a/b/c/d", "/api/public", "/api/public/sitemap",
           "/api/public/sitemap/", "/api/v1/articles/x/publish/now", "/api/v1/projects/%2e%2e/keys", "/metrics"}) {
    for (const std::string& method : std::vector<std::string>{"GET", "POST", "DELETE"})
      fixture.refused({.method = method, .target = path}, 404, "ROUTE_NOT_FOUND");
    ApiClient nobody = fixture.server.client("");
    const ApiAnswer given = nobody.get(path + "?apiKey=" + key);
    CHECK(given.status == 404);
    CHECK(given.body.find(key) == std::string::npos);
  }
}

TEST_CASE("icf: what is refused before a route is known is answered in this dialect, and the connection closes",
          "[api][icf]") {
  ApiServer server({.works = false});
  struct Row {
    std::string bytes;
    int status;
    std::string code;
  };
  const std::vector<Row> table = {
      {"GET /api/v1/projects HTTP/1.1\r\n\r\n", 400, "BAD_REQUEST"},
      {"GET /api/v1/projects HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "BAD_REQUEST"},
      {"GET /api/v1/projects HTTP/1.1\r\nHost: a\r\nX: " + std::string(17'000, 'x') + "\r\n\r\n", 431,
       "HEADERS_TOO_LARGE"},
      {"GET /api/v1/projects?x=" + std::string(9'000, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414, "URI_TOO_LONG"},
  };
  for (const Row& row : table) {
    INFO(row.bytes.substr(0, 60));
    RawClient wire(server.port());
    wire.send(row.bytes);
    const std::string text = wire.read_until_close();
    CHECK(text.substr(9, 3) == std::to_string(row.status));
    CHECK(text.find("\"code\":\"" + row.code + "\"") != std::string::npos);
    CHECK(text.find("X-Request-ID: ") != std::string::npos);
    CHECK(text.find("Connection: close\r\n") != std::string::npos);
  }
}

}  // namespace
}  // namespace galley::test
