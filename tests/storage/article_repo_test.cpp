#include "storage/article_repo.hpp"

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
using test::PlannedConnection;
using test::TwoSites;
using test::uses_indexes;

struct Articled : TwoSites {
  void insert(const Article& article) {
    must(write([&](Transaction& t) { return t.articles().insert(article, "user usr_1"); }));
  }
  Result<void> update(const Article& article) {
    return write([&](Transaction& t) { return t.articles().update(article, "user usr_2"); });
  }
  Article find(std::int64_t number) {
    return must(read([&](const Transaction& t) { return t.articles().find(mine.id, numbered<ArticleId>(number)); }));
  }
  Page<Article> list(const ArticleFilter& filter, const PageRequest& page = {}) {
    return must(read([&](const Transaction& t) { return t.articles().list(mine.id, filter, page); }));
  }
  Page<Revision> revisions(std::int64_t number) {
    return must(read([&](const Transaction& t) {
      return t.articles().revisions(mine.id, numbered<ArticleId>(number), PageRequest{});
    }));
  }
};

Article full_article(const Project& project) {
  Article article = make_article(1, project);
  article.keyword_text = "Grüne Äpfel";
  article.text.excerpt = "Short";
  article.text.meta_title = "Meta";
  article.text.meta_description = "";
  article.text.meta_keywords = {"a", "b \"c\""};
  article.status = ArticleStatus::error;
  article.stage = Stage::publication;
  article.categories = {"Fruit"};
  article.tags = {"red", "green"};
  article.author_name = "Ada";
  article.canonical_url = "https://example.com/a";
  article.featured_image_url = "https://example.com/a.png";
  article.word_count = 1234;
  article.scheduled_for = at(10);
  article.published_at = at(11);
  article.last_updated_at = at(12);
  article.external_url = "https://cms.example/a";
  article.error = ArticleError{"REFUSED", "No."};
  article.revision = 3;
  article.version = 9;
  article.updated_at = at(77);
  return article;
}

void check_same(const Article& a, const Article& b) {
  CHECK(a.id == b.id);
  CHECK(a.account == b.account);
  CHECK(a.project == b.project);
  CHECK(a.keyword == b.keyword);
  CHECK(a.keyword_text == b.keyword_text);
  CHECK(a.text == b.text);
  CHECK(a.slug == b.slug);
  CHECK(a.status == b.status);
  CHECK(a.stage == b.stage);
  CHECK(a.categories == b.categories);
  CHECK(a.tags == b.tags);
  CHECK(a.author_name == b.author_name);
  CHECK(a.canonical_url == b.canonical_url);
  CHECK(a.featured_image_url == b.featured_image_url);
  CHECK(a.word_count == b.word_count);
  CHECK(a.scheduled_for == b.scheduled_for);
  CHECK(a.published_at == b.published_at);
  CHECK(a.last_updated_at == b.last_updated_at);
  CHECK(a.external_url == b.external_url);
  CHECK(a.error == b.error);
  CHECK(a.sitemap_page == b.sitemap_page);
  CHECK(a.revision == b.revision);
  CHECK(a.version == b.version);
  CHECK(a.created_at == b.created_at);
  CHECK(a.updated_at == b.updated_at);
}

TEST_CASE("articles: every field comes back as it was inserted and as it was updated", "[storage]") {
  Articled f;
  const Article full = full_article(f.site);
  f.insert(full);
  check_same(f.find(1), full);

  Article plain = make_article(1, f.site);
  plain.revision = 4;
  plain.created_at = full.created_at;
  must(f.update(plain));
  check_same(f.find(1), plain);
}

TEST_CASE("articles: a slug used twice in a project is a conflict that names it", "[storage]") {
  Articled f;
  f.insert(make_article(1, f.site));
  Article twin = make_article(2, f.site);
  twin.slug = "slug-1";
  const Result<void> refused = f.write([&](Transaction& t) { return t.articles().insert(twin, "user"); });
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == ErrorCode::conflict);
  CHECK(refused.error().message == "The slug \"slug-1\" is already used in this project.");
  CHECK(refused.error().details == std::vector<Detail>{{"slug", "slug-1"}});
  CHECK(f.read([&](const Transaction& t) { return t.articles().find(f.mine.id, twin.id); }).has_error());

  twin.project = f.second.id;
  f.insert(twin);
  Article third = make_article(3, f.site);
  f.insert(third);
  third.slug = "slug-1";
  const Result<void> renamed = f.update(third);
  REQUIRE(renamed.has_error());
  CHECK(renamed.error().message == "The slug \"slug-1\" is already used in this project.");
  CHECK(f.find(3).slug == "slug-3");
}

