#include "service/publishing_service.hpp"

#include <catch2/catch.hpp>

#include "service/publishing_steps.hpp"

using namespace galley;
using namespace galley::test;
using service::PublishStarted;

namespace {

service::ProjectService::Edit prefer(const Connection& connection) {
  return [id = connection.id](Project& project) -> Result<void> {
    project.default_connection = id;
    return {};
  };
}

}  // namespace

TEST_CASE("publish: without a connection it is done at once, in the sitemap and told", "[service]") {
  ServiceBench bench;
  const Article article = bench.make_article("Tea");
  bench.told();
  const PublishStarted started = bench.must(publish(bench, article.id));
  CHECK_FALSE(started.job);
  const Article& published = started.detail.article;
  CHECK(published.status == ArticleStatus::published);
  CHECK(published.published_at == bench.clock.now());
  CHECK(published.last_updated_at == bench.clock.now());
  CHECK(published.sitemap_page == 1);
  CHECK(started.detail.url == "https://site.example/tea");
  REQUIRE(started.detail.publications.size() == 1);
  const Publication& publication = started.detail.publications[0];
  CHECK_FALSE(publication.connection);
  CHECK(publication.status == PublicationStatus::live);
  CHECK(publication.external_url == "https://site.example/tea");
  const std::vector<Event> events = bench.heard();
  REQUIRE(events.size() == 1);
  CHECK(events[0].type == EventType::article_published);
  const auto& snapshot = get<ArticleSnapshot>(events[0].snapshot);
  CHECK(snapshot.status == ArticleStatus::published);
  CHECK(snapshot.url == "https://site.example/tea");
  CHECK(count_jobs(bench) == 0);
}

TEST_CASE("publish: with neither a connection nor a domain there is nowhere to publish", "[service]") {
  ServiceBench bench;
  const ArticleId id = bench
                           .must(bench.articles.create(bench.owner, bench.other_project.id,
                                                       {.text = {.title = "Tea", .markdown = "x\n"}}))
                           .article.id;
  const auto refused = publish(bench, id);
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == ErrorCode::conflict);
  CHECK(bench.article(id).status == ArticleStatus::draft);
}

TEST_CASE("publish: natively again keeps the first date, renews the last and has one publication", "[service]") {
  ServiceBench bench;
  const Article article = bench.make_article("Tea");
  bench.must(publish(bench, article.id));
  const Time first = bench.clock.now();
  bench.clock.advance(std::chrono::hours(48));
  const PublishStarted again = bench.must(publish(bench, article.id));
  CHECK(again.detail.article.published_at == first);
  CHECK(again.detail.article.last_updated_at == bench.clock.now());
  CHECK(again.detail.article.sitemap_page == 1);
  REQUIRE(again.detail.publications.size() == 1);
  CHECK(again.detail.publications[0].attempts == 2);
  CHECK(bench.sitemap_pages().at(0).given == 1);
}

TEST_CASE("publish: the project's only connection is taken, and the article waits in the queue", "[service]") {
  ServiceBench bench;
  const Connection connection = bench.make_connection("CMS");
  const Article article = bench.make_article("Tea");
  bench.told();
  const PublishStarted started = bench.must(publish(bench, article.id));
  REQUIRE(started.job);
  CHECK(started.job->kind == JobKind::publish);
  CHECK(started.job->total == 1);
  CHECK(started.detail.article.status == ArticleStatus::queued);
  CHECK(started.detail.article.stage == Stage::publication);
  REQUIRE(started.detail.publications.size() == 1);
  CHECK(started.detail.publications[0].connection == connection.id);
  CHECK(started.detail.publications[0].status == PublicationStatus::pending);
  CHECK(bench.connector.calls.empty());
  CHECK(bench.told().empty());
  CHECK(bench.sitemap_pages().empty());
}

