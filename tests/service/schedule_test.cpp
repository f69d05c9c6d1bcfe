#include <catch2/catch.hpp>

#include "service/publishing_steps.hpp"

using namespace galley;
using namespace galley::test;
using service::PublishStarted;

TEST_CASE("schedule: natively, it is told now and published when its time has come", "[service]") {
  ServiceBench bench;
  const ArticleId id = bench.make_article("Tea").id;
  bench.told();
  const Time due = bench.clock.now() + std::chrono::hours(2);
  const PublishStarted started = bench.must(publish(bench, id, {.scheduled_for = due}));
  CHECK(started.detail.article.status == ArticleStatus::scheduled);
  CHECK(started.detail.article.scheduled_for == due);
  CHECK_FALSE(started.detail.article.published_at);
  CHECK(bench.told() == Texts{"article.scheduled"});
  bench.clock.set(due - Milliseconds(1));
  bench.work();
  CHECK(bench.article(id).status == ArticleStatus::scheduled);
  CHECK(bench.sitemap_pages().empty());
  CHECK(bench.told().empty());
  bench.clock.set(due);
  bench.work();
  const Article published = bench.article(id);
  CHECK(published.status == ArticleStatus::published);
  CHECK(published.published_at == due);
  CHECK_FALSE(published.scheduled_for);
  CHECK(bench.told() == Texts{"article.published", "job.completed"});
  CHECK(job_of(bench, started.job->id).status == JobStatus::succeeded);
}

TEST_CASE("schedule: through a connection nothing is sent before its time", "[service]") {
  ServiceBench bench;
  bench.make_connection("CMS");
  const ArticleId id = bench.make_article("Tea").id;
  const Time due = bench.clock.now() + std::chrono::hours(2);
  bench.must(publish(bench, id, {.scheduled_for = due}));
  bench.work();
  CHECK(bench.connector.calls.empty());
  bench.clock.set(due + std::chrono::hours(24));
  bench.work();
  REQUIRE(bench.connector.calls.size() == 1);
  CHECK(bench.connector.calls[0].order.article.published_at == due);
  const Article published = bench.article(id);
  CHECK(published.status == ArticleStatus::published);
  // What the CMS was told, however late it was done.
  CHECK(published.published_at == due);
}

TEST_CASE("schedule: the time lies in the future, and within five years", "[service]") {
  ServiceBench bench;
  const ArticleId id = bench.make_article("Tea").id;
  const Time now = bench.clock.now();
  for (const Time wrong : {now, now - std::chrono::hours(1), now + std::chrono::days(5 * 366 + 1)})
    CHECK(fields_of(publish(bench, id, {.scheduled_for = wrong}).error()) == Texts{"scheduled_for"});
  CHECK(bench.article(id).status == ArticleStatus::ready);
  CHECK(publish(bench, id, {.scheduled_for = now + Milliseconds(1)}).has_value());
}

TEST_CASE("schedule: another time replaces the first", "[service]") {
  ServiceBench bench;
  bench.make_connection("CMS");
  const ArticleId id = bench.make_article("Tea").id;
  const Time now = bench.clock.now();
  const JobId first = bench.must(publish(bench, id, {.scheduled_for = now + std::chrono::hours(1)})).job->id;
  bench.must(publish(bench, id, {.scheduled_for = now + std::chrono::hours(3)}));
  CHECK(job_of(bench, first).status == JobStatus::cancelled);
  bench.clock.advance(std::chrono::hours(2));
  bench.work();
  CHECK(bench.connector.calls.empty());
  bench.clock.advance(std::chrono::hours(1));
  bench.work();
  CHECK(bench.connector.calls.size() == 1);
}

TEST_CASE("unschedule: the article is ready again and its time passes without a word", "[service]") {
  ServiceBench bench;
  bench.make_connection("CMS");
  const ArticleId id = bench.make_article("Tea").id;
  const Time due = bench.clock.now() + std::chrono::hours(2);
  const JobId job = bench.must(publish(bench, id, {.scheduled_for = due})).job->id;
  bench.told();
  const auto detail = bench.must(bench.publishing.unschedule(bench.owner, id));
  CHECK(detail.article.status == ArticleStatus::ready);
  CHECK_FALSE(detail.article.scheduled_for);
  REQUIRE(detail.publications.size() == 1);
  CHECK(detail.publications[0].status == PublicationStatus::removed);
  CHECK(job_of(bench, job).status == JobStatus::cancelled);
  CHECK(bench.told() == Texts{"job.completed", "article.updated"});
  bench.clock.set(due);
  bench.work();
  CHECK(bench.connector.calls.empty());
  CHECK(bench.article(id).status == ArticleStatus::ready);
  CHECK(bench.run(bench.publishing.unschedule(bench.owner, id)).error().code == ErrorCode::conflict);
  // And it may be published after all.
  CHECK(publish(bench, id).has_value());
}

TEST_CASE("publish: a scheduled article goes out now, and only once", "[service]") {
  ServiceBench bench;
  bench.make_connection("CMS");
  const ArticleId id = bench.make_article("Tea").id;
  const Time due = bench.clock.now() + std::chrono::hours(2);
  const JobId first = bench.must(publish(bench, id, {.scheduled_for = due})).job->id;
  const PublishStarted now = bench.must(publish(bench, id));
  CHECK(now.detail.article.status == ArticleStatus::queued);
  CHECK(job_of(bench, first).status == JobStatus::cancelled);
  bench.work();
  CHECK(bench.article(id).status == ArticleStatus::published);
  CHECK(bench.article(id).published_at == bench.clock.now());
  bench.clock.set(due);
  bench.work();
  CHECK(bench.connector.calls.size() == 1);
}

TEST_CASE("publish: a natively scheduled article goes out now, and only once", "[service]") {
  ServiceBench bench;
  const ArticleId id = bench.make_article("Tea").id;
  const Time due = bench.clock.now() + std::chrono::hours(2);
  bench.must(publish(bench, id, {.scheduled_for = due}));
  bench.must(publish(bench, id));
  bench.told();
  bench.clock.set(due);
  bench.work();
  CHECK(bench.told().empty());
  CHECK(bench.publications_of(id).at(0).attempts == 1);
}
