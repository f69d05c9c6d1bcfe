#include "api/igny8/tasks.hpp"

#include "api/igny8/keyword_actions.hpp"
#include "service/task_service.hpp"

namespace galley::api::igny8 {

namespace {

constexpr OrderName<SortField> orders[] = {{"created_at", SortField::created_at}, {"title", SortField::title}};

service::TaskDraft draft_of(TaskChanges changes) {
  return {.title = std::move(changes.title),
          .description = std::move(changes.description),
          .keywords = std::move(changes.keywords),
          .cluster = changes.cluster_id,
          .idea = changes.idea_id,
          .type = changes.content_type,
          .structure = changes.content_structure,
          .status = changes.status,
          .word_count = changes.word_count,
          .primary_keyword = std::move(changes.primary_keyword),
          .secondary_keywords = std::move(changes.secondary_keywords),
          .tags = std::move(changes.tags),
          .categories = std::move(changes.categories)};
}

TaskChanges changes_of(const service::TaskDraft& draft) {
  return {.title = draft.title,
          .description = draft.description,
          .keywords = draft.keywords,
          .cluster_id = draft.cluster,
          .idea_id = draft.idea,
          .content_type = draft.type,
          .content_structure = draft.structure,
          .status = draft.status,
          .word_count = draft.word_count,
          .primary_keyword = draft.primary_keyword,
          .secondary_keywords = draft.secondary_keywords,
          .tags = draft.tags,
          .categories = draft.categories};
}

}  // namespace

TaskView view_of(service::PlannedTask planned) {
  WritingTask& task = planned.task;
  return {.id = planned.number,
          .title = std::move(task.title),
          .description = std::move(task.description),
          .keywords = std::move(task.keywords),
          .cluster_id = planned.cluster,
          .idea_id = planned.idea,
          .content_type = task.type,
          .content_structure = task.structure,
          .status = task.status,
          .word_count = task.word_count,
          .primary_keyword = std::move(task.primary_keyword),
          .secondary_keywords = std::move(task.secondary_keywords),
          .tags = std::move(task.tags),
          .categories = std::move(task.categories),
          .site_id = planned.site,
          .content_id = planned.content,
          .created_at = task.created_at,
          .updated_at = task.updated_at};
}

Task<Result<Listed<TaskView>>> list_tasks(Call& call, Query<TaskQuery> query) {
  const NumberedPage page = GALLEY_CO_TRY(page_number(query));
  service::TaskFilter filter{.browse = {.status = query.status,
                                        .type = query.content_type,
                                        .structure = query.content_structure,
                                        .search = query.search.value_or(""),
                                        .page = page},
                             .site = query.site_id,
                             .cluster = query.cluster_id};
  GALLEY_CO_TRY(set_ordering(query.ordering, orders, filter.browse));
  co_return listed<TaskView>(GALLEY_CO_TRY(call.services.tasks.list(call.actor, filter)), page, view_of);
}

Task<Result<Created<TaskView>>> create_task(Call& call, Body<TaskFields> body) {
  const std::optional<std::int64_t> site = body.site_id;
  service::TaskDraft draft = draft_of(std::move(body));
  TaskView view = view_of(GALLEY_CO_TRY(co_await call.services.tasks.create(call.actor, std::move(draft), site)));
  std::string location = "/api/v1/writer/tasks/" + std::to_string(view.id) + "/";
  co_return Created<TaskView>{std::move(view), std::move(location)};
}

Task<Result<TaskView>> get_task(Call& call, PathNumber id) {
  co_return view_of(GALLEY_CO_TRY(call.services.tasks.get(call.actor, id.value)));
}

Task<Result<TaskView>> replace_task(Call& call, PathNumber id, Body<TaskFields> body) {
  service::TaskService::Edit edit = [&body](service::TaskDraft& draft) -> Result<void> {
    draft = draft_of(body);
    return {};
  };
  co_return view_of(GALLEY_CO_TRY(co_await call.services.tasks.update(call.actor, id.value, std::move(edit))));
}

Task<Result<TaskView>> update_task(Call& call, PathNumber id, Patch<TaskChanges> patch) {
  service::TaskService::Edit edit = [&patch](service::TaskDraft& draft) -> Result<void> {
    TaskChanges changes = changes_of(draft);
    GALLEY_TRY(patch.apply(changes));
    draft = draft_of(std::move(changes));
    return {};
  };
  co_return view_of(GALLEY_CO_TRY(co_await call.services.tasks.update(call.actor, id.value, std::move(edit))));
}

Task<Result<NoContent>> delete_task(Call& call, PathNumber id) {
  GALLEY_CO_TRY(co_await call.services.tasks.remove(call.actor, id.value));
  co_return NoContent{};
}

Task<Result<Accepted<GenerateContentView>>> auto_generate_content(Call& call, Body<GenerateContentFields> body) {
  const auto queued = GALLEY_CO_TRY(co_await call.services.tasks.generate(call.actor, std::move(body.ids)));
  GenerateContentView view{.task_id = queued.number};
  for (const service::PlannedTask& task : queued.tasks)
    view.queued.push_back({task.number, task.content.value_or(0)});
  for (const service::SkippedTask& skipped : queued.skipped)
    view.skipped.push_back({skipped.number, skipped.reason});
  co_return Accepted<GenerateContentView>{std::move(view), task_location(queued.number)};
}

}  // namespace galley::api::igny8

