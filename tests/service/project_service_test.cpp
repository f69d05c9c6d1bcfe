#include "service/project_service.hpp"

#include <catch2/catch.hpp>

#include "service/service_bench.hpp"

using namespace galley;
using namespace galley::test;
using service::ProjectService;

namespace {

Project named(std::string name) {
  Project project;
  project.name = std::move(name);
  return project;
}

ProjectService::Edit set_domain(std::optional<std::string> domain) {
  return [domain](Project& project) -> Result<void> {
    project.target_domain = domain;
    return {};
  };
}

Projects::WebhookSecrets secrets_of(ServiceBench& bench, const ProjectId& id) {
  return bench.must(bench.store->read(
      [&](const Transaction& transaction) { return transaction.projects().webhook_secrets(bench.account.id, id); }));
}

std::int64_t count_projects(ServiceBench& bench) {
  return bench.must(bench.store->read(
      [&](const Transaction& transaction) { return transaction.projects().count(bench.account.id); }));
}

}  // namespace

TEST_CASE("projects: a new one has its domain in the normal form and a secret of its own, shown once", "[service]") {
  ServiceBench bench;
  Project wanted = named("Shop");
  wanted.target_domain = "Shop.Example/";
  wanted.id = bench.project.id;
  wanted.account = bench.stranger.account;
  wanted.version = 9;
  wanted.default_connection = numbered<ConnectionId>(7);
  const ProjectService::Created created = bench.must(bench.projects.create(bench.owner, wanted));
  const Project& made = created.detail.project;
  CHECK(made.target_domain == "https://shop.example");
  CHECK(made.id != bench.project.id);
  CHECK(made.account == bench.account.id);
  CHECK(made.version == 1);
  CHECK(made.created_at == bench.clock.now());
  CHECK_FALSE(made.default_connection);
  CHECK(created.webhook_secret.reveal().starts_with("whsec_"));
  CHECK(secrets_of(bench, made.id).current.reveal() == created.webhook_secret.reveal());
  const ProjectService::Created second = bench.must(bench.projects.create(bench.owner, named("Shop")));
  CHECK(second.webhook_secret.reveal() != created.webhook_secret.reveal());
}

TEST_CASE("projects: every bad field of a new one is named at once, and nothing is made", "[service]") {
  ServiceBench bench;
  Project wanted = named(" ");
  wanted.language = "not a language";
  wanted.permalink = "no-slash";
  wanted.sitemap.priority = 2;
  const auto refused = bench.run(bench.projects.create(bench.owner, wanted));
  REQUIRE(refused.has_error());
  CHECK(fields_of(refused.error()) == Texts{"name", "language", "permalink", "sitemap.priority"});
  CHECK(count_projects(bench) == 2);
}

TEST_CASE("projects: a plan holds so many, and one more answers quota_exceeded with both figures", "[service]") {
  ServiceBench bench;
  bench.plans.agency.projects = 3;
  bench.must(bench.projects.create(bench.owner, named("Third")));
  const auto refused = bench.run(bench.projects.create(bench.owner, named("Fourth")));
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == ErrorCode::quota_exceeded);
  CHECK(detail_of(refused.error(), "limit") == "3");
  CHECK(detail_of(refused.error(), "used") == "3");
  CHECK(count_projects(bench) == 3);
  REQUIRE(bench.run(bench.projects.remove(bench.owner, bench.other_project.id, std::nullopt, "Project 2")).has_value());
  CHECK(bench.run(bench.projects.create(bench.owner, named("Fourth"))).has_value());
}

TEST_CASE("projects: an update changes what the edit changes, and raises the version", "[service]") {
  ServiceBench bench;
  bench.clock.advance(std::chrono::minutes(1));
  const auto updated =
      bench.must(bench.projects.update(bench.owner, bench.project.id, 1, set_domain("https://new.example/blog/")));
  CHECK(updated.project.target_domain == "https://new.example/blog");
  CHECK(updated.project.name == bench.project.name);
  CHECK(updated.project.version == 2);
  CHECK(updated.project.updated_at == bench.clock.now());
  CHECK(updated.project.created_at == bench.project.created_at);
}