TEST_CASE("publish: of several connections the default is taken, or the one that is named", "[service]") {
  ServiceBench bench;
  const Connection first = bench.make_connection("One");
  const Connection second = bench.make_connection("Two");
  bench.must(bench.projects.update(bench.owner, bench.project.id, std::nullopt, prefer(second)));
  const ArticleId preferred = bench.make_article("Default").id;
  const ArticleId named = bench.make_article("Named").id;
  bench.must(publish(bench, preferred));
  bench.must(publish(bench, named, {.connection = first.id}));
  CHECK(bench.publications_of(preferred).at(0).connection == second.id);
  CHECK(bench.publications_of(named).at(0).connection == first.id);
}

TEST_CASE("publish: several connections and no default is a conflict that names them", "[service]") {
  ServiceBench bench;
  const Connection first = bench.make_connection("One");
  const Connection second = bench.make_connection("Two");
  const ArticleId id = bench.make_article("Tea").id;
  const auto refused = publish(bench, id);
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == ErrorCode::conflict);
  const std::string named = detail_of(refused.error(), "connection_ids");
  CHECK(named.find(first.id.text()) != std::string::npos);
  CHECK(named.find(second.id.text()) != std::string::npos);
  CHECK(bench.article(id).status == ArticleStatus::ready);
  CHECK(count_jobs(bench) == 0);
}

TEST_CASE("publish: a connection of another project or of nobody is not found", "[service]") {
  ServiceBench bench;
  const Connection connection = bench.make_connection("CMS");
  const ArticleId id = bench
                           .must(bench.articles.create(bench.owner, bench.other_project.id,
                                                       {.text = {.title = "Tea", .markdown = "x\n"}}))
                           .article.id;
  for (const ConnectionId& wrong : {connection.id, numbered<ConnectionId>(404)}) {
    const auto refused = publish(bench, id, {.connection = wrong});
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == ErrorCode::not_found);
    CHECK(detail_of(refused.error(), "connection_id") == wrong.text());
  }
}

TEST_CASE("publish: a draft needs a CMS to hold it", "[service]") {
  ServiceBench bench;
  const ArticleId id = bench.make_article("Tea").id;
  const auto refused = publish(bench, id, {.wanted = PublicationStatus::draft});
  CHECK(fields_of(refused.error()) == Texts{"status"});
  CHECK(bench.article(id).status == ArticleStatus::ready);
}

TEST_CASE("publish: a second one while the first is under way is refused", "[service]") {
  ServiceBench bench;
  bench.make_connection("CMS");
  const ArticleId id = bench.make_article("Tea").id;
  bench.must(publish(bench, id));
  CHECK(publish(bench, id).error().code == ErrorCode::conflict);
  bench.work();
  REQUIRE(bench.article(id).status == ArticleStatus::published);
  bench.must(publish(bench, id));
  const auto refused = publish(bench, id);
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == ErrorCode::conflict);
  CHECK(unpublish(bench, id).error().code == ErrorCode::conflict);
  CHECK(count_jobs(bench) == 2);
  bench.work();
  CHECK(bench.connector.calls.size() == 2);
  CHECK(bench.article(id).status == ArticleStatus::published);
}

TEST_CASE("publish: a post that is public is not made a draft by the way", "[service]") {
  ServiceBench bench;
  bench.make_connection("CMS");
  const ArticleId id = bench.make_article("Tea").id;
  bench.must(publish(bench, id));
  bench.work();
  const auto refused = publish(bench, id, {.wanted = PublicationStatus::draft});
  CHECK(refused.error().code == ErrorCode::conflict);
  CHECK(bench.publications_of(id).at(0).status == PublicationStatus::live);
}

TEST_CASE("publish many: all are queued in one job", "[service]") {
  ServiceBench bench;
  bench.make_connection("CMS");
  const std::vector<ArticleId> ids{bench.make_article("A").id, bench.make_article("B").id};
  const Job job = bench.must(bench.publishing.publish_many(bench.owner, ids, {}));
  CHECK(job.total == 2);
  bench.work();
  CHECK(bench.connector.calls.size() == 2);
  CHECK(bench.must(bench.jobs.get(bench.owner, job.id)).job.done == 2);
  for (const ArticleId& id : ids)
    CHECK(bench.article(id).status == ArticleStatus::published);
}

