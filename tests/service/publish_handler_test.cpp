#include "service/publish_handler.hpp"

#include <catch2/catch.hpp>

#include "service/publishing_steps.hpp"

using namespace galley;
using namespace galley::test;
using std::chrono::minutes;
using std::chrono::seconds;

TEST_CASE("publishing: the CMS's answer becomes the publication, and its address the article's", "[service]") {
  ServiceBench bench;
  const Connection connection = bench.make_connection("CMS");
  const ArticleId id = bench.make_article("Tea").id;
  const JobId job = send(bench, id);
  bench.told();
  bench.work();
  const Article article = bench.article(id);
  CHECK(article.status == ArticleStatus::published);
  CHECK(article.external_url == "https://cms.example/tea");
  CHECK(article.published_at == bench.clock.now());
  CHECK(bench.must(bench.articles.get(bench.owner, id)).url == "https://cms.example/tea");
  const Publication publication = publication_of(bench, id);
  CHECK(publication.status == PublicationStatus::live);
  CHECK(publication.external_id == "post-tea");
  CHECK(publication.attempts == 1);
  CHECK(publication.published_at == bench.clock.now());
  CHECK(job_of(bench, job).status == JobStatus::succeeded);
  CHECK(bench.sitemap_pages().size() == 1);
  CHECK(bench.must(bench.connections.get(bench.owner, connection.id)).status == ConnectionStatus::connected);
  CHECK(bench.must(bench.connections.get(bench.owner, connection.id)).last_used_at == bench.clock.now());
  CHECK(bench.told() == Texts{"article.published", "job.completed"});
}

TEST_CASE("publishing: the order shows the article as it is to be seen, with the connection's defaults", "[service]") {
  ServiceBench bench;
  json::Object settings;
  settings.emplace_back("url", json::Value(std::string("https://cms.example/")));
  json::Object credentials;
  credentials.emplace_back("token", json::Value(std::string("very-secret-token")));
  const service::ConnectionDraft draft{.name = "CMS",
                                       .settings = json::Value(std::move(settings)),
                                       .credentials = json::Value(std::move(credentials)),
                                       .default_categories = {"Drinks", "Tea"},
                                       .default_tags = {"hot"}};
  bench.must(bench.connections.create(bench.owner, bench.project.id, draft));
  const ArticleId id =
      bench
          .must(bench.articles.create(bench.owner, bench.project.id,
                                      {.text = {.title = "Tea", .markdown = "x\n"}, .categories = {"Tea"}}))
          .article.id;
  send(bench, id);
  bench.work();
  REQUIRE(bench.connector.calls.size() == 1);
  const auto& [takes_down, target, order] = bench.connector.calls[0];
  CHECK_FALSE(takes_down);
  CHECK(order.article.status == ArticleStatus::published);
  CHECK(order.article.published_at == bench.clock.now());
  CHECK(order.article.text.markdown == "x\n");
  CHECK(order.article.categories == Texts{"Tea", "Drinks"});
  CHECK(order.article.tags == Texts{"hot"});
  CHECK(order.wanted == PublicationStatus::live);
  CHECK_FALSE(order.external_id);
  CHECK(order.attempt == 1);
  CHECK(target.credentials.reveal() == R"({"token":"very-secret-token"})");
  CHECK(target.project_secrets.current.reveal() == "project-secret-" + bench.project.id.text());
  // The defaults are for the CMS alone.
  CHECK(bench.article(id).categories == Texts{"Tea"});
}

TEST_CASE("publishing: a draft on the CMS leaves the article ready and out of the sitemap", "[service]") {
  ServiceBench bench;
  bench.make_connection("CMS");
  const ArticleId id = bench.make_article("Tea").id;
  send(bench, id, {.wanted = PublicationStatus::draft});
  bench.told();
  bench.work();
  const Article article = bench.article(id);
  CHECK(article.status == ArticleStatus::ready);
  CHECK_FALSE(article.published_at);
  CHECK_FALSE(article.external_url);
  CHECK(publication_of(bench, id).status == PublicationStatus::draft);
  CHECK(publication_of(bench, id).external_id == "post-tea");
  CHECK(bench.connector.calls.at(0).order.wanted == PublicationStatus::draft);
  CHECK(bench.connector.calls.at(0).order.article.status != ArticleStatus::published);
  CHECK(bench.sitemap_pages().empty());
  CHECK(bench.told() == Texts{"job.completed"});
  // Published later, it is the same remote post.
  send(bench, id);
  bench.work();
  CHECK(bench.connector.calls.at(1).order.external_id == "post-tea");
  CHECK(bench.article(id).status == ArticleStatus::published);
}

