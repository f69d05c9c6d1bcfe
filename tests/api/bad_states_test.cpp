// What the state or the meaning of a thing forbids.
#include <catch2/catch.hpp>

#include "api/refusals.hpp"

namespace galley::test {
namespace {

TEST_CASE("icf: an action that the state does not allow answers 409 with the status and what is allowed",
          "[api][icf]") {
  Refusals fixture;
  const World& world = fixture.world;
  const auto article = [](const std::string& id, std::string_view action) {
    return "/api/v1/articles/" + id + std::string(action);
  };
  struct Row {
    std::string method, target, body, status;
  };
  const std::string later = R"({"scheduledFor":"2029-01-01T00:00:00Z"})";
  const std::vector<Row> table = {
      {"PATCH", article(world.published, ""), R"({"status":"draft"})", "published"},
      {"PATCH", article(world.published, ""), R"({"status":"ready"})", "published"},
      {"PATCH", article(world.scheduled, ""), R"({"status":"draft"})", "scheduled"},
      {"PATCH", article(world.failed, ""), R"({"status":"ready"})", "error"},
      {"PATCH", article(world.queued, ""), R"({"status":"ready"})", "queued"},
      {"PATCH", article(world.queued, ""), R"({"title":"Anew"})", "queued"},
      {"DELETE", article(world.queued, ""), "", "queued"},
      {"POST", article(world.queued, "/publish"), "", "queued"},
      {"POST", article(world.failed, "/publish"), "", "error"},
      {"POST", article(world.queued, "/regenerate"), "", "queued"},
      {"POST", article(world.published, "/regenerate"), "", "published"},
      {"POST", article(world.scheduled, "/regenerate"), "", "scheduled"},
      {"POST", article(world.draft, "/unpublish"), "", "draft"},
      {"POST", article(world.failed, "/unpublish"), "", "error"},
      {"POST", article(world.published, "/schedule"), later, "published"},
      {"POST", article(world.queued, "/schedule"), later, "queued"},
      {"POST", article(world.draft, "/unschedule"), "", "draft"},
      {"POST", article(world.published, "/unschedule"), "", "published"},
      {"POST", article(world.draft, "/retry"), "", "draft"},
      {"POST", article(world.published, "/retry"), "", "published"},
      {"POST", "/api/v1/jobs/" + world.ended_job + "/cancel", "", "cancelled"},
  };
  for (const Row& row : table) {
    const ApiAnswer given =
        fixture.refused({.method = row.method, .target = row.target, .body = row.body}, 409, "CONFLICT");
    if (given.status != 409) continue;
    INFO(row.target << " " << given.body);
    CHECK(given.text("error.details.status") == row.status);
    CHECK(given.value("error.details.allowed").array() != nullptr);
  }
}

TEST_CASE("icf: a delivery that has not failed is not retried, and a webhook that is not active is not tested",
          "[api][icf]") {
  Refusals fixture;
  const std::string hook = "/api/v1/webhooks/" + fixture.world.webhook;
  const std::string pending = fixture.api.post(hook + "/test").text("id");
  REQUIRE(fixture.api.patch(hook, R"({"status":"paused"})").status == 200);
  fixture.before = fixture.server.dump();
  const ApiAnswer retried =
      fixture.refused({.method = "POST", .target = "/api/v1/deliveries/" + pending + "/retry"}, 409, "CONFLICT");
  CHECK(retried.text("error.details.status") == "pending");
  const ApiAnswer tested = fixture.refused({.method = "POST", .target = hook + "/test"}, 409, "CONFLICT");
  CHECK(tested.text("error.details.status") == "paused");
}

TEST_CASE("icf: values that no rule of type or length catches are refused by name", "[api][icf]") {
  Refusals fixture;
  const World& world = fixture.world;
  const std::string project = "/api/v1/projects/" + world.project;
  const std::string draft = "/api/v1/articles/" + world.draft;
  struct Row {
    std::string method, target, body, field;
  };
  const auto url = [](std::string_view address) { return R"({"url":")" + std::string(address) + R"("})"; };
  const auto with_headers = [&](std::string_view headers) {
    return R"({"url":"https://hooks.example/","headers":)" + std::string(headers) + "}";
  };
  std::vector<Row> table = {
      {"POST", "/api/v1/projects", R"({"name":"   "})", "name"},
      {"POST", "/api/v1/projects", R"({"name":"x","targetDomain":"ftp://x.example"})", "targetDomain"},
      {"POST", "/api/v1/projects", R"({"name":"x","targetDomain":"https://user:pw@x.example"})", "targetDomain"},
      {"POST", "/api/v1/projects", R"({"name":"x","targetDomain":"java script"})", "targetDomain"},
      {"POST", "/api/v1/projects", R"({"name":"x","language":"not a tag"})", "language"},
      {"POST", "/api/v1/projects", R"({"name":"x","permalink":"/fixed"})", "permalink"},
      {"POST", "/api/v1/projects", R"({"name":"x","permalink":"/{slug}/{what}"})", "permalink"},
      {"POST", "/api/v1/projects", R"({"name":"x","permalink":"no-slash/{slug}"})", "permalink"},
      {"PATCH", project, R"({"sitemap":{"baseUrl":"javascript:x"}})", "sitemap.baseUrl"},
      {"PATCH", project, R"({"name":null})", "name"},
      {"DELETE", project, "", "confirm"},
      {"DELETE", project + "?confirm=another", "", "confirm"},
      {"POST", project + "/articles", R"({"title":"x","markdown":"a","html":"<p>b</p>"})", "html"},
      {"POST", project + "/articles", R"({"title":"x","slug":"Bad Slug"})", "slug"},
      {"POST", project + "/articles", R"({"title":"x","status":"published"})", "status"},
      {"POST", project + "/articles", R"({"title":"x","canonicalUrl":"javascript:alert"})", "canonicalUrl"},
      {"POST", project + "/articles", R"({"title":"x","featuredImageUrl":"data:image/png,x"})", "featuredImageUrl"},
      {"POST", project + "/articles", R"({"title":"x","markdown":")" + std::string((1 << 20) + 1, 'x') + R"("})",
       "markdown"},
      {"PATCH", draft, R"({"markdown":"a","html":"<p>b</p>"})", "html"},
      {"PATCH", draft, R"({"status":"published"})", "status"},
      {"PATCH", draft, R"({"title":null})", "title"},
      {"PATCH", draft, R"({"markdown":"a bell \u0007"})", "markdown"},
      {"POST", draft + "/schedule", R"({"scheduledFor":"2020-01-01T00:00:00Z"})", "scheduledFor"},
      {"POST", draft + "/schedule", R"({"scheduledFor":"2099-01-01T00:00:00Z"})", "scheduledFor"},
      {"POST", draft + "/publish", R"({"scheduledFor":"2020-01-01T00:00:00Z"})", "scheduledFor"},
      {"POST", project + "/articles/generate", R"({"keywords":["x"],"provider":"nobody"})", "provider"},
      {"POST", project + "/articles/generate", R"({"keywords":["x"],"language":"not a tag"})", "language"},
      {"POST", project + "/articles/generate", R"({"keywords":["x"],"publish":"now","targetStatus":"draft"})",
       "publish"},
      {"POST", project + "/articles/generate", R"({"keywords":["x"],"filter":{}})", "body"},
      {"POST", "/api/v1/keys", R"({"name":"x","expiresAt":"2020-01-01T00:00:00Z"})", "expiresAt"},
      {"POST", project + "/connections", R"({"name":"x","type":"webhook","settings":{}})", "settings.url"},
      {"POST", project + "/connections", R"({"name":"x","type":"webhook","settings":7})", "settings"},
      {"POST", project + "/connections",
       R"({"name":"x","type":"webhook","settings":{"url":"https://x.example","zzz":1}})", "settings.zzz"},
      {"POST", project + "/connections",
       R"({"name":"x","type":"webhook","settings":{"url":"https://x.example"},"credentials":{"password":"x"}})",
       "credentials.password"},
      {"POST", project + "/webhooks", R"({"url":"https://hooks.example/","events":["article.read"]})", "events"},
      {"POST", project + "/webhooks", R"({"url":"https://hooks.example/","format":"template"})", "template"},
      {"POST", project + "/webhooks",
       R"({"url":"https://hooks.example/","format":"template","template":"{\"a\":{{nope}}}"})", "template"},
      {"POST", project + "/webhooks", R"({"url":"https://hooks.example/","format":"template","template":"{"})",
       "template"},
      {"POST", project + "/webhooks", R"({"url":"https://hooks.example/","status":"disabled"})", "status"},
      {"POST", project + "/webhooks", R"({"url":"https://hooks.example/","secret":"short"})", "secret"},
      {"POST", project + "/webhooks", with_headers(R"({"Host":"x"})"), "headers"},
      {"POST", project + "/webhooks", with_headers(R"({"x-icf-signature":"x"})"), "headers"},
      {"POST", project + "/webhooks", with_headers(R"({"Content-Length":"5"})"), "headers"},
      {"POST", project + "/webhooks", with_headers(R"({"webhook-id":"x"})"), "headers"},
      {"POST", project + "/webhooks", with_headers(R"({"X-A":"line\r\nbreak"})"), "headers"},
      {"POST", project + "/webhooks", with_headers(R"({"X A":"x"})"), "headers"},
  };
  for (const std::string_view address :
       {"http://10.0.0.1/", "https://10.1.2.3/", "https://169.254.169.254/latest", "https://[::1]/", "https://0/",
        "https://2130706434/", "https://[::ffff:10.0.0.1]/", "https://user:pw@hooks.example/",
        "https://hooks.example:22/", "ftp://hooks.example/", "file:///etc/passwd", "nonsense", "https://"}) {
    table.push_back({"POST", project + "/webhooks", url(address), "url"});
    table.push_back({"PATCH", "/api/v1/webhooks/" + world.webhook, url(address), "url"});
    table.push_back({"POST", project + "/connections",
                     R"({"name":"x","type":"webhook","settings":)" + url(address) + "}", "settings.url"});
  }
  for (const Row& row : table)
    fixture.names({.method = row.method, .target = row.target, .body = row.body}, row.field);
}

TEST_CASE("icf: what must be unique answers 409 and changes nothing", "[api][icf]") {
  Refusals fixture;
  const std::string project = "/api/v1/projects/" + fixture.world.project;
  const std::string slug = fixture.api.get("/api/v1/articles/" + fixture.world.published).text("slug");
  const ApiAnswer taken = fixture.refused(
      {.method = "POST", .target = project + "/articles", .body = R"({"title":"x","slug":")" + slug + R"("})"}, 409,
      "CONFLICT");
  CHECK(taken.text("error.details.slug") == slug);
  fixture.refused(
      {.method = "PATCH", .target = "/api/v1/articles/" + fixture.world.draft, .body = R"({"slug":")" + slug + R"("})"},
      409, "CONFLICT");
  fixture.refused({.method = "POST", .target = project + "/keywords", .body = R"({"keyword":"  MOKA   Pot "})"}, 409,
                  "CONFLICT");
  const std::string other = fixture.api.post(project + "/keywords", R"({"keyword":"siphon"})").text("id");
  fixture.before = fixture.server.dump();
  fixture.refused({.method = "PATCH", .target = "/api/v1/keywords/" + other, .body = R"({"keyword":"moka pot"})"}, 409,
                  "CONFLICT");
}

}  // namespace
}  // namespace galley::test
