#include "service/article_transitions.hpp"

#include "base/encoding.hpp"
#include "content/slug.hpp"

namespace galley::service {

namespace {

// Beyond it the title is too common for readable numbers, and the id decides.
constexpr std::size_t numbered_slugs = 50;

TaskStatus task_status(const Article& article, KeywordStatus keyword) {
  switch (keyword) {
    case KeywordStatus::generated:
    case KeywordStatus::published:
      return TaskStatus::completed;
    case KeywordStatus::not_generated:
      return article.status == ArticleStatus::error ? TaskStatus::failed : TaskStatus::queued;
    case KeywordStatus::queued:
      return TaskStatus::queued;
  }
  return TaskStatus::queued;
}

}  // namespace

Result<std::string> ArticleTransitions::free_slug(const Transaction& transaction, const Project& project,
                                                  const Article& article, const std::string& wanted) const {
  std::string base = wanted;
  if (base.empty()) base = content::make_slug(article.text.title, project.language, {.drop_years = true});
  if (base.empty()) base = "article-" + article.id.text().substr(article.id.text().size() - 8);
  for (std::size_t n = 1; n <= numbered_slugs; ++n) {
    std::string slug = n == 1 ? base : content::numbered_slug(base, n);
    if (slug == article.slug) return slug;
    if (!GALLEY_TRY(transaction.articles().slug_taken(project.account, project.id, slug))) return slug;
  }
  return content::make_slug(
      std::string(first_code_points(base, 40)) + "-" + article.id.text().substr(article.id.text().size() - 12), "");
}

Result<void> ArticleTransitions::saved(Transaction& transaction, const Project& project, Article& article,
                                       EventType event, const std::string& made_by) const {
  ++article.version;
  article.updated_at = context_.clock.now();
  GALLEY_TRY(transaction.articles().update(article, made_by));
  return events_.article(transaction, event, project, article);
}

Result<void> ArticleTransitions::moved(Transaction& transaction, Article& article, ArticleStatus status, Stage stage,
                                       const std::string& made_by) const {
  article.status = status;
  article.stage = stage;
  ++article.version;
  article.updated_at = context_.clock.now();
  return transaction.articles().update(article, made_by);
}

Result<void> ArticleTransitions::published(Transaction& transaction, const Project& project, Article& article,
                                           const std::string& made_by) const {
  const Time now = context_.clock.now();
  article.status = ArticleStatus::published;
  article.stage = Stage::none;
  article.error.reset();
  article.scheduled_for.reset();
  if (!article.published_at) article.published_at = now;
  article.last_updated_at = now;
  if (!article.sitemap_page) article.sitemap_page = GALLEY_TRY(transaction.sitemap_pages().give_place(project.id, now));
  GALLEY_TRY(saved(transaction, project, article, EventType::article_published, made_by));
  GALLEY_TRY(set_origin_status(transaction, article, KeywordStatus::published));
  return shown_again(transaction, article);
}

Result<void> ArticleTransitions::unpublished(Transaction& transaction, const Project& project, Article& article,
                                             const std::string& made_by) const {
  article.status = ArticleStatus::ready;
  article.stage = Stage::approved;
  article.error.reset();
  article.external_url.reset();
  GALLEY_TRY(saved(transaction, project, article, EventType::article_unpublished, made_by));
  GALLEY_TRY(set_origin_status(transaction, article, KeywordStatus::generated));
  return shown_again(transaction, article);
}

Result<void> ArticleTransitions::failed(Transaction& transaction, const Project& project, Article& article, Stage stage,
                                        ArticleError error, const std::string& made_by) const {
  article.error = std::move(error);
  if (article.status != ArticleStatus::published) {
    article.status = ArticleStatus::error;
    article.stage = stage;
    article.scheduled_for.reset();
  }
  return saved(transaction, project, article, EventType::article_failed, made_by);
}

Result<void> ArticleTransitions::given_up(Transaction& transaction, const Article& article,
                                          Publication publication) const {
  if (publication.published_at)
    publication.status =
        article.status == ArticleStatus::published ? PublicationStatus::live : PublicationStatus::removed;
  else
    publication.status = publication.external_id ? PublicationStatus::draft : PublicationStatus::removed;
  ++publication.version;
  publication.updated_at = context_.clock.now();
  return transaction.publications().update(publication);
}

Result<void> ArticleTransitions::shown_again(Transaction& transaction, const Article& article) const {
  if (!article.sitemap_page) return {};
  GALLEY_TRY(transaction.sitemap_pages().bump(article.project, *article.sitemap_page, context_.clock.now()));
  transaction.announce(topic::sitemap);
  return {};
}

Result<void> ArticleTransitions::set_origin_status(Transaction& transaction, const Article& article,
                                                   KeywordStatus status) const {
  GALLEY_TRY(transaction.writing_tasks().follow(article.account, article.id, task_status(article, status),
                                                context_.clock.now()));
  if (!article.keyword) return {};
  Result<Keyword> keyword = transaction.keywords().find(article.account, *article.keyword);
  // The keyword may have been removed from the matrix since; the article lives on without it.
  if (!keyword) return keyword.error().code == ErrorCode::not_found ? Result<void>() : keyword.error();
  if (keyword->article && *keyword->article != article.id) return {};
  keyword->status = status;
  ++keyword->version;
  keyword->updated_at = context_.clock.now();
  return transaction.keywords().update(*keyword);
}

}  // namespace galley::service
