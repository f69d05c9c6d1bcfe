#include <catch2/catch.hpp>

#include "service/publishing_steps.hpp"

using namespace galley;
using namespace galley::test;
using service::PublishStarted;

TEST_CASE("unpublish: natively it is done at once, out of the sitemap and told", "[service]") {
  ServiceBench bench;
  const ArticleId id = bench.make_article("Tea").id;
  bench.must(publish(bench, id));
  const std::int64_t generation = bench.sitemap_generation();
  bench.told();
  const PublishStarted done = bench.must(unpublish(bench, id));
  CHECK_FALSE(done.job);
  CHECK(done.detail.article.status == ArticleStatus::ready);
  REQUIRE(done.detail.publications.size() == 1);
  CHECK(done.detail.publications[0].status == PublicationStatus::removed);
  CHECK(bench.sitemap_generation() == generation + 1);
  CHECK(bench.told() == Texts{"article.unpublished"});
  CHECK(unpublish(bench, id).error().code == ErrorCode::conflict);
}

TEST_CASE("unpublish: through a connection readers see it until the CMS has taken it down", "[service]") {
  ServiceBench bench;
  bench.make_connection("CMS");
  const ArticleId id = bench.make_article("Tea").id;
  bench.must(publish(bench, id));
  bench.work();
  bench.told();
  const PublishStarted started = bench.must(unpublish(bench, id));
  REQUIRE(started.job);
  CHECK(started.job->kind == JobKind::unpublish);
  CHECK(bench.article(id).status == ArticleStatus::published);
  CHECK(bench.told().empty());
  CHECK(unpublish(bench, id).error().code == ErrorCode::conflict);
  bench.work();
  REQUIRE(bench.connector.calls.size() == 2);
  CHECK(bench.connector.calls[1].takes_down);
  CHECK(bench.connector.calls[1].order.external_id == "post-tea");
  const Article article = bench.article(id);
  CHECK(article.status == ArticleStatus::ready);
  CHECK_FALSE(article.external_url);
  CHECK(bench.publications_of(id).at(0).status == PublicationStatus::removed);
  CHECK(bench.told() == Texts{"article.unpublished", "job.completed"});
}

TEST_CASE("unpublish: of several publications the article leaves the public with the last", "[service]") {
  ServiceBench bench;
  const Connection first = bench.make_connection("One");
  const Connection second = bench.make_connection("Two");
  const ArticleId id = bench.make_article("Tea").id;
  for (const ConnectionId& connection : {first.id, second.id}) {
    bench.must(publish(bench, id, {.connection = connection}));
    bench.work();
  }
  bench.told();
  bench.must(unpublish(bench, id, first.id));
  bench.work();
  CHECK(bench.article(id).status == ArticleStatus::published);
  Texts told = bench.told();
  CHECK(told == Texts{"job.completed"});
  CHECK(unpublish(bench, id, first.id).error().code == ErrorCode::conflict);
  bench.must(unpublish(bench, id));
  bench.work();
  CHECK(bench.article(id).status == ArticleStatus::ready);
  CHECK(bench.connector.calls.size() == 4);
  CHECK(bench.connector.calls[3].target.connection.id == second.id);
  told = bench.told();
  CHECK(std::count(told.begin(), told.end(), "article.unpublished") == 1);
}

TEST_CASE("unpublish: all at once, natively and through two connections, is told once", "[service]") {
  ServiceBench bench;
  const ArticleId id = bench.make_article("Tea").id;
  bench.must(publish(bench, id));
  const Connection first = bench.make_connection("One");
  const Connection second = bench.make_connection("Two");
  for (const ConnectionId& connection : {first.id, second.id}) {
    bench.must(publish(bench, id, {.connection = connection}));
    bench.work();
  }
  bench.told();
  const PublishStarted started = bench.must(unpublish(bench, id));
  CHECK(started.job->total == 2);
  bench.work();
  CHECK(bench.article(id).status == ArticleStatus::ready);
  for (const Publication& publication : bench.publications_of(id))
    CHECK(publication.status == PublicationStatus::removed);
  const Texts told = bench.told();
  CHECK(std::count(told.begin(), told.end(), "article.unpublished") == 1);
  CHECK(std::count(told.begin(), told.end(), "job.completed") == 1);
}

TEST_CASE("unpublishing: a failure leaves the post and the article where they are", "[service]") {
  ServiceBench bench;
  bench.make_connection("CMS");
  const ArticleId id = bench.make_article("Tea").id;
  send(bench, id);
  bench.work();
  const std::int64_t generation = bench.sitemap_generation();
  bench.told();
  bench.connector.answers.push_back(ScriptedConnector::refusal("It stays."));
  const JobId job = take_down(bench, id);
  bench.work();
  CHECK(bench.article(id).status == ArticleStatus::published);
  CHECK(bench.article(id).error == ArticleError{"UNPUBLISH_FAILED", "It stays."});
  CHECK(publication_of(bench, id).status == PublicationStatus::live);
  CHECK(job_of(bench, job).status == JobStatus::failed);
  CHECK(bench.sitemap_generation() == generation);
  CHECK(bench.told() == Texts{"article.failed", "job.completed"});
  take_down(bench, id);
  bench.work();
  CHECK(bench.article(id).status == ArticleStatus::ready);
}
