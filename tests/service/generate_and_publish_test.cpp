#include <catch2/catch.hpp>

#include "service/generation_steps.hpp"

using namespace galley;
using namespace galley::test;
using service::PublishWish;
using service::QueuedGeneration;

TEST_CASE("generation: published at once where that was asked for, natively", "[service]") {
  ServiceBench bench;
  const QueuedGeneration queued = queue_one(bench, {.publish = PublishWish::now, .provider = "sketcher"});
  bench.told();
  bench.work();
  const Article article = bench.article(queued.articles[0].article);
  CHECK(article.status == ArticleStatus::published);
  CHECK(article.published_at == bench.clock.now());
  CHECK(bench.keyword(queued.articles[0].keyword).status == KeywordStatus::published);
  CHECK(bench.told() == Texts{"article.generated", "article.published", "job.completed"});
  CHECK(bench.sitemap_pages().size() == 1);
}

TEST_CASE("generation: published at once through a connection is a job of its own", "[service]") {
  ServiceBench bench;
  bench.make_connection("One");
  const Connection second = bench.make_connection("Two");
  const QueuedGeneration queued = queue_one(bench, {.connection = second.id, .publish = PublishWish::now});
  bench.told();
  bench.work();
  CHECK(bench.article(queued.articles[0].article).status == ArticleStatus::published);
  REQUIRE(bench.connector.calls.size() == 1);
  CHECK(bench.connector.calls[0].target.connection.id == second.id);
  CHECK(bench.must(bench.jobs.list(bench.owner, std::nullopt, {})).total == 2);
  CHECK(bench.told() == Texts{"article.generated", "job.completed", "article.published", "job.completed"});
}

TEST_CASE("generation: a publication that cannot begin leaves the text, and the unit spent", "[service]") {
  ServiceBench bench;
  bench.make_connection("One");
  bench.make_connection("Two");
  const QueuedGeneration queued = queue_one(bench, {.publish = PublishWish::now});
  bench.told();
  bench.work();
  const Article article = bench.article(queued.articles[0].article);
  CHECK(article.status == ArticleStatus::error);
  CHECK(article.stage == Stage::publication);
  CHECK(article.error->code == "PUBLICATION_NOT_STARTED");
  CHECK(article.text.title == "All about tea");
  CHECK(bench.usage().spent == 1);
  CHECK(bench.connector.calls.empty());
  CHECK(bench.told() == Texts{"article.generated", "article.failed", "job.completed"});
  CHECK(progress_of(bench, queued.job.id).job.status == JobStatus::succeeded);
}
