#include "api/igny8/content.hpp"

#include "api/igny8/keyword_actions.hpp"
#include "api/publication_wait.hpp"
#include "service/content_service.hpp"
#include "service/status_service.hpp"

namespace galley::api::igny8 {

namespace {

constexpr OrderName<SortField> orders[] = {
    {"created_at", SortField::created_at}, {"updated_at", SortField::updated_at}, {"title", SortField::title}};

// Without texts.
ContentView row_of(service::PlannedContent planned) {
  Article& article = planned.detail.article;
  ContentView view{.id = planned.number,
                   .title = std::move(article.text.title),
                   .slug = std::move(article.slug),
                   .status = editorial_of(article),
                   .excerpt = std::move(article.text.excerpt),
                   .meta_title = std::move(article.text.meta_title),
                   .meta_description = std::move(article.text.meta_description),
                   .meta_keywords = std::move(article.text.meta_keywords),
                   .primary_keyword = std::move(article.keyword_text),
                   .tags = std::move(article.tags),
                   .categories = std::move(article.categories),
                   .author_name = std::move(article.author_name),
                   .featured_image_url = std::move(article.featured_image_url),
                   .word_count = article.word_count,
                   .url = std::move(planned.detail.url),
                   .site_id = planned.site,
                   .task_id = planned.task,
                   .scheduled_for = article.scheduled_for,
                   .published_at = article.published_at,
                   .created_at = article.created_at,
                   .updated_at = article.updated_at};
  if (article.error) view.error = article.error->message;
  return view;
}

ContentView view_of(service::PlannedContent planned) {
  std::string markdown = planned.detail.article.text.markdown;
  std::optional<content::ArticleTexts> texts = std::move(planned.detail.texts);
  ContentView view = row_of(std::move(planned));
  view.content = std::move(markdown);
  if (!texts) return view;
  view.content_html = std::move(texts->html);
  view.excerpt = std::move(texts->excerpt);
  view.meta_title = std::move(texts->meta_title);
  view.meta_description = std::move(texts->meta_description);
  return view;
}

service::ContentDraft draft_of(ContentChanges changes) {
  service::ContentDraft content{.wanted = changes.status};
  content.draft.text = {.title = std::move(changes.title),
                        .markdown = std::move(changes.content),
                        .excerpt = std::move(changes.excerpt),
                        .meta_title = std::move(changes.meta_title),
                        .meta_description = std::move(changes.meta_description),
                        .meta_keywords = std::move(changes.meta_keywords)};
  content.draft.html = std::move(changes.content_html);
  content.draft.slug = std::move(changes.slug);
  content.draft.tags = std::move(changes.tags);
  content.draft.categories = std::move(changes.categories);
  content.draft.author_name = std::move(changes.author_name);
  content.draft.featured_image_url = std::move(changes.featured_image_url);
  return content;
}

ContentChanges changes_of(const service::ContentDraft& content) {
  const service::ArticleDraft& draft = content.draft;
  return {.title = draft.text.title,
          .content = draft.text.markdown,
          .status = content.wanted,
          .slug = draft.slug,
          .excerpt = draft.text.excerpt,
          .meta_title = draft.text.meta_title,
          .meta_description = draft.text.meta_description,
          .meta_keywords = draft.text.meta_keywords,
          .tags = draft.tags,
          .categories = draft.categories,
          .author_name = draft.author_name,
          .featured_image_url = draft.featured_image_url};
}

// Both texts at once contradict each other.
Result<void> refuse_both(const std::optional<json::Value>& body) {
  if (body && body->find("content") != nullptr && body->find("content_html") != nullptr)
    return invalid("content_html", "cannot stand beside content: send one of them");
  return {};
}

// What this dialect does not show stays as it is.
void keep_hidden(const service::ArticleDraft& before, service::ArticleDraft& after) {
  after.canonical_url = before.canonical_url;
  if (!after.slug) after.slug = before.slug;
}

}  // namespace

Task<Result<Listed<ContentView>>> list_content(Call& call, Query<ContentQuery> query) {
  const NumberedPage page = GALLEY_CO_TRY(page_number(query));
  service::ContentFilter filter{
      .browse = {.editorial = query.status, .search = query.search.value_or(""), .page = page}, .site = query.site_id};
  GALLEY_CO_TRY(set_ordering(query.ordering, orders, filter.browse));
  co_return listed<ContentView>(GALLEY_CO_TRY(call.services.content.list(call.actor, filter)), page, row_of);
}

Task<Result<Created<ContentView>>> create_content(Call& call, Body<ContentFields> body) {
  GALLEY_CO_TRY(refuse_both(call.body));
  const std::optional<std::int64_t> site = body.site_id;
  const std::optional<std::int64_t> task = body.task_id;
  service::ContentDraft draft = draft_of(std::move(body));
  ContentView view =
      view_of(GALLEY_CO_TRY(co_await call.services.content.create(call.actor, std::move(draft), site, task)));
  std::string location = "/api/v1/writer/content/" + std::to_string(view.id) + "/";
  co_return Created<ContentView>{std::move(view), std::move(location)};
}

Task<Result<ContentView>> get_content(Call& call, PathNumber id) {
  co_return view_of(GALLEY_CO_TRY(call.services.content.get(call.actor, id.value)));
}

Task<Result<ContentView>> replace_content(Call& call, PathNumber id, Body<ContentFields> body) {
  GALLEY_CO_TRY(refuse_both(call.body));
  service::ContentService::Edit edit = [&body](service::ContentDraft& content) -> Result<void> {
    service::ContentDraft whole = draft_of(body);
    keep_hidden(content.draft, whole.draft);
    content = std::move(whole);
    return {};
  };
  co_return view_of(GALLEY_CO_TRY(co_await call.services.content.update(call.actor, id.value, std::move(edit))));
}

Task<Result<ContentView>> update_content(Call& call, PathNumber id, Patch<ContentChanges> patch) {
  GALLEY_CO_TRY(refuse_both(call.body));
  service::ContentService::Edit edit = [&patch](service::ContentDraft& content) -> Result<void> {
    ContentChanges changes = changes_of(content);
    GALLEY_TRY(patch.apply(changes));
    service::ContentDraft changed = draft_of(std::move(changes));
    keep_hidden(content.draft, changed.draft);
    content = std::move(changed);
    return {};
  };
  co_return view_of(GALLEY_CO_TRY(co_await call.services.content.update(call.actor, id.value, std::move(edit))));
}

Task<Result<NoContent>> delete_content(Call& call, PathNumber id) {
  GALLEY_CO_TRY(co_await call.services.content.remove(call.actor, id.value));
  co_return NoContent{};
}

Task<Result<Reply>> publish_content(Call& call, PathNumber id, Body<PublishContentFields> body) {
  service::PublishRequest request{.scheduled_for = body.scheduled_for};
  const service::ContentPublished published =
      GALLEY_CO_TRY(co_await call.services.content.publish(call.actor, id.value, std::move(request)));
  const bool scheduled = published.content.detail.article.status == ArticleStatus::scheduled;
  if (published.job && !scheduled) co_return Reply{.awaited = published.job->id.text()};
  co_return Answered<ContentView>::reply(call, view_of(published.content));
}

Task<Result<Reply>> finish_publishing_content(Call& call, std::string awaited) {
  const PublicationWait done = GALLEY_CO_TRY(co_await wait_for_publication(call, JobId(std::move(awaited))));
  if (done.job.finished())
    co_return Answered<ContentView>::reply(
        call, view_of(GALLEY_CO_TRY(call.services.content.of_article(call.actor, done.article))));
  const std::int64_t number = GALLEY_CO_TRY(call.services.status.number_of(call.actor, done.job.id));
  co_return Answered<Accepted<TaskReferenceView>>::reply(call, {{.task_id = number}, task_location(number)});
}

Task<Result<Listed<ImageView>>> list_images(Call& call, Query<ImageQuery> query) {
  const NumberedPage page = GALLEY_CO_TRY(page_number(query));
  const service::ContentFilter filter{.browse = {.with_image = true, .page = page}, .site = query.site_id};
  const auto view = [](service::PlannedContent planned) {
    Article& article = planned.detail.article;
    return ImageView{.content_id = planned.number,
                     .title = std::move(article.text.title),
                     .image_url = article.featured_image_url.value_or(""),
                     .site_id = planned.site,
                     .created_at = article.created_at};
  };
  co_return listed<ImageView>(GALLEY_CO_TRY(call.services.content.list(call.actor, filter)), page, view);
}

}  // namespace galley::api::igny8
