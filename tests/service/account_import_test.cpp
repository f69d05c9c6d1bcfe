#include "service/account_import.hpp"

#include <catch2/catch.hpp>

#include "base/encoding.hpp"
#include "service/transfer_steps.hpp"

using namespace galley;
using namespace galley::test;
using service::ImportReport;

namespace {

// Two accounts with a site, a keyword, a connection and articles each.
struct TwoAccounts : Server {
  Account mine = make_account(1);
  Account other = make_account(2);
  Project site = make_project(1, mine.id);
  Project foreign = make_project(3, other.id);
  Keyword keyword = make_keyword(1, site);
  Keyword foreign_keyword = make_keyword(3, foreign);
  Connection foreign_connection = galley::test::make_connection(3, foreign);

  TwoAccounts() {
    write([&](Transaction& t) -> Result<void> {
      for (const auto& [account, project] : {std::pair{&mine, &site}, std::pair{&other, &foreign}}) {
        GALLEY_TRY(t.accounts().insert(*account));
        GALLEY_TRY(t.projects().insert(*project, Secret("s")));
      }
      GALLEY_TRY(t.keywords().insert(keyword));
      GALLEY_TRY(t.keywords().insert(foreign_keyword));
      GALLEY_TRY(t.connections().insert(foreign_connection, Secret("c")));
      for (std::int64_t number = 1; number <= 4; ++number)
        GALLEY_TRY(t.articles().insert(make_article(number, number < 3 ? site : foreign), "user usr_1"));
      return {};
    });
  }

  std::string line(const service::ExportLine& line) const {
    std::string text;
    append_line(text, line);
    return text;
  }
  std::string header() const { return line(service::ExportHeader{.exported_at = at(0), .account = mine}); }
};

std::string reasons(const ImportReport& report) {
  std::string text;
  for (const service::ImportRemark& rejection : report.rejections)
    text += rejection.place + ": " + rejection.text + "\n";
  return text;
}

std::int64_t count_articles(Server& server, const AccountId& account) {
  return server.read([&](const Transaction& t) { return t.articles().list(account, {}, {}); }).total;
}

}  // namespace

TEST_CASE("import: another account's file comes as a copy with ids of its own and leaves the other as it was",
          "[service][transfer]") {
  TwoAccounts here;
  const std::string before = here.exported(here.other.id);
  const ImportReport report = here.into(here.mine.id, before);
  CHECK(report.rejected == 0);
  CHECK(report.nouns.at("article").created == 2);
  CHECK(here.exported(here.other.id) == before);
  CHECK(count_articles(here, here.mine.id) == 4);
  const std::string copied = here.exported(here.mine.id);
  for (const std::string& id : {here.foreign.id.text(), here.foreign_keyword.id.text(),
                                here.foreign_connection.id.text(), numbered<ArticleId>(3).text()})
    CHECK(copied.find(id) == std::string::npos);
  const ImportReport again = here.into(here.mine.id, before);
  CHECK(created(again) == 0);
  CHECK(again.nouns.at("article").skipped == 2);
  CHECK(here.exported(here.mine.id) == copied);
}

TEST_CASE("import: a reference to a row of another account leads nowhere", "[service][transfer][tenants]") {
  TwoAccounts here;
  const std::string before = here.exported(here.other.id);
  const std::string mine_before = here.exported(here.mine.id);
  service::ArticleLine into_foreign{make_article(11, here.foreign)};
  service::ArticleLine with_keyword{make_article(12, here.site)};
  with_keyword.keyword = here.foreign_keyword.id;
  with_keyword.newest_of_keyword = true;
  service::ArticleLine with_connection{make_article(13, here.site)};
  with_connection.publication_lines = 1;
  Publication publication = make_publication(13, with_connection);
  publication.connection = here.foreign_connection.id;
  Keyword in_foreign = make_keyword(14, here.foreign);
  service::ConnectionLine connection{galley::test::make_connection(15, here.foreign)};
  service::WebhookLine webhook{make_webhook(16, here.foreign)};
  Revision of_foreign{.article = numbered<ArticleId>(3), .text = with_keyword.text, .made_by = "x"};
  Publication of_theirs = make_publication(17, make_article(3, here.foreign));
  std::string file = here.header();
  for (const service::ExportLine& line :
       {service::ExportLine(into_foreign), service::ExportLine(with_keyword), service::ExportLine(with_connection),
        service::ExportLine(publication), service::ExportLine(in_foreign), service::ExportLine(connection),
        service::ExportLine(webhook), service::ExportLine(of_foreign), service::ExportLine(of_theirs)})
    file += here.line(line);
  const ImportReport report = here.into(here.mine.id, file);
  INFO(reasons(report));
  CHECK(created(report) == 0);
  CHECK(report.rejected == 8);
  CHECK(here.exported(here.other.id) == before);
  CHECK(here.exported(here.mine.id) == mine_before);
}

