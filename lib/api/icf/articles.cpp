#include "api/icf/articles.hpp"

#include "content/front_matter.hpp"

namespace galley::api::icf {

namespace {

ArticleFields fields_of(const service::ArticleDraft& draft) {
  return {.title = draft.text.title,
          .markdown = draft.text.markdown,
          .slug = draft.slug,
          .status = draft.status,
          .excerpt = draft.text.excerpt,
          .meta_title = draft.text.meta_title,
          .meta_description = draft.text.meta_description,
          .meta_keywords = draft.text.meta_keywords,
          .categories = draft.categories,
          .tags = draft.tags,
          .author_name = draft.author_name,
          .canonical_url = draft.canonical_url,
          .featured_image_url = draft.featured_image_url};
}

service::ArticleDraft draft_of(const ArticleFields& fields) {
  return {.text = {.title = fields.title,
                   .markdown = fields.markdown.value_or(""),
                   .excerpt = fields.excerpt,
                   .meta_title = fields.meta_title,
                   .meta_description = fields.meta_description,
                   .meta_keywords = fields.meta_keywords},
          .html = fields.html,
          .slug = fields.slug,
          .status = fields.status,
          .categories = fields.categories,
          .tags = fields.tags,
          .author_name = fields.author_name,
          .canonical_url = fields.canonical_url,
          .featured_image_url = fields.featured_image_url};
}

Result<void> refuse_both(const std::optional<std::string>& markdown, const std::optional<std::string>& html) {
  if (markdown && html) return invalid("html", "cannot stand beside markdown: send one of them");
  return {};
}

// The front matter's fields as the JSON that the same Shape judges: names are taken in any of the spellings that site
// generators write.
Result<ArticleFields> read_markdown(std::string_view text) {
  const content::FrontMatterDocument document = GALLEY_TRY(content::parse_front_matter(text));
  json::Object object;
  for (const Shape::Field& field : shape_of<ArticleFields>().fields()) {
    if (field.schema.kind == Schema::Kind::list) {
      json::Array list;
      for (std::string& element : document.list(field.name))
        list.emplace_back(std::move(element));
      if (!list.empty()) object.emplace_back(std::string(field.name), json::Value(std::move(list)));
    } else if (const std::string* value = document.text(field.name); value != nullptr && !value->empty()) {
      object.emplace_back(std::string(field.name), json::Value(*value));
    }
  }
  ArticleFields fields;
  Decoding decoding(Decoding::Mode::whole);
  shape_of<ArticleFields>().decode(json::Value(std::move(object)), &fields, decoding);
  if (decoding.failed()) return invalid(decoding.take_errors());
  fields.markdown = document.body;
  return fields;
}

Result<ArticleFields> read_article(const Call& call, const Text& body) {
  if (body.content_type == "text/markdown") return read_markdown(body.text);
  ArticleFields fields;
  Decoding decoding(Decoding::Mode::whole);
  const json::Value value = call.body.value_or(json::Value(json::Object{}));
  shape_of<ArticleFields>().decode(value, &fields, decoding);
  if (decoding.failed()) return invalid(decoding.take_errors());
  GALLEY_TRY(refuse_both(fields.markdown, fields.html));
  return fields;
}

RevisionView view_of(const Revision& revision) {
  RevisionView view{.number = revision.number,
                    .title = revision.text.title,
                    .made_by = revision.made_by,
                    .created_at = revision.created_at};
  if (!revision.text.markdown.empty()) view.markdown = revision.text.markdown;
  return view;
}

}  // namespace

PublicationView view_of(const Publication& publication) {
  return {.id = publication.id,
          .project_id = publication.project,
          .article_id = publication.article,
          .connection_id = publication.connection,
          .status = publication.status,
          .external_id = publication.external_id,
          .external_url = publication.external_url,
          .last_error = publication.last_error,
          .attempts = publication.attempts,
          .published_at = publication.published_at,
          .created_at = publication.created_at,
          .updated_at = publication.updated_at};
}

ArticleView row_of(service::ArticleDetail detail) {
  Article& article = detail.article;
  ArticleView view{.id = std::move(article.id),
                   .project_id = std::move(article.project),
                   .keyword_id = std::move(article.keyword),
                   .keyword = std::move(article.keyword_text),
                   .title = std::move(article.text.title),
                   .slug = std::move(article.slug),
                   .status = article.status,
                   .stage = article.stage,
                   .excerpt = std::move(article.text.excerpt),
                   .meta_title = std::move(article.text.meta_title),
                   .meta_description = std::move(article.text.meta_description),
                   .meta_keywords = std::move(article.text.meta_keywords),
                   .categories = std::move(article.categories),
                   .tags = std::move(article.tags),
                   .author_name = std::move(article.author_name),
                   .canonical_url = std::move(article.canonical_url),
                   .featured_image_url = std::move(article.featured_image_url),
                   .word_count = article.word_count,
                   .reading_time = service::reading_time_of(article),
                   .scheduled_for = article.scheduled_for,
                   .published_at = article.published_at,
                   .last_updated_at = article.last_updated_at,
                   .url = std::move(detail.url),
                   .version = article.version,
                   .created_at = article.created_at,
                   .updated_at = article.updated_at};
  if (article.error) view.error = error_view(*article.error);
  if (!detail.texts) return view;
  view.markdown = std::move(article.text.markdown);
  view.html = std::move(detail.texts->html);
  view.excerpt = std::move(detail.texts->excerpt);
  view.meta_title = std::move(detail.texts->meta_title);
  view.meta_description = std::move(detail.texts->meta_description);
  view.json_ld = std::move(detail.texts->json_ld);
  return view;
}

ArticleView view_of(service::ArticleDetail detail) {
  std::vector<PublicationView> publications;
  publications.reserve(detail.publications.size());
  for (const Publication& publication : detail.publications)
    publications.push_back(view_of(publication));
  ArticleView view = row_of(std::move(detail));
  view.publications = std::move(publications);
  return view;
}

Task<Result<Listed<ArticleView>>> list_articles(Call& call, Query<ArticleQuery> query) {
  const PageRequest page = GALLEY_CO_TRY(page_request(query));
  if (query.project && query.project_id && *query.project != *query.project_id)
    co_return invalid("project_id", "is the same as project and must not contradict it");
  ArticleFilter filter{.statuses = query.status,
                       .project = query.project ? query.project : query.project_id,
                       .keyword = query.keyword_id,
                       .updated_since = query.updated_since,
                       .search = query.q.value_or(""),
                       .with_bodies = !query.include.empty()};
  co_return listed<ArticleView>(GALLEY_CO_TRY(call.services.articles.list(call.actor, std::move(filter), page)), page,
                                row_of);
}

Task<Result<Reply>> create_article(Call& call, ProjectId project, Text body) {
  service::ArticleDraft draft = draft_of(GALLEY_CO_TRY(read_article(call, body)));
  Result<service::ArticleDetail> created =
      co_await call.services.articles.create(call.actor, std::move(project), std::move(draft));
  auto detail = GALLEY_CO_TRY(call.services.articles.with_texts(std::move(created)));
  std::string location = "/api/v1/articles/" + detail.article.id.text();
  co_return Answered<Created<ArticleView>>::reply(call, {view_of(std::move(detail)), std::move(location)});
}

Task<Result<ArticleView>> get_article(Call& call, ArticleId id) {
  co_return view_of(GALLEY_CO_TRY(call.services.articles.get(call.actor, id)));
}

Task<Result<ArticleView>> update_article(Call& call, ArticleId id, Patch<ArticleFields> patch) {
  if (call.body && call.body->find("markdown") != nullptr && call.body->find("html") != nullptr)
    co_return invalid("html", "cannot stand beside markdown: send one of them");
  service::ArticleService::Edit edit = [patch = std::move(patch)](service::ArticleDraft& draft) -> Result<void> {
    ArticleFields fields = fields_of(draft);
    GALLEY_TRY(patch.apply(fields));
    draft = draft_of(fields);
    return {};
  };
  Result<service::ArticleDetail> updated =
      co_await call.services.articles.update(call.actor, std::move(id), call.known_version(), std::move(edit));
  co_return view_of(GALLEY_CO_TRY(call.services.articles.with_texts(std::move(updated))));
}

Task<Result<NoContent>> delete_article(Call& call, ArticleId id) {
  GALLEY_CO_TRY(co_await call.services.articles.remove(call.actor, std::move(id), call.known_version()));
  co_return NoContent{};
}

Task<Result<Listed<RevisionView>>> list_revisions(Call& call, ArticleId id, Query<ListQuery> query) {
  const PageRequest page = GALLEY_CO_TRY(page_request(query));
  co_return listed<RevisionView>(GALLEY_CO_TRY(call.services.articles.revisions(call.actor, id, page)), page,
                                 [](const Revision& revision) { return view_of(revision); });
}

Task<Result<RevisionView>> get_revision(Call& call, ArticleId id, PathNumber number) {
  co_return view_of(GALLEY_CO_TRY(call.services.articles.revision(call.actor, id, number.value)));
}

}  // namespace galley::api::icf
