#include "api/igny8/keywords.hpp"

#include "service/planner_service.hpp"

namespace galley::api::igny8 {

namespace {

using Order = KeywordBrowse::Order;

KeywordView view_of(service::PlannedKeyword planned) {
  Keyword& keyword = planned.keyword;
  KeywordView view{.id = planned.number,
                   .keyword = keyword.text,
                   .name = keyword.text,
                   .volume = keyword.volume,
                   .difficulty = keyword.difficulty,
                   .intent = keyword.intent,
                   .status = keyword.planning,
                   .cluster_id = planned.cluster,
                   .site_id = planned.site,
                   .created_at = keyword.created_at,
                   .updated_at = keyword.updated_at};
  if (planned.cluster) view.cluster_name = std::move(planned.cluster_name);
  return view;
}

constexpr OrderName<Order> orders[] = {{"created_at", Order::created_at},
                                       {"volume", Order::volume},
                                       {"difficulty", Order::difficulty},
                                       {"keyword", Order::text},
                                       {"name", Order::text}};

Result<std::string> text_of(const KeywordChanges& changes) {
  if (changes.keyword) return *changes.keyword;
  if (changes.name) return *changes.name;
  return invalid("keyword", "is required");
}

Result<void> apply(const KeywordChanges& changes, service::PlannedChanges& target) {
  target.text = GALLEY_TRY(text_of(changes));
  target.volume = changes.volume;
  target.difficulty = changes.difficulty;
  target.intent = changes.intent;
  target.planning = changes.status;
  target.cluster = changes.cluster_id;
  return {};
}

}  // namespace

Task<Result<Listed<KeywordView>>> list_keywords(Call& call, Query<KeywordQuery> query) {
  const NumberedPage page = GALLEY_CO_TRY(page_number(query));
  service::PlannerFilter filter{.browse = {.planning = query.status,
                                           .intent = query.intent,
                                           .difficulty_min = query.difficulty_min,
                                           .difficulty_max = query.difficulty_max,
                                           .volume_min = query.volume_min,
                                           .volume_max = query.volume_max,
                                           .search = query.search.value_or(""),
                                           .page = page},
                                .site = query.site_id,
                                .cluster = query.cluster_id};
  GALLEY_CO_TRY(set_ordering(query.ordering, orders, filter.browse));
  co_return listed<KeywordView>(GALLEY_CO_TRY(call.services.planner.list(call.actor, filter)), page, view_of);
}

Task<Result<Created<KeywordView>>> create_keyword(Call& call, Body<KeywordFields> body) {
  service::PlannedDraft draft{.draft = {.text = GALLEY_CO_TRY(text_of(body)),
                                        .volume = body.volume,
                                        .difficulty = body.difficulty,
                                        .intent = body.intent},
                              .planning = body.status,
                              .site = body.site_id,
                              .cluster = body.cluster_id};
  KeywordView view = view_of(GALLEY_CO_TRY(co_await call.services.planner.create(call.actor, std::move(draft))));
  std::string location = "/api/v1/planner/keywords/" + std::to_string(view.id) + "/";
  co_return Created<KeywordView>{std::move(view), std::move(location)};
}

Task<Result<KeywordView>> get_keyword(Call& call, PathNumber id) {
  co_return view_of(GALLEY_CO_TRY(call.services.planner.get(call.actor, id.value)));
}

Task<Result<KeywordView>> replace_keyword(Call& call, PathNumber id, Body<KeywordFields> body) {
  service::PlannerService::Edit edit = [&body](service::PlannedChanges& target) { return apply(body, target); };
  co_return view_of(GALLEY_CO_TRY(co_await call.services.planner.update(call.actor, id.value, std::move(edit))));
}

Task<Result<KeywordView>> update_keyword(Call& call, PathNumber id, Patch<KeywordChanges> patch) {
  service::PlannerService::Edit edit = [&patch](service::PlannedChanges& target) -> Result<void> {
    KeywordChanges changes{.name = target.text,
                           .volume = target.volume,
                           .difficulty = target.difficulty,
                           .intent = target.intent,
                           .status = target.planning,
                           .cluster_id = target.cluster};
    GALLEY_TRY(patch.apply(changes));
    return apply(changes, target);
  };
  co_return view_of(GALLEY_CO_TRY(co_await call.services.planner.update(call.actor, id.value, std::move(edit))));
}

Task<Result<NoContent>> delete_keyword(Call& call, PathNumber id) {
  GALLEY_CO_TRY(co_await call.services.planner.remove(call.actor, id.value));
  co_return NoContent{};
}

}  // namespace galley::api::igny8