TEST_CASE("publishing: a scheduled draft on the CMS leaves no time behind", "[service]") {
  ServiceBench bench;
  bench.make_connection("CMS");
  const ArticleId id = bench.make_article("Tea").id;
  send(bench, id, {.wanted = PublicationStatus::draft, .scheduled_for = bench.clock.now() + minutes(1)});
  bench.clock.advance(minutes(1));
  bench.work();
  CHECK(bench.article(id).status == ArticleStatus::ready);
  CHECK_FALSE(bench.article(id).scheduled_for);
}

TEST_CASE("publishing: what passes is tried again on the schedule, under the same message", "[service]") {
  ServiceBench bench;
  bench.make_connection("CMS");
  const ArticleId id = bench.make_article("Tea").id;
  const JobId job = send(bench, id);
  bench.told();
  bench.connector.answers.push_back(ScriptedConnector::passing("Busy."));
  bench.connector.answers.push_back(ScriptedConnector::passing("Still busy."));
  bench.work();
  CHECK(bench.article(id).status == ArticleStatus::queued);
  CHECK(publication_of(bench, id).status == PublicationStatus::pending);
  CHECK(publication_of(bench, id).last_error == "Busy.");
  CHECK(job_of(bench, job).status == JobStatus::running);
  // SequenceIds' fraction of one half is no jitter at all.
  bench.clock.advance(seconds(5) - Milliseconds(1));
  bench.work();
  CHECK(bench.connector.calls.size() == 1);
  bench.clock.advance(Milliseconds(1));
  bench.work();
  CHECK(bench.connector.calls.size() == 2);
  bench.clock.advance(minutes(5));
  bench.work();
  REQUIRE(bench.connector.calls.size() == 3);
  CHECK(bench.connector.calls[2].order.attempt == 3);
  CHECK(bench.connector.calls[2].order.message == bench.connector.calls[0].order.message);
  CHECK(bench.article(id).status == ArticleStatus::published);
  CHECK_FALSE(bench.article(id).error);
  CHECK(publication_of(bench, id).attempts == 3);
  CHECK_FALSE(publication_of(bench, id).last_error);
  CHECK(bench.told() == Texts{"article.published", "job.completed"});
}

TEST_CASE("publishing: a Retry-After that is longer than the schedule's wait is obeyed", "[service]") {
  ServiceBench bench;
  bench.make_connection("CMS");
  const ArticleId id = bench.make_article("Tea").id;
  send(bench, id);
  bench.connector.answers.push_back(ScriptedConnector::passing("Slow down.", seconds(90)));
  bench.connector.answers.push_back(ScriptedConnector::passing("Slow down.", seconds(1)));
  bench.work();
  CHECK(bench.last_item(id, JobKind::publish)->due_at == bench.clock.now() + seconds(90));
  bench.clock.advance(seconds(90));
  bench.work();
  CHECK(bench.connector.calls.size() == 2);
  CHECK(bench.last_item(id, JobKind::publish)->due_at == bench.clock.now() + minutes(5));
}

TEST_CASE("publishing: when the schedule is over it is an error with the CMS's words", "[service]") {
  ServiceBench bench;
  const Connection connection = bench.make_connection("CMS");
  const ArticleId id = bench.make_article("Tea").id;
  const JobId job = send(bench, id);
  bench.told();
  for (int i = 0; i < 6; ++i)
    bench.connector.answers.push_back(ScriptedConnector::passing("Try " + std::to_string(i + 1) + " failed."));
  for (int i = 0; i < 6; ++i) {
    bench.work();
    bench.clock.advance(std::chrono::hours(1));
  }
  CHECK(bench.connector.calls.size() == 4);
  const Article article = bench.article(id);
  CHECK(article.status == ArticleStatus::error);
  CHECK(article.stage == Stage::publication);
  CHECK(article.error == ArticleError{"PUBLICATION_FAILED", "Try 4 failed."});
  CHECK(publication_of(bench, id).status == PublicationStatus::failed);
  CHECK(job_of(bench, job).status == JobStatus::failed);
  CHECK(job_of(bench, job).error == article.error);
  CHECK(bench.must(bench.connections.get(bench.owner, connection.id)).status != ConnectionStatus::error);
  CHECK(bench.sitemap_pages().empty());
  CHECK(bench.told() == Texts{"article.failed", "job.completed"});
}

