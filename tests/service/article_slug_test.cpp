#include <catch2/catch.hpp>

#include "service/article_steps.hpp"

using namespace galley;
using namespace galley::test;
using service::ArticleDraft;

TEST_CASE("articles: a slug that is asked for is taken as it is, once in a project", "[service]") {
  ServiceBench bench;
  ArticleDraft draft = titled("One");
  draft.slug = "my-slug";
  CHECK(bench.must(bench.articles.create(bench.owner, bench.project.id, draft)).article.slug == "my-slug");
  const auto refused = bench.run(bench.articles.create(bench.owner, bench.project.id, draft));
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == ErrorCode::conflict);
  CHECK(detail_of(refused.error(), "slug") == "my-slug");
  CHECK(bench.must(bench.articles.create(bench.owner, bench.other_project.id, draft)).article.slug == "my-slug");
  CHECK(bench.told() == Texts{"article.created"});
}

TEST_CASE("articles: slugs made from one title are numbered, and never run out", "[service]") {
  ServiceBench bench;
  CHECK(bench.make_article("Tea time").slug == "tea-time");
  CHECK(bench.make_article("Tea Time!").slug == "tea-time-2");
  std::string last;
  for (int i = 0; i < 50; ++i)
    last = bench.make_article("Tea time").slug;
  CHECK(last.starts_with("tea-time-"));
  CHECK(last.size() > std::string("tea-time-50").size());
}

TEST_CASE("articles: slugs of one long Japanese title never run out either", "[service]") {
  ServiceBench bench;
  std::string title;
  for (int i = 0; i < 30; ++i)
    title += "お茶の";
  std::string last;
  for (int i = 0; i < 52; ++i)
    last = bench.make_article(title).slug;
  CHECK(last.starts_with("お茶の"));
}

TEST_CASE("articles: a title without letters gets a slug from the id", "[service]") {
  ServiceBench bench;
  CHECK(bench.make_article("🎉🎉").slug.starts_with("article-"));
}

TEST_CASE("articles: reserved and malformed slugs are refused", "[service]") {
  ServiceBench bench;
  for (const char* slug : {"feed", "wp-admin", "Upper", "two--hyphens", "-edge", "with space", "a/b"}) {
    ArticleDraft draft = titled("One");
    draft.slug = slug;
    const auto refused = bench.run(bench.articles.create(bench.owner, bench.project.id, draft));
    INFO(slug);
    REQUIRE(refused.has_error());
    CHECK(fields_of(refused.error()) == Texts{"slug"});
  }
  CHECK(bench.told().empty());
}
