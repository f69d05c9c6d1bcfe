#include "api/igny8/ideas.hpp"

#include "service/idea_service.hpp"

namespace galley::api::igny8 {

namespace {

constexpr OrderName<SortField> orders[] = {{"created_at", SortField::created_at}, {"title", SortField::title}};

IdeaView idea_view(service::PlannedIdea planned) {
  Idea& idea = planned.idea;
  IdeaView view{.id = planned.number,
                .title = std::move(idea.title),
                .description = std::move(idea.description),
                .content_type = idea.type,
                .content_structure = idea.structure,
                .keywords = std::move(idea.keywords),
                .cluster_id = planned.cluster,
                .status = idea.status,
                .word_count = idea.word_count,
                .site_id = planned.site,
                .created_at = idea.created_at,
                .updated_at = idea.updated_at};
  if (planned.cluster) view.cluster_name = std::move(planned.cluster_name);
  return view;
}

service::IdeaDraft draft_of(IdeaChanges changes) {
  return {.title = std::move(changes.title),
          .description = std::move(changes.description),
          .type = changes.content_type,
          .structure = changes.content_structure,
          .keywords = std::move(changes.keywords),
          .cluster = changes.cluster_id,
          .word_count = changes.word_count,
          .status = changes.status};
}

IdeaChanges changes_of(const service::IdeaDraft& draft) {
  return {.title = draft.title,
          .description = draft.description,
          .content_type = draft.type,
          .content_structure = draft.structure,
          .keywords = draft.keywords,
          .cluster_id = draft.cluster,
          .word_count = draft.word_count,
          .status = draft.status};
}

}  // namespace

Task<Result<Listed<IdeaView>>> list_ideas(Call& call, Query<IdeaQuery> query) {
  const NumberedPage page = GALLEY_CO_TRY(page_number(query));
  service::IdeaFilter filter{.browse = {.status = query.status,
                                        .structure = query.content_structure,
                                        .search = query.search.value_or(""),
                                        .page = page},
                             .site = query.site_id,
                             .cluster = query.cluster_id};
  GALLEY_CO_TRY(set_ordering(query.ordering, orders, filter.browse));
  co_return listed<IdeaView>(GALLEY_CO_TRY(call.services.ideas.list(call.actor, filter)), page, idea_view);
}

Task<Result<Created<IdeaView>>> create_idea(Call& call, Body<IdeaFields> body) {
  const std::optional<std::int64_t> site = body.site_id;
  service::IdeaDraft draft = draft_of(std::move(body));
  IdeaView view = idea_view(GALLEY_CO_TRY(co_await call.services.ideas.create(call.actor, std::move(draft), site)));
  std::string location = "/api/v1/planner/ideas/" + std::to_string(view.id) + "/";
  co_return Created<IdeaView>{std::move(view), std::move(location)};
}

Task<Result<IdeaView>> get_idea(Call& call, PathNumber id) {
  co_return idea_view(GALLEY_CO_TRY(call.services.ideas.get(call.actor, id.value)));
}

Task<Result<IdeaView>> replace_idea(Call& call, PathNumber id, Body<IdeaFields> body) {
  service::IdeaService::Edit edit = [&body](service::IdeaDraft& draft) -> Result<void> {
    draft = draft_of(body);
    return {};
  };
  co_return idea_view(GALLEY_CO_TRY(co_await call.services.ideas.update(call.actor, id.value, std::move(edit))));
}

Task<Result<IdeaView>> update_idea(Call& call, PathNumber id, Patch<IdeaChanges> patch) {
  service::IdeaService::Edit edit = [&patch](service::IdeaDraft& draft) -> Result<void> {
    IdeaChanges changes = changes_of(draft);
    GALLEY_TRY(patch.apply(changes));
    draft = draft_of(std::move(changes));
    return {};
  };
  co_return idea_view(GALLEY_CO_TRY(co_await call.services.ideas.update(call.actor, id.value, std::move(edit))));
}

Task<Result<NoContent>> delete_idea(Call& call, PathNumber id) {
  GALLEY_CO_TRY(co_await call.services.ideas.remove(call.actor, id.value));
  co_return NoContent{};
}

Task<Result<GeneratedIdeasView>> auto_generate_ideas(Call& call, Body<GenerateIdeasFields> body) {
  std::vector<std::int64_t> clusters = body.ids.empty() ? std::move(body.cluster_ids) : std::move(body.ids);
  auto generated = GALLEY_CO_TRY(co_await call.services.ideas.generate(call.actor, std::move(clusters), body.site_id));
  GeneratedIdeasView view{.ideas_created = static_cast<std::int64_t>(generated.ideas.size()),
                          .credits_used = generated.credits_used};
  for (service::PlannedIdea& idea : generated.ideas)
    view.ideas.push_back(idea_view(std::move(idea)));
  co_return view;
}

Task<Result<Created<TaskView>>> queue_idea(Call& call, PathNumber id) {
  TaskView view = view_of(GALLEY_CO_TRY(co_await call.services.ideas.queue(call.actor, id.value)));
  std::string location = "/api/v1/writer/tasks/" + std::to_string(view.id) + "/";
  co_return Created<TaskView>{std::move(view), std::move(location)};
}

}  // namespace galley::api::igny8

