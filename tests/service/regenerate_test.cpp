#include <catch2/catch.hpp>

#include "service/generation_steps.hpp"

using namespace galley;
using namespace galley::test;
using service::QueuedGeneration;

TEST_CASE("regenerate: a ready article is queued again with its text kept until the new one is there", "[service]") {
  ServiceBench bench;
  const QueuedGeneration queued = bench.must(generate(bench, {.keywords = {"tea"}}));
  bench.work();
  const ArticleId id = queued.articles[0].article;
  const Article before = bench.article(id);
  bench.told();
  const Job job = bench.must(bench.generation.regenerate(bench.owner, id, {}));
  CHECK(job.total == 1);
  CHECK(job.id != queued.job.id);
  const Article waiting = bench.article(id);
  CHECK(waiting.status == ArticleStatus::queued);
  CHECK(waiting.stage == Stage::generation);
  CHECK(waiting.text == before.text);
  CHECK(bench.keyword(queued.articles[0].keyword).status == KeywordStatus::queued);
  CHECK(bench.usage().reserved == 1);
  bench.generator.answers.push_back(GeneratedArticle{.text = {.title = "Anew", .markdown = "New words.\n"}});
  bench.work();
  const Article after = bench.article(id);
  CHECK(after.text.title == "Anew");
  CHECK(after.revision == before.revision + 1);
  CHECK(bench.usage().spent == 2);
  CHECK(bench.told() == Texts{"article.generated", "job.completed"});
}

TEST_CASE("regenerate: an article without a keyword, or in a state that does not allow it, is refused", "[service]") {
  ServiceBench bench;
  const ArticleId own = bench.make_article("Mine").id;
  CHECK(bench.run(bench.generation.regenerate(bench.owner, own, {})).error().code == ErrorCode::conflict);
  const ArticleId queued = bench.must(generate(bench, {.keywords = {"tea"}})).articles[0].article;
  const auto refused = bench.run(bench.generation.regenerate(bench.owner, queued, {}));
  CHECK(detail_of(refused.error(), "status") == "queued");
  CHECK(bench.usage().reserved == 1);
}

TEST_CASE("regenerate: over quota nothing moves", "[service]") {
  ServiceBench bench;
  bench.plans.agency.articles_per_month = 1;
  const ArticleId id = bench.must(generate(bench, {.keywords = {"tea"}})).articles[0].article;
  bench.work();
  const auto refused = bench.run(bench.generation.regenerate(bench.owner, id, {}));
  CHECK(refused.error().code == ErrorCode::quota_exceeded);
  CHECK(bench.article(id).status == ArticleStatus::ready);
}

TEST_CASE("generation: a retry after an error queues the same order again", "[service]") {
  ServiceBench bench;
  const QueuedGeneration queued = queue_one(bench, {.word_count = 555, .provider = "sketcher", .language = "fr"});
  bench.sketcher.answers.push_back(conflict("No."));
  bench.work();
  const ArticleId id = queued.articles[0].article;
  REQUIRE(bench.article(id).status == ArticleStatus::error);
  bench.told();
  const Job job = bench.must(bench.publishing.retry(bench.owner, id));
  CHECK(job.kind == JobKind::generate);
  CHECK_FALSE(bench.article(id).error);
  CHECK(bench.usage().reserved == 1);
  bench.work();
  REQUIRE(bench.sketcher.briefs.size() == 2);
  CHECK(bench.sketcher.briefs[1].word_count == 555);
  CHECK(bench.sketcher.briefs[1].language == "fr");
  CHECK(bench.article(id).status == ArticleStatus::draft);
  CHECK(bench.usage().spent == 1);
  CHECK(bench.told() == Texts{"article.generated", "job.completed"});
}