TEST_CASE("articles: slug_taken asks for the project of the account alone", "[storage]") {
  Articled f;
  f.insert(make_article(1, f.site));
  const auto taken = [&](const AccountId& account, const ProjectId& project) {
    return must(f.read([&](const Transaction& t) { return t.articles().slug_taken(account, project, "slug-1"); }));
  };
  CHECK(taken(f.mine.id, f.site.id));
  CHECK_FALSE(taken(f.mine.id, f.second.id));
  CHECK_FALSE(taken(f.other.id, f.site.id));
}

TEST_CASE("articles: a revision is kept of the first text and of every one that rose", "[storage]") {
  Articled f;
  Article article = make_article(1, f.site);
  f.insert(article);
  article.status = ArticleStatus::ready;
  article.version = 2;
  must(f.update(article));
  CHECK(f.revisions(1).rows.size() == 1);

  article.text.markdown = "Better";
  article.revision = 2;
  article.updated_at = at(500);
  must(f.update(article));
  const Page<Revision> revisions = f.revisions(1);
  REQUIRE(revisions.rows.size() == 2);
  CHECK(revisions.total == 2);
  CHECK(revisions.rows[0].number == 2);
  CHECK(revisions.rows[0].text.markdown.empty());
  CHECK(revisions.rows[0].made_by == "user usr_2");
  CHECK(revisions.rows[0].created_at == at(500));
  CHECK(revisions.rows[1].made_by == "user usr_1");

  const auto revision = [&](const AccountId& account, std::int64_t number) {
    return f.read([&](const Transaction& t) { return t.articles().revision(account, article.id, number); });
  };
  CHECK(must(revision(f.mine.id, 1)).text.markdown == "Body 1");
  CHECK(must(revision(f.mine.id, 2)).text.markdown == "Better");
  CHECK(revision(f.mine.id, 3).error().code == ErrorCode::not_found);
  CHECK(revision(f.other.id, 1).error().code == ErrorCode::not_found);
}

TEST_CASE("articles: an article from a list without bodies does not overwrite its text", "[storage]") {
  Articled f;
  f.insert(make_article(1, f.site));
  Article listed = f.list({}).rows.at(0);
  CHECK(listed.text.markdown.empty());
  const Result<void> refused = f.update(listed);
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == ErrorCode::internal);
  CHECK(f.find(1).text.markdown == "Body 1");

  listed.revision = 2;  // meant to be empty
  must(f.update(listed));
  CHECK(f.find(1).text.markdown.empty());
}

TEST_CASE("articles: another account neither sees nor changes an article", "[storage]") {
  Articled f;
  f.insert(make_article(1, f.site));
  f.insert(make_article(2, f.foreign));
  const ArticleId theirs = numbered<ArticleId>(2);
  CHECK(f.read([&](const Transaction& t) { return t.articles().find(f.mine.id, theirs); }).error().code ==
        ErrorCode::not_found);
  Article stolen = make_article(2, f.foreign);
  stolen.account = f.mine.id;
  stolen.text.title = "Mine now";
  CHECK(f.update(stolen).error().code == ErrorCode::not_found);
  CHECK(f.write([&](Transaction& t) { return t.articles().remove(f.mine.id, theirs); }).error().code ==
        ErrorCode::not_found);
  CHECK(numbers(f.list({}).rows) == "1");
  CHECK(f.list({.project = f.foreign.id}).rows.empty());
  CHECK(f.list({.project = f.foreign.id}).total == 0);
  CHECK(f.list({.project = f.foreign.id, .updated_since = at(0)}).total == 0);
  CHECK(f.list({.search = "title"}).total == 1);
  CHECK(f.list({.project = f.foreign.id, .search = "title"}).total == 0);
  CHECK(must(f.read([&](const Transaction& t) { return t.articles().find(f.other.id, theirs); })).text.title ==
        "Title 2");
}

