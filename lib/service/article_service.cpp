#include "service/article_service.hpp"

#include <algorithm>

#include "content/excerpt.hpp"
#include "content/html_import.hpp"
#include "content/slug.hpp"
#include "service/audit.hpp"

namespace galley::service {

namespace {

ArticleDraft draft_of(const Article& article) {
  return {.text = article.text,
          .slug = article.slug,
          .status = article.status,
          .categories = article.categories,
          .tags = article.tags,
          .author_name = article.author_name,
          .canonical_url = article.canonical_url,
          .featured_image_url = article.featured_image_url};
}

// Everything but the slug, which needs the store, and the status, which has rules of its own.
Result<void> apply(ArticleDraft draft, Article& article) {
  if (draft.html) draft.text.markdown = GALLEY_TRY(content::html_to_markdown(*draft.html));
  article.text = std::move(draft.text);
  article.categories = std::move(draft.categories);
  article.tags = std::move(draft.tags);
  article.author_name = std::move(draft.author_name);
  article.canonical_url = std::move(draft.canonical_url);
  article.featured_image_url = std::move(draft.featured_image_url);
  article.word_count = static_cast<std::int64_t>(content::word_count(article.text.markdown));
  return {};
}

Result<void> check_given_slug(const std::optional<std::string>& slug) {
  if (!slug || slug->empty() || content::is_slug(*slug)) return {};
  if (content::is_reserved_slug(*slug)) return invalid("slug", "is reserved");
  return invalid("slug", "must be lower-case letters and digits in words joined by single hyphens");
}

Result<void> require_free(const Transaction& transaction, const Article& article, const std::string& slug) {
  if (!GALLEY_TRY(transaction.articles().slug_taken(article.account, article.project, slug))) return {};
  Error taken = conflict("The slug \"" + slug + "\" is already used in this project.");
  taken.details.push_back({"slug", slug});
  return taken;
}

// What is ready is approved by whoever says so, and by whoever makes it ready and does not say otherwise.
Result<void> move_status(Article& article, ArticleStatus wanted, const std::optional<bool>& approved) {
  if (wanted == article.status) {
    if (wanted == ArticleStatus::ready && approved) article.stage = *approved ? Stage::approved : Stage::none;
    return {};
  }
  if (wanted != ArticleStatus::draft && wanted != ArticleStatus::ready)
    return invalid("status", "can only be set to draft or ready; the other states have actions of their own");
  GALLEY_TRY(
      require(article, wanted == ArticleStatus::ready ? ArticleAction::approve : ArticleAction::return_to_draft));
  article.status = wanted;
  article.stage = wanted == ArticleStatus::ready && approved.value_or(true) ? Stage::approved : Stage::none;
  article.error.reset();
  return {};
}

bool differs_for_readers(const Article& a, const Article& b) {
  return a.text != b.text || a.slug != b.slug || a.categories != b.categories || a.tags != b.tags ||
         a.author_name != b.author_name || a.canonical_url != b.canonical_url ||
         a.featured_image_url != b.featured_image_url;
}

// A native publication is the article itself; what is on a CMS changes only when it is published again.
Result<bool> shows_at_once(const Transaction& transaction, const Article& article) {
  if (article.status != ArticleStatus::published) return false;
  const auto publications = GALLEY_TRY(transaction.publications().of_article(article.account, article.id));
  return std::none_of(publications.begin(), publications.end(), [](const Publication& publication) {
    return publication.connection && publication.status == PublicationStatus::live;
  });
}

}  // namespace

std::int64_t reading_time_of(const Article& article) {
  return static_cast<std::int64_t>(content::reading_time_minutes(static_cast<std::size_t>(article.word_count)));
}

content::ArticleTexts texts_of(const Project& project, const Article& article) {
  const content::ArticleSource source{.title = article.text.title,
                                      .markdown = article.text.markdown,
                                      .excerpt = article.text.excerpt,
                                      .meta_title = article.text.meta_title,
                                      .meta_description = article.text.meta_description,
                                      .meta_keywords = article.text.meta_keywords,
                                      .author = article.author_name.value_or(project.author_name.value_or("")),
                                      .url = public_url(project, article).value_or(""),
                                      .image = article.featured_image_url.value_or(""),
                                      .site = project.target_domain.value_or(""),
                                      .language = project.language,
                                      .published = article.published_at,
                                      .modified = article.last_updated_at,
                                      .word_count = article.word_count};
  return content::derive_texts(source);
}

Result<ArticleDetail> ArticleService::with_texts(Result<ArticleDetail> detail) const {
  if (!detail) return detail;
  const Project project = GALLEY_TRY(context_.store.read([&](const Transaction& transaction) {
    return transaction.projects().find(detail->article.account, detail->article.project);
  }));
  detail->texts = texts_of(project, detail->article);
  return detail;
}

Result<Article> find_article(const Transaction& transaction, const Actor& actor, const ArticleId& id) {
  Article article = GALLEY_TRY(transaction.articles().find(actor.account, id));
  GALLEY_TRY(require_sight(actor, article.project, ArticleTag::noun, id.text()));
  return article;
}

Result<void> audit_article(Transaction& transaction, const Context& context, const Actor& actor, AuditAction action,
                           const Article& article) {
  return audit(transaction, context, actor, {action, article.project, article.id.text(), article.text.title});
}

Result<ArticleDetail> article_detail(const Transaction& transaction, Article article) {
  const Project project = GALLEY_TRY(transaction.projects().find(article.account, article.project));
  ArticleDetail detail{.article = std::move(article)};
  detail.url = public_url(project, detail.article);
  detail.publications = GALLEY_TRY(transaction.publications().of_article(detail.article.account, detail.article.id));
  return detail;
}

Result<Page<ArticleDetail>> ArticleService::list(const Actor& actor, ArticleFilter filter,
                                                 const PageRequest& page) const {
  if (actor.project) {
    if (filter.project && *filter.project != *actor.project) return not_found(ProjectTag::noun, filter.project->text());
    filter.project = actor.project;
  }
  return context_.store.read([&](const Transaction& transaction) -> Result<Page<ArticleDetail>> {
    if (filter.project) GALLEY_TRY(transaction.projects().find(actor.account, *filter.project));
    Page<Article> found = GALLEY_TRY(transaction.articles().list(actor.account, filter, page));
    Page<ArticleDetail> details{
        .rows = {}, .total = found.total, .total_is_exact = found.total_is_exact, .next = found.next};
    details.rows.reserve(found.rows.size());
    std::vector<Project> projects;  // few: a page is mostly of one project
    for (Article& article : found.rows) {
      auto project =
          std::find_if(projects.begin(), projects.end(), [&](const Project& p) { return p.id == article.project; });
      if (project == projects.end()) {
        projects.push_back(GALLEY_TRY(transaction.projects().find(actor.account, article.project)));
        project = std::prev(projects.end());
      }
      ArticleDetail detail{.url = public_url(*project, article)};
      if (filter.with_bodies) detail.texts = texts_of(*project, article);
      detail.article = std::move(article);
      details.rows.push_back(std::move(detail));
    }
    return details;
  });
}

Result<ArticleDetail> ArticleService::get(const Actor& actor, const ArticleId& id) const {
  return with_texts(context_.store.read([&](const Transaction& transaction) -> Result<ArticleDetail> {
    return article_detail(transaction, GALLEY_TRY(find_article(transaction, actor, id)));
  }));
}

Task<Result<ArticleDetail>> ArticleService::create(Actor actor, ProjectId project_id, ArticleDraft draft) const {
  Article made;
  made.id = context_.ids.make<ArticleId>();
  made.account = actor.account;
  made.project = project_id;
  made.created_at = made.updated_at = context_.clock.now();
  // HTML conversion and counting words are not for the writer's thread, which all others wait for.
  GALLEY_CO_TRY(check_given_slug(draft.slug));
  GALLEY_CO_TRY(apply(draft, made));
  GALLEY_CO_TRY(move_status(made, draft.status, draft.approved));
  auto body = [&](Transaction& transaction) -> Result<ArticleDetail> {
    GALLEY_TRY(require_sight(actor, project_id));
    const Project project = GALLEY_TRY(transaction.projects().find(actor.account, project_id));
    Article article = made;
    if (draft.slug && !draft.slug->empty()) GALLEY_TRY(require_free(transaction, article, *draft.slug));
    article.slug = GALLEY_TRY(transitions_.free_slug(transaction, project, article, draft.slug.value_or("")));
    GALLEY_TRY(check(article));
    GALLEY_TRY(transaction.articles().insert(article, actor.name()));
    GALLEY_TRY(events_.article(transaction, EventType::article_created, project, article));
    GALLEY_TRY(audit_article(transaction, context_, actor, AuditAction::article_created, article));
    std::optional<std::string> url = public_url(project, article);
    return ArticleDetail{.article = std::move(article), .url = std::move(url)};
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<ArticleDetail>> ArticleService::update(Actor actor, ArticleId id, std::optional<std::int64_t> known_version,
                                                   Edit edit) const {
  auto body = [&](Transaction& transaction) -> Result<ArticleDetail> {
    const Article before = GALLEY_TRY(find_article(transaction, actor, id));
    GALLEY_TRY(require_version(known_version, before.version));
    const Project project = GALLEY_TRY(transaction.projects().find(actor.account, before.project));
    ArticleDraft draft = draft_of(before);
    GALLEY_TRY(edit(draft));
    Article article = before;
    GALLEY_TRY(move_status(article, draft.status, draft.approved));
    const std::string slug = draft.slug.value_or("");
    GALLEY_TRY(apply(std::move(draft), article));
    if (slug != before.slug) {
      GALLEY_TRY(check_given_slug(slug));
      if (!slug.empty()) GALLEY_TRY(require_free(transaction, article, slug));
      article.slug = GALLEY_TRY(transitions_.free_slug(transaction, project, article, slug));
    }
    GALLEY_TRY(check(article));
    const bool differs = differs_for_readers(before, article);
    if (!differs && article.status == before.status && article.stage == before.stage)
      return article_detail(transaction, before);
    if (differs) GALLEY_TRY(require(before, ArticleAction::edit));
    if (article.text != before.text) ++article.revision;
    const bool shows = differs && GALLEY_TRY(shows_at_once(transaction, article));
    if (shows) article.last_updated_at = context_.clock.now();
    GALLEY_TRY(transitions_.saved(transaction, project, article, EventType::article_updated, actor.name()));
    GALLEY_TRY(audit_article(transaction, context_, actor, AuditAction::article_updated, article));
    // The sitemap and the feeds are made from the row, wherever its text is shown.
    if (differs && article.status == ArticleStatus::published)
      GALLEY_TRY(transitions_.shown_again(transaction, article));
    return article_detail(transaction, std::move(article));
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<void>> ArticleService::remove(Actor actor, ArticleId id, std::optional<std::int64_t> known_version) const {
  auto body = [&](Transaction& transaction) -> Result<void> {
    const Article article = GALLEY_TRY(find_article(transaction, actor, id));
    GALLEY_TRY(require_version(known_version, article.version));
    GALLEY_TRY(require(article, ArticleAction::remove));
    const Project project = GALLEY_TRY(transaction.projects().find(actor.account, article.project));
    GALLEY_TRY(events_.article(transaction, EventType::article_deleted, project, article));
    GALLEY_TRY(audit_article(transaction, context_, actor, AuditAction::article_deleted, article));
    GALLEY_TRY(transitions_.set_origin_status(transaction, article, KeywordStatus::not_generated));
    if (article.status == ArticleStatus::published) GALLEY_TRY(transitions_.shown_again(transaction, article));
    return transaction.articles().remove(actor.account, id);
  };
  co_return co_await context_.store.write(std::move(body));
}

Result<Page<Revision>> ArticleService::revisions(const Actor& actor, const ArticleId& id,
                                                 const PageRequest& page) const {
  return context_.store.read([&](const Transaction& transaction) -> Result<Page<Revision>> {
    GALLEY_TRY(find_article(transaction, actor, id));
    return transaction.articles().revisions(actor.account, id, page);
  });
}

Result<Revision> ArticleService::revision(const Actor& actor, const ArticleId& id, std::int64_t number) const {
  return context_.store.read([&](const Transaction& transaction) -> Result<Revision> {
    GALLEY_TRY(find_article(transaction, actor, id));
    return transaction.articles().revision(actor.account, id, number);
  });
}

}  // namespace galley::service
