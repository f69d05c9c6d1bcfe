// Whoever asks for what is another account's, or another project's than his key is bound to, is answered as for an id
// that nobody has; and nothing changes.
#include <catch2/catch.hpp>

#include "service/event_service.hpp"
#include "service/service_bench.hpp"

using namespace galley;
using namespace galley::test;
using service::Actor;

namespace {

// One thing of every kind in the owner's project.
struct Things {
  explicit Things(ServiceBench& bench)
      : project(bench.project.id), connection(bench.make_connection("CMS").id), webhook(bench.probe) {
    keyword = bench.must(bench.keywords.create(bench.owner, project, {.text = "Secret keyword"})).id;
    article = bench.make_article("Secret article").id;
    job = bench.must(bench.publishing.publish(bench.owner, article, {})).job->id;
    bench.work();
    delivery = bench.must(bench.webhooks.test(bench.owner, webhook)).id;
    key = bench.must(bench.keys.create(bench.owner, {.name = "Secret key", .project = project})).key.id;
  }

  ProjectId project;
  ConnectionId connection;
  WebhookId webhook;
  KeywordId keyword{};
  ArticleId article{};
  JobId job{};
  DeliveryId delivery{};
  ApiKeyId key{};
};

// Everything that could tell that somebody was there.
struct Picture {
  std::int64_t project_version, article_version, keyword_version, connection_version, webhook_version;
  std::int64_t jobs, keywords, articles, deliveries, keys, connections, webhooks, sitemap, reserved;
  std::size_t calls;
  auto operator<=>(const Picture&) const = default;
};
Picture picture(ServiceBench& bench, const Things& things) {
  const auto& owner = bench.owner;
  return {.project_version = bench.must(bench.projects.get(owner, things.project)).project.version,
          .article_version = bench.article(things.article).version,
          .keyword_version = bench.keyword(things.keyword).version,
          .connection_version = bench.must(bench.connections.get(owner, things.connection)).version,
          .webhook_version = bench.must(bench.webhooks.get(owner, things.webhook)).webhook.version,
          .jobs = bench.must(bench.jobs.list(owner, std::nullopt, {})).total,
          .keywords = bench.must(bench.keywords.list(owner, things.project, {}, {})).total,
          .articles = bench.must(bench.articles.list(owner, {}, {})).total,
          .deliveries = bench.must(bench.webhooks.deliveries(owner, things.webhook, {}, {})).total,
          .keys = bench.must(bench.keys.list(owner, {})).total,
          .connections = bench.must(bench.connections.list(owner, things.project, {})).total,
          .webhooks = bench.must(bench.webhooks.list(owner, things.project, {})).total,
          .sitemap = bench.sitemap_generation(),
          .reserved = bench.usage().reserved,
          .calls = bench.connector.calls.size() + bench.connector.verified.size()};
}

class Intruder {
 public:
  Intruder(ServiceBench& bench, const Actor& actor) : bench_(bench), actor_(actor) {}