TEST_CASE("articles: a removed one is gone with its revisions and its words", "[storage]") {
  Articled f;
  f.insert(make_article(1, f.site));
  f.insert(make_article(2, f.site));
  must(f.write([&](Transaction& t) { return t.articles().remove(f.mine.id, numbered<ArticleId>(1)); }));
  CHECK(numbers(f.list({.search = "title"}).rows) == "2");
  CHECK(f.revisions(1).rows.empty());
  CHECK(f.list({}).total == 1);
}

TEST_CASE("articles: lists leave bodies out unless asked", "[storage]") {
  Articled f;
  f.insert(make_article(1, f.site));
  CHECK(f.list({}).rows.at(0).text.markdown.empty());
  CHECK(f.list({.with_bodies = true}).rows.at(0).text.markdown == "Body 1");
  CHECK(f.list({.search = "body"}).rows.at(0).text.markdown.empty());
  CHECK(f.list({.search = "body", .with_bodies = true}).rows.at(0).text.markdown == "Body 1");
}

TEST_CASE("articles: every order lists from both ends, ties by row", "[storage]") {
  Articled f;
  const std::vector<std::string> titles = {"b", "a", "c", "a"};
  for (int i = 1; i <= 4; ++i) {
    Article article = make_article(i, f.site);
    article.text.title = titles[static_cast<std::size_t>(i - 1)];
    article.updated_at = at(100 - i);
    if (i == 3) article.created_at = at(2);
    f.insert(article);
  }
  const auto order = [&](SortField field, bool descending) {
    return numbers(f.list({}, {.sort = {field, descending}}).rows);
  };
  CHECK(order(SortField::created_at, true) == "4 3 2 1");
  CHECK(order(SortField::created_at, false) == "1 2 3 4");
  CHECK(order(SortField::updated_at, true) == "1 2 3 4");
  CHECK(order(SortField::updated_at, false) == "4 3 2 1");
  CHECK(order(SortField::title, false) == "2 4 1 3");
  CHECK(order(SortField::title, true) == "3 1 4 2");
}

TEST_CASE("articles: cursors walk every list to its end without a gap or a repetition", "[storage]") {
  Articled f;
  for (int i = 1; i <= 7; ++i) {
    Article article = make_article(i, i % 2 == 0 ? f.site : f.second);
    article.status = i % 3 == 0 ? ArticleStatus::ready : ArticleStatus::draft;
    article.created_at = article.updated_at = at(5);  // all ties
    article.text.title = "same words";
    f.insert(article);
  }
  const std::vector<ArticleFilter> filters = {
      {}, {.statuses = {ArticleStatus::draft, ArticleStatus::ready}}, {.updated_since = at(5)}, {.search = "same"}};
  for (const ArticleFilter& filter : filters) {
    for (const SortField field : {SortField::created_at, SortField::updated_at, SortField::title}) {
      PageRequest request{.size = 3, .sort = {field, true}};
      std::string walked;
      for (int pages = 0; pages < 3; ++pages) {
        const Page<Article> page = f.list(filter, request);
        CHECK(page.total == 7);
        walked += numbers(page.rows) + " ";
        CHECK(page.next.has_value() == (pages < 2));
        if (page.next) request.after = must(Cursor::decode(page.next->encode(), request.sort));
      }
      CHECK(walked == "7 6 5 4 3 2 1 ");
    }
  }
}