TEST_CASE("projects: an update that knows an older version is refused and changes nothing", "[service]") {
  ServiceBench bench;
  bench.must(bench.projects.update(bench.owner, bench.project.id, std::nullopt, set_domain("https://a.example")));
  const auto refused =
      bench.run(bench.projects.update(bench.owner, bench.project.id, 1, set_domain("https://b.example")));
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == ErrorCode::precondition_failed);
  CHECK(bench.must(bench.projects.get(bench.owner, bench.project.id)).project.target_domain == "https://a.example");
  const auto removal = bench.run(bench.projects.remove(bench.owner, bench.project.id, 1, "Project 1"));
  CHECK(removal.error().code == ErrorCode::precondition_failed);
}

TEST_CASE("projects: the default connection must be one of the project's own", "[service]") {
  ServiceBench bench;
  const Connection connection = bench.make_connection("CMS");
  const ProjectService::Edit choose = [&](Project& project) -> Result<void> {
    project.default_connection = connection.id;
    return {};
  };
  const auto chosen = bench.must(bench.projects.update(bench.owner, bench.project.id, std::nullopt, choose));
  CHECK(chosen.project.default_connection == connection.id);
  for (const auto& [actor, project] :
       {std::pair(bench.owner, bench.other_project.id), std::pair(bench.stranger, bench.foreign.id)}) {
    const auto refused = bench.run(bench.projects.update(actor, project, std::nullopt, choose));
    REQUIRE(refused.has_error());
    CHECK(fields_of(refused.error()) == Texts{"default_connection_id"});
  }
}

TEST_CASE("projects: what addresses are made from makes all sitemap pages anew, and the rest does not", "[service]") {
  ServiceBench bench;
  const Article article = bench.make_article("Seen");
  bench.must(bench.publishing.publish(bench.owner, article.id, {}));
  const std::int64_t before = bench.sitemap_generation();
  const ProjectService::Edit rename = [](Project& project) -> Result<void> {
    project.name = "Renamed";
    project.niche = "Tea";
    return {};
  };
  bench.must(bench.projects.update(bench.owner, bench.project.id, std::nullopt, rename));
  CHECK(bench.sitemap_generation() == before);
  bench.must(bench.projects.update(bench.owner, bench.project.id, std::nullopt, set_domain("https://new.example")));
  CHECK(bench.sitemap_generation() == before + 1);
}

TEST_CASE("projects: removal wants the name, and takes everything of the project with it", "[service]") {
  ServiceBench bench;
  const Article article = bench.make_article("Gone");
  const auto unconfirmed = bench.run(bench.projects.remove(bench.owner, bench.project.id, std::nullopt, "project 1"));
  REQUIRE(unconfirmed.has_error());
  CHECK(fields_of(unconfirmed.error()) == Texts{"confirm"});
  REQUIRE(bench.articles.get(bench.owner, article.id).has_value());
  const auto removed = bench.run(bench.projects.remove(bench.owner, bench.project.id, 1, "Project 1"));
  REQUIRE(removed.has_value());
  CHECK(bench.projects.get(bench.owner, bench.project.id).error().code == ErrorCode::not_found);
  CHECK(bench.articles.get(bench.owner, article.id).error().code == ErrorCode::not_found);
  CHECK(bench.projects.get(bench.owner, bench.other_project.id).has_value());
}

TEST_CASE("projects: removal gives back the units of what was queued in it", "[service]") {
  ServiceBench bench;
  const service::GenerationRequest request{.keywords = {"one", "two", "three"}};
  bench.must(bench.generation.generate(bench.owner, bench.project.id, request));
  REQUIRE(bench.usage().reserved == 3);
  const auto removed = bench.run(bench.projects.remove(bench.owner, bench.project.id, std::nullopt, "Project 1"));
  REQUIRE(removed.has_value());
  CHECK(bench.usage().reserved == 0);
  CHECK(bench.usage().spent == 0);
}

