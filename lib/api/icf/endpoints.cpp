#include "api/icf/endpoints.hpp"

#include "api/icf/articles.hpp"
#include "api/icf/generation.hpp"
#include "api/icf/keywords.hpp"
#include "api/icf/projects.hpp"
#include "api/icf/publishing.hpp"
#include "api/icf/sitemap.hpp"

namespace galley::api::icf {

namespace {

using enum http::Method;

// A CSV or JSON of ten thousand keywords.
constexpr std::size_t import_bytes = 4 << 20;
// Markdown of 1 MiB with every byte escaped, and its metadata.
constexpr std::size_t article_bytes = 4 << 20;

void add_projects(EndpointTable& table) {
  constexpr auto plan = RateScope::plan;
  table.push_back(
      endpoint<&list_projects>(get, "/api/v1/projects", "listProjects", Access::viewer, plan, "Lists the projects."));
  table.push_back(endpoint<&create_project>(post, "/api/v1/projects", "createProject", Access::admin, plan,
                                            "Makes a project; its webhook secret is shown once.")
                      .or_fails(402));
  table.push_back(endpoint<&get_project>(get, "/api/v1/projects/{projectId}", "getProject", Access::viewer, plan,
                                         "Shows a project."));
  table.push_back(endpoint<&update_project>(patch, "/api/v1/projects/{projectId}", "updateProject", Access::admin, plan,
                                            "Changes a project."));
  table.push_back(endpoint<&delete_project>(del, "/api/v1/projects/{projectId}", "deleteProject", Access::admin, plan,
                                            "Deletes a project with everything in it; what is on a CMS stays."));
  table.push_back(endpoint<&rotate_project_secret>(post, "/api/v1/projects/{projectId}/rotate-webhook-secret",
                                                   "rotateProjectWebhookSecret", Access::admin, plan,
                                                   "Makes a new webhook secret; the former one overlaps."));
  table.push_back(endpoint<&confirm_project_secret>(post, "/api/v1/projects/{projectId}/confirm-webhook-secret",
                                                    "confirmProjectWebhookSecret", Access::admin, plan,
                                                    "Tells that all receivers know the new secret: the former one ends "
                                                    "now."));
}

void add_keywords_rows(EndpointTable& table) {
  constexpr auto plan = RateScope::plan;
  table.push_back(endpoint<&list_keywords>(get, "/api/v1/projects/{projectId}/keywords", "listKeywords", Access::viewer,
                                           plan, "Lists the keyword matrix of a project."));
  table.push_back(endpoint<&add_keywords>(post, "/api/v1/projects/{projectId}/keywords", "addKeywords", Access::editor,
                                          plan, "Adds one keyword (201), or imports many from JSON or CSV (200).")
                      .accepts({"application/json", &shape_of<KeywordFields>})
                      .accepts({"text/csv"})
                      .answers(200, Reply::Kind::object, "application/json", &shape_of<ImportView>)
                      .or_answers(201, &shape_of<KeywordView>)
                      .at_most(import_bytes));
  table.push_back(endpoint<&expand_keywords>(post, "/api/v1/projects/{projectId}/keywords/expand", "expandKeywords",
                                             Access::editor, plan,
                                             "Adds the cross product of patterns and dimensions."));
  table.push_back(endpoint<&cluster_keywords>(
                      post, "/api/v1/projects/{projectId}/keywords/cluster", "clusterKeywords", Access::editor, plan,
                      "Groups keywords by their words, at once (200) or, where they are many, as a job (202).")
                      .answers(200, Reply::Kind::object, "application/json", &shape_of<ClusterKeywordsView>)
                      .or_answers(202, &shape_of<QueuedJobView>));
  table.push_back(endpoint<&export_keywords>(get, "/api/v1/projects/{projectId}/keywords.csv", "exportKeywords",
                                             Access::viewer, plan, "Downloads the keyword matrix as CSV.")
                      .answers(200, Reply::Kind::document, "text/csv"));
  table.push_back(endpoint<&get_keyword>(get, "/api/v1/keywords/{keywordId}", "getKeyword", Access::viewer, plan,
                                         "Shows a keyword."));
  table.push_back(endpoint<&update_keyword>(patch, "/api/v1/keywords/{keywordId}", "updateKeyword", Access::editor,
                                            plan, "Changes a keyword."));
  table.push_back(endpoint<&delete_keyword>(del, "/api/v1/keywords/{keywordId}", "deleteKeyword", Access::editor, plan,
                                            "Deletes a keyword; its articles stay."));
}

void add_articles(EndpointTable& table) {
  constexpr auto plan = RateScope::plan;
  table.push_back(endpoint<&generate_articles>(post, "/api/v1/projects/{projectId}/articles/generate",
                                               "generateArticles", Access::editor, plan,
                                               "Generates articles from the keyword matrix, as a job."));
  table.push_back(endpoint<&list_articles>(get, "/api/v1/articles", "listArticles", Access::viewer, plan,
                                           "Lists articles, by status, project and words.")
                      .or_fails(404));
  table.push_back(endpoint<&create_article>(post, "/api/v1/projects/{projectId}/articles", "createArticle",
                                            Access::editor, plan, "Stores an article that a person wrote.")
                      .accepts({"application/json", &shape_of<ArticleFields>})
                      .accepts({"text/markdown"})
                      .answers(201, Reply::Kind::object, "application/json", &shape_of<ArticleView>)
                      .at_most(article_bytes));
  table.push_back(endpoint<&get_article>(get, "/api/v1/articles/{articleId}", "getArticle", Access::viewer, plan,
                                         "Shows an article with its text."));
  table.push_back(endpoint<&update_article>(patch, "/api/v1/articles/{articleId}", "updateArticle", Access::editor,
                                            plan, "Changes an article, or moves it between draft and ready.")
                      .at_most(article_bytes));
  table.push_back(endpoint<&delete_article>(del, "/api/v1/articles/{articleId}", "deleteArticle", Access::editor, plan,
                                            "Deletes an article; what is on a CMS stays."));
  table.push_back(endpoint<&list_revisions>(get, "/api/v1/articles/{articleId}/revisions", "listRevisions",
                                            Access::viewer, plan, "Lists the earlier texts of an article."));
  table.push_back(endpoint<&get_revision>(get, "/api/v1/articles/{articleId}/revisions/{revision}", "getRevision",
                                          Access::viewer, plan, "Shows an earlier text of an article."));
  table.push_back(endpoint<&regenerate_article>(post, "/api/v1/articles/{articleId}/regenerate", "regenerateArticle",
                                                Access::editor, plan,
                                                "Writes the article anew from its keyword, as a job."));
}

void add_publishing_rows(EndpointTable& table) {
  constexpr auto plan = RateScope::plan;
  table.push_back(
      endpoint<&publish_article>(post, "/api/v1/articles/{articleId}/publish", "publishArticle", Access::editor, plan,
                                 "Publishes an article: 200 when done within ten seconds, else 202 with the job.")
          .finished_by(&finish_publishing)
          .answers(200, Reply::Kind::object, "application/json", &shape_of<ArticleView>)
          .or_answers(202, &shape_of<QueuedJobView>));
  table.push_back(endpoint<&publish_articles>(post, "/api/v1/articles/publish", "publishArticles", Access::editor, plan,
                                              "Publishes several articles of one project, as a job.")
                      .or_fails(404));
  table.push_back(endpoint<&unpublish_article>(post, "/api/v1/articles/{articleId}/unpublish", "unpublishArticle",
                                               Access::editor, plan, "Takes an article from public view.")
                      .finished_by(&finish_publishing)
                      .answers(200, Reply::Kind::object, "application/json", &shape_of<ArticleView>)
                      .or_answers(202, &shape_of<QueuedJobView>));
  table.push_back(endpoint<&schedule_article>(post, "/api/v1/articles/{articleId}/schedule", "scheduleArticle",
                                              Access::editor, plan, "Publishes an article at a later time."));
  table.push_back(endpoint<&unschedule_article>(post, "/api/v1/articles/{articleId}/unschedule", "unscheduleArticle",
                                                Access::editor, plan, "Takes back a schedule."));
  table.push_back(endpoint<&retry_article>(post, "/api/v1/articles/{articleId}/retry", "retryArticle", Access::editor,
                                           plan, "Tries again what failed."));
  table.push_back(endpoint<&list_publications>(get, "/api/v1/publications", "listPublications", Access::viewer, plan,
                                               "Lists what is published where.")
                      .or_fails(404));
}

void add_public_pages(EndpointTable& table) {
  constexpr auto pages = RateScope::public_pages;
  table.push_back(endpoint<&get_sitemap>(get, "/api/public/sitemap/{projectId}", "getSitemap", Access::open, pages,
                                         "The XML sitemap of a project's published articles.")
                      .answers(200, Reply::Kind::document, "application/xml"));
  table.push_back(endpoint<&get_sitemap_page>(get, "/api/public/sitemap/{projectId}/{page}.xml", "getSitemapPage",
                                              Access::open, pages, "A page of a sitemap that is too big for one.")
                      .answers(200, Reply::Kind::document, "application/xml"));
  table.push_back(endpoint<&get_feed>(get, "/api/public/feed/{projectId}", "getFeed", Access::open, pages,
                                      "The newest articles as an Atom or JSON feed.")
                      .answers(200, Reply::Kind::document, "application/atom+xml")
                      .or_media("application/feed+json"));
  table.push_back(endpoint<&get_robots>(get, "/api/public/robots/{projectId}", "getRobots", Access::open, pages,
                                        "A robots.txt that names the sitemap.")
                      .answers(200, Reply::Kind::document, "text/plain"));
}

}  // namespace

EndpointTable make_endpoints() {
  EndpointTable table;
  add_projects(table);
  add_keywords_rows(table);
  add_articles(table);
  add_publishing_rows(table);
  add_public_pages(table);
  add_management_endpoints(table);
  return table;
}

}  // namespace galley::api::icf