TEST_CASE("articles: filters narrow by status, project, keyword and time of change, alone and together", "[storage]") {
  Articled f;
  Keyword keyword = test::make_keyword(1, f.site);
  must(f.write([&](Transaction& t) { return t.keywords().insert(keyword); }));
  for (int i = 1; i <= 8; ++i) {
    Article article = make_article(i, i <= 5 ? f.site : f.second);
    article.status = i % 2 == 0 ? ArticleStatus::draft : i == 5 ? ArticleStatus::error : ArticleStatus::ready;
    if (i == 2 || i == 3) article.keyword = keyword.id;
    f.insert(article);
  }
  const auto found = [&](const ArticleFilter& filter, std::int64_t total) {
    const Page<Article> page = f.list(filter);
    CHECK(page.total == total);
    return numbers(page.rows);
  };
  CHECK(found({.statuses = {ArticleStatus::draft}}, 4) == "8 6 4 2");
  CHECK(found({.statuses = {ArticleStatus::draft, ArticleStatus::error}}, 5) == "8 6 5 4 2");
  CHECK(found({.statuses = {ArticleStatus::published}}, 0).empty());
  CHECK(found({.project = f.second.id}, 3) == "8 7 6");
  CHECK(found({.statuses = {ArticleStatus::ready}, .project = f.second.id}, 1) == "7");
  CHECK(found({.keyword = keyword.id}, 2) == "3 2");
  CHECK(found({.statuses = {ArticleStatus::draft}, .keyword = keyword.id}, 1) == "2");
  CHECK(found({.project = f.second.id, .keyword = keyword.id}, 0).empty());
  CHECK(found({.updated_since = at(6)}, 3) == "8 7 6");
  CHECK(found({.statuses = {ArticleStatus::ready, ArticleStatus::error}, .project = f.site.id, .updated_since = at(3)},
              2) == "5 3");
  CHECK(found({.statuses = {ArticleStatus::draft}, .search = "title"}, 4) == "8 6 4 2");
  CHECK(found({.keyword = keyword.id, .updated_since = at(3), .search = "title"}, 1) == "3");
}

TEST_CASE("articles: a total beyond the bound is the bound, and says that it is not exact", "[storage]") {
  Articled f;
  f.insert(make_article(1, f.site));
  PlannedConnection connection;
  connection.fill("PRAGMA foreign_keys = OFF; INSERT INTO article_counts VALUES ('proj_x', 'draft', 'acc_1', 10001);");
  const storage::ArticleRepo repo(connection);
  // Behind a cursor: a page that is the first and the last one says itself how many there are.
  const Page<Article> page =
      must(repo.list(AccountId("acc_1"), {}, {.after = Cursor{.sort = {}, .value = "5", .row = 5}}));
  CHECK(page.total == counted_exactly);
  CHECK_FALSE(page.total_is_exact);
  CHECK(f.list({}).total_is_exact);
}

TEST_CASE("articles: with many matches a filter follows the order's index and finds the same", "[storage]") {
  PlannedConnection connection;
  // Beyond the number that is fetched and sorted: 5,000 drafts and errors in alternation, and some ready.
  connection.fill(
      "PRAGMA foreign_keys = OFF; INSERT INTO projects (id, account_id, name, language, tone_of_voice, avoid_words, "
      "permalink, sitemap_changefreq, sitemap_priority, version, created_at, updated_at, webhook_secret) "
      "VALUES ('proj_1', 'acc_1', 'P', 'en', 'x', '[]', '/{slug}', 'daily', 0.5, 1, 1, 1, x'00'); "
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5010) "
      "INSERT INTO articles (id, account_id, project_id, title, slug, status, stage, meta_keywords, categories, tags, "
      "word_count, revision, version, created_at, updated_at, markdown) "
      "SELECT printf('art_%012d', i), 'acc_1', 'proj_1', printf('%06d', i), 'slug-' || i, CASE WHEN i > 5000 THEN "
      "'ready' WHEN i % 2 = 0 THEN 'draft' ELSE 'error' END, 'none', '[]', '[]', '[]', 1, 1, 1, i, 10000 - i, '' "
      "FROM n;");
  storage::ArticleRepo repo(connection);
  const AccountId account("acc_1");
  const std::vector<ArticleStatus> both = {ArticleStatus::draft, ArticleStatus::error};
  connection.take_plans();
  CHECK(numbers(must(repo.list(account, {.statuses = both}, {.size = 3})).rows) == "5000 4999 4998");
  CHECK(numbers(must(repo.list(account, {.statuses = both}, {.size = 2, .sort = {SortField::title, false}})).rows) ==
        "1 2");
  CHECK(numbers(must(repo.list(account, {.project = ProjectId("proj_1"), .updated_since = Time(Milliseconds(0))},
                               {.size = 2}))
                    .rows) == "5010 5009");
  CHECK_THAT(connection.take_plans(), uses_indexes());
}

