#include "service/article_service.hpp"

#include <catch2/catch.hpp>

#include "service/article_steps.hpp"

using namespace galley;
using namespace galley::test;
using service::ArticleDetail;
using service::ArticleDraft;

TEST_CASE("articles: a person's article is a draft with a slug from its title, and one event", "[service]") {
  ServiceBench bench;
  const ArticleDetail made = bench.must(
      bench.articles.create(bench.owner, bench.project.id, titled("Größe of 2024 Tea", "# Hi\n\nTwo words.\n")));
  CHECK(made.article.slug == "grosse-of-tea");
  CHECK(made.article.status == ArticleStatus::draft);
  CHECK(made.article.word_count == 3);
  CHECK(made.article.revision == 1);
  CHECK(made.article.version == 1);
  CHECK_FALSE(made.article.published_at);
  CHECK_FALSE(made.article.last_updated_at);
  CHECK_FALSE(made.article.keyword);
  CHECK(made.url == "https://site.example/grosse-of-tea");
  CHECK(bench.told() == Texts{"article.created"});
  CHECK(bench.usage().reserved + bench.usage().spent == 0);
  CHECK(bench.sitemap_pages().empty());
  CHECK(bench.must(bench.articles.revision(bench.owner, made.article.id, 1)).made_by ==
        "user " + bench.owner.user->text());
}

TEST_CASE("articles: HTML is stored as the Markdown that it means", "[service]") {
  ServiceBench bench;
  ArticleDraft draft = titled("From HTML", "");
  draft.html = "<h2>Head</h2><p>Some <strong>bold</strong> text.</p><script>alert(1)</script>";
  const ArticleDetail made = bench.must(bench.articles.create(bench.owner, bench.project.id, draft));
  const Article stored = bench.article(made.article.id);
  CHECK(stored.text.markdown.find("**bold**") != std::string::npos);
  CHECK(stored.text.markdown.find("alert") == std::string::npos);
  CHECK(stored.text.markdown.find('<') == std::string::npos);
  const ArticleDetail read = bench.must(bench.articles.get(bench.owner, made.article.id));
  REQUIRE(read.texts);
  CHECK(read.texts->html.find("<strong>bold</strong>") != std::string::npos);
}

TEST_CASE("articles: a new one is a draft or ready, nothing else", "[service]") {
  ServiceBench bench;
  ArticleDraft draft = titled("One");
  draft.status = ArticleStatus::published;
  const auto refused = bench.run(bench.articles.create(bench.owner, bench.project.id, draft));
  REQUIRE(refused.has_error());
  CHECK(fields_of(refused.error()) == Texts{"status"});
  CHECK(bench.make_article("Two", ArticleStatus::ready).status == ArticleStatus::ready);
}

TEST_CASE("articles: all bad fields are named at once", "[service]") {
  ServiceBench bench;
  ArticleDraft draft = titled("");
  draft.canonical_url = "ftp://x";
  draft.tags = {"ok", ""};
  const auto refused = bench.run(bench.articles.create(bench.owner, bench.project.id, draft));
  REQUIRE(refused.has_error());
  CHECK(fields_of(refused.error()) == Texts{"title", "tags.1", "canonical_url"});
}

TEST_CASE("articles: the revision rises with the text alone, the version with every change", "[service]") {
  ServiceBench bench;
  const ArticleId id = bench.make_article("One").id;
  bench.told();
  const Article tagged = update(bench, id, edit([](ArticleDraft& draft) { draft.tags = {"tea"}; })).article;
  CHECK(tagged.revision == 1);
  CHECK(tagged.version == 2);
  const Article retitled = update(bench, id, set_title("Two")).article;
  CHECK(retitled.revision == 2);
  CHECK(retitled.version == 3);
  CHECK(retitled.slug == "one");
  const Article longer =
      update(bench, id, edit([](ArticleDraft& draft) { draft.text.markdown = "a b c d\n"; })).article;
  CHECK(longer.revision == 3);
  CHECK(longer.word_count == 4);
  CHECK(count_revisions(bench, id) == 3);
  CHECK(bench.must(bench.articles.revision(bench.owner, id, 1)).text.title == "One");
  CHECK(bench.must(bench.articles.revision(bench.owner, id, 2)).text.title == "Two");
  CHECK(bench.articles.revision(bench.owner, id, 4).error().code == ErrorCode::not_found);
  CHECK(bench.told() == Texts{"article.updated", "article.updated", "article.updated"});
}

