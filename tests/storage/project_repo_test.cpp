#include "storage/project_repo.hpp"

#include <catch2/catch.hpp>

#include "support/temp_store.hpp"

namespace galley {
namespace {

using test::at;
using test::make_account;
using test::make_keyword;
using test::make_project;
using test::numbered;
using test::TempStore;

struct Fixture {
  TempStore store;
  Account mine = make_account(1), other = make_account(2);
  Project project = make_project(1, mine.id);
  Fixture() {
    store.write([&](Transaction& t) -> Result<void> {
      GALLEY_TRY(t.accounts().insert(mine));
      GALLEY_TRY(t.accounts().insert(other));
      return t.projects().insert(project, Secret("first secret"));
    });
  }
  Result<Project> find(const AccountId& account) {
    return store->read([&](const Transaction& t) { return t.projects().find(account, project.id); });
  }
};

Article make_article(std::int64_t number, const Project& project, ArticleStatus status) {
  Article article;
  article.id = numbered<ArticleId>(number);
  article.account = project.account;
  article.project = project.id;
  article.text = {.title = "Walrus " + std::to_string(number), .markdown = "Walruses live in the north."};
  article.slug = "walrus-" + std::to_string(number);
  article.status = status;
  article.created_at = article.updated_at = at(number);
  return article;
}

TEST_CASE("projects: every column comes back as it was written", "[storage]") {
  Fixture fixture;
  Project& project = fixture.project;
  project.name = "Größe \"& <x>";
  project.niche = "gardens";
  project.target_domain = "https://example.com";
  project.language = "pt-BR";
  project.tone_of_voice = "Witty";
  project.writing_style = "";
  project.avoid_words = {"delve", "a \"quoted\" word", ""};
  project.author_name = "Ada";
  project.permalink = "/blog/{slug}";
  project.sitemap = {.changefreq = ChangeFrequency::daily, .priority = 0.3, .base_url = "https://s.example.com"};
  project.version = 7;
  project.updated_at = at(99);
  fixture.store.write([&](Transaction& t) { return t.projects().update(project); });
  const auto found = fixture.find(fixture.mine.id);
  REQUIRE(found);
  CHECK(found->name == project.name);
  CHECK(found->niche == project.niche);
  CHECK(found->target_domain == project.target_domain);
  CHECK(found->language == project.language);
  CHECK(found->tone_of_voice == project.tone_of_voice);
  CHECK(found->writing_style == std::optional<std::string>(""));
  CHECK(found->avoid_words == project.avoid_words);
  CHECK(found->author_name == project.author_name);
  CHECK_FALSE(found->default_connection);
  CHECK(found->permalink == project.permalink);
  CHECK(found->sitemap.changefreq == ChangeFrequency::daily);
  CHECK(found->sitemap.priority == 0.3);
  CHECK(found->sitemap.base_url == project.sitemap.base_url);
  CHECK(found->version == 7);
  CHECK(found->created_at == at(1));
  CHECK(found->updated_at == at(99));
}

TEST_CASE("projects: another account finds, changes and removes nothing", "[storage]") {
  Fixture fixture;
  const AccountId& other = fixture.other.id;
  const ProjectId& id = fixture.project.id;
  CHECK(fixture.find(other).error().code == ErrorCode::not_found);
  Project stolen = fixture.project;
  stolen.account = other;
  stolen.name = "stolen";
  const auto write = [&](auto body) { return fixture.store->write_and_wait(body).error().code; };
  CHECK(write([&](Transaction& t) { return t.projects().update(stolen); }) == ErrorCode::not_found);
  CHECK(write([&](Transaction& t) { return t.projects().remove(other, id); }) == ErrorCode::not_found);
  CHECK(write([&](Transaction& t) { return t.projects().set_webhook_secrets(other, id, {.current = Secret("x")}); }) ==
        ErrorCode::not_found);
  CHECK(
      fixture.store->read([&](const Transaction& t) { return t.projects().webhook_secrets(other, id); }).error().code ==
      ErrorCode::not_found);
  CHECK(fixture.store->read([&](const Transaction& t) { return t.projects().counts(other, id); }).error().code ==
        ErrorCode::not_found);
  CHECK(*fixture.store->read([&](const Transaction& t) { return t.projects().count(other); }) == 0);
  CHECK(fixture.store->read([&](const Transaction& t) { return t.projects().list(other, {}, std::nullopt); })
            ->rows.empty());
  CHECK(fixture.store->read([&](const Transaction& t) { return t.projects().list(other, {}, id); })->rows.empty());
  CHECK(fixture.find(fixture.mine.id)->name == "Project 1");
  const auto secrets =
      fixture.store->read([&](const Transaction& t) { return t.projects().webhook_secrets(fixture.mine.id, id); });
  CHECK(secrets->current.reveal() == "first secret");
  CHECK_FALSE(secrets->previous);
}

TEST_CASE("projects: a list may be narrowed to one, and the public look-up needs no account", "[storage]") {
  Fixture fixture;
  fixture.store.write(
      [&](Transaction& t) { return t.projects().insert(make_project(2, fixture.mine.id), Secret("s")); });
  const auto list = [&](const std::optional<ProjectId>& only) {
    return *fixture.store->read([&](const Transaction& t) { return t.projects().list(fixture.mine.id, {}, only); });
  };
  CHECK(list(std::nullopt).total == 2);
  CHECK(list(std::nullopt).rows.front().name == "Project 2");
  CHECK(list(fixture.project.id).total == 1);
  CHECK(*fixture.store->read([&](const Transaction& t) { return t.projects().count(fixture.mine.id); }) == 2);
  CHECK(fixture.store->read([&](const Transaction& t) { return t.projects().find_public(fixture.project.id); }));
  CHECK(fixture.store->read([&](const Transaction& t) { return t.projects().find_public(numbered<ProjectId>(9)); })
            .error()
            .code == ErrorCode::not_found);
}

TEST_CASE("projects: counts follow what is made, changed and removed", "[storage]") {
  Fixture fixture;
  Article article = make_article(1, fixture.project, ArticleStatus::draft);
  fixture.store.write([&](Transaction& t) -> Result<void> {
    for (int i = 1; i <= 3; ++i)
      GALLEY_TRY(t.keywords().insert(make_keyword(i, fixture.project)));
    GALLEY_TRY(t.keywords().remove(fixture.mine.id, numbered<KeywordId>(2)));
    GALLEY_TRY(t.articles().insert(article, "user usr_1"));
    GALLEY_TRY(t.articles().insert(make_article(2, fixture.project, ArticleStatus::draft), "user usr_1"));
    GALLEY_TRY(t.articles().insert(make_article(3, fixture.project, ArticleStatus::ready), "user usr_1"));
    article.status = ArticleStatus::published;
    GALLEY_TRY(t.articles().update(article, "user usr_1"));
    return t.articles().remove(fixture.mine.id, numbered<ArticleId>(3));
  });
  const auto counts = fixture.store->read(
      [&](const Transaction& t) { return t.projects().counts(fixture.mine.id, fixture.project.id); });
  REQUIRE(counts);
  CHECK(counts->keywords == 2);
  CHECK(counts->articles == std::map<std::string, std::int64_t>{{"draft", 1}, {"published", 1}});
}

TEST_CASE("projects: removing one takes with it what belongs to it, and nothing else", "[storage]") {
  Fixture fixture;
  const Project kept = make_project(2, fixture.mine.id);
  fixture.store.write([&](Transaction& t) -> Result<void> {
    GALLEY_TRY(t.projects().insert(kept, Secret("s")));
    GALLEY_TRY(t.keywords().insert(make_keyword(1, fixture.project)));
    GALLEY_TRY(t.keywords().insert(make_keyword(2, kept)));
    GALLEY_TRY(t.articles().insert(make_article(1, fixture.project, ArticleStatus::draft), "user usr_1"));
    return t.articles().insert(make_article(2, kept, ArticleStatus::draft), "user usr_1");
  });
  fixture.store.write([&](Transaction& t) { return t.projects().remove(fixture.mine.id, fixture.project.id); });
  CHECK(fixture.find(fixture.mine.id).error().code == ErrorCode::not_found);
  fixture.store->read([&](const Transaction& t) -> Result<void> {
    CHECK(t.keywords().find(fixture.mine.id, numbered<KeywordId>(1)).has_error());
    CHECK(t.keywords().find(fixture.mine.id, numbered<KeywordId>(2)).has_value());
    CHECK(t.articles().find(fixture.mine.id, numbered<ArticleId>(1)).has_error());
    const auto found = t.articles().list(fixture.mine.id, {.search = "walruses"}, {});
    CHECK(found->total == 1);
    CHECK(found->rows.front().id == numbered<ArticleId>(2));
    return {};
  });
  // The index over the texts forgot it too: it agrees with the articles.
  fixture.store.close();
  auto raw =
      *storage::SqliteConnection::open(fixture.store.folder() / "galley.db", storage::SqliteConnection::Access::writer);
  CHECK(raw->execute("INSERT INTO article_search (article_search, rank) VALUES ('integrity-check', 1)"));
  auto violations = raw->query("PRAGMA foreign_key_check");
  CHECK_FALSE(*violations.step());
}

}  // namespace
}  // namespace galley