namespace galley {

using namespace api::igny8;

namespace {

constexpr Rules title_rules{.required = true,
                            .one_line = true,
                            .min = 1,
                            .max = Idea::max_title,
                            .example = "\"Moka pot: the complete guide\""};
constexpr Rules keywords_rules{.max = Idea::max_keywords,
                               .about = "The first is what the article is about.",
                               .example = R"(["moka pot", "moka pot cleaning"])"};
constexpr Rules words_rules{.min = min_article_words,
                            .max = max_article_words,
                            .about = "Wanted length in words; the account's default where it is left out.",
                            .example = "1800"};

template <class T>
ShapeOf<T>& with_changes(ShapeOf<T>& shape) {
  shape.field("title", &IdeaChanges::title, title_rules);
  shape.field("description", &IdeaChanges::description,
              {.max = Idea::max_description, .about = "What the article covers."});
  shape.field("content_type", &IdeaChanges::content_type);
  shape.field("content_structure", &IdeaChanges::content_structure);
  shape.field("keywords", &IdeaChanges::keywords, keywords_rules);
  shape.field("cluster_id", &IdeaChanges::cluster_id);
  shape.field("word_count", &IdeaChanges::word_count, words_rules);
  shape.field("status", &IdeaChanges::status);
  return shape;
}

}  // namespace

template <>
const Shape& shape_of<IdeaChanges>() {
  static const Shape shape = [] {
    ShapeOf<IdeaChanges> fields("IdeaChanges", "What may be changed of an idea.");
    return Shape(with_changes(fields));
  }();
  return shape;
}

template <>
const Shape& shape_of<IdeaFields>() {
  static const Shape shape = [] {
    ShapeOf<IdeaFields> fields("IdeaFields", "An idea as it is written.");
    with_changes(fields);
    fields.field("site_id", &IdeaFields::site_id, {.about = "The account's first site by default."});
    return Shape(fields);
  }();
  return shape;
}

template <>
const Shape& shape_of<IdeaView>() {
  static const Shape shape = ShapeOf<IdeaView>("Idea", "An article that could be written.")
                                 .field("id", &IdeaView::id, {.example = "5"})
                                 .field("title", &IdeaView::title, title_rules)
                                 .field("description", &IdeaView::description)
                                 .field("content_type", &IdeaView::content_type)
                                 .field("content_structure", &IdeaView::content_structure)
                                 .field("keywords", &IdeaView::keywords, keywords_rules)
                                 .field("cluster_id", &IdeaView::cluster_id)
                                 .field("cluster_name", &IdeaView::cluster_name)
                                 .field("status", &IdeaView::status,
                                        {.about = "queued once there is a task; completed with the task's content."})
                                 .field("word_count", &IdeaView::word_count)
                                 .field("site_id", &IdeaView::site_id)
                                 .field("created_at", &IdeaView::created_at)
                                 .field("updated_at", &IdeaView::updated_at);
  return shape;
}

template <>
const Shape& shape_of<IdeaQuery>() {
  static const Shape shape = [] {
    ShapeOf<IdeaQuery> fields("IdeaQuery", "Which ideas, and which page of them.");
    with_paging(fields);
    fields.field("status", &IdeaQuery::status).field("cluster_id", &IdeaQuery::cluster_id);
    fields.field("content_structure", &IdeaQuery::content_structure).field("site_id", &IdeaQuery::site_id);
    fields.field("search", &IdeaQuery::search, {.max = Idea::max_title, .about = "A part of the title."});
    fields.field("ordering", &IdeaQuery::ordering,
                 {.about = "created_at or title; a minus before it turns the order around.", .example = "\"title\""});
    return Shape(fields);
  }();
  return shape;
}

template <>
const Shape& shape_of<GenerateIdeasFields>() {
  constexpr auto most = static_cast<double>(service::IdeaService::max_clusters);
  static const Shape shape =
      ShapeOf<GenerateIdeasFields>("GenerateIdeas", "For which clusters ideas are made.")
          .field("ids", &GenerateIdeasFields::ids,
                 {.max = most, .about = "Clusters; left out: all of the site that have no ideas yet."})
          .field("cluster_ids", &GenerateIdeasFields::cluster_ids, {.max = most, .about = "The same as ids."})
          .field("site_id", &GenerateIdeasFields::site_id, {.about = "The account's first site by default."});
  return shape;
}

template <>
const Shape& shape_of<GeneratedIdeasView>() {
  static const Shape shape = ShapeOf<GeneratedIdeasView>("GeneratedIdeas", "What came of clusters.")
                                 .field("ideas_created", &GeneratedIdeasView::ideas_created, {.example = "2"})
                                 .field("credits_used", &GeneratedIdeasView::credits_used, {.example = "2"})
                                 .field("ideas", &GeneratedIdeasView::ideas);
  return shape;
}

}  // namespace galley