TEST_CASE("import: the rows of another account do not change for a line that carries their id",
          "[service][transfer][tenants]") {
  TwoAccounts here;
  const std::string before = here.exported(here.other.id);
  service::ArticleLine theirs{make_article(3, here.site)};
  theirs.slug = "taken-over";
  theirs.revision_lines = 1;
  const Revision revision{.article = theirs.id, .text = theirs.text, .made_by = "x"};
  const ImportReport report =
      here.into(here.mine.id, here.header() + here.line(service::ExportLine(theirs)) + here.line(revision));
  CHECK(report.nouns.at("article").created == 1);
  CHECK(here.exported(here.other.id) == before);
  const Page<Article> articles = here.read(
      [&](const Transaction& t) { return t.articles().list(here.mine.id, {.search = "Title"}, {.size = 100}); });
  CHECK(articles.total == 3);
  for (const Article& article : articles.rows)
    CHECK(article.id != theirs.id);
}

TEST_CASE("import: without a name no account that is there is added to", "[service][transfer]") {
  TwoAccounts here;
  const auto refused = here.import(here.exported(here.mine.id));
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == ErrorCode::conflict);
}

TEST_CASE("import: what is no export is refused as a whole", "[service][transfer]") {
  TwoAccounts here;
  std::string newer = here.header();
  newer.replace(newer.find("\"version\":1"), 11, "\"version\":2");
  for (const std::string& file :
       {std::string(), std::string("{}\n"), std::string("no JSON\n"), here.line(here.site), newer}) {
    INFO(file);
    const auto refused = here.import(file, {.account = here.mine.id.text()});
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == ErrorCode::validation_failed);
  }
}

TEST_CASE("import: bad lines are told by number and reason and all others come in", "[service][transfer]") {
  TwoAccounts here;
  service::ArticleLine good{make_article(21, here.site)};
  service::ArticleLine bad_slug{make_article(22, here.site)};
  bad_slug.slug = "No Slug";
  service::ArticleLine same_slug{make_article(23, here.site)};
  same_slug.slug = good.slug;
  Keyword keyword = make_keyword(24, here.site);
  keyword.text = here.keyword.text;
  std::string file = here.header();
  file += here.line(service::ExportLine(good));
  file += "{\"article\":{\"id\":1}}\n";
  file += "\n";
  file += "{\"article\":{\n";
  file += here.line(service::ExportLine(bad_slug));
  file += here.line(service::ExportLine(same_slug));
  file += here.line(keyword);
  file += here.header();
  file += "{\"unicorn\":{}}\n";
  file += here.line(make_keyword(25, here.site));
  const ImportReport report = here.into(here.mine.id, file);
  INFO(reasons(report));
  CHECK(report.nouns.at("article").created == 1);
  CHECK(report.nouns.at("keyword").created == 1);
  CHECK(report.rejected == 7);
  REQUIRE(report.rejections.size() == 7);
  for (const char* place :
       {"line 3: ", "line 5: ", "line 6: slug ", "line 7: The slug ", "line 8: ", "line 9: ", "line 10: "})
    CHECK(reasons(report).find(place) != std::string::npos);
}

TEST_CASE("import: an article whose revisions are not all there does not come in", "[service][transfer]") {
  TwoAccounts here;
  Article article = make_article(31, here.site);
  article.revision = 3;
  std::vector<Revision> revisions;
  for (std::int64_t number = 1; number <= 3; ++number)
    revisions.push_back({article.id, number, article.text, "user usr_1", at(number)});
  service::ArticleLine head{article};
  head.revision_lines = 3;
  const std::string first = here.line(service::ExportLine(head)) + here.line(revisions[0]);
  const std::string rest = here.line(revisions[1]) + here.line(revisions[2]);
  CHECK(here.into(here.mine.id, here.header() + first).rejected == 1);
  CHECK(here.into(here.mine.id, here.header() + first + "{\"revision\":{}}\n" + rest).rejected == 2);
  CHECK(count_articles(here, here.mine.id) == 2);
  CHECK(created(here.into(here.mine.id, here.header() + first + rest)) == 4);
  CHECK(count_articles(here, here.mine.id) == 3);
}

TEST_CASE("import: what was cut short anywhere is completed by a second run", "[service][transfer]") {
  TwoAccounts here;
  const std::string whole = here.exported(here.other.id);
  std::string expected;
  {
    Server there;
    must(there.import(whole));
    expected = without_header(there.exported(here.other.id));
  }
  for (std::size_t cut = whole.find('\n') + 1; cut < whole.size(); cut = whole.find('\n', cut) + 1) {
    Server there;
    INFO(whole.substr(0, cut));
    must(there.import(whole.substr(0, cut)));
    CHECK(there.into(here.other.id, whole).rejected == 0);
    CHECK(without_header(there.exported(here.other.id)) == expected);
  }
}