TEST_CASE("articles: an update that changes nothing leaves version, revisions and subscribers alone", "[service]") {
  ServiceBench bench;
  const ArticleId id = bench.make_article("One").id;
  bench.told();
  bench.clock.advance(std::chrono::minutes(5));
  const Article same = update(bench, id, set_title("One")).article;
  CHECK(same.version == 1);
  CHECK(same.updated_at < bench.clock.now());
  CHECK(bench.told().empty());
  CHECK(count_revisions(bench, id) == 1);
}

TEST_CASE("articles: an update that knows an older version is refused", "[service]") {
  ServiceBench bench;
  const ArticleId id = bench.make_article("One").id;
  bench.must(bench.articles.update(bench.owner, id, 1, set_title("Two")));
  bench.told();
  CHECK(bench.run(bench.articles.update(bench.owner, id, 1, set_title("Three"))).error().code ==
        ErrorCode::precondition_failed);
  CHECK(bench.run(bench.articles.remove(bench.owner, id, 1)).error().code == ErrorCode::precondition_failed);
  CHECK(bench.article(id).text.title == "Two");
  CHECK(bench.told().empty());
  CHECK(bench.run(bench.articles.remove(bench.owner, id, 2)).has_value());
}

TEST_CASE("articles: a changed slug must be free, and an emptied one is made from the title again", "[service]") {
  ServiceBench bench;
  bench.make_article("One");
  const ArticleId id = bench.make_article("Two").id;
  const auto set_slug = [](std::optional<std::string> slug) {
    return edit([slug](ArticleDraft& draft) { draft.slug = slug; });
  };
  CHECK(bench.run(bench.articles.update(bench.owner, id, std::nullopt, set_slug("one"))).error().code ==
        ErrorCode::conflict);
  CHECK(update(bench, id, set_slug("deux")).article.slug == "deux");
  CHECK(update(bench, id, set_slug(std::nullopt)).article.slug == "two");
}

TEST_CASE("articles: approval moves a draft to ready and back, and nothing else by hand", "[service]") {
  ServiceBench bench;
  const ArticleId id = bench.make_article("One", ArticleStatus::draft).id;
  bench.told();
  CHECK(update(bench, id, set_status(ArticleStatus::ready)).article.status == ArticleStatus::ready);
  CHECK(update(bench, id, set_status(ArticleStatus::draft)).article.status == ArticleStatus::draft);
  CHECK(bench.told() == Texts{"article.updated", "article.updated"});
  const auto refused =
      bench.run(bench.articles.update(bench.owner, id, std::nullopt, set_status(ArticleStatus::published)));
  CHECK(fields_of(refused.error()) == Texts{"status"});
  CHECK(count_revisions(bench, id) == 1);
}

TEST_CASE("articles: a move that the state does not allow says what it does allow", "[service]") {
  ServiceBench bench;
  const ArticleId id = bench.make_article("One").id;
  bench.must(bench.publishing.publish(bench.owner, id, {}));
  bench.told();
  const auto refused =
      bench.run(bench.articles.update(bench.owner, id, std::nullopt, set_status(ArticleStatus::draft)));
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == ErrorCode::conflict);
  CHECK(detail_of(refused.error(), "status") == "published");
  CHECK(detail_of(refused.error(), "allowed") == "edit publish unpublish remove");
  CHECK(bench.article(id).status == ArticleStatus::published);
  CHECK(bench.told().empty());
}

TEST_CASE("articles: what is queued or being written cannot be edited or removed", "[service]") {
  ServiceBench bench;
  const auto queued = bench.must(bench.generation.generate(bench.owner, bench.project.id, {.keywords = {"tea"}}));
  const ArticleId id = queued.articles.at(0).article;
  for (const Error& refused :
       {bench.run(bench.articles.update(bench.owner, id, std::nullopt, set_title("Mine"))).error(),
        bench.run(bench.articles.remove(bench.owner, id, std::nullopt)).error()}) {
    CHECK(refused.code == ErrorCode::conflict);
    CHECK(detail_of(refused, "status") == "queued");
    CHECK(detail_of(refused, "allowed").empty());
  }
}
