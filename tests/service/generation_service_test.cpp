#include "service/generation_service.hpp"

#include <catch2/catch.hpp>

#include "service/generation_steps.hpp"

using namespace galley;
using namespace galley::test;
using service::GenerationOptions;
using service::GenerationRequest;
using service::PublishWish;
using service::QueuedGeneration;

namespace {

Texts keywords_of(const QueuedGeneration& queued) {
  Texts texts;
  for (const service::QueuedArticle& article : queued.articles)
    texts.push_back(article.keyword_text);
  return texts;
}

KeywordId add_keyword(ServiceBench& bench, service::KeywordDraft draft) {
  return bench.must(bench.keywords.create(bench.owner, bench.project.id, std::move(draft))).id;
}

}  // namespace

TEST_CASE("generate: keywords named as text join the matrix, and each has a queued article", "[service]") {
  ServiceBench bench;
  const KeywordId known = add_keyword(bench, {.text = "Green Tea"});
  const QueuedGeneration queued = bench.must(generate(bench, {.keywords = {"green  tea", "coffee"}}));
  CHECK(keywords_of(queued) == Texts{"Green Tea", "coffee"});
  CHECK(queued.articles[0].keyword == known);
  CHECK(queued.skipped.empty());
  CHECK(queued.job.status == JobStatus::queued);
  CHECK(queued.job.total == 2);
  const Article article = bench.article(queued.articles[1].article);
  CHECK(article.status == ArticleStatus::queued);
  CHECK(article.stage == Stage::generation);
  CHECK(article.keyword == queued.articles[1].keyword);
  CHECK(article.keyword_text == "coffee");
  CHECK(article.slug == "coffee");
  const Keyword keyword = bench.keyword(queued.articles[1].keyword);
  CHECK(keyword.status == KeywordStatus::queued);
  CHECK(keyword.article == article.id);
  CHECK(bench.told() == Texts{"article.created", "article.created"});
  CHECK(bench.usage().reserved == 2);
  CHECK(bench.generator.briefs.empty());
}

TEST_CASE("generate: keywords named by id are taken once each, in their order", "[service]") {
  ServiceBench bench;
  const KeywordId a = add_keyword(bench, {.text = "a"});
  const KeywordId b = add_keyword(bench, {.text = "b"});
  const QueuedGeneration queued = bench.must(generate(bench, {.keyword_ids = {b, a, b}}));
  CHECK(keywords_of(queued) == Texts{"b", "a"});
  CHECK(bench.usage().reserved == 2);
}

TEST_CASE("generate: an id of another project or of nobody undoes the whole call", "[service]") {
  ServiceBench bench;
  const KeywordId mine = add_keyword(bench, {.text = "a"});
  const KeywordId elsewhere = bench.must(bench.keywords.create(bench.owner, bench.other_project.id, {.text = "b"})).id;
  for (const KeywordId& id : {elsewhere, numbered<KeywordId>(404)}) {
    const auto refused = generate(bench, {.keyword_ids = {mine, id}});
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == ErrorCode::not_found);
    CHECK(detail_of(refused.error(), "keyword_id") == id.text());
  }
  CHECK(bench.keyword(mine).status == KeywordStatus::not_generated);
  CHECK(count_jobs(bench) == 0);
  CHECK(bench.usage().reserved == 0);
  CHECK(bench.told().empty());
}

TEST_CASE("generate: with no selector the best keywords that are not generated yet are taken", "[service]") {
  ServiceBench bench;
  add_keyword(bench, {.text = "low", .volume = 900, .priority = Priority::low});
  add_keyword(bench, {.text = "high small", .volume = 5, .priority = Priority::high});
  add_keyword(bench, {.text = "high unknown", .priority = Priority::high});
  add_keyword(bench, {.text = "high big", .volume = 50, .priority = Priority::high});
  add_keyword(bench, {.text = "medium", .volume = 100});
  CHECK(keywords_of(bench.must(generate(bench, {.limit = 4}))) ==
        Texts{"high big", "high small", "high unknown", "medium"});
  CHECK(keywords_of(bench.must(generate(bench, {}))) == Texts{"low"});
  const auto none = generate(bench, {});
  REQUIRE(none.has_error());
  CHECK(none.error().code == ErrorCode::conflict);
  CHECK(count_jobs(bench) == 2);
}

TEST_CASE("generate: a filter picks by priority and cluster", "[service]") {
  ServiceBench bench;
  const KeywordId tea = add_keyword(bench, {.text = "tea", .priority = Priority::low, .cluster = "Drinks"});
  add_keyword(bench, {.text = "milk", .priority = Priority::high, .cluster = "Drinks"});
  add_keyword(bench, {.text = "bread", .priority = Priority::low});
  const KeywordFilter filter{.priority = Priority::low, .cluster = bench.keyword(tea).cluster};
  CHECK(keywords_of(bench.must(generate(bench, {.filter = filter}))) == Texts{"tea"});
}

