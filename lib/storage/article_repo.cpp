#include "storage/article_repo.hpp"

#include "storage/article_list.hpp"
#include "storage/article_row.hpp"
#include "storage/paging.hpp"

namespace galley::storage {
namespace {

constexpr std::string_view slug_index = "articles_slug";

Error slug_is_taken(const std::string& slug) {
  Error error = conflict("The slug \"" + slug + "\" is already used in this project.");
  error.details.push_back({"slug", slug});
  return error;
}

// Everything but what never changes: id, account, project and created_at.
void bind_article(Query& query, const Article& article) {
  const ArticleText& text = article.text;
  query.bind("id", article.id).bind("account", article.account);
  query.bind("keyword", article.keyword).bind("keyword_text", article.keyword_text);
  query.bind("title", text.title).bind("slug", article.slug);
  query.bind("status", article.status).bind("stage", article.stage);
  query.bind("excerpt", text.excerpt).bind("meta_title", text.meta_title);
  query.bind("meta_description", text.meta_description).bind("meta_keywords", text.meta_keywords);
  query.bind("categories", article.categories).bind("tags", article.tags);
  query.bind("author_name", article.author_name).bind("canonical_url", article.canonical_url);
  query.bind("featured_image_url", article.featured_image_url).bind("word_count", article.word_count);
  query.bind("scheduled_for", article.scheduled_for).bind("published_at", article.published_at);
  query.bind("last_updated_at", article.last_updated_at).bind("external_url", article.external_url);
  query.bind("error_code", article.error ? std::optional(article.error->code) : std::nullopt);
  query.bind("error_message", article.error ? std::optional(article.error->message) : std::nullopt);
  query.bind("sitemap_page", article.sitemap_page).bind("revision", article.revision);
  query.bind("version", article.version).bind("updated_at", article.updated_at).bind("markdown", text.markdown);
}

// An article takes the place that was given last on its page, once: it is kept for life.
constexpr std::string_view insert_sql =
    "INSERT INTO articles (id, account_id, project_id, keyword_id, keyword_text, title, slug, status, stage, excerpt, "
    "meta_title, meta_description, meta_keywords, categories, tags, author_name, canonical_url, featured_image_url, "
    "word_count, scheduled_for, published_at, last_updated_at, external_url, error_code, error_message, sitemap_page, "
    "sitemap_place, revision, version, created_at, updated_at, markdown) "
    "VALUES ($id, $account, $project, $keyword, $keyword_text, $title, $slug, $status, $stage, $excerpt, "
    "$meta_title, $meta_description, $meta_keywords, $categories, $tags, $author_name, $canonical_url, "
    "$featured_image_url, $word_count, $scheduled_for, $published_at, $last_updated_at, $external_url, $error_code, "
    "$error_message, $sitemap_page, "
    "(SELECT given FROM sitemap_pages WHERE project_id = $project AND page = $sitemap_page), "
    "$revision, $version, $created_at, $updated_at, $markdown)";
constexpr std::string_view update_sql =
    "UPDATE articles SET keyword_id = $keyword, keyword_text = $keyword_text, title = $title, slug = $slug, "
    "status = $status, stage = $stage, excerpt = $excerpt, meta_title = $meta_title, "
    "meta_description = $meta_description, meta_keywords = $meta_keywords, categories = $categories, tags = $tags, "
    "author_name = $author_name, canonical_url = $canonical_url, featured_image_url = $featured_image_url, "
    "word_count = $word_count, scheduled_for = $scheduled_for, published_at = $published_at, "
    "last_updated_at = $last_updated_at, external_url = $external_url, error_code = $error_code, "
    "error_message = $error_message, "
    "sitemap_place = CASE WHEN sitemap_page = $sitemap_page THEN sitemap_place ELSE (SELECT given FROM sitemap_pages "
    "WHERE sitemap_pages.project_id = articles.project_id AND page = $sitemap_page) END, "
    "sitemap_page = $sitemap_page, revision = $revision, version = $version, updated_at = $updated_at, "
    "markdown = $markdown WHERE id = $id AND account_id = $account";

constexpr std::string_view revision_columns =
    "revisions.article_id, revisions.number, revisions.title, revisions.excerpt, revisions.meta_title, "
    "revisions.meta_description, revisions.meta_keywords, revisions.made_by, revisions.created_at";

Revision read_revision(const Row& row) {
  Revision revision;
  row.into(revision.article, revision.number, revision.text.title, revision.text.excerpt, revision.text.meta_title,
           revision.text.meta_description, revision.text.meta_keywords, revision.made_by, revision.created_at);
  return revision;
}

Revision newest_revision(const Article& article, const std::string& made_by) {
  return {.article = article.id,
          .number = article.revision,
          .text = article.text,
          .made_by = made_by,
          .created_at = article.updated_at};
}

}  // namespace

Result<Article> ArticleRepo::find(const AccountId& account, const ArticleId& id) const {
  static const std::string sql =
      "SELECT " + article_columns(Bodies::with) + " FROM articles WHERE id = $id AND account_id = $account";
  Query query = connection_.query(sql);
  query.bind("id", id).bind("account", account);
  if (!GALLEY_TRY(query.step())) return not_found("article", id.text());
  return read_article(query.row());
}

Result<Page<Article>> ArticleRepo::list(const AccountId& account, const ArticleFilter& filter,
                                        const PageRequest& page) const {
  return list_articles(connection_, search_totals_, account, filter, page);
}

Result<bool> ArticleRepo::slug_taken(const AccountId& account, const ProjectId& project,
                                     const std::string& slug) const {
  Query query = connection_.query(
      "SELECT 1 FROM articles WHERE project_id = $project AND slug = $slug AND account_id = $account");
  query.bind("project", project).bind("slug", slug).bind("account", account);
  return GALLEY_TRY(query.step());
}

Result<void> ArticleRepo::insert_row(const Article& article) {
  {
    Query query = connection_.query(insert_sql);
    bind_article(query, article);
    query.bind("project", article.project).bind("created_at", article.created_at);
    const SqlResult<void> done = query.run();
    if (done.has_error() && done.error().violates(slug_index)) return slug_is_taken(article.slug);
    GALLEY_TRY(done);
  }
  return run_for(connection_.specific().index_article, article.id);
}

Result<void> ArticleRepo::insert(const Article& article, const std::string& made_by) {
  GALLEY_TRY(insert_row(article));
  return insert_revision(article.account, newest_revision(article, made_by));
}

Result<void> ArticleRepo::restore(const Article& article, const std::vector<Revision>& revisions) {
  GALLEY_TRY(insert_row(article));
  for (const Revision& revision : revisions)
    GALLEY_TRY(insert_revision(article.account, revision));
  return {};
}

Result<void> ArticleRepo::update(const Article& article, const std::string& made_by) {
  std::int64_t stored_revision = 0;
  bool same_terms = false;
  {
    Query query = connection_.query(
        "SELECT revision, markdown <> '' AND $markdown = '', "
        "title = $title AND coalesce(keyword_text, '') = coalesce($keyword_text, '') AND markdown = $markdown "
        "FROM articles WHERE id = $id AND account_id = $account");
    query.bind("markdown", article.text.markdown).bind("title", article.text.title);
    query.bind("keyword_text", article.keyword_text).bind("id", article.id).bind("account", article.account);
    if (!GALLEY_TRY(query.step())) return not_found("article", article.id.text());
    bool text_lost = false;
    query.row().into(stored_revision, text_lost, same_terms);
    if (text_lost && article.revision <= stored_revision)
      return internal_error("An article's text would be lost: it was written back without a body");
  }
  // Most updates are transitions of a state machine: the search terms of a long text cost more than all the rest.
  if (!same_terms) GALLEY_TRY(unindex(article.id));
  {
    Query query = connection_.query(update_sql);
    bind_article(query, article);
    const SqlResult<void> done = query.run();
    if (done.has_error() && done.error().violates(slug_index)) return slug_is_taken(article.slug);
    GALLEY_TRY(done);
  }
  if (!same_terms) GALLEY_TRY(run_for(connection_.specific().index_article, article.id));
  if (article.revision > stored_revision) return insert_revision(article.account, newest_revision(article, made_by));
  return {};
}

Result<void> ArticleRepo::remove(const AccountId& account, const ArticleId& id) {
  {
    // Before the search terms go: they are found by the id alone.
    Query query = connection_.query("SELECT 1 FROM articles WHERE id = $id AND account_id = $account");
    query.bind("id", id).bind("account", account);
    if (!GALLEY_TRY(query.step())) return not_found("article", id.text());
  }
  GALLEY_TRY(unindex(id));
  Query query = connection_.query("DELETE FROM articles WHERE id = $id AND account_id = $account");
  query.bind("id", id).bind("account", account);
  GALLEY_TRY(query.run());
  return {};
}

Result<Page<Revision>> ArticleRepo::revisions(const AccountId& account, const ArticleId& id,
                                              const PageRequest& page) const {
  const ListSql list{.columns = std::string(revision_columns),
                     .from = "revisions",
                     .where = "revisions.article_id = $article AND revisions.account_id = $account",
                     .row = "revisions.row",
                     .created_at = "revisions.created_at",
                     .updated_at = {}};
  const auto bind = [&](Query& query) { query.bind("article", id).bind("account", account); };
  return read_page<Revision>(connection_, list, page, bind, read_revision);
}

Result<Revision> ArticleRepo::revision(const AccountId& account, const ArticleId& id, std::int64_t number) const {
  static const std::string sql = "SELECT revisions.markdown, " + std::string(revision_columns) +
                                 " FROM revisions WHERE article_id = $article AND number = $number "
                                 "AND account_id = $account";
  Query query = connection_.query(sql);
  query.bind("article", id).bind("number", number).bind("account", account);
  if (!GALLEY_TRY(query.step())) return not_found("revision", std::to_string(number));
  Revision revision = read_revision(query.row().from(1));
  revision.text.markdown = query.row().get<std::string>(0);
  return revision;
}

Result<void> ArticleRepo::insert_revision(const AccountId& account, const Revision& revision) {
  Query query = connection_.query(
      "INSERT INTO revisions (account_id, article_id, number, title, excerpt, meta_title, meta_description, "
      "meta_keywords, made_by, created_at, markdown) VALUES ($account, $article, $number, $title, $excerpt, "
      "$meta_title, $meta_description, $meta_keywords, $made_by, $created_at, $markdown)");
  const ArticleText& text = revision.text;
  query.bind("account", account).bind("article", revision.article).bind("number", revision.number);
  query.bind("title", text.title).bind("excerpt", text.excerpt).bind("meta_title", text.meta_title);
  query.bind("meta_description", text.meta_description).bind("meta_keywords", text.meta_keywords);
  query.bind("made_by", revision.made_by).bind("created_at", revision.created_at).bind("markdown", text.markdown);
  GALLEY_TRY(query.run());
  return {};
}

Result<void> ArticleRepo::run_for(std::string_view sql, const ArticleId& id) {
  Query query = connection_.query(sql);
  query.bind("id", id);
  GALLEY_TRY(query.run());
  return {};
}

Result<void> ArticleRepo::unindex(const ArticleId& id) {
  GALLEY_TRY(run_for(connection_.specific().unindex_article, id));
  GALLEY_TRY(connection_.execute("UPDATE search_removals SET amount = amount + 1 WHERE row = 1"));
  return {};
}

}  // namespace galley::storage
