#include "service/article_import.hpp"

#include <catch2/catch.hpp>

#include "service/transfer_steps.hpp"

using namespace galley;
using namespace galley::test;
using content::SourceArticle;
using content::SourceStatus;
using service::ArticleImportOptions;
using service::ImportReport;

namespace {

SourceArticle source(const std::string& key, SourceStatus status = SourceStatus::ready) {
  SourceArticle article{.key = key, .title = "Title of " + key, .markdown = "Some *text*.\n", .status = status};
  article.created = at(-1000);
  if (status == SourceStatus::published) article.published = at(-500);
  return article;
}

struct Site : Server {
  Account account = make_account(1);
  Account other = make_account(2);
  Project project = make_project(1, account.id);
  Webhook webhook = make_webhook(1, project);

  Site() {
    project.target_domain = "https://site.example";
    write([&](Transaction& t) -> Result<void> {
      GALLEY_TRY(t.accounts().insert(account));
      GALLEY_TRY(t.accounts().insert(other));
      GALLEY_TRY(t.projects().insert(project, Secret("s")));
      return t.webhooks().insert(webhook, std::nullopt);
    });
  }

  ImportReport import(const std::vector<SourceArticle>& sources, ArticleImportOptions options = {}) {
    service::ArticleImport articles(context, transitions, {.account = account.id, .role = Role::owner}, project,
                                    std::move(options));
    for (std::size_t i = 0; i < sources.size(); ++i)
      must(articles.take("item " + std::to_string(i + 1), sources[i]));
    return must(articles.finish());
  }
  std::vector<Article> all() {
    return read([&](const Transaction& t) {
             return t.articles().list(account.id, {.with_bodies = true},
                                      {.size = 100, .sort = {.field = SortField::title, .descending = false}});
           })
        .rows;
  }
  std::int64_t deliveries() {
    return read([&](const Transaction& t) { return t.deliveries().list(account.id, webhook.id, {}, {}); }).total;
  }
};

}  // namespace

TEST_CASE("articles from elsewhere: they come once, whatever became of them since", "[service][transfer]") {
  Site site;
  const std::vector<SourceArticle> sources{source("a"), source("b", SourceStatus::draft)};
  const ImportReport first = site.import(sources);
  CHECK(first.nouns.at("article").created == 2);
  CHECK(first.rejected == 0);
  std::vector<Article> articles = site.all();
  REQUIRE(articles.size() == 2);
  CHECK(articles[0].status == ArticleStatus::ready);
  CHECK(articles[1].status == ArticleStatus::draft);
  CHECK(articles[0].slug == "title-of-a");
  CHECK(articles[0].text.markdown == "Some *text*.\n");
  CHECK(articles[0].word_count == 2);
  CHECK(articles[0].created_at == at(-1000));
  CHECK(articles[0].updated_at == site.clock.now());
  const ImportReport again = site.import(sources);
  CHECK(again.nouns.at("article").created == 0);
  CHECK(again.nouns.at("article").skipped == 2);
  CHECK(site.all().size() == 2);
  CHECK(site.deliveries() == 0);
}

TEST_CASE("articles from elsewhere: what was published is ready under its date unless asked for",
          "[service][transfer]") {
  Site site;
  site.import({source("a", SourceStatus::published)});
  const Article ready = site.all().at(0);
  CHECK(ready.status == ArticleStatus::ready);
  CHECK(ready.published_at == at(-500));
  CHECK_FALSE(ready.sitemap_page);
  site.import({source("b", SourceStatus::published)}, {.published = true});
  const Article published = site.all().at(1);
  CHECK(published.status == ArticleStatus::published);
  CHECK(published.published_at == at(-500));
  CHECK(published.last_updated_at == at(-500));
  CHECK(published.sitemap_page == 1);
  const auto publications =
      site.read([&](const Transaction& t) { return t.publications().of_article(site.account.id, published.id); });
  REQUIRE(publications.size() == 1);
  CHECK(publications[0].status == PublicationStatus::live);
  CHECK(publications[0].external_url == "https://site.example/title-of-b");
  CHECK(publications[0].published_at == at(-500));
  CHECK(site.deliveries() == 0);
}

TEST_CASE("articles from elsewhere: slugs are made good and unique and the report says so", "[service][transfer]") {
  Site site;
  std::vector<SourceArticle> sources{source("a"), source("b"), source("c"), source("d")};
  sources[0].slug = "same";
  sources[1].slug = "same";
  sources[2].slug = "Not A Slug!";
  sources[3].slug = "";
  const ImportReport report = site.import(sources);
  std::vector<std::string> slugs;
  for (const Article& article : site.all())
    slugs.push_back(article.slug);
  CHECK(slugs == std::vector<std::string>{"same", "same-2", "not-a-slug", "title-of-d"});
  REQUIRE(report.remarks.size() == 1);
  CHECK(report.remarks[0].place == "item 2");
}

TEST_CASE("articles from elsewhere: a bad one is told by its place and the others come in", "[service][transfer]") {
  Site site;
  std::vector<SourceArticle> sources{source("a"), source("b"), source("c")};
  sources[1].title = std::string(301, 'x');
  sources[2].image_url = "/relative.png";
  const ImportReport report = site.import(sources);
  CHECK(report.nouns.at("article").created == 2);
  REQUIRE(report.rejections.size() == 1);
  CHECK(report.rejections[0].place.starts_with("item 2 "));
  REQUIRE(report.remarks.size() == 1);
  CHECK(report.remarks[0].place == "item 3");
  CHECK_FALSE(site.all().at(1).featured_image_url);
}

TEST_CASE("articles from elsewhere: a dry run writes nothing", "[service][transfer]") {
  Site site;
  const ImportReport report = site.import({source("a"), source("a")}, {.dry_run = true});
  CHECK(report.nouns.at("article").created == 2);
  CHECK(site.all().empty());
}

TEST_CASE("articles from elsewhere: the canonical address is kept where it is asked for", "[service][transfer]") {
  Site site;
  SourceArticle article = source("a");
  article.address = "https://old.example/a/";
  site.import({article}, {.canonical = true});
  CHECK(site.all().at(0).canonical_url == "https://old.example/a/");
  CHECK(site.all().at(0).text.title == "Title of a");
}

TEST_CASE("articles from elsewhere: an account that does not own the project gets nothing in",
          "[service][transfer][tenants]") {
  Site site;
  service::ArticleImport articles(site.context, site.transitions, {.account = site.other.id, .role = Role::owner},
                                  site.project, {});
  must(articles.take("item 1", source("a")));
  const auto refused = articles.finish();
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == ErrorCode::not_found);
  CHECK(site.all().empty());
}
