#include "service/generate_handler.hpp"

#include <catch2/catch.hpp>

#include "service/generation_steps.hpp"

using namespace galley;
using namespace galley::test;
using service::JobDetail;
using service::QueuedGeneration;

TEST_CASE("generation: the writer's text becomes the article, ready, with one event each", "[service]") {
  ServiceBench bench;
  const QueuedGeneration queued = queue_one(bench);
  bench.told();
  bench.work();
  const Article article = bench.article(queued.articles[0].article);
  CHECK(article.status == ArticleStatus::ready);
  CHECK(article.stage == Stage::none);
  CHECK(article.text.title == "All about tea");
  CHECK(article.slug == "all-about-tea");
  CHECK(article.word_count == 5);
  CHECK(article.revision == 2);
  CHECK_FALSE(article.error);
  CHECK_FALSE(article.published_at);
  CHECK(bench.must(bench.articles.revision(bench.owner, article.id, 2)).made_by == "provider scripted");
  CHECK(bench.keyword(queued.articles[0].keyword).status == KeywordStatus::generated);
  CHECK(bench.usage().spent == 1);
  CHECK(bench.usage().reserved == 0);
  CHECK(bench.told() == Texts{"article.generated", "job.completed"});
  CHECK(bench.generator.briefs.size() == 1);
  CHECK(bench.sketcher.briefs.empty());
  CHECK(bench.connector.calls.empty());
  CHECK(bench.sitemap_pages().empty());
}

TEST_CASE("generation: a skeleton stays a draft unless asked otherwise", "[service]") {
  ServiceBench bench;
  const auto plain = queue(bench, {.keywords = {"a"}, .options = {.provider = "sketcher"}});
  const auto asked =
      queue(bench, {.keywords = {"b"}, .options = {.target_status = ArticleStatus::ready, .provider = "sketcher"}});
  const auto draft = queue(bench, {.keywords = {"c"}, .options = {.target_status = ArticleStatus::draft}});
  bench.work();
  CHECK(bench.article(plain.articles[0].article).status == ArticleStatus::draft);
  CHECK(bench.article(asked.articles[0].article).status == ArticleStatus::ready);
  CHECK(bench.article(draft.articles[0].article).status == ArticleStatus::draft);
}

TEST_CASE("generation: the brief tells the writer of the project, the cluster and what can be linked to", "[service]") {
  ServiceBench bench;
  const service::ProjectService::Edit edit = [](Project& project) -> Result<void> {
    project.niche = "Drinks";
    project.tone_of_voice = "Witty";
    project.writing_style = "Short.";
    project.avoid_words = {"very"};
    project.author_name = "Ada";
    project.language = "en-GB";
    return {};
  };
  bench.must(bench.projects.update(bench.owner, bench.project.id, std::nullopt, edit));
  for (const char* text : {"linked", "unlinked", "tea"})
    bench.must(bench.keywords.create(bench.owner, bench.project.id,
                                     {.text = text, .intent = Intent::commercial, .cluster = "Drinks"}));
  bench.must(bench.keywords.create(bench.owner, bench.project.id, {.text = "stranger"}));
  const auto linked = queue(bench, {.keywords = {"linked"}});
  bench.work();
  bench.must(bench.publishing.publish(bench.owner, linked.articles[0].article, {}));
  queue_one(bench, {.word_count = 321, .instructions = "Rhyme.", .model = "m", .language = "de"});
  bench.work();
  REQUIRE(bench.generator.briefs.size() == 2);
  const GenerationBrief brief = bench.generator.briefs[1];
  CHECK(brief.keyword == "tea");
  Texts others = brief.cluster_keywords;
  std::sort(others.begin(), others.end());
  CHECK(others == Texts{"linked", "unlinked"});
  REQUIRE(brief.internal_links.size() == 1);
  CHECK(brief.internal_links[0].title == "All about linked");
  CHECK(brief.internal_links[0].url == "https://site.example/all-about-linked");
  CHECK(brief.intent == "commercial");
  CHECK(brief.niche == "Drinks");
  CHECK(brief.language == "de");
  CHECK(brief.tone == "Witty");
  CHECK(brief.writing_style == "Short.");
  CHECK(brief.avoid_words == Texts{"very"});
  CHECK(brief.author_name == "Ada");
  CHECK(brief.word_count == 321);
  CHECK(brief.model == "m");
  CHECK(brief.instructions == "Rhyme.");
  CHECK(bench.generator.briefs[0].language == "en-GB");
  CHECK(bench.generator.briefs[0].internal_links.empty());
}

TEST_CASE("generation: what may pass is tried again later, with the unit still reserved", "[service]") {
  for (const ErrorCode code : {ErrorCode::unavailable, ErrorCode::timed_out, ErrorCode::rate_limited}) {
    ServiceBench bench;
    const QueuedGeneration queued = queue_one(bench);
    bench.told();
    bench.generator.answers.push_back(passing(code));
    bench.work();
    const ArticleId id = queued.articles[0].article;
    CHECK(bench.article(id).status == ArticleStatus::queued);
    CHECK(bench.article(id).stage == Stage::generation);
    CHECK_FALSE(bench.article(id).error);
    CHECK(bench.usage().reserved == 1);
    CHECK(bench.keyword(queued.articles[0].keyword).status == KeywordStatus::queued);
    CHECK(bench.told().empty());
    const JobItem item = bench.last_item(id, JobKind::generate).value();
    CHECK(item.status == JobStatus::queued);
    CHECK(item.due_at > bench.clock.now());
    CHECK(item.due_at <= bench.clock.now() + std::chrono::minutes(6));
    bench.work();
    CHECK(bench.generator.briefs.size() == 1);
    bench.clock.set(item.due_at);
    bench.work();
    CHECK(bench.generator.briefs.size() == 2);
    CHECK(bench.article(id).status == ArticleStatus::ready);
    CHECK(progress_of(bench, queued.job.id).job.status == JobStatus::succeeded);
  }
}