namespace galley {

using namespace api::igny8;

namespace {

constexpr Rules text_rules{.one_line = true, .min = 1, .max = Keyword::max_length, .example = "\"moka pot\""};
constexpr Rules volume_rules{.min = 0, .max = Keyword::max_volume, .about = "Searches a month.", .example = "1900"};
constexpr Rules difficulty_rules{.min = 0, .max = 100, .about = "0 is easy.", .example = "25"};

template <class T>
ShapeOf<T>& with_changes(ShapeOf<T>& shape) {
  shape.field("keyword", &KeywordChanges::keyword, text_rules);
  shape.field("name", &KeywordChanges::name, text_rules);
  shape.field("volume", &KeywordChanges::volume, volume_rules);
  shape.field("difficulty", &KeywordChanges::difficulty, difficulty_rules);
  shape.field("intent", &KeywordChanges::intent);
  shape.field("status", &KeywordChanges::status);
  shape.field("cluster_id", &KeywordChanges::cluster_id);
  return shape;
}

}  // namespace

template <>
const Shape& shape_of<api::igny8::KeywordChanges>() {
  static const Shape shape = [] {
    ShapeOf<api::igny8::KeywordChanges> fields("PlannedKeywordChanges", "What may be changed of a keyword.");
    return Shape(with_changes(fields));
  }();
  return shape;
}

template <>
const Shape& shape_of<api::igny8::KeywordFields>() {
  static const Shape shape = [] {
    ShapeOf<api::igny8::KeywordFields> fields(
        "PlannedKeywordFields", "A keyword as it is written; keyword and name are the same, and one is needed.");
    with_changes(fields);
    fields.field("site_id", &api::igny8::KeywordFields::site_id, {.about = "The account's first site by default."});
    return Shape(fields);
  }();
  return shape;
}

template <>
const Shape& shape_of<api::igny8::KeywordView>() {
  using View = api::igny8::KeywordView;
  static const Shape shape = ShapeOf<View>("PlannedKeyword", "A keyword of a site.")
                                 .field("id", &View::id, {.example = "21"})
                                 .field("keyword", &View::keyword)
                                 .field("name", &View::name, {.about = "The same text."})
                                 .field("volume", &View::volume, volume_rules)
                                 .field("difficulty", &View::difficulty, difficulty_rules)
                                 .field("intent", &View::intent)
                                 .field("status", &View::status)
                                 .field("cluster_id", &View::cluster_id)
                                 .field("cluster_name", &View::cluster_name)
                                 .field("site_id", &View::site_id)
                                 .field("created_at", &View::created_at)
                                 .field("updated_at", &View::updated_at);
  return shape;
}

template <>
const Shape& shape_of<api::igny8::KeywordQuery>() {
  using Asked = api::igny8::KeywordQuery;
  static const Shape shape = [] {
    ShapeOf<Asked> fields("PlannedKeywordQuery", "Which keywords, and which page of them.");
    with_paging(fields);
    fields.field("status", &Asked::status).field("cluster_id", &Asked::cluster_id).field("intent", &Asked::intent);
    fields.field("site_id", &Asked::site_id);
    fields.field("difficulty_min", &Asked::difficulty_min).field("difficulty_max", &Asked::difficulty_max);
    fields.field("volume_min", &Asked::volume_min).field("volume_max", &Asked::volume_max);
    fields.field("search", &Asked::search, {.max = Keyword::max_length, .about = "A part of the keyword."});
    fields.field("ordering", &Asked::ordering,
                 {.about = "created_at, volume, difficulty or keyword; a minus before it turns the order around.",
                  .example = "\"-volume\""});
    return Shape(fields);
  }();
  return shape;
}

}  // namespace galley
