#include "service/sitemap_service.hpp"

#include <catch2/catch.hpp>

#include "service/service_bench.hpp"
#include "storage/sqlite/sqlite_connection.hpp"

using namespace galley;
using namespace galley::test;
using service::SitemapService;

namespace {

class SitemapBench : public ServiceBench {
 public:
  std::string sitemap_text() { return *must(sitemaps.sitemap(project.id))->body; }
  SitemapService::Snapshot sitemap() { return must(sitemaps.sitemap(project.id)); }

  ArticleId publish_article(const std::string& title) {
    const ArticleId id = make_article(title).id;
    must(publishing.publish(owner, id, {}));
    return id;
  }
  // As if all its places but one had been given: fifty thousand articles would take minutes.
  void fill_page_but_one() {
    auto raw = storage::SqliteConnection::open(store.folder() / "galley.db", storage::SqliteConnection::Access::writer);
    if (!raw || !(*raw)->run_script("UPDATE sitemap_pages SET given = 49999;"))
      throw std::runtime_error("the page could not be filled");
  }

  sitemap::PageCache cache{};
  SitemapService sitemaps{parts, cache, "https://galley.example"};
};

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("sitemap: a project with nothing published has an empty urlset, an unknown one is not found", "[service]") {
  SitemapBench bench;
  bench.make_article("Draft");
  const std::string xml = bench.sitemap_text();
  CHECK(has(xml, "<urlset"));
  CHECK_FALSE(has(xml, "<url>"));
  const ProjectId unknown = numbered<ProjectId>(404);
  for (const Error& missing :
       {bench.run(bench.sitemaps.sitemap(unknown)).error(), bench.run(bench.sitemaps.page(unknown, 1)).error(),
        bench.run(bench.sitemaps.feed(unknown, false)).error(), bench.run(bench.sitemaps.feed(unknown, true)).error(),
        bench.run(bench.sitemaps.robots(unknown)).error()}) {
    CHECK(missing.code == ErrorCode::not_found);
    CHECK(detail_of(missing, "project_id") == unknown.text());
  }
}

TEST_CASE("sitemap: publish, update, unpublish and delete show on the very next call", "[service]") {
  SitemapBench bench;
  CHECK_FALSE(has(bench.sitemap_text(), "<url>"));
  const ArticleId id = bench.publish_article("Tea");
  CHECK(has(bench.sitemap_text(), "<loc>https://site.example/tea</loc>"));
  CHECK(has(bench.sitemap_text(), "<lastmod>2026-03-30</lastmod>"));
  bench.clock.advance(std::chrono::hours(24));
  const service::ArticleService::Edit edit = [](service::ArticleDraft& draft) -> Result<void> {
    draft.slug = "green-tea";
    return {};
  };
  bench.must(bench.articles.update(bench.owner, id, std::nullopt, edit));
  CHECK(has(bench.sitemap_text(), "<loc>https://site.example/green-tea</loc>"));
  CHECK_FALSE(has(bench.sitemap_text(), "/tea<"));
  CHECK(has(bench.sitemap_text(), "<lastmod>2026-03-31</lastmod>"));
  bench.must(bench.publishing.unpublish(bench.owner, id, std::nullopt));
  CHECK_FALSE(has(bench.sitemap_text(), "<url>"));
  bench.must(bench.publishing.publish(bench.owner, id, {}));
  CHECK(has(bench.sitemap_text(), "/green-tea<"));
  REQUIRE(bench.run(bench.articles.remove(bench.owner, id, std::nullopt)).has_value());
  CHECK_FALSE(has(bench.sitemap_text(), "<url>"));
}

TEST_CASE("sitemap: what a CMS published stands under the CMS's address, a draft there not at all", "[service]") {
  SitemapBench bench;
  bench.make_connection("CMS");
  const ArticleId live = bench.make_article("Live").id;
  const ArticleId draft = bench.make_article("Draft").id;
  bench.must(bench.publishing.publish(bench.owner, live, {}));
  bench.must(bench.publishing.publish(bench.owner, draft, {.wanted = PublicationStatus::draft}));
  CHECK_FALSE(has(bench.sitemap_text(), "<url>"));
  bench.work();
  // Another host than the project's own: sitemaps.org wants one host in one sitemap.
  const std::string xml = bench.sitemap_text();
  CHECK_FALSE(has(xml, "draft"));
  CHECK(bench.article(live).sitemap_page == 1);
  CHECK_FALSE(bench.article(draft).sitemap_page);
}

TEST_CASE("sitemap: while nothing changes the same snapshot is served, byte for byte", "[service]") {
  SitemapBench bench;
  bench.publish_article("Tea");
  const SitemapService::Snapshot first = bench.sitemap();
  bench.clock.advance(std::chrono::hours(1));
  CHECK(bench.sitemap() == first);
  bench.make_article("Draft");
  CHECK(bench.sitemap() == first);
  // Of another project.
  const ArticleId elsewhere =
      bench
          .must(bench.articles.create(bench.stranger, bench.foreign.id,
                                      {.text = {.title = "B", .markdown = "x\n"}, .status = ArticleStatus::ready}))
          .article.id;
  const service::ProjectService::Edit edit = [](Project& project) -> Result<void> {
    project.target_domain = "https://foreign.example";
    return {};
  };
  bench.must(bench.projects.update(bench.stranger, bench.foreign.id, std::nullopt, edit));
  bench.must(bench.publishing.publish(bench.stranger, elsewhere, {}));
  CHECK(bench.sitemap() == first);
  CHECK(has(*bench.must(bench.sitemaps.sitemap(bench.foreign.id))->body, "https://foreign.example/b"));
}

TEST_CASE("sitemap: the single page answers under its number too, others are not there", "[service]") {
  SitemapBench bench;
  bench.publish_article("Tea");
  CHECK(bench.must(bench.sitemaps.page(bench.project.id, 1)) == bench.sitemap());
  for (const int number : {0, -1, 2}) {
    const auto missing = bench.run(bench.sitemaps.page(bench.project.id, number));
    REQUIRE(missing.has_error());
    CHECK(missing.error().code == ErrorCode::not_found);
  }
}

TEST_CASE("sitemap: beyond one page it is an index, and a page on which nothing changed keeps its bytes", "[service]") {
  SitemapBench bench;
  const ArticleId first = bench.publish_article("First");
  bench.fill_page_but_one();
  bench.publish_article("Second");
  CHECK(has(bench.sitemap_text(), "<urlset"));
  const SitemapService::Snapshot old_page = bench.must(bench.sitemaps.page(bench.project.id, 1));
  bench.clock.advance(std::chrono::hours(24));
  const ArticleId third = bench.publish_article("Third");
  const std::string index = bench.sitemap_text();
  const std::string base = "<loc>https://galley.example/api/public/sitemap/" + bench.project.id.text();
  CHECK(has(index, "<sitemapindex"));
  CHECK_FALSE(has(index, "<urlset"));
  CHECK(has(index, base + "/1.xml</loc>"));
  CHECK(has(index, base + "/2.xml</loc>"));
  CHECK(has(index, "2026-03-30"));
  CHECK(has(index, "2026-03-31"));
  const SitemapService::Snapshot kept = bench.must(bench.sitemaps.page(bench.project.id, 1));
  CHECK(*kept->body == *old_page->body);
  CHECK(kept->etag == old_page->etag);
  CHECK(kept->last_modified == old_page->last_modified);
  const SitemapService::Snapshot second_page = bench.must(bench.sitemaps.page(bench.project.id, 2));
  CHECK(has(*second_page->body, "/third<"));
  CHECK_FALSE(has(*second_page->body, "/first<"));
  // An article keeps its page for life, and its change makes that page alone anew.
  bench.clock.advance(std::chrono::hours(24));
  bench.must(bench.publishing.unpublish(bench.owner, first, std::nullopt));
  bench.must(bench.publishing.publish(bench.owner, first, {}));
  CHECK(bench.article(first).sitemap_page == 1);
  CHECK(bench.article(third).sitemap_page == 2);
  const SitemapService::Snapshot renewed = bench.must(bench.sitemaps.page(bench.project.id, 1));
  CHECK(renewed->etag != kept->etag);
  CHECK(has(*renewed->body, "/first<"));
  CHECK(bench.must(bench.sitemaps.page(bench.project.id, 2))->etag == second_page->etag);
  CHECK(has(bench.sitemap_text(), "2026-04-01"));
}

TEST_CASE("sitemap: new addresses of the whole project show at once", "[service]") {
  SitemapBench bench;
  bench.publish_article("Tea");
  const SitemapService::Snapshot before = bench.sitemap();
  const service::ProjectService::Edit edit = [](Project& project) -> Result<void> {
    project.target_domain = "https://new.example";
    project.permalink = "/blog/{slug}";
    project.sitemap.changefreq = ChangeFrequency::daily;
    return {};
  };
  bench.must(bench.projects.update(bench.owner, bench.project.id, std::nullopt, edit));
  CHECK(has(bench.sitemap_text(), "<loc>https://new.example/blog/tea</loc>"));
  CHECK(has(bench.sitemap_text(), "<changefreq>daily</changefreq>"));
  CHECK(bench.sitemap()->etag != before->etag);
}

TEST_CASE("sitemap: a removed project is not found on the next call", "[service]") {
  SitemapBench bench;
  bench.publish_article("Tea");
  bench.sitemap();
  REQUIRE(bench.run(bench.projects.remove(bench.owner, bench.project.id, std::nullopt, "Project 1")).has_value());
  CHECK(bench.run(bench.sitemaps.sitemap(bench.project.id)).error().code == ErrorCode::not_found);
  CHECK(bench.run(bench.sitemaps.robots(bench.project.id)).error().code == ErrorCode::not_found);
}

TEST_CASE("feeds: they tell the newest first, and of a change on the very next call", "[service]") {
  SitemapBench bench;
  bench.publish_article("Old tea");
  bench.clock.advance(std::chrono::hours(1));
  const ArticleId id = bench.publish_article("New tea");
  const auto atom = [&] { return *bench.must(bench.sitemaps.feed(bench.project.id, false))->body; };
  const auto json = [&] { return *bench.must(bench.sitemaps.feed(bench.project.id, true))->body; };
  CHECK(atom().find("New tea") < atom().find("Old tea"));
  CHECK(json().find("New tea") < json().find("Old tea"));
  CHECK(has(json(), "https://galley.example/api/public/feed/" + bench.project.id.text() + "?format=json"));
  const service::ArticleService::Edit edit = [](service::ArticleDraft& draft) -> Result<void> {
    draft.text.title = "Newest tea";
    return {};
  };
  bench.must(bench.articles.update(bench.owner, id, std::nullopt, edit));
  CHECK(has(atom(), "Newest tea"));
  CHECK(has(json(), "Newest tea"));
  const service::ProjectService::Edit rename = [](Project& project) -> Result<void> {
    project.name = "Renamed site";
    return {};
  };
  bench.must(bench.projects.update(bench.owner, bench.project.id, std::nullopt, rename));
  CHECK(has(atom(), "Renamed site"));
  CHECK(has(json(), "Renamed site"));
}

TEST_CASE("robots: it names the sitemap, under the project's base where it has one", "[service]") {
  SitemapBench bench;
  const auto robots = [&] { return *bench.must(bench.sitemaps.robots(bench.project.id))->body; };
  const std::string path = "/api/public/sitemap/" + bench.project.id.text() + ".xml";
  CHECK(has(robots(), "Sitemap: https://galley.example" + path));
  const service::ProjectService::Edit edit = [](Project& project) -> Result<void> {
    project.sitemap.base_url = "https://www.site.example";
    return {};
  };
  bench.must(bench.projects.update(bench.owner, bench.project.id, std::nullopt, edit));
  CHECK(has(robots(), "Sitemap: https://www.site.example" + path));
}