TEST_CASE("generate: a matrix is expanded into the keywords and generated in one call", "[service]") {
  ServiceBench bench;
  const service::Expansion matrix{.patterns = {"{a} mug"}, .dimensions = {{"a", {"red", "blue"}}}};
  CHECK(keywords_of(bench.must(generate(bench, {.matrix = matrix}))) == Texts{"red mug", "blue mug"});
  CHECK(count_keywords(bench) == 2);
}

TEST_CASE("generate: a matrix that is wrong or too big changes nothing", "[service]") {
  ServiceBench bench;
  const auto wrong = generate(bench, {.matrix = service::Expansion{.patterns = {"{a} mug"}}});
  REQUIRE(wrong.has_error());
  CHECK(wrong.error().code == ErrorCode::validation_failed);
  service::Expansion wide{.patterns = {"{a} {b}"}, .dimensions = {{"a", {}}, {"b", {"x", "y", "z"}}}};
  for (int i = 0; i < 167; ++i)
    wide.dimensions["a"].push_back(std::to_string(i));
  const auto big = generate(bench, {.matrix = wide});
  REQUIRE(big.has_error());
  CHECK(fields_of(big.error()) == Texts{"matrix"});
  CHECK(count_keywords(bench) == 0);
}

TEST_CASE("generate: a keyword whose article is in work is skipped and named", "[service]") {
  ServiceBench bench;
  const QueuedGeneration first = bench.must(generate(bench, {.keywords = {"tea"}}));
  const QueuedGeneration second = bench.must(generate(bench, {.keywords = {"TEA", "milk"}}));
  CHECK(keywords_of(second) == Texts{"milk"});
  REQUIRE(second.skipped.size() == 1);
  CHECK(second.skipped[0].keyword == first.articles[0].keyword);
  CHECK(second.skipped[0].keyword_text == "tea");
  CHECK_FALSE(second.skipped[0].reason.empty());
  CHECK(bench.usage().reserved == 2);
  CHECK(generate(bench, {.keywords = {"tea"}}).error().code == ErrorCode::conflict);
}

TEST_CASE("generate: everything wrong with the options is named at once", "[service]") {
  ServiceBench bench;
  const GenerationOptions options{.target_status = ArticleStatus::published, .provider = "nobody", .language = "?"};
  const auto refused = generate(bench, {.keywords = {"tea"}, .options = options});
  REQUIRE(refused.has_error());
  CHECK(fields_of(refused.error()) == Texts{"provider", "target_status", "language"});
  CHECK(refused.error().fields.at(0).reason.find("scripted, sketcher") != std::string::npos);
  const GenerationOptions clash{.target_status = ArticleStatus::draft, .publish = PublishWish::now};
  CHECK(fields_of(generate(bench, {.keywords = {"tea"}, .options = clash}).error()) == Texts{"publish"});
  CHECK(count_keywords(bench) == 0);
}

TEST_CASE("generate: a connection of another project is not found", "[service]") {
  ServiceBench bench;
  const Connection connection = bench.make_connection("CMS");
  const GenerationRequest request{.keywords = {"tea"}, .options = {.connection = connection.id}};
  CHECK(generate(bench, request).has_value());
  const auto refused = bench.run(bench.generation.generate(bench.owner, bench.other_project.id, request));
  REQUIRE(refused.has_error());
  CHECK(detail_of(refused.error(), "connection_id") == connection.id.text());
}

TEST_CASE("generate: options survive their way through the queue", "[service]") {
  const GenerationOptions options{.word_count = 777,
                                  .target_status = ArticleStatus::draft,
                                  .connection = numbered<ConnectionId>(3),
                                  .publish = PublishWish::now,
                                  .instructions = "Be brief.",
                                  .provider = "outline",
                                  .model = "m-1",
                                  .language = "de"};
  const GenerationOptions back = service::decode_options(json::Value(service::encode_options(options)));
  CHECK(back.word_count == 777);
  CHECK(back.target_status == ArticleStatus::draft);
  CHECK(back.connection == options.connection);
  CHECK(back.publish == PublishWish::now);
  CHECK(back.instructions == "Be brief.");
  CHECK(back.provider == "outline");
  CHECK(back.model == "m-1");
  CHECK(back.language == "de");
  const GenerationOptions plain = service::decode_options(json::Value(service::encode_options(GenerationOptions{})));
  CHECK(plain.word_count == 1200);
  CHECK_FALSE(plain.target_status);
  CHECK_FALSE(plain.connection);
  CHECK(plain.publish == PublishWish::none);
  CHECK_FALSE(plain.model);
}