TEST_CASE("import: what waited for a job comes to rest, and the report says so", "[service][transfer]") {
  TwoAccounts here;
  const auto state_after = [&](std::int64_t number, ArticleStatus status, Stage stage) {
    service::ArticleLine line{make_article(number, here.site)};
    line.status = status;
    line.stage = stage;
    line.scheduled_for = at(99);
    const ImportReport report = here.into(here.mine.id, here.header() + here.line(service::ExportLine(line)));
    CHECK(report.remarked == 1);
    const Article article = here.read([&](const Transaction& t) { return t.articles().find(here.mine.id, line.id); });
    CHECK_FALSE(article.scheduled_for);
    CHECK(article.stage == Stage::none);
    return article.status;
  };
  CHECK(state_after(41, ArticleStatus::queued, Stage::generation) == ArticleStatus::draft);
  CHECK(state_after(42, ArticleStatus::generating, Stage::generation) == ArticleStatus::draft);
  CHECK(state_after(43, ArticleStatus::queued, Stage::publication) == ArticleStatus::ready);
  CHECK(state_after(44, ArticleStatus::scheduled, Stage::none) == ArticleStatus::ready);
}

TEST_CASE("import: an active webhook comes paused and nothing is told to anybody", "[service][transfer]") {
  TwoAccounts here;
  service::WebhookLine webhook{make_webhook(51, here.site)};
  Article article = make_article(52, here.site);
  const std::string file = here.header() + here.line(service::ExportLine(webhook)) +
                           here.line(service::ExportLine(service::ArticleLine{article}));
  CHECK(created(here.into(here.mine.id, file)) == 2);
  here.read([&](const Transaction& t) -> Result<int> {
    CHECK(GALLEY_TRY(t.webhooks().find(here.mine.id, webhook.id)).status == WebhookStatus::paused);
    CHECK(GALLEY_TRY(t.deliveries().list(here.mine.id, webhook.id, {}, {})).total == 0);
    CHECK(GALLEY_TRY(t.jobs().list(here.mine.id, std::nullopt, {})).total == 0);
    return 0;
  });
}

TEST_CASE("import: a dry run says what would come in and writes nothing", "[service][transfer]") {
  TwoAccounts here;
  const std::string file = here.exported(here.other.id);
  Server there;
  const auto planned = must(there.import(file, {.dry_run = true}));
  CHECK(planned.made);
  CHECK(planned.report.rejected == 0);
  CHECK(planned.report.nouns.at("article").created == 2);
  CHECK(there.read([&](const Transaction& t) { return t.accounts().all(10); }).empty());
  const auto done = must(there.import(file));
  CHECK(created(done.report) == created(planned.report));
}

TEST_CASE("import: words that a terminal would obey are rejected", "[service][transfer]") {
  TwoAccounts here;
  service::ArticleLine article{make_article(71, here.site)};
  article.status = ArticleStatus::error;
  article.error = ArticleError{"X", "red \x1b[31m"};
  service::ArticleLine with_revision{make_article(72, here.site)};
  with_revision.revision_lines = 1;
  const Revision revision{.article = with_revision.id, .text = with_revision.text, .made_by = "\x1b[2J"};
  const ImportReport report =
      here.into(here.mine.id, here.header() + here.line(service::ExportLine(article)) +
                                  here.line(service::ExportLine(with_revision)) + here.line(revision));
  CHECK(created(report) == 0);
  CHECK(report.rejected == 2);
}

TEST_CASE("import: a line of any length and any bytes is rejected alone", "[service][transfer]") {
  TwoAccounts here;
  const std::string good = here.line(service::ExportLine(service::ArticleLine{make_article(61, here.site)}));
  std::string deep = "{\"article\":" + std::string(100000, '[');
  for (const std::string& bad : {std::string(service::max_export_line + 1, '{'), deep, std::string("\xff\xfe{}"),
                                 std::string("\0\0", 2), std::string("[]"), std::string("{\"article\":null}")}) {
    Server there;
    there.write([&](Transaction& t) -> Result<void> {
      GALLEY_TRY(t.accounts().insert(here.mine));
      return t.projects().insert(here.site, Secret("s"));
    });
    const ImportReport report = there.into(here.mine.id, here.header() + bad + "\n" + good);
    INFO(bad.substr(0, 40));
    CHECK(report.rejected == 1);
    CHECK(created(report) == 1);
  }
}
