#include "storage/sitemap_repo.hpp"

#include <string>

#include "storage/article_row.hpp"

namespace galley::storage {
namespace {

Result<std::vector<Article>> read_all(Query& query) {
  std::vector<Article> articles;
  while (GALLEY_TRY(query.step()))
    articles.push_back(read_article(query.row()));
  return articles;
}

}  // namespace

Result<std::vector<SitemapPage>> SitemapRepo::pages(const ProjectId& project) const {
  Query query = connection_.query(
      "SELECT page, given, generation, last_modified FROM sitemap_pages WHERE project_id = $project ORDER BY page");
  query.bind("project", project);
  std::vector<SitemapPage> pages;
  while (GALLEY_TRY(query.step())) {
    SitemapPage& page = pages.emplace_back();
    query.row().into(page.number, page.given, page.generation, page.last_modified);
  }
  return pages;
}

Result<std::vector<Article>> SitemapRepo::articles(const ProjectId& project, int page) const {
  static const std::string sql = "SELECT " + article_columns(Bodies::without) +
                                 " FROM articles WHERE project_id = $project AND sitemap_page = $page "
                                 "AND (status || '') = 'published' ORDER BY sitemap_place, row LIMIT $limit";
  Query query = connection_.query(sql);
  query.bind("project", project).bind("page", page).bind("limit", sitemap_page_size);
  return read_all(query);
}

Result<std::vector<Article>> SitemapRepo::newest(const ProjectId& project, int max, bool with_bodies) const {
  static const std::string order =
      " FROM articles WHERE project_id = $project AND status = 'published' ORDER BY published_at DESC, row DESC "
      "LIMIT $limit";
  static const std::string plain = "SELECT " + article_columns(Bodies::without) + order;
  static const std::string full = "SELECT " + article_columns(Bodies::with) + order;
  Query query = connection_.query(with_bodies ? full : plain);
  query.bind("project", project).bind("limit", max);
  return read_all(query);
}

Result<int> SitemapRepo::give_place(const ProjectId& project, Time now) {
  {
    Query query = connection_.query(
        "UPDATE sitemap_pages SET given = given + 1, generation = generation + 1, last_modified = $now "
        "WHERE project_id = $project AND given < $limit "
        "AND page = (SELECT max(last.page) FROM sitemap_pages AS last WHERE last.project_id = $project) "
        "RETURNING page");
    query.bind("now", now).bind("project", project).bind("limit", sitemap_page_size);
    if (GALLEY_TRY(query.step())) {
      const int page = query.row().get<int>(0);
      GALLEY_TRY(query.run());
      return page;
    }
  }
  Query query = connection_.query(
      "INSERT INTO sitemap_pages (project_id, page, given, generation, last_modified) "
      "SELECT $project, coalesce(max(page), 0) + 1, 1, 1, $now FROM sitemap_pages WHERE project_id = $project "
      "RETURNING page");
  query.bind("project", project).bind("now", now);
  GALLEY_TRY(query.step());
  const int page = query.row().get<int>(0);
  GALLEY_TRY(query.run());
  return page;
}

Result<void> SitemapRepo::bump(const ProjectId& project, int page, Time now) {
  Query query = connection_.query(
      "UPDATE sitemap_pages SET generation = generation + 1, last_modified = $now "
      "WHERE project_id = $project AND page = $page");
  query.bind("now", now).bind("project", project).bind("page", page);
  GALLEY_TRY(query.run());
  return {};
}

Result<void> SitemapRepo::bump_all(const ProjectId& project, Time now) {
  Query query = connection_.query(
      "UPDATE sitemap_pages SET generation = generation + 1, last_modified = $now WHERE project_id = $project");
  query.bind("now", now).bind("project", project);
  GALLEY_TRY(query.run());
  return {};
}

}  // namespace galley::storage
