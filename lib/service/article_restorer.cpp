// The articles of LineRestorer.
#include <iterator>
#include <set>

#include "domain/field_check.hpp"
#include "service/import_ids.hpp"
#include "service/line_restorer.hpp"

namespace galley::service {

namespace {

constexpr std::size_t max_words = 65536;  // what a CMS answered may be long

Result<void> check_text(const ArticleLine& article, const ArticleText& text) {
  Article whole = article;
  whole.text = text;
  return check(whole);
}

// A publication that was under way has nobody who works it off any more: what is known of the post tells the rest.
PublicationStatus settled(const Publication& publication) {
  if (publication.status != PublicationStatus::pending) return publication.status;
  if (publication.published_at) return PublicationStatus::live;
  return publication.external_id ? PublicationStatus::draft : PublicationStatus::removed;
}

// Texts that nobody typed here, but that people are shown.
Result<void> check_words(const Publication& publication) {
  FieldCheck fields;
  fields.text("external_id", publication.external_id, max_words);
  fields.text("external_url", publication.external_url, max_words);
  fields.text("last_error", publication.last_error, max_words);
  return std::move(fields).result();
}

Result<void> check_words(const ArticleLine& article) {
  FieldCheck fields;
  fields.line("keyword", article.keyword_text, Keyword::max_length);
  fields.text("external_url", article.external_url, max_words);
  if (article.error) {
    fields.text("error.code", article.error->code, max_words);
    fields.text("error.message", article.error->message, max_words);
  }
  return std::move(fields).result();
}

}  // namespace

// What waited for a job cannot wait for it here: the job stayed behind.
Result<void> LineRestorer::settle(ArticleLine& article) {
  switch (article.status) {
    case ArticleStatus::queued:
    case ArticleStatus::generating:
      article.status = article.stage == Stage::publication ? ArticleStatus::ready : ArticleStatus::draft;
      remark("the article was in work, and is " + std::string(to_text(article.status)) + " now");
      break;
    case ArticleStatus::scheduled:
      article.status = ArticleStatus::ready;
      remark("the article was scheduled for " + (article.scheduled_for ? to_rfc3339(*article.scheduled_for) : "later") +
             ", and is ready now");
      break;
    case ArticleStatus::published:
      if (!article.published_at) return invalid("publishedAt", "is required of a published article");
      break;
    case ArticleStatus::draft:
    case ArticleStatus::ready:
    case ArticleStatus::error:
      break;
  }
  article.scheduled_for.reset();
  const bool approved = article.status == ArticleStatus::ready && article.stage == Stage::approved;
  if (article.status != ArticleStatus::error && !approved) article.stage = Stage::none;
  if (article.status == ArticleStatus::error && article.stage == Stage::none) article.stage = Stage::generation;
  return {};
}

Result<void> LineRestorer::settle_revisions(const ArticleLine& article) {
  std::set<std::int64_t> numbers;
  for (Revision& revision : group_.revisions) {
    revision.article = article.id;
    if (!numbers.insert(revision.number).second || revision.number > article.revision)
      return invalid("revision", "has a number that another one has, or that the article has not reached");
    GALLEY_TRY(check_text(article, revision.text));
    if (!is_storable_text(revision.made_by)) return invalid("madeBy", "must not contain control characters");
  }
  if (numbers.contains(article.revision)) return {};
  if (!numbers.empty()) return invalid("revision", "is missing: the one that the article has reached");
  // A file that somebody wrote: the text itself is a revision.
  group_.revisions.push_back({.article = article.id,
                              .number = article.revision,
                              .text = article.text,
                              .made_by = actor_.name(),
                              .created_at = article.updated_at});
  return {};
}

Result<void> LineRestorer::settle_publications(const ArticleLine& article) {
  std::set<std::optional<ConnectionId>> targets;
  std::set<PublicationId> ids;
  for (Publication& publication : group_.publications) {
    GALLEY_TRY(check_words(publication));
    const Placed<PublicationId> placed = GALLEY_TRY(place_of(reading_, actor_.account, publication.id));
    publication.id = placed.id;
    if (placed.present || !ids.insert(placed.id).second) return conflict("Its publication belongs to another article.");
    GALLEY_TRY(follow(
        publication.connection, article.project,
        [&](const ConnectionId& id) { return reading_.connections().find(actor_.account, id); }, "connectionId"));
    if (!targets.insert(publication.connection).second)
      return invalid("publication", "is the second one on its connection");
    publication.account = article.account;
    publication.project = article.project;
    publication.article = article.id;
    publication.status = settled(publication);
  }
  return {};
}

Result<bool> LineRestorer::restore_noun(ArticleLine& article) {
  if (!group_.refused.empty()) return invalid("article", "does not come in: " + group_.refused);
  if (std::ssize(group_.revisions) != article.revision_lines ||
      std::ssize(group_.publications) != article.publication_lines)
    return invalid("article", "does not come in: not as many revisions and publications follow it as it has");
  GALLEY_TRY(check(article));
  GALLEY_TRY(check_words(article));
  article.project = GALLEY_TRY(project_of(article.project));
  const Placed<ArticleId> placed = GALLEY_TRY(place_of(reading_, actor_.account, article.id));
  if (placed.present) return false;
  article.id = placed.id;
  article.account = actor_.account;
  if (writing_ != nullptr)
    GALLEY_TRY(follow(
        article.keyword, article.project,
        [&](const KeywordId& id) { return reading_.keywords().find(actor_.account, id); }, "keywordId"));
  if (GALLEY_TRY(reading_.articles().slug_taken(actor_.account, article.project, article.slug)))
    return conflict("The slug \"" + article.slug + "\" is already used in this project.");
  GALLEY_TRY(settle_revisions(article));
  GALLEY_TRY(settle_publications(article));
  GALLEY_TRY(settle(article));
  if (writing_ != nullptr) GALLEY_TRY(write_article(article));
  return true;
}

Result<void> LineRestorer::write_article(ArticleLine& article) {
  if (article.sitemap_page || article.status == ArticleStatus::published) {
    // Pages fill in order here too; an article has kept its place on the former server alone.
    article.sitemap_page = GALLEY_TRY(writing_->sitemap_pages().give_place(article.project, context_.clock.now()));
    writing_->announce(topic::sitemap);
  }
  GALLEY_TRY(writing_->articles().restore(article, group_.revisions));
  for (const Publication& publication : group_.publications)
    GALLEY_TRY(writing_->publications().insert(publication));
  if (!article.newest_of_keyword || !article.keyword) return {};
  Keyword keyword = GALLEY_TRY(writing_->keywords().find(actor_.account, *article.keyword));
  if (keyword.article) return {};
  keyword.article = article.id;
  return writing_->keywords().update(keyword);
}

}  // namespace galley::service
