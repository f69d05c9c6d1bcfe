#include <catch2/catch.hpp>

#include "service/article_steps.hpp"

using namespace galley;
using namespace galley::test;
using service::ArticleDetail;
using service::ArticleDraft;

TEST_CASE("articles: readers of a native publication see a change at once: lastUpdatedAt and the sitemap page",
          "[service]") {
  ServiceBench bench;
  const ArticleId id = bench.make_article("One").id;
  const Time published = bench.clock.now();
  bench.must(bench.publishing.publish(bench.owner, id, {}));
  const std::int64_t generation = bench.sitemap_generation();
  bench.clock.advance(std::chrono::hours(30));
  const Article updated = update(bench, id, set_title("Two")).article;
  CHECK(updated.status == ArticleStatus::published);
  CHECK(updated.published_at == published);
  CHECK(updated.last_updated_at == bench.clock.now());
  CHECK(bench.sitemap_generation() == generation + 1);
}

TEST_CASE("articles: a change of what is not published moves neither lastUpdatedAt nor the sitemap", "[service]") {
  ServiceBench bench;
  const ArticleId seen = bench.make_article("Seen").id;
  bench.must(bench.publishing.publish(bench.owner, seen, {}));
  const ArticleId id = bench.make_article("One").id;
  const std::int64_t generation = bench.sitemap_generation();
  CHECK_FALSE(update(bench, id, set_title("Two")).article.last_updated_at);
  CHECK(bench.sitemap_generation() == generation);
  REQUIRE(bench.run(bench.articles.remove(bench.owner, id, std::nullopt)).has_value());
  CHECK(bench.sitemap_generation() == generation);
}

TEST_CASE("articles: on a CMS readers see a change only when it is published again, the sitemap its address at once",
          "[service]") {
  ServiceBench bench;
  bench.make_connection("CMS");
  const ArticleId id = bench.make_article("One").id;
  bench.must(bench.publishing.publish(bench.owner, id, {}));
  bench.work();
  const Article published = bench.article(id);
  REQUIRE(published.status == ArticleStatus::published);
  const std::int64_t generation = bench.sitemap_generation();
  bench.clock.advance(std::chrono::hours(30));
  const ArticleDetail updated =
      update(bench, id, edit([](ArticleDraft& draft) { draft.canonical_url = "https://site.example/elsewhere"; }));
  CHECK(updated.article.last_updated_at == published.last_updated_at);
  CHECK(updated.url == "https://site.example/elsewhere");
  CHECK(bench.sitemap_generation() == generation + 1);
  CHECK(bench.connector.calls.size() == 1);
}

TEST_CASE("articles: a published one that is removed leaves the sitemap and says so", "[service]") {
  ServiceBench bench;
  const ArticleId id = bench.make_article("One").id;
  bench.must(bench.publishing.publish(bench.owner, id, {}));
  const std::int64_t generation = bench.sitemap_generation();
  bench.told();
  REQUIRE(bench.run(bench.articles.remove(bench.owner, id, std::nullopt)).has_value());
  CHECK(bench.sitemap_generation() == generation + 1);
  const std::vector<Event> events = bench.heard();
  REQUIRE(events.size() == 1);
  CHECK(events[0].type == EventType::article_deleted);
  CHECK(get<ArticleSnapshot>(events[0].snapshot).text.title == "One");
  CHECK(bench.articles.get(bench.owner, id).error().code == ErrorCode::not_found);
  // Its slug is free again.
  CHECK(bench.make_article("One").slug == "one");
}

TEST_CASE("articles: removal gives the keyword back to the matrix", "[service]") {
  ServiceBench bench;
  const auto queued = bench.must(bench.generation.generate(bench.owner, bench.project.id, {.keywords = {"tea"}}));
  bench.work();
  const KeywordId keyword = queued.articles.at(0).keyword;
  REQUIRE(bench.keyword(keyword).status == KeywordStatus::generated);
  REQUIRE(bench.run(bench.articles.remove(bench.owner, queued.articles.at(0).article, std::nullopt)).has_value());
  CHECK(bench.keyword(keyword).status == KeywordStatus::not_generated);
  CHECK_FALSE(bench.keyword(keyword).article);
}
