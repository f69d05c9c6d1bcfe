#include <catch2/catch.hpp>

#include "service/publishing_steps.hpp"

using namespace galley;
using namespace galley::test;
using std::chrono::minutes;

TEST_CASE("publishing: an article that is removed while its update waits is not sent", "[service]") {
  ServiceBench bench;
  bench.make_connection("CMS");
  const ArticleId id = bench.make_article("Tea").id;
  send(bench, id);
  bench.work();
  const JobId job = send(bench, id);
  REQUIRE(bench.run(bench.articles.remove(bench.owner, id, std::nullopt)).has_value());
  bench.told();
  bench.work();
  CHECK(bench.connector.calls.size() == 1);
  CHECK(job_of(bench, job).status == JobStatus::cancelled);
  CHECK(bench.unwritten() == 0);
  CHECK(bench.told() == Texts{"job.completed"});
}

TEST_CASE("publishing: an article that is removed while the CMS is spoken to ends the job for good", "[service]") {
  for (const bool fails : {false, true}) {
    ServiceBench bench;
    bench.make_connection("CMS");
    const ArticleId id = bench.make_article("Tea").id;
    send(bench, id);
    bench.work();
    Gate gate(bench.context);
    bench.connector.before = [&] { return gate.wait(); };
    if (fails) bench.connector.answers.push_back(ScriptedConnector::passing("Busy."));
    const JobId job = send(bench, id);
    {
      Working working(bench);
      bench.run_until([&] { return bench.connector.calls.size() == 2; });
      REQUIRE(bench.run(bench.articles.remove(bench.owner, id, std::nullopt)).has_value());
      gate.open();
      working.until_idle();
    }
    CHECK(bench.unwritten() == 0);
    CHECK(job_of(bench, job).status == JobStatus::cancelled);
  }
}

TEST_CASE("publishing: a connection that is removed while the article waits is an error of the article", "[service]") {
  ServiceBench bench;
  const Connection connection = bench.make_connection("CMS");
  const ArticleId id = bench.make_article("Tea").id;
  const JobId job = send(bench, id);
  REQUIRE(bench.run(bench.connections.remove(bench.owner, connection.id, std::nullopt)).has_value());
  bench.told();
  bench.work();
  CHECK(bench.connector.calls.empty());
  CHECK(bench.article(id).status == ArticleStatus::error);
  CHECK(bench.article(id).stage == Stage::publication);
  CHECK(bench.article(id).error->code == "CONNECTION_REMOVED");
  CHECK(job_of(bench, job).status == JobStatus::failed);
  CHECK(bench.told() == Texts{"article.failed", "job.completed"});
}

TEST_CASE("publishing: a connection that is removed while the CMS is spoken to ends the job for good", "[service]") {
  for (const bool fails : {false, true}) {
    ServiceBench bench;
    const Connection connection = bench.make_connection("CMS");
    const ArticleId id = bench.make_article("Tea").id;
    Gate gate(bench.context);
    bench.connector.before = [&] { return gate.wait(); };
    if (fails) bench.connector.answers.push_back(ScriptedConnector::refusal("No.", true));
    const JobId job = send(bench, id);
    {
      Working working(bench);
      bench.run_until([&] { return bench.connector.calls.size() == 1; });
      REQUIRE(bench.run(bench.connections.remove(bench.owner, connection.id, std::nullopt)).has_value());
      gate.open();
      working.until_idle();
    }
    CHECK(bench.unwritten() == 0);
    CHECK(job_of(bench, job).status == JobStatus::failed);
    CHECK(bench.article(id).error->code == "CONNECTION_REMOVED");
  }
}

TEST_CASE("publishing: a cancelled job leaves the article ready, and it can be published again", "[service]") {
  ServiceBench bench;
  bench.make_connection("CMS");
  const ArticleId id = bench.make_article("Tea").id;
  const JobId job = send(bench, id);
  CHECK(bench.must(bench.jobs.cancel(bench.owner, job)).job.status == JobStatus::cancelled);
  CHECK(bench.article(id).status == ArticleStatus::ready);
  CHECK(publication_of(bench, id).status == PublicationStatus::removed);
  bench.work();
  CHECK(bench.connector.calls.empty());
  send(bench, id);
  bench.work();
  CHECK(bench.article(id).status == ArticleStatus::published);
}

TEST_CASE("publishing: a cancelled schedule leaves no time behind", "[service]") {
  ServiceBench bench;
  bench.make_connection("CMS");
  const ArticleId id = bench.make_article("Tea").id;
  const JobId job = send(bench, id, {.scheduled_for = bench.clock.now() + minutes(5)});
  bench.must(bench.jobs.cancel(bench.owner, job));
  CHECK(bench.article(id).status == ArticleStatus::ready);
  CHECK_FALSE(bench.article(id).scheduled_for);
}

TEST_CASE("publishing: a cancelled update or removal leaves the publication live", "[service]") {
  ServiceBench bench;
  bench.make_connection("CMS");
  const ArticleId id = bench.make_article("Tea").id;
  send(bench, id);
  bench.work();
  for (const JobId& job : {send(bench, id)})
    bench.must(bench.jobs.cancel(bench.owner, job));
  CHECK(publication_of(bench, id).status == PublicationStatus::live);
  bench.must(bench.jobs.cancel(bench.owner, take_down(bench, id)));
  CHECK(publication_of(bench, id).status == PublicationStatus::live);
  CHECK(bench.article(id).status == ArticleStatus::published);
  bench.work();
  CHECK(bench.connector.calls.size() == 1);
}

TEST_CASE("publishing: cancelled while the CMS is spoken to, the article tells what happened there", "[service]") {
  ServiceBench bench;
  bench.make_connection("CMS");
  const ArticleId id = bench.make_article("Tea").id;
  Gate gate(bench.context);
  bench.connector.before = [&] { return gate.wait(); };
  const JobId job = send(bench, id);
  {
    Working working(bench);
    bench.run_until([&] { return bench.connector.calls.size() == 1; });
    bench.must(bench.jobs.cancel(bench.owner, job));
    gate.open();
    working.until_idle();
  }
  CHECK(job_of(bench, job).status == JobStatus::cancelled);
  CHECK(bench.article(id).status == ArticleStatus::published);
  CHECK(publication_of(bench, id).status == PublicationStatus::live);
  CHECK(publication_of(bench, id).external_id == "post-tea");
}

TEST_CASE("publishing: killed after the CMS was told, it is told again under the same message", "[service]") {
  ServiceBench bench;
  bench.make_connection("CMS");
  const ArticleId id = bench.make_article("Tea").id;
  send(bench, id);
  // The lease is all that a killed process leaves.
  const auto leased = bench.store.write([&](Transaction& transaction) {
    return transaction.jobs().lease(JobKind::publish, bench.clock.now(), bench.clock.now() + minutes(2), 1);
  });
  REQUIRE(leased->size() == 1);
  const EventId message = service::decode_publish_options(leased->at(0).options).message;
  bench.work();
  CHECK(bench.connector.calls.empty());
  bench.clock.advance(minutes(2));
  bench.work();
  REQUIRE(bench.connector.calls.size() == 1);
  CHECK(bench.connector.calls[0].order.message == message);
  CHECK(bench.connector.calls[0].order.attempt == 2);
  CHECK(bench.article(id).status == ArticleStatus::published);
}
