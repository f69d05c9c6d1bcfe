#include "service/article_import.hpp"

#include <utility>

#include "content/excerpt.hpp"
#include "content/slug.hpp"
#include "domain/web_url.hpp"
#include "service/audit.hpp"

namespace galley::service {

namespace {

// What the domain takes of each; longer ones are shortened at a sentence or a word.
constexpr std::size_t max_excerpt = 2000, max_meta_title = 300, max_meta_description = 1000;

std::optional<std::string> within(std::optional<std::string> text, std::size_t max) {
  if (text) text = content::shorten(*text, max);
  if (text && text->empty()) text.reset();
  return text;
}

std::string wanted_slug(const content::SourceArticle& source, const Project& project) {
  const std::string given = source.slug.value_or("");
  return content::is_slug(given) ? given : content::make_slug(given, project.language);
}

}  // namespace

ArticleImport::Waiting ArticleImport::prepare(std::string place, content::SourceArticle source) {
  Waiting waiting{.place = std::move(place)};
  const auto web_address = [&](std::optional<std::string> url, const char* what) {
    if (url && !parse_web_url(*url)) {
      report_.remark(waiting.place, std::string(what) + " is no web address, and is left out");
      url.reset();
    }
    return url;
  };
  for (std::string& remark : source.remarks)
    report_.remark(waiting.place, std::move(remark));
  const Time now = context_.clock.now();
  Article& article = waiting.article;
  article.id = derived_id<ArticleId>(project_.id.text(), source.key);
  article.account = project_.account;
  article.project = project_.id;
  article.text.title = std::move(source.title);
  article.text.markdown = std::move(source.markdown);
  article.text.excerpt = within(std::move(source.excerpt), max_excerpt);
  article.text.meta_title = within(std::move(source.meta_title), max_meta_title);
  article.text.meta_description = within(std::move(source.meta_description), max_meta_description);
  article.text.meta_keywords = std::move(source.meta_keywords);
  article.categories = std::move(source.categories);
  article.tags = std::move(source.tags);
  article.author_name = std::move(source.author);
  article.featured_image_url = web_address(std::move(source.image_url), "the image's address");
  article.canonical_url = web_address(std::move(source.canonical_url), "the canonical address");
  if (options_.canonical && !article.canonical_url)
    article.canonical_url = web_address(std::move(source.address), "the address");
  article.status = source.status == content::SourceStatus::draft ? ArticleStatus::draft : ArticleStatus::ready;
  if (source.status == content::SourceStatus::published && source.published && *source.published <= now)
    article.published_at = source.published;
  waiting.published = options_.published && article.published_at;
  if (waiting.published)
    article.last_updated_at = std::max(source.modified.value_or(*article.published_at), *article.published_at);
  article.created_at = std::min(source.created.value_or(source.published.value_or(now)), now);
  // Whoever asks for what changed since yesterday is to see it.
  article.updated_at = now;
  article.word_count = static_cast<std::int64_t>(content::word_count(article.text.markdown));
  waiting.wanted_slug = wanted_slug(source, project_);
  return waiting;
}

Result<void> ArticleImport::take(std::string place, Result<content::SourceArticle> source) {
  ++taken_;
  if (source.has_error()) {
    report_.reject(std::move(place), reason_of(source.error()));
    return {};
  }
  // Counting words and the like is not for the writer's thread, which all others wait for.
  batch_.push_back(prepare(std::move(place), *std::move(source)));
  bytes_ += batch_.back().article.text.markdown.size();
  return batch_.size() < articles_at_once && bytes_ < bytes_at_once ? Result<void>() : flush();
}

Result<ImportReport> ArticleImport::finish() {
  GALLEY_TRY(flush());
  return std::move(report_);
}

Result<void> ArticleImport::flush() {
  if (batch_.empty()) return {};
  const Result<ImportReport> report =
      options_.dry_run
          ? context_.store.read([&](const Transaction& transaction) { return write(transaction, nullptr); })
          : context_.store.write_and_wait([&](Transaction& transaction) { return write(transaction, &transaction); });
  if (report.has_error()) return report.error();
  report_.add(*report);
  batch_.clear();
  bytes_ = 0;
  if (options_.progress) options_.progress(taken_);
  return {};
}

Result<ImportReport> ArticleImport::write(const Transaction& reading, Transaction* writing) {
  GALLEY_TRY(require_sight(actor_, project_.id));
  GALLEY_TRY(reading.projects().find(actor_.account, project_.id));
  ImportReport report;
  for (Waiting& waiting : batch_) {
    const Result<bool> made = write_one(reading, writing, waiting);
    if (made.has_error()) {
      if (!blames_input(made.error())) return made.error();
      const std::string title = waiting.article.text.title;
      report.reject(waiting.place + (title.empty() ? "" : " \"" + title + "\""), reason_of(made.error()));
      continue;
    }
    ImportReport::Tally& tally = report.nouns["article"];
    ++(*made ? tally.created : tally.skipped);
    if (*made && !waiting.wanted_slug.empty() && waiting.article.slug != waiting.wanted_slug)
      report.remark(waiting.place, "the slug is \"" + waiting.article.slug + "\": \"" + waiting.wanted_slug +
                                       "\" is taken in this project");
  }
  const std::int64_t created = report.nouns["article"].created;
  if (writing != nullptr && created > 0)
    GALLEY_TRY(audit(
        *writing, context_, actor_,
        {AuditAction::articles_imported, project_.id, project_.id.text(), std::to_string(created) + " articles"}));
  return report;
}

Result<bool> ArticleImport::write_one(const Transaction& reading, Transaction* writing, Waiting& waiting) const {
  Article& article = waiting.article;
  const Ownership known = GALLEY_TRY(reading.accounts().ownership(actor_.account, article.id));
  if (known == Ownership::own) return false;
  if (known == Ownership::foreign) return conflict("Its id is in use.");
  article.slug = GALLEY_TRY(transitions_.free_slug(reading, project_, article, waiting.wanted_slug));
  GALLEY_TRY(check(article));
  if (writing == nullptr) return true;
  if (waiting.published) article.status = ArticleStatus::published;
  if (waiting.published)
    article.sitemap_page = GALLEY_TRY(writing->sitemap_pages().give_place(article.project, context_.clock.now()));
  GALLEY_TRY(writing->articles().insert(article, actor_.name()));
  if (waiting.published) GALLEY_TRY(publish(*writing, article));
  return true;
}

// As publishing without a connection does, but under the date of the source and without a word to anybody.
Result<void> ArticleImport::publish(Transaction& transaction, Article& article) const {
  Publication publication;
  publication.id = derived_id<PublicationId>(article.id.text(), "native");
  publication.account = article.account;
  publication.project = article.project;
  publication.article = article.id;
  publication.status = PublicationStatus::live;
  publication.external_url = public_url(project_, article);
  publication.attempts = 1;
  publication.published_at = article.published_at;
  publication.created_at = publication.updated_at = article.updated_at;
  transaction.announce(topic::sitemap);
  return transaction.publications().insert(publication);
}

}  // namespace galley::service