  // call(actor, id) with the real id and with one that nobody has: both answers say the same, but for the id.
  template <class T, class Call>
  void tries(std::string_view what, const T& real, Call call) {
    INFO(what);
    const T nobody = numbered<T>(999'999);
    const std::optional<Error> hidden = error_of(call(actor_, real));
    const std::optional<Error> absent = error_of(call(actor_, nobody));
    REQUIRE(hidden);
    REQUIRE(absent);
    CHECK(hidden->code == ErrorCode::not_found);
    CHECK(hidden->code == absent->code);
    CHECK(hidden->message == absent->message);
    CHECK(hidden->fields == absent->fields);
    REQUIRE(hidden->details.size() == absent->details.size());
    for (std::size_t i = 0; i < hidden->details.size(); ++i) {
      CHECK(hidden->details[i].name == absent->details[i].name);
      CHECK(hidden->details[i].value == DetailValue(real.text()));
      CHECK(absent->details[i].value == DetailValue(nobody.text()));
    }
  }

 private:
  template <class T>
  std::optional<Error> error_of(const Result<T>& result) {
    if (result) return std::nullopt;
    return result.error();
  }
  template <class T>
  std::optional<Error> error_of(Task<Result<T>> task) {
    return error_of(bench_.run(std::move(task)));
  }

  ServiceBench& bench_;
  const Actor& actor_;
};

template <class T>
std::function<Result<void>(T&)> touch() {
  return [](T&) -> Result<void> { return conflict("The edit ran on what is another's."); };
}

void try_projects(ServiceBench& bench, Intruder intruder, const Things& things, bool whole_account) {
  auto& projects = bench.projects;
  const auto& id = things.project;
  intruder.tries("get", id, [&](const Actor& a, const ProjectId& p) { return projects.get(a, p); });
  intruder.tries("update", id, [&](const Actor& a, const ProjectId& p) {
    return projects.update(a, p, std::nullopt, touch<Project>());
  });
  intruder.tries("confirm", id,
                 [&](const Actor& a, const ProjectId& p) { return projects.confirm_webhook_secret(a, p); });
  intruder.tries("rotate", id, [&](const Actor& a, const ProjectId& p) {
    return projects.rotate_webhook_secret(a, p, std::chrono::hours(1));
  });
  if (whole_account)
    intruder.tries("remove", id, [&](const Actor& a, const ProjectId& p) {
      return projects.remove(a, p, std::nullopt, "Project 1");
    });
  intruder.tries("list articles", id,
                 [&](const Actor& a, const ProjectId& p) { return bench.articles.list(a, {.project = p}, {}); });
  intruder.tries("create article", id, [&](const Actor& a, const ProjectId& p) {
    return bench.articles.create(a, p, {.text = {.title = "T", .markdown = "x\n"}});
  });
  intruder.tries("list jobs", id, [&](const Actor& a, const ProjectId& p) { return bench.jobs.list(a, p, {}); });
  intruder.tries("publications", id, [&](const Actor& a, const ProjectId& p) {
    return bench.publishing.publications(a, {.project = p}, {});
  });
  intruder.tries("generate", id, [&](const Actor& a, const ProjectId& p) {
    return bench.generation.generate(a, p, {.keywords = {"x"}});
  });
}

void try_keywords(ServiceBench& bench, Intruder intruder, const Things& things) {
  auto& keywords = bench.keywords;
  intruder.tries("list", things.project,
                 [&](const Actor& a, const ProjectId& p) { return keywords.list(a, p, {}, {}); });
  intruder.tries("create", things.project,
                 [&](const Actor& a, const ProjectId& p) { return keywords.create(a, p, {.text = "x"}); });
  intruder.tries("import", things.project, [&](const Actor& a, const ProjectId& p) {
    return keywords.import(a, p, {{1, service::KeywordDraft{.text = "x"}}}, service::OnDuplicate::update);
  });
  intruder.tries("expand", things.project, [&](const Actor& a, const ProjectId& p) {
    return keywords.expand_into(a, p, {.patterns = {"x"}}, true);
  });
  intruder.tries("export", things.project,
                 [&](const Actor& a, const ProjectId& p) { return keywords.export_csv(a, p, 0); });
  const auto& id = things.keyword;
  intruder.tries("get", id, [&](const Actor& a, const KeywordId& k) { return keywords.get(a, k); });
  intruder.tries("update", id, [&](const Actor& a, const KeywordId& k) {
    return keywords.update(a, k, std::nullopt, touch<Keyword>());
  });
  intruder.tries("remove", id, [&](const Actor& a, const KeywordId& k) { return keywords.remove(a, k, std::nullopt); });
  const ProjectId own = bench.other_project.id;
  intruder.tries("generate from it", id, [&](const Actor& a, const KeywordId& k) {
    return bench.generation.generate(a, a.account == bench.account.id ? own : bench.foreign.id, {.keyword_ids = {k}});
  });
}

void try_articles(ServiceBench& bench, Intruder intruder, const Things& things) {
  auto& articles = bench.articles;
  auto& publishing = bench.publishing;
  const auto& id = things.article;
  using Id = ArticleId;
  intruder.tries("get", id, [&](const Actor& a, const Id& i) { return articles.get(a, i); });
  intruder.tries("update", id, [&](const Actor& a, const Id& i) {
    return articles.update(a, i, std::nullopt, touch<service::ArticleDraft>());
  });
  intruder.tries("remove", id, [&](const Actor& a, const Id& i) { return articles.remove(a, i, std::nullopt); });
  intruder.tries("revisions", id, [&](const Actor& a, const Id& i) { return articles.revisions(a, i, {}); });
  intruder.tries("revision", id, [&](const Actor& a, const Id& i) { return articles.revision(a, i, 1); });
  intruder.tries("regenerate", id, [&](const Actor& a, const Id& i) { return bench.generation.regenerate(a, i, {}); });
  intruder.tries("publish", id, [&](const Actor& a, const Id& i) { return publishing.publish(a, i, {}); });
  intruder.tries("publish many", id, [&](const Actor& a, const Id& i) { return publishing.publish_many(a, {i}, {}); });
  intruder.tries("unpublish", id,
                 [&](const Actor& a, const Id& i) { return publishing.unpublish(a, i, std::nullopt); });
  intruder.tries("unschedule", id, [&](const Actor& a, const Id& i) { return publishing.unschedule(a, i); });
  intruder.tries("retry", id, [&](const Actor& a, const Id& i) { return publishing.retry(a, i); });
}

void try_jobs(ServiceBench& bench, Intruder intruder, const Things& things) {
  const auto& id = things.job;
  intruder.tries("get", id, [&](const Actor& a, const JobId& j) { return bench.jobs.get(a, j); });
  intruder.tries("news", id, [&](const Actor& a, const JobId& j) { return bench.jobs.news(a, j, 0, 10); });
  intruder.tries("cancel", id, [&](const Actor& a, const JobId& j) { return bench.jobs.cancel(a, j); });
  intruder.tries("wait", id,
                 [&](const Actor& a, const JobId& j) { return bench.jobs.wait(a, j, std::chrono::seconds(1)); });
}

void try_events(ServiceBench& bench, Intruder intruder, const Things& things) {
  const service::EventService events(bench.parts, [](const Event&) -> Result<std::string> { return "{}"; });
  intruder.tries("place", things.project,
                 [&](const Actor& a, const ProjectId& p) { return events.place(a, p, {}, {}); });
  intruder.tries("news", things.project, [&](const Actor& a, const ProjectId& p) { return events.news(a, p, 0, {}); });
}

void try_connections(ServiceBench& bench, Intruder intruder, const Things& things) {
  auto& connections = bench.connections;
  json::Object settings;
  settings.emplace_back("url", json::Value(std::string("https://x.example")));
  const service::ConnectionDraft draft{.name = "x", .settings = json::Value(std::move(settings))};
  intruder.tries("list", things.project,
                 [&](const Actor& a, const ProjectId& p) { return connections.list(a, p, {}); });
  intruder.tries("create", things.project,
                 [&](const Actor& a, const ProjectId& p) { return connections.create(a, p, draft); });
  const auto& id = things.connection;
  using Id = ConnectionId;
  intruder.tries("get", id, [&](const Actor& a, const Id& i) { return connections.get(a, i); });
  intruder.tries("update", id, [&](const Actor& a, const Id& i) {
    return connections.update(a, i, std::nullopt, touch<service::ConnectionDraft>(), true);
  });
  intruder.tries("remove", id, [&](const Actor& a, const Id& i) { return connections.remove(a, i, std::nullopt); });
  intruder.tries("test", id, [&](const Actor& a, const Id& i) { return connections.test(a, i); });
}

void try_webhooks(ServiceBench& bench, Intruder intruder, const Things& things) {
  auto& webhooks = bench.webhooks;
  const service::WebhookDraft draft{.url = "https://x.example", .events = {"*"}};
  intruder.tries("list", things.project, [&](const Actor& a, const ProjectId& p) { return webhooks.list(a, p, {}); });
  intruder.tries("create", things.project,
                 [&](const Actor& a, const ProjectId& p) { return webhooks.create(a, p, draft); });
  const auto& id = things.webhook;
  using Id = WebhookId;
  intruder.tries("get", id, [&](const Actor& a, const Id& i) { return webhooks.get(a, i); });
  intruder.tries("update", id, [&](const Actor& a, const Id& i) {
    return webhooks.update(a, i, std::nullopt, touch<service::WebhookDraft>());
  });
  intruder.tries("remove", id, [&](const Actor& a, const Id& i) { return webhooks.remove(a, i, std::nullopt); });
  intruder.tries("enable", id, [&](const Actor& a, const Id& i) { return webhooks.enable(a, i); });
  intruder.tries("test", id, [&](const Actor& a, const Id& i) { return webhooks.test(a, i); });
  intruder.tries("confirm", id, [&](const Actor& a, const Id& i) { return webhooks.confirm_secret(a, i); });
  intruder.tries("rotate", id,
                 [&](const Actor& a, const Id& i) { return webhooks.rotate_secret(a, i, std::chrono::hours(1)); });
  intruder.tries("deliveries", id, [&](const Actor& a, const Id& i) { return webhooks.deliveries(a, i, {}, {}); });
  intruder.tries("recover", id, [&](const Actor& a, const Id& i) { return webhooks.recover(a, i, Time{}); });
  const auto& delivery = things.delivery;
  intruder.tries("delivery", delivery, [&](const Actor& a, const DeliveryId& d) { return webhooks.delivery(a, d); });
  intruder.tries("retry", delivery, [&](const Actor& a, const DeliveryId& d) { return webhooks.retry(a, d); });
}

void try_keys(ServiceBench& bench, Intruder intruder, const Things& things, bool whole_account) {
  const auto& id = things.key;
  intruder.tries("get", id, [&](const Actor& a, const ApiKeyId& k) { return bench.keys.get(a, k); });
  intruder.tries("revoke", id, [&](const Actor& a, const ApiKeyId& k) { return bench.keys.revoke(a, k); });
  intruder.tries("rotate", id,
                 [&](const Actor& a, const ApiKeyId& k) { return bench.keys.rotate(a, k, std::chrono::hours(1)); });
  if (whole_account)
    intruder.tries("bind a key to it", things.project, [&](const Actor& a, const ProjectId& p) {
      return bench.keys.create(a, {.name = "x", .project = p});
    });
}

void try_everything(ServiceBench& bench, const Actor& actor, const Things& things) {
  const bool whole_account = !actor.project;
  const Intruder intruder(bench, actor);
  const Picture before = picture(bench, things);
  bench.told();
  try_projects(bench, intruder, things, whole_account);
  try_keywords(bench, intruder, things);
  try_articles(bench, intruder, things);
  try_jobs(bench, intruder, things);
  try_events(bench, intruder, things);
  try_connections(bench, intruder, things);
  try_webhooks(bench, intruder, things);
  try_keys(bench, intruder, things, whole_account);
  CHECK(picture(bench, things) == before);
  CHECK(bench.told().empty());
}

}  // namespace

TEST_CASE("tenants: another account's owner is answered everywhere as for an id that nobody has", "[service]") {
  ServiceBench bench;
  const Things things(bench);
  try_everything(bench, bench.stranger, things);
}

TEST_CASE("tenants: so is a key that is bound to another project of the same account", "[service]") {
  ServiceBench bench;
  const Things things(bench);
  try_everything(bench, bench.bound, things);
}

TEST_CASE("tenants: lists of a whole account hold nothing of another one", "[service]") {
  ServiceBench bench;
  const Things things(bench);
  for (const Actor& actor : {bench.stranger, bench.bound}) {
    CHECK(bench.must(bench.projects.list(actor, {})).total == 1);
    CHECK(bench.must(bench.articles.list(actor, {}, {})).total == 0);
    CHECK(bench.must(bench.articles.list(actor, {.search = "secret"}, {})).rows.empty());
    CHECK(bench.must(bench.articles.list(actor, {.keyword = things.keyword}, {})).rows.empty());
    CHECK(bench.must(bench.jobs.list(actor, std::nullopt, {})).total == 0);
    CHECK(bench.must(bench.publishing.publications(actor, {}, {})).total == 0);
    CHECK(bench.must(bench.publishing.publications(actor, {.connection = things.connection}, {})).rows.empty());
  }
  CHECK(bench.must(bench.keys.list(bench.stranger, {})).total == 0);
}

TEST_CASE("tenants: what a body names must be the caller's own", "[service]") {
  ServiceBench bench;
  const Things things(bench);
  const ArticleId own =
      bench.must(bench.articles.create(bench.stranger, bench.foreign.id, {.text = {.title = "T", .markdown = "x\n"}}))
          .article.id;
  Intruder intruder(bench, bench.stranger);
  intruder.tries("publish to", things.connection, [&](const Actor& a, const ConnectionId& c) {
    return bench.publishing.publish(a, own, {.connection = c});
  });
  intruder.tries("generate to", things.connection, [&](const Actor& a, const ConnectionId& c) {
    return bench.generation.generate(
        a, bench.foreign.id, {.keywords = {"x"}, .options = {.connection = c, .publish = service::PublishWish::now}});
  });
  const service::ProjectService::Edit move = [](Project& project) -> Result<void> {
    project.target_domain = "https://foreign.example";
    return {};
  };
  bench.must(bench.projects.update(bench.stranger, bench.foreign.id, std::nullopt, move));
  intruder.tries("publish beside", things.article,
                 [&](const Actor& a, const ArticleId& i) { return bench.publishing.publish_many(a, {own, i}, {}); });
  // A bad field rather than a missing thing: the same words for a foreign id and for one that nobody has.
  const auto words_for = [&](const ConnectionId& id) {
    const service::ProjectService::Edit edit = [&](Project& project) -> Result<void> {
      project.default_connection = id;
      return {};
    };
    return bench.run(bench.projects.update(bench.stranger, bench.foreign.id, std::nullopt, edit)).error().fields;
  };
  CHECK(words_for(things.connection) == words_for(numbered<ConnectionId>(999'999)));
  CHECK(bench.must(bench.articles.get(bench.stranger, own)).article.status == ArticleStatus::draft);
}
