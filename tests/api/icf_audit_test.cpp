// GET /audit: every change leaves who did what, from where, and nothing that is secret.
#include <catch2/catch.hpp>
#include <set>

#include "api/site.hpp"

namespace galley::test {
namespace {

std::int64_t entries(ApiClient& api) {
  return api.get("/api/v1/audit").number("pagination.total");
}

TEST_CASE("audit: every call that changes something leaves an entry, and no other does", "[api][icf]") {
  Site site;
  World world = site.new_world();
  // What changes nothing that anybody would ask about: nobody's state is another one behind it.
  for (const api::Endpoint& endpoint : site.table) {
    if (endpoint.access == api::Access::open) continue;
    const auto cases = route_cases(world);
    const bool changing = endpoint.method != http::Method::get;
    const std::int64_t before = entries(site.api);
    const std::string request_id = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff";
    ApiRequest request = request_of(endpoint, *find_case(cases, endpoint.operation));
    request.fields.emplace_back("X-Request-ID", request_id);
    INFO(endpoint.operation);
    const ApiAnswer given = site.api.send(request);
    CHECK(given.status < 300);
    if (changing)
      CHECK(entries(site.api) > before);
    else
      CHECK(entries(site.api) == before);
    if (!changing) continue;
    const ApiAnswer newest = site.api.get("/api/v1/audit?pageSize=1");
    CHECK(newest.text("data.0.requestId") == request_id);
    CHECK(newest.text("data.0.address") == "127.0.0.1");
    CHECK(newest.text("data.0.actor").starts_with("key key_"));
    world = site.new_world();
  }
}

TEST_CASE("audit: a refused call leaves no entry", "[api][icf]") {
  Site site;
  const std::string project = site.new_project();
  const std::int64_t before = entries(site.api);
  CHECK(site.api.post(project + "/articles", R"({"markdown":"No title."})").status == 400);
  CHECK(site.api.del("/api/v1/articles/" + random_id("art")).status == 404);
  ApiClient viewer = site.server.client(site.server.first().viewer);
  CHECK(viewer.post(project + "/articles", R"({"title":"t","markdown":"m"})").status == 403);
  CHECK(entries(site.api) == before);
}

TEST_CASE("audit: entries are filtered by project, subject and time, newest first", "[api][icf]") {
  Site site;
  const std::string one = site.new_project();
  const std::string two = site.new_project();
  const std::string article = site.api.post(one + "/articles", R"({"title":"T","markdown":"m"})").text("id");
  REQUIRE(site.api.patch("/api/v1/articles/" + article, R"({"title":"U"})").status == 200);
  REQUIRE(site.api.post(two + "/keywords", R"({"keyword":"tea"})").status == 201);
  const std::string id = one.substr(one.rfind('/') + 1);
  const ApiAnswer of_project = site.api.get("/api/v1/audit?project=" + id);
  CHECK(of_project.number("pagination.total") == 3);
  CHECK(of_project.text("data.0.action") == "article.updated");
  CHECK(of_project.text("data.0.note") == "U");
  CHECK(of_project.text("data.2.action") == "project.created");
  const ApiAnswer of_article = site.api.get("/api/v1/audit?subject=" + article);
  CHECK(of_article.number("pagination.total") == 2);
  CHECK(of_article.text("data.1.action") == "article.created");
  CHECK(site.api.get("/api/v1/audit?since=2099-01-01T00:00:00Z").number("pagination.total") == 0);
  CHECK(site.api.get("/api/v1/audit?sort=title").status == 400);
  const ApiAnswer page = site.api.get("/api/v1/audit?pageSize=2");
  const ApiAnswer next = site.api.get("/api/v1/audit?pageSize=2&cursor=" + page.text("pagination.nextCursor"));
  CHECK(next.number("data.0.number") == page.number("data.1.number") - 1);
}

TEST_CASE("audit: no secret of any call is in it", "[api][icf]") {
  Site site;
  const std::string secret = "canary-0123456789-secret";
  const std::string project = site.new_project();
  std::set<std::string> secrets = {secret};
  const ApiAnswer key = site.api.post("/api/v1/keys", R"({"name":"k","role":"viewer"})");
  secrets.insert(key.text("key"));
  secrets.insert(site.api.post("/api/v1/keys/" + key.text("id") + "/rotate").text("key"));
  secrets.insert(site.api.post(project + "/rotate-webhook-secret").text("secret"));
  const std::string hook = site.hook.url("/" + secret);
  const ApiAnswer webhook =
      site.api.post(project + "/webhooks", R"({"url":")" + hook + R"(","secret":")" + secret + R"("})");
  REQUIRE(webhook.status == 201);
  CHECK(site.api
            .post(project + "/connections", R"({"name":"CMS","type":"webhook","settings":{"url":")" + hook +
                                                R"("},"credentials":{"secret":")" + secret + R"("}})")
            .status == 201);
  const std::string trail = site.api.get("/api/v1/audit?pageSize=100").body;
  for (const std::string& one : secrets)
    CHECK(trail.find(one) == std::string::npos);
}

}  // namespace
}  // namespace galley::test