TEST_CASE("generation: after the last try what may pass is an error, and the unit is given back", "[service]") {
  ServiceBench bench;
  const QueuedGeneration queued = queue_one(bench);
  bench.told();
  for (int i = 0; i < 9; ++i)
    bench.generator.answers.push_back(passing());
  const ArticleId id = queued.articles[0].article;
  for (int i = 0; i < 10 && bench.article(id).status != ArticleStatus::error; ++i) {
    bench.work();
    bench.clock.advance(std::chrono::minutes(6));
  }
  CHECK(bench.generator.briefs.size() == 5);
  const Article article = bench.article(id);
  CHECK(article.status == ArticleStatus::error);
  CHECK(article.stage == Stage::generation);
  CHECK(article.error == ArticleError{"GENERATION_FAILED", "The model is busy."});
  CHECK(bench.usage().reserved == 0);
  CHECK(bench.usage().spent == 0);
  CHECK(bench.keyword(queued.articles[0].keyword).status == KeywordStatus::not_generated);
  CHECK(bench.told() == Texts{"article.failed", "job.completed"});
  const JobDetail job = progress_of(bench, queued.job.id);
  CHECK(job.job.status == JobStatus::failed);
  CHECK(job.job.error == article.error);
  CHECK(job.articles.at(0).error == article.error);
}

TEST_CASE("generation: what is final is not tried again", "[service]") {
  ServiceBench bench;
  const QueuedGeneration queued = queue_one(bench);
  bench.generator.answers.push_back(conflict("The model refuses."));
  bench.work();
  bench.clock.advance(std::chrono::hours(24));
  bench.work();
  CHECK(bench.generator.briefs.size() == 1);
  CHECK(bench.article(queued.articles[0].article).error == ArticleError{"GENERATION_FAILED", "The model refuses."});
  CHECK(bench.usage().reserved == 0);
}

TEST_CASE("generation: a text that cannot be stored is an error with the reasons, not an endless retry", "[service]") {
  ServiceBench bench;
  const QueuedGeneration queued = queue_one(bench);
  bench.told();
  bench.generator.answers.push_back(GeneratedArticle{.text = {.title = std::string(301, 'x'),
                                                              .markdown = "a\x01"
                                                                          "b"},
                                                     .slug = "fine"});
  bench.work();
  CHECK(bench.unwritten() == 0);
  const Article article = bench.article(queued.articles[0].article);
  CHECK(article.status == ArticleStatus::error);
  REQUIRE(article.error);
  CHECK(article.error->message.find("title must be") != std::string::npos);
  CHECK(article.error->message.find("markdown must be") != std::string::npos);
  CHECK(article.text.title == "tea");
  CHECK(article.revision == 1);
  CHECK(bench.usage().reserved == 0);
  CHECK(bench.usage().spent == 0);
  CHECK(bench.told() == Texts{"article.failed", "job.completed"});
}

TEST_CASE("generation: a provider that is gone fails what was queued for it", "[service]") {
  ServiceBench bench;
  const QueuedGeneration queued = queue_one(bench, {.provider = "sketcher"});
  bench.generators.pop_back();
  bench.work();
  const Article article = bench.article(queued.articles[0].article);
  CHECK(article.status == ArticleStatus::error);
  CHECK(article.error->message == "The provider that was asked for is no longer configured.");
  CHECK(bench.generator.briefs.empty());
}

TEST_CASE("generation: cancelled while it runs, the text is dropped and the unit given back", "[service]") {
  ServiceBench bench;
  Gate gate(bench.context);
  bench.generator.before = [&] { return gate.wait(); };
  const QueuedGeneration queued = queue_one(bench);
  const ArticleId id = queued.articles[0].article;
  bench.told();
  {
    Working working(bench);
    bench.run_until([&] { return bench.generator.briefs.size() == 1; });
    CHECK(bench.article(id).status == ArticleStatus::generating);
    CHECK(progress_of(bench, queued.job.id).job.status == JobStatus::running);
    const JobDetail cancelled = bench.must(bench.jobs.cancel(bench.owner, queued.job.id));
    CHECK(cancelled.job.status == JobStatus::cancelled);
    CHECK(cancelled.articles.at(0).status == JobStatus::cancelled);
    gate.open();
    working.until_idle();
  }
  const Article article = bench.article(id);
  CHECK(article.status == ArticleStatus::error);
  CHECK(article.stage == Stage::generation);
  CHECK(article.error->code == "CANCELLED");
  CHECK(article.text.title == "tea");
  CHECK(bench.usage().reserved == 0);
  CHECK(bench.usage().spent == 0);
  CHECK(bench.keyword(queued.articles[0].keyword).status == KeywordStatus::not_generated);
  CHECK(bench.told() == Texts{"article.failed", "job.completed"});
  CHECK(bench.unwritten() == 0);
}
