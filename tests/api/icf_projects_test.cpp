// Projects and the account.
#include <catch2/catch.hpp>

#include "api/site.hpp"

namespace galley::test {
namespace {

TEST_CASE("icf: a project needs a name only, and the rest has defaults", "[api][icf]") {
  Site fixture;
  const ApiAnswer made = fixture.api.post("/api/v1/projects", R"({"name":"  Home\n Espresso "})");
  REQUIRE(made.status == 201);
  CHECK(made.text("name") == "Home Espresso");
  CHECK(made.text("language") == "en");
  CHECK(made.text("toneOfVoice") == "Professional");
  CHECK(made.text("permalink") == "/{slug}");
  CHECK(text_of(made.value("sitemap")) == R"({"changefreq":"monthly","priority":0.8,"baseUrl":null})");
  CHECK(text_of(made.value("avoidWords")) == "[]");
  CHECK(made.value("targetDomain").is_null());
  CHECK(made.number("counts.keywords") == 0);
  CHECK(made.text("webhookSecret").starts_with("whsec_"));
  const ApiAnswer found = fixture.api.get(made.field("Location"));
  CHECK(found.body.find("webhookSecret") == std::string::npos);
  CHECK(found.body.find(made.text("webhookSecret")) == std::string::npos);
  const ApiAnswer domain = fixture.api.patch(made.field("Location"), R"({"targetDomain":"Site.Example"})");
  CHECK(domain.text("targetDomain") == "https://site.example");
}

TEST_CASE("icf: a patch keeps what it does not name, merges objects, replaces lists, and null is the default",
          "[api][icf]") {
  Site fixture;
  const std::string project = fixture.new_project(
      R"({"name":"Site","niche":"coffee","avoidWords":["very","nice"],"sitemap":{"changefreq":"daily","priority":0.4}})");
  ApiAnswer changed = fixture.api.patch(project, R"({"sitemap":{"priority":0.9}})");
  REQUIRE(changed.status == 200);
  CHECK(text_of(changed.value("sitemap")) == R"({"changefreq":"daily","priority":0.9,"baseUrl":null})");
  CHECK(changed.text("niche") == "coffee");
  changed = fixture.api.patch(project, R"({"avoidWords":["quite"]})");
  CHECK(text_of(changed.value("avoidWords")) == R"(["quite"])");
  changed = fixture.api.patch(project, R"({"niche":null,"avoidWords":null,"sitemap":{"changefreq":null}})");
  CHECK(changed.value("niche").is_null());
  CHECK(text_of(changed.value("avoidWords")) == "[]");
  CHECK(text_of(changed.value("sitemap")) == R"({"changefreq":"monthly","priority":0.9,"baseUrl":null})");
  changed = fixture.api.patch(project, R"({"sitemap":null})", {{"Content-Type", "application/merge-patch+json"}});
  CHECK(text_of(changed.value("sitemap")) == R"({"changefreq":"monthly","priority":0.8,"baseUrl":null})");
  CHECK(changed.text("name") == "Site");
  const std::string version = changed.field("ETag");
  CHECK(fixture.api.patch(project, "{}").status == 200);
  CHECK(fixture.api.patch(project, "").status == 200);
  CHECK(fixture.api.get(project).text("name") == "Site");
}

TEST_CASE("icf: a project counts what it holds, and goes with all of it", "[api][icf]") {
  Site fixture;
  const World world = fixture.new_world();
  const std::string project = "/api/v1/projects/" + world.project;
  const ApiAnswer given = fixture.api.get(project);
  CHECK(given.number("counts.keywords") == 3);
  CHECK(given.number("counts.articles.draft") == 1);
  CHECK(given.number("counts.articles.scheduled") == 1);
  CHECK(given.number("counts.articles.published") == 1);
  CHECK(given.number("counts.articles.queued") == 1);
  CHECK(given.number("counts.articles.error") == 1);
  std::string confirm = world.project_name;
  confirm[confirm.find(' ')] = '+';
  REQUIRE(fixture.api.del(project + "?confirm=" + confirm).status == 204);
  for (const std::string& path : {project, "/api/v1/keywords/" + world.keyword, "/api/v1/articles/" + world.published,
                                  "/api/v1/connections/" + world.connection, "/api/v1/webhooks/" + world.webhook,
                                  "/api/v1/deliveries/" + world.delivery, "/api/v1/jobs/" + world.running_job,
                                  "/api/public/sitemap/" + world.project, "/api/public/feed/" + world.project})
    CHECK(fixture.api.get(path).status == 404);
}

TEST_CASE("icf: the account tells its plan and what of it is used", "[api][icf]") {
  Site fixture;
  fixture.server.set_plan(fixture.server.first().account, Plan::free);
  fixture.new_project();
  const ApiAnswer given = fixture.api.get("/api/v1/account");
  CHECK(given.text("plan") == "free");
  CHECK(given.number("rateLimit.burst") == 10);
  CHECK(given.number("quota.articles.limit") == 10);
  CHECK(given.number("quota.articles.used") == 0);
  CHECK(given.number("quota.projects.used") == 1);
  CHECK(names_of(given.value("quota.articles")) == "limit used reserved spent resetsAt");
}

TEST_CASE("icf: the second project of a free account answers 402", "[api][icf]") {
  PlanTable plans = roomy_plans();
  plans.free.projects = 1;
  ApiServer server({.plans = plans, .works = false});
  server.set_plan(server.first().account, Plan::free);
  ApiClient api = server.client(server.first().owner);
  REQUIRE(api.post("/api/v1/projects", R"({"name":"One"})").status == 201);
  const ApiAnswer refused = api.post("/api/v1/projects", R"({"name":"Two"})");
  CHECK(refused.status == 402);
  CHECK(refused.error_code() == "QUOTA_EXCEEDED");
  CHECK(refused.number("error.details.limit") == 1);
  CHECK(refused.number("error.details.used") == 1);
}

}  // namespace
}  // namespace galley::test
