#include "storage/sitemap_repo.hpp"

#include <catch2/catch.hpp>

#include "support/planned_connection.hpp"
#include "support/two_sites.hpp"

namespace galley {
namespace {

using test::at;
using test::make_article;
using test::must;
using test::numbered;
using test::numbers;
using test::TwoSites;

struct Mapped : TwoSites {
  // Published as the service does: a place, then the row.
  void publish(std::int64_t number, Time published, const Project& project) {
    Article article = make_article(number, project);
    must(write([&](Transaction& t) { return t.articles().insert(article, "user"); }));
    must(write([&](Transaction& t) -> Result<void> {
      article.sitemap_page = GALLEY_TRY(t.sitemap_pages().give_place(project.id, published));
      article.status = ArticleStatus::published;
      article.published_at = published;
      return t.articles().update(article, "user");
    }));
  }
  void set_status(std::int64_t number, ArticleStatus status) {
    must(write([&](Transaction& t) -> Result<void> {
      Article article = GALLEY_TRY(t.articles().find(mine.id, numbered<ArticleId>(number)));
      article.status = status;
      return t.articles().update(article, "user");
    }));
  }
  std::vector<SitemapPage> pages() {
    return must(read([&](const Transaction& t) { return t.sitemap_pages().pages(site.id); }));
  }
  std::string on_page(int page) {
    return numbers(must(read([&](const Transaction& t) { return t.sitemap_pages().articles(site.id, page); })));
  }
  std::vector<Article> newest(int max, bool with_bodies) {
    return must(read([&](const Transaction& t) { return t.sitemap_pages().newest(site.id, max, with_bodies); }));
  }
};

TEST_CASE("sitemap pages: a project that never published has none", "[storage]") {
  Mapped f;
  CHECK(f.pages().empty());
  CHECK(f.on_page(1).empty());
  CHECK(f.newest(5, false).empty());
}

TEST_CASE("sitemap pages: articles stand in the order in which they got their places, for life", "[storage]") {
  Mapped f;
  f.publish(3, at(100), f.site);
  f.publish(1, at(200), f.site);
  f.publish(2, at(150), f.site);
  f.publish(9, at(150), f.second);
  CHECK(f.on_page(1) == "3 1 2");
  const std::vector<SitemapPage> pages = f.pages();
  REQUIRE(pages.size() == 1);
  CHECK(pages[0].number == 1);
  CHECK(pages[0].given == 3);
  CHECK(pages[0].generation == 3);
  CHECK(pages[0].last_modified == at(150));

  f.set_status(3, ArticleStatus::ready);
  CHECK(f.on_page(1) == "1 2");
  f.set_status(3, ArticleStatus::published);
  CHECK(f.on_page(1) == "3 1 2");
  CHECK(f.pages().at(0).given == 3);
}

TEST_CASE("sitemap pages: drafts and removed articles are not on them", "[storage]") {
  Mapped f;
  f.publish(1, at(1), f.site);
  f.publish(2, at(2), f.site);
  must(f.write([&](Transaction& t) { return t.articles().insert(make_article(3, f.site), "user"); }));
  must(f.write([&](Transaction& t) { return t.articles().remove(f.mine.id, numbered<ArticleId>(1)); }));
  CHECK(f.on_page(1) == "2");
  CHECK(f.pages().at(0).given == 2);
}

TEST_CASE("sitemap pages: a full page is followed by a new one and never filled again", "[storage]") {
  Mapped f;
  f.publish(1, at(1), f.site);
  f.store.close();
  {
    auto raw = must(
        storage::SqliteConnection::open(f.store.folder() / "galley.db", storage::SqliteConnection::Access::writer));
    REQUIRE(raw->run_script("UPDATE sitemap_pages SET given = 49999;").has_value());
  }
  f.store.reopen();
  f.publish(2, at(2), f.site);
  f.publish(3, at(3), f.site);
  f.publish(4, at(4), f.site);
  CHECK(f.on_page(1) == "1 2");
  CHECK(f.on_page(2) == "3 4");
  must(f.write([&](Transaction& t) { return t.articles().remove(f.mine.id, numbered<ArticleId>(1)); }));
  f.publish(5, at(5), f.site);
  CHECK(f.on_page(2) == "3 4 5");
  const std::vector<SitemapPage> pages = f.pages();
  REQUIRE(pages.size() == 2);
  CHECK(pages[0].given == sitemap_page_size);
  CHECK(pages[0].last_modified == at(2));
  CHECK(pages[1].number == 2);
  CHECK(pages[1].given == 3);
}

TEST_CASE("sitemap pages: a bump raises one page or all of one project", "[storage]") {
  Mapped f;
  f.publish(1, at(1), f.site);
  f.publish(9, at(1), f.second);
  must(f.write([&](Transaction& t) { return t.sitemap_pages().bump(f.site.id, 1, at(50)); }));
  CHECK(f.pages().at(0).generation == 2);
  CHECK(f.pages().at(0).last_modified == at(50));
  must(f.write([&](Transaction& t) { return t.sitemap_pages().bump(f.site.id, 2, at(60)); }));
  CHECK(f.pages().at(0).generation == 2);
  must(f.write([&](Transaction& t) { return t.sitemap_pages().bump_all(f.site.id, at(70)); }));
  CHECK(f.pages().at(0).generation == 3);
  CHECK(f.pages().at(0).given == 1);
  CHECK(must(f.read([&](const Transaction& t) { return t.sitemap_pages().pages(f.second.id); })).at(0).generation == 1);
}

TEST_CASE("sitemap pages: feeds read the newest published, with bodies when asked", "[storage]") {
  Mapped f;
  f.publish(1, at(100), f.site);
  f.publish(2, at(300), f.site);
  f.publish(3, at(200), f.site);
  f.publish(9, at(900), f.second);
  f.set_status(3, ArticleStatus::ready);
  CHECK(numbers(f.newest(5, false)) == "2 1");
  CHECK(numbers(f.newest(1, false)) == "2");
  CHECK(f.newest(1, false).at(0).text.markdown.empty());
  CHECK(f.newest(1, true).at(0).text.markdown == "Body 2");
}

TEST_CASE("sitemap pages: they go with their project", "[storage]") {
  Mapped f;
  f.publish(1, at(1), f.site);
  must(f.write([&](Transaction& t) { return t.projects().remove(f.mine.id, f.site.id); }));
  CHECK(f.pages().empty());
  CHECK(f.on_page(1).empty());
}

TEST_CASE("sitemap pages: no statement walks or sorts a table", "[storage]") {
  test::PlannedConnection connection;
  connection.fill("PRAGMA foreign_keys = OFF");
  storage::SitemapRepo repo(connection);
  const ProjectId project("proj_1");
  must(repo.pages(project));
  must(repo.articles(project, 1));
  must(repo.newest(project, 5, true));
  CHECK(must(repo.give_place(project, at(1))) == 1);
  must(repo.bump(project, 1, at(1)));
  must(repo.bump_all(project, at(1)));
  CHECK_THAT(connection.take_plans(), test::uses_indexes());
}

}  // namespace
}  // namespace galley
