#include <catch2/catch.hpp>

#include "service/publishing_steps.hpp"

using namespace galley;
using namespace galley::test;

TEST_CASE("retry: from an error of the publication the same is sent again", "[service]") {
  ServiceBench bench;
  bench.make_connection("One");
  const Connection second = bench.make_connection("Two");
  const ArticleId id = bench.make_article("Tea").id;
  send(bench, id, {.connection = second.id, .wanted = PublicationStatus::draft});
  bench.connector.answers.push_back(ScriptedConnector::refusal("No."));
  bench.work();
  REQUIRE(bench.article(id).status == ArticleStatus::error);
  bench.must(bench.publishing.retry(bench.owner, id));
  CHECK(bench.article(id).status == ArticleStatus::queued);
  CHECK(bench.article(id).stage == Stage::publication);
  bench.work();
  REQUIRE(bench.connector.calls.size() == 2);
  CHECK(bench.connector.calls[1].target.connection.id == second.id);
  CHECK(bench.connector.calls[1].order.wanted == PublicationStatus::draft);
  CHECK(bench.article(id).status == ArticleStatus::ready);
  CHECK_FALSE(bench.article(id).error);
  const auto refused = bench.run(bench.publishing.retry(bench.owner, id));
  CHECK(refused.error().code == ErrorCode::conflict);
  CHECK(detail_of(refused.error(), "status") == "ready");
}

TEST_CASE("retry: of a publication that could not begin natively it is published, and the job has ended", "[service]") {
  ServiceBench bench;
  const Connection first = bench.make_connection("One");
  const Connection second = bench.make_connection("Two");
  const ArticleId id =
      bench
          .must(bench.generation.generate(bench.owner, bench.project.id,
                                          {.keywords = {"tea"}, .options = {.publish = service::PublishWish::now}}))
          .articles[0]
          .article;
  bench.work();
  REQUIRE(bench.article(id).error->code == "PUBLICATION_NOT_STARTED");
  for (const ConnectionId& connection : {first.id, second.id})
    REQUIRE(bench.run(bench.connections.remove(bench.owner, connection, std::nullopt)).has_value());
  const Job job = bench.must(bench.publishing.retry(bench.owner, id));
  CHECK(job.status == JobStatus::succeeded);
  CHECK(bench.article(id).status == ArticleStatus::published);
}

TEST_CASE("retry: to a connection that was removed is a conflict that says so", "[service]") {
  ServiceBench bench;
  const Connection connection = bench.make_connection("One");
  const ArticleId id = bench.make_article("Tea").id;
  send(bench, id);
  bench.connector.answers.push_back(ScriptedConnector::refusal("No."));
  bench.work();
  REQUIRE(bench.run(bench.connections.remove(bench.owner, connection.id, std::nullopt)).has_value());
  const auto refused = bench.run(bench.publishing.retry(bench.owner, id));
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == ErrorCode::conflict);
  CHECK(bench.article(id).status == ArticleStatus::error);
}

TEST_CASE("retry: after a failed removal of a post it is taken down, not published", "[service]") {
  ServiceBench bench;
  bench.make_connection("CMS");
  const ArticleId id = bench.make_article("Tea").id;
  send(bench, id, {.wanted = PublicationStatus::draft});
  bench.work();
  send(bench, id);
  bench.connector.answers.push_back(ScriptedConnector::refusal("Not live."));
  bench.work();
  REQUIRE(bench.article(id).status == ArticleStatus::error);
  // The draft is there: it is taken down.
  take_down(bench, id);
  bench.connector.answers.push_back(ScriptedConnector::refusal("Not that either."));
  bench.work();
  REQUIRE(bench.article(id).status == ArticleStatus::error);
  const Job job = bench.must(bench.publishing.retry(bench.owner, id));
  CHECK(job.kind == JobKind::unpublish);
  bench.work();
  REQUIRE(bench.connector.calls.size() == 4);
  CHECK(bench.connector.calls[3].takes_down);
  CHECK(bench.article(id).status == ArticleStatus::ready);
}