TEST_CASE("publishing: what the CMS refuses for good is not tried again", "[service]") {
  ServiceBench bench;
  bench.make_connection("CMS");
  const ArticleId id = bench.make_article("Tea").id;
  send(bench, id);
  bench.connector.answers.push_back(ScriptedConnector::refusal("The title is too long for me."));
  bench.work();
  bench.clock.advance(std::chrono::hours(24));
  bench.work();
  CHECK(bench.connector.calls.size() == 1);
  CHECK(bench.article(id).error == ArticleError{"PUBLICATION_FAILED", "The title is too long for me."});
}

TEST_CASE("publishing: a refusal of the credentials marks the connection and says so", "[service]") {
  ServiceBench bench;
  const Connection connection = bench.make_connection("CMS");
  const ArticleId id = bench.make_article("Tea").id;
  send(bench, id);
  bench.told();
  bench.connector.answers.push_back(ScriptedConnector::refusal("Who are you?", true));
  bench.work();
  const Connection broken = bench.must(bench.connections.get(bench.owner, connection.id));
  CHECK(broken.status == ConnectionStatus::error);
  CHECK(broken.last_error == "Who are you?");
  const std::vector<Event> events = bench.heard();
  REQUIRE(events.size() == 3);
  CHECK(events[0].type == EventType::connection_failed);
  CHECK(get<ConnectionSnapshot>(events[0].snapshot) ==
        ConnectionSnapshot{.id = connection.id, .name = "CMS", .type = "webhook", .error = "Who are you?"});
  CHECK(events[1].type == EventType::article_failed);
  // One that works again is connected again.
  bench.must(bench.publishing.retry(bench.owner, id));
  bench.work();
  CHECK(bench.must(bench.connections.get(bench.owner, connection.id)).status == ConnectionStatus::connected);
  CHECK_FALSE(bench.must(bench.connections.get(bench.owner, connection.id)).last_error);
}

TEST_CASE("publishing: a published article stays published while it is sent again, to the same post", "[service]") {
  ServiceBench bench;
  bench.make_connection("CMS");
  const ArticleId id = bench.make_article("Tea").id;
  send(bench, id);
  bench.work();
  const Article first = bench.article(id);
  bench.clock.advance(std::chrono::hours(24));
  send(bench, id);
  CHECK(bench.article(id).status == ArticleStatus::published);
  bench.work();
  REQUIRE(bench.connector.calls.size() == 2);
  CHECK(bench.connector.calls[1].order.external_id == "post-tea");
  CHECK(bench.connector.calls[1].order.message != bench.connector.calls[0].order.message);
  CHECK(bench.connector.calls[1].order.article.published_at == first.published_at);
  const Article second = bench.article(id);
  CHECK(second.published_at == first.published_at);
  CHECK(second.last_updated_at == bench.clock.now());
  CHECK(bench.publications_of(id).size() == 1);
}

TEST_CASE("publishing: a failed update leaves the article published, with the error beside it", "[service]") {
  ServiceBench bench;
  bench.make_connection("CMS");
  const ArticleId id = bench.make_article("Tea").id;
  send(bench, id);
  bench.work();
  bench.told();
  send(bench, id);
  bench.connector.answers.push_back(ScriptedConnector::refusal("Not now."));
  bench.work();
  const Article article = bench.article(id);
  CHECK(article.status == ArticleStatus::published);
  CHECK(article.error == ArticleError{"PUBLICATION_FAILED", "Not now."});
  CHECK(publication_of(bench, id).status == PublicationStatus::failed);
  CHECK(bench.told() == Texts{"article.failed", "job.completed"});
  // What is on the CMS can still be taken down there.
  take_down(bench, id);
  bench.work();
  REQUIRE(bench.connector.calls.size() == 3);
  CHECK(bench.connector.calls[2].takes_down);
  CHECK(bench.article(id).status == ArticleStatus::ready);
  CHECK_FALSE(bench.article(id).error);
}