namespace galley {

using namespace api::igny8;

namespace {

constexpr Rules title_rules{
    .required = true, .one_line = true, .min = 1, .max = Idea::max_title, .example = "\"How to clean a moka pot\""};
constexpr Rules words_rules{.min = min_article_words,
                            .max = max_article_words,
                            .about = "Wanted length in words; the account's default where it is left out.",
                            .example = "1200"};
constexpr Rules primary_rules{.one_line = true,
                              .max = Keyword::max_length,
                              .about = "What the article is generated from; else the first keyword, else the title.",
                              .example = "\"clean moka pot\""};
constexpr Rules terms_rules{.max = WritingTask::max_terms, .about = "Filed under these."};

template <class T>
ShapeOf<T>& with_changes(ShapeOf<T>& shape) {
  shape.field("title", &TaskChanges::title, title_rules);
  shape.field("description", &TaskChanges::description,
              {.max = Idea::max_description, .about = "Instructions for the writer."});
  shape.field("keywords", &TaskChanges::keywords, {.max = Idea::max_keywords});
  shape.field("cluster_id", &TaskChanges::cluster_id).field("idea_id", &TaskChanges::idea_id);
  shape.field("content_type", &TaskChanges::content_type);
  shape.field("content_structure", &TaskChanges::content_structure);
  shape.field("status", &TaskChanges::status);
  shape.field("word_count", &TaskChanges::word_count, words_rules);
  shape.field("primary_keyword", &TaskChanges::primary_keyword, primary_rules);
  shape.field("secondary_keywords", &TaskChanges::secondary_keywords, {.max = WritingTask::max_terms});
  shape.field("tags", &TaskChanges::tags, terms_rules).field("categories", &TaskChanges::categories, terms_rules);
  return shape;
}

}  // namespace

template <>
const Shape& shape_of<TaskChanges>() {
  static const Shape shape = [] {
    ShapeOf<TaskChanges> fields("TaskChanges", "What may be changed of a task.");
    return Shape(with_changes(fields));
  }();
  return shape;
}

template <>
const Shape& shape_of<TaskFields>() {
  static const Shape shape = [] {
    ShapeOf<TaskFields> fields("TaskFields", "A task as it is written.");
    with_changes(fields);
    fields.field("site_id", &TaskFields::site_id, {.about = "The account's first site by default."});
    return Shape(fields);
  }();
  return shape;
}

template <>
const Shape& shape_of<TaskView>() {
  static const Shape shape =
      ShapeOf<TaskView>("WritingTask", "What is to be written, and what was written for it.")
          .field("id", &TaskView::id, {.example = "3"})
          .field("title", &TaskView::title, title_rules)
          .field("description", &TaskView::description)
          .field("keywords", &TaskView::keywords)
          .field("cluster_id", &TaskView::cluster_id)
          .field("idea_id", &TaskView::idea_id)
          .field("content_type", &TaskView::content_type)
          .field("content_structure", &TaskView::content_structure)
          .field("status", &TaskView::status)
          .field("word_count", &TaskView::word_count)
          .field("primary_keyword", &TaskView::primary_keyword, primary_rules)
          .field("secondary_keywords", &TaskView::secondary_keywords)
          .field("tags", &TaskView::tags)
          .field("categories", &TaskView::categories)
          .field("site_id", &TaskView::site_id)
          .field("content_id", &TaskView::content_id, {.about = "The content that was written for it."})
          .field("created_at", &TaskView::created_at)
          .field("updated_at", &TaskView::updated_at);
  return shape;
}

template <>
const Shape& shape_of<TaskQuery>() {
  static const Shape shape = [] {
    ShapeOf<TaskQuery> fields("TaskQuery", "Which tasks, and which page of them.");
    with_paging(fields);
    fields.field("status", &TaskQuery::status).field("cluster_id", &TaskQuery::cluster_id);
    fields.field("content_type", &TaskQuery::content_type);
    fields.field("content_structure", &TaskQuery::content_structure).field("site_id", &TaskQuery::site_id);
    fields.field("search", &TaskQuery::search, {.max = Idea::max_title, .about = "A part of the title."});
    fields.field("ordering", &TaskQuery::ordering,
                 {.about = "created_at or title; a minus before it turns the order around.", .example = "\"title\""});
    return Shape(fields);
  }();
  return shape;
}

template <>
const Shape& shape_of<GenerateContentFields>() {
  static const Shape shape = ShapeOf<GenerateContentFields>("GenerateContent", "For which tasks content is written.")
                                 .field("ids", &GenerateContentFields::ids,
                                        {.required = true,
                                         .min = 1,
                                         .max = static_cast<double>(service::TaskService::max_generated),
                                         .about = "Tasks of one site.",
                                         .example = "[3]"});
  return shape;
}

template <>
const Shape& shape_of<QueuedTaskView>() {
  static const Shape shape = ShapeOf<QueuedTaskView>("QueuedTask", "A task whose content is being written.")
                                 .field("id", &QueuedTaskView::id, {.example = "3"})
                                 .field("content_id", &QueuedTaskView::content_id, {.example = "9"});
  return shape;
}

template <>
const Shape& shape_of<SkippedTaskView>() {
  static const Shape shape = ShapeOf<SkippedTaskView>("SkippedTask", "A task that was left alone.")
                                 .field("id", &SkippedTaskView::id)
                                 .field("reason", &SkippedTaskView::reason);
  return shape;
}

template <>
const Shape& shape_of<GenerateContentView>() {
  static const Shape shape =
      ShapeOf<GenerateContentView>("GenerateContentStarted", "Content that is being written.")
          .field("task_id", &GenerateContentView::task_id, {.about = "For /system/tasks/{id}/.", .example = "12"})
          .field("queued", &GenerateContentView::queued)
          .field("skipped", &GenerateContentView::skipped);
  return shape;
}

}  // namespace galley