TEST_CASE("projects: removed while a text of it is written, the text and the item are dropped for good", "[service]") {
  ServiceBench bench;
  Gate gate(bench.context);
  bench.generator.before = [&] { return gate.wait(); };
  bench.must(bench.generation.generate(bench.owner, bench.project.id, {.keywords = {"one"}}));
  {
    Working working(bench);
    bench.run_until([&] { return bench.generator.briefs.size() == 1; });
    REQUIRE(bench.run(bench.projects.remove(bench.owner, bench.project.id, std::nullopt, "Project 1")).has_value());
    gate.open();
    working.until_idle();
  }
  CHECK(bench.unwritten() == 0);
  CHECK(bench.usage().reserved == 0);
  CHECK(bench.usage().spent == 0);
}

TEST_CASE("projects: after a rotation the former webhook secret holds for the overlap, or not at all", "[service]") {
  ServiceBench bench;
  const std::string first(secrets_of(bench, bench.project.id).current.reveal());
  const Secret second =
      bench.must(bench.projects.rotate_webhook_secret(bench.owner, bench.project.id, std::chrono::hours(24)));
  const Projects::WebhookSecrets rotated = secrets_of(bench, bench.project.id);
  CHECK(rotated.current.reveal() == second.reveal());
  REQUIRE(rotated.previous);
  CHECK(rotated.previous->reveal() == first);
  CHECK(rotated.previous_until == bench.clock.now() + std::chrono::hours(24));
  bench.must(bench.projects.confirm_webhook_secret(bench.owner, bench.project.id));
  CHECK(secrets_of(bench, bench.project.id).current.reveal() == second.reveal());
  CHECK_FALSE(secrets_of(bench, bench.project.id).previous);
  // Once more does no harm.
  bench.must(bench.projects.confirm_webhook_secret(bench.owner, bench.project.id));
  CHECK(secrets_of(bench, bench.project.id).current.reveal() == second.reveal());
  const Secret third =
      bench.must(bench.projects.rotate_webhook_secret(bench.owner, bench.project.id, std::chrono::seconds(0)));
  const Projects::WebhookSecrets last = secrets_of(bench, bench.project.id);
  CHECK(last.current.reveal() == third.reveal());
  CHECK_FALSE(last.previous);
}

TEST_CASE("projects: a key that is bound to one project sees only that, and makes and removes none", "[service]") {
  ServiceBench bench;
  const auto seen = bench.must(bench.projects.list(bench.bound, {}));
  REQUIRE(seen.rows.size() == 1);
  CHECK(seen.total == 1);
  CHECK(seen.rows[0].project.id == bench.other_project.id);
  const auto hidden = bench.projects.get(bench.bound, bench.project.id);
  REQUIRE(hidden.has_error());
  CHECK(hidden.error().code == ErrorCode::not_found);
  CHECK(bench.run(bench.projects.create(bench.bound, named("New"))).error().code == ErrorCode::forbidden);
  const auto removal = bench.run(bench.projects.remove(bench.bound, bench.other_project.id, std::nullopt, "Project 2"));
  CHECK(removal.error().code == ErrorCode::forbidden);
  CHECK(bench.projects.list(bench.owner, {}).value().total == 2);
}

TEST_CASE("projects: counts are of its keywords and of its articles by state", "[service]") {
  ServiceBench bench;
  bench.make_article("One", ArticleStatus::draft);
  bench.make_article("Two", ArticleStatus::draft);
  bench.make_article("Three", ArticleStatus::ready);
  bench.must(bench.keywords.create(bench.owner, bench.project.id, {.text = "tea"}));
  const auto counted = bench.must(bench.projects.get(bench.owner, bench.project.id)).counts;
  CHECK(counted.keywords == 1);
  CHECK(counted.articles == std::map<std::string, std::int64_t>{{"draft", 2}, {"ready", 1}});
  CHECK(bench.must(bench.projects.get(bench.owner, bench.other_project.id)).counts.articles.empty());
}