TEST_CASE("publish many: natively it answers a job that has ended", "[service]") {
  ServiceBench bench;
  const std::vector<ArticleId> ids{bench.make_article("A").id, bench.make_article("B").id};
  bench.told();
  const Job job = bench.must(bench.publishing.publish_many(bench.owner, ids, {}));
  CHECK(job.status == JobStatus::succeeded);
  CHECK(job.done == 2);
  const auto detail = bench.must(bench.jobs.get(bench.owner, job.id));
  CHECK(detail.articles.size() == 2);
  CHECK(detail.job.finished_at == bench.clock.now());
  CHECK(bench.told() == Texts{"article.published", "article.published", "job.completed"});
  bench.work();
  CHECK(bench.told().empty());
}

TEST_CASE("publish many: one that cannot be published undoes all", "[service]") {
  ServiceBench bench;
  const ArticleId good = bench.make_article("A").id;
  const ArticleId elsewhere =
      bench
          .must(bench.articles.create(bench.owner, bench.other_project.id, {.text = {.title = "B", .markdown = "x\n"}}))
          .article.id;
  bench.told();
  const std::vector<std::vector<ArticleId>> lists{{good, numbered<ArticleId>(404)}, {good, elsewhere}};
  for (const std::vector<ArticleId>& ids : lists)
    CHECK(bench.run(bench.publishing.publish_many(bench.owner, ids, {})).has_error());
  CHECK(bench.article(good).status == ArticleStatus::ready);
  CHECK(bench.told().empty());
  CHECK(bench.sitemap_pages().empty());
  CHECK(count_jobs(bench) == 0);
}

TEST_CASE("publish many: none, and more than the bound, are refused", "[service]") {
  ServiceBench bench;
  const std::vector<std::vector<ArticleId>> lists{{}, std::vector<ArticleId>(501, numbered<ArticleId>(1))};
  for (const std::vector<ArticleId>& ids : lists)
    CHECK(fields_of(bench.run(bench.publishing.publish_many(bench.owner, ids, {})).error()) == Texts{"article_ids"});
}

TEST_CASE("publications: the hub lists by state, project and connection", "[service]") {
  ServiceBench bench;
  const Connection connection = bench.make_connection("CMS");
  const ArticleId done = bench.make_article("Done").id;
  bench.must(publish(bench, done));
  bench.work();
  bench.must(publish(bench, bench.make_article("Waits").id));
  const auto count = [&](const service::Actor& actor, PublicationFilter filter) {
    return bench.must(bench.publishing.publications(actor, std::move(filter), {})).total;
  };
  CHECK(count(bench.owner, {}) == 2);
  CHECK(count(bench.owner, {.statuses = {PublicationStatus::live}}) == 1);
  CHECK(count(bench.owner, {.project = bench.other_project.id}) == 0);
  CHECK(count(bench.owner, {.connection = connection.id}) == 2);
  CHECK(count(bench.bound, {}) == 0);
  CHECK(count(bench.bound, {.connection = connection.id}) == 0);
  CHECK(count(bench.stranger, {.connection = connection.id}) == 0);
  CHECK(bench.publishing.publications(bench.bound, {.project = bench.project.id}, {}).error().code ==
        ErrorCode::not_found);
}

TEST_CASE("publishing options survive their way through the queue", "[service]") {
  const service::PublishOptions options{
      .wanted = PublicationStatus::draft, .message = numbered<EventId>(9), .at = ManualClock::start};
  const service::PublishOptions back = service::decode_publish_options(service::encode_options(options));
  CHECK(back.wanted == options.wanted);
  CHECK(back.message == options.message);
  CHECK(back.at == options.at);
}
