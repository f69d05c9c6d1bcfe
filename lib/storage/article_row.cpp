#include "storage/article_row.hpp"

#include <optional>
#include <utility>

namespace galley::storage {

std::string article_columns(Bodies bodies) {
  std::string columns =
      "articles.id, articles.account_id, articles.project_id, articles.keyword_id, articles.keyword_text, "
      "articles.title, articles.slug, articles.status, articles.stage, articles.excerpt, articles.meta_title, "
      "articles.meta_description, articles.meta_keywords, articles.categories, articles.tags, articles.author_name, "
      "articles.canonical_url, articles.featured_image_url, articles.word_count, articles.scheduled_for, "
      "articles.published_at, articles.last_updated_at, articles.external_url, articles.error_code, "
      "articles.error_message, articles.sitemap_page, articles.revision, articles.version, articles.created_at, "
      "articles.updated_at, ";
  columns += bodies == Bodies::with ? "articles.markdown" : "'' AS markdown";
  return columns;
}

Article read_article(const Row& row) {
  Article article;
  ArticleText& text = article.text;
  std::optional<std::string> error_code;
  std::optional<std::string> error_message;
  row.into(article.id, article.account, article.project, article.keyword, article.keyword_text, text.title,
           article.slug, article.status, article.stage, text.excerpt, text.meta_title, text.meta_description,
           text.meta_keywords, article.categories, article.tags, article.author_name, article.canonical_url,
           article.featured_image_url, article.word_count, article.scheduled_for, article.published_at,
           article.last_updated_at, article.external_url, error_code, error_message, article.sitemap_page,
           article.revision, article.version, article.created_at, article.updated_at, text.markdown);
  if (error_code) article.error = ArticleError{*std::move(error_code), std::move(error_message).value_or("")};
  return article;
}

}  // namespace galley::storage