TEST_CASE("articles: no statement of a list, a find or a change walks or sorts a table", "[storage]") {
  PlannedConnection connection;
  storage::ArticleRepo repo(connection);
  const AccountId account("acc_1");
  const std::vector<ArticleFilter> filters = {
      {},
      {.with_bodies = true},
      {.project = ProjectId("proj_1")},
      {.statuses = {ArticleStatus::ready}},
      {.statuses = {ArticleStatus::ready}, .project = ProjectId("proj_1")},
  };
  const Sort by_created{};
  for (const ArticleFilter& filter : filters) {
    for (const SortField field : {SortField::created_at, SortField::updated_at, SortField::title}) {
      if (field == SortField::title && !filter.statuses.empty()) continue;  // see the next test
      for (const bool descending : {false, true}) {
        const Sort sort{field, descending};
        INFO(filter.statuses.size() << " " << filter.project.has_value() << " " << to_text(field));
        must(repo.list(account, filter, {.sort = sort}));
        must(repo.list(account, filter, {.after = Cursor{.sort = sort, .value = "1", .row = 1}, .sort = sort}));
        CHECK_THAT(connection.take_plans(), uses_indexes());
      }
    }
  }
  must(repo.list(account, {.updated_since = at(1)}, {.sort = {SortField::updated_at, true}}));
  must(repo.list(account, {.project = ProjectId("proj_1"), .search = "word other"}, {}));
  must(repo.list(account, {.search = "word"},
                 {.after = Cursor{.sort = by_created, .value = "5", .row = 5}, .sort = by_created}));
  must(repo.slug_taken(account, ProjectId("proj_1"), "slug"));
  CHECK(repo.find(account, ArticleId("art_1")).has_error());
  CHECK(repo.update(Article{}, "me").has_error());
  CHECK(repo.remove(account, ArticleId("art_1")).has_error());
  must(repo.revisions(account, ArticleId("art_1"), {}));
  CHECK(repo.revision(account, ArticleId("art_1"), 1).has_error());
  CHECK_THAT(connection.take_plans(), uses_indexes());
}

TEST_CASE("articles: few matches are fetched by the filter's index, and only they are sorted", "[storage]") {
  PlannedConnection connection;
  storage::ArticleRepo repo(connection);
  const AccountId account("acc_1");
  const std::vector<ArticleStatus> both = {ArticleStatus::draft, ArticleStatus::error};
  must(repo.list(account, {.statuses = both}, {}));
  CHECK_THAT(connection.take_plans(), Catch::Contains("(account_id=? AND status=?)") && !Catch::Contains("SCAN"));
  must(repo.list(account, {.project = ProjectId("proj_1"), .updated_since = at(1)}, {}));
  CHECK_THAT(connection.take_plans(),
             Catch::Contains("(project_id=? AND updated_at>?)") && !Catch::Contains("SCAN articles"));
  must(repo.list(account, {.keyword = KeywordId("kw_1")}, {}));
  CHECK_THAT(connection.take_plans(), Catch::Contains("(keyword_id=?)") && !Catch::Contains("SCAN articles"));
}

TEST_CASE("articles: one that lived elsewhere is restored with its revisions and its words", "[storage]") {
  Articled f;
  Article article = make_article(1, f.site);
  article.revision = 4;
  article.version = 9;
  std::vector<Revision> revisions;
  for (const std::int64_t number : {2, 4})
    revisions.push_back({article.id, number, article.text, "user usr_" + std::to_string(number), at(number)});
  revisions[0].text.markdown = "earlier";
  must(f.write([&](Transaction& t) { return t.articles().restore(article, revisions); }));
  CHECK(f.find(1).revision == 4);
  CHECK(f.find(1).version == 9);
  CHECK(numbers(f.list({.search = "body"}).rows) == "1");
  CHECK(f.revisions(1).total == 2);
  const Revision earlier =
      must(f.read([&](const Transaction& t) { return t.articles().revision(f.mine.id, article.id, 2); }));
  CHECK(earlier.text.markdown == "earlier");
  CHECK(earlier.made_by == "user usr_2");
  CHECK(earlier.created_at == at(2));
}

TEST_CASE("articles: removing a project takes its articles, revisions and words along", "[storage]") {
  Articled f;
  f.insert(make_article(1, f.site));
  f.insert(make_article(2, f.second));
  must(f.write([&](Transaction& t) { return t.projects().remove(f.mine.id, f.site.id); }));
  CHECK(numbers(f.list({}).rows) == "2");
  CHECK(f.list({}).total == 1);
  CHECK(numbers(f.list({.search = "title"}).rows) == "2");
  CHECK(f.revisions(1).rows.empty());
}

}  // namespace
}  // namespace galley
