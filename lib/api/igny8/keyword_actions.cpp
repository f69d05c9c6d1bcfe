#include "api/igny8/keyword_actions.hpp"

#include "api/keyword_csv.hpp"
#include "service/clustering_service.hpp"
#include "service/planner_service.hpp"
#include "service/status_service.hpp"

namespace galley::api::igny8 {

std::string task_location(std::int64_t number) {
  return "/api/v1/system/tasks/" + std::to_string(number) + "/";
}

Task<Result<Reply>> auto_cluster(Call& call, Body<AutoClusterFields> body) {
  const std::vector<std::int64_t>& ids = body.ids.empty() ? body.keyword_ids : body.ids;
  service::ClusterSelection selection = GALLEY_CO_TRY(call.services.clustering.select(call.actor, ids, body.site_id));
  if (body.async || selection.keywords.size() > service::ClusterSelection::most_at_once) {
    const Job job = GALLEY_CO_TRY(co_await call.services.clustering.cluster_later(call.actor, std::move(selection)));
    const std::int64_t number = GALLEY_CO_TRY(call.services.status.number_of(call.actor, job.id));
    co_return Answered<Accepted<TaskReferenceView>>::reply(call, {{.task_id = number}, task_location(number)});
  }
  const auto outcome = GALLEY_CO_TRY(co_await call.services.clustering.cluster(call.actor, std::move(selection)));
  ClusteringView view{.clusters_created = outcome.clusters_created,
                      .keywords_updated = outcome.keywords_updated,
                      .credits_used = outcome.credits_used};
  for (const service::FoundCluster& found : outcome.clusters)
    view.clusters.push_back({found.number, found.name, found.keywords});
  co_return Answered<ClusteringView>::reply(call, view);
}

Task<Result<BulkDeletedView>> bulk_delete_keywords(Call& call, Body<BulkDeleteFields> body) {
  co_return BulkDeletedView{GALLEY_CO_TRY(co_await call.services.planner.remove_many(call.actor, std::move(body.ids)))};
}

Task<Result<BulkUpdatedView>> bulk_update_keywords(Call& call, Body<BulkUpdateFields> body) {
  const service::BulkChanges changes{.planning = body.status,
                                     .intent = body.intent,
                                     .volume = body.volume,
                                     .difficulty = body.difficulty,
                                     .cluster = body.cluster_id};
  co_return BulkUpdatedView{
      GALLEY_CO_TRY(co_await call.services.planner.update_many(call.actor, std::move(body.ids), changes))};
}

Task<Result<ImportedView>> import_keywords(Call& call, Text body, Query<SiteQuery> query) {
  ProjectId project = GALLEY_CO_TRY(call.services.planner.site(call.actor, query.site_id));
  std::vector<service::ImportRow> rows = GALLEY_CO_TRY(service::read_keyword_csv(body.text));
  const auto outcome = GALLEY_CO_TRY(co_await call.services.keywords.import(
      call.actor, std::move(project), std::move(rows), service::OnDuplicate::update));
  ImportedView view{.created = outcome.created, .updated = outcome.updated, .skipped = outcome.skipped};
  for (const service::RejectedRow& row : outcome.rejected)
    view.rejected.push_back({row.row, row.reason});
  co_return view;
}

Task<Result<Reply>> export_keywords(Call& call, Query<SiteQuery> query) {
  ProjectId project = GALLEY_CO_TRY(call.services.planner.site(call.actor, query.site_id));
  co_return co_await keyword_csv(call, std::move(project));
}

}  // namespace galley::api::igny8

namespace galley {

using namespace api::igny8;

namespace {

constexpr Rules ids_rules{.min = 1,
                          .max = static_cast<double>(service::PlannerService::max_bulk),
                          .about = "Ids of keywords.",
                          .example = "[21, 22]"};

Rules required(Rules rules) {
  rules.required = true;
  return rules;
}

}  // namespace

template <>
const Shape& shape_of<AutoClusterFields>() {
  constexpr auto most = static_cast<double>(service::ClusterSelection::most);
  static const Shape shape =
      ShapeOf<AutoClusterFields>("AutoCluster", "Which keywords are grouped.")
          .field("ids", &AutoClusterFields::ids,
                 {.max = most, .about = "Keywords of one site; left out: all that are in no cluster."})
          .field("keyword_ids", &AutoClusterFields::keyword_ids, {.max = most, .about = "The same as ids."})
          .field("site_id", &AutoClusterFields::site_id, {.about = "The account's first site by default."})
          .field("async", &AutoClusterFields::async,
                 {.about = "Answers at once with a task to follow, as for more than 500 keywords."});
  return shape;
}

template <>
const Shape& shape_of<FoundClusterView>() {
  static const Shape shape =
      ShapeOf<FoundClusterView>("FoundCluster", "A cluster that keywords were put into.")
          .field("id", &FoundClusterView::id, {.example = "7"})
          .field("name", &FoundClusterView::name, {.example = "\"moka pot\""})
          .field("keywords", &FoundClusterView::keywords, {.example = R"(["moka pot", "moka pot cleaning"])"});
  return shape;
}

template <>
const Shape& shape_of<ClusteringView>() {
  static const Shape shape = ShapeOf<ClusteringView>("Clustering", "What came of grouping keywords.")
                                 .field("clusters_created", &ClusteringView::clusters_created, {.example = "1"})
                                 .field("keywords_updated", &ClusteringView::keywords_updated,
                                        {.about = "That got a cluster or an intent.", .example = "2"})
                                 .field("credits_used", &ClusteringView::credits_used, {.example = "1"})
                                 .field("clusters", &ClusteringView::clusters);
  return shape;
}

template <>
const Shape& shape_of<TaskReferenceView>() {
  static const Shape shape =
      ShapeOf<TaskReferenceView>("TaskReference", "Work that goes on in the background.")
          .field("task_id", &TaskReferenceView::task_id, {.about = "For /system/tasks/{id}/.", .example = "12"});
  return shape;
}

template <>
const Shape& shape_of<BulkDeleteFields>() {
  static const Shape shape = ShapeOf<BulkDeleteFields>("BulkDelete", "Which keywords are deleted: all or none.")
                                 .field("ids", &BulkDeleteFields::ids, required(ids_rules));
  return shape;
}

template <>
const Shape& shape_of<BulkUpdateFields>() {
  static const Shape shape =
      ShapeOf<BulkUpdateFields>("BulkUpdate", "Which keywords are changed, all or none, and how.")
          .field("ids", &BulkUpdateFields::ids, required(ids_rules))
          .field("status", &BulkUpdateFields::status, {.example = "\"archived\""})
          .field("intent", &BulkUpdateFields::intent)
          .field("volume", &BulkUpdateFields::volume, {.min = 0, .max = Keyword::max_volume})
          .field("difficulty", &BulkUpdateFields::difficulty, {.min = 0, .max = 100})
          .field("cluster_id", &BulkUpdateFields::cluster_id, {.about = "0 takes them out of their clusters."});
  return shape;
}

template <>
const Shape& shape_of<BulkDeletedView>() {
  static const Shape shape = ShapeOf<BulkDeletedView>("BulkDeleted", "How many keywords were deleted.")
                                 .field("deleted", &BulkDeletedView::deleted, {.example = "2"});
  return shape;
}

template <>
const Shape& shape_of<BulkUpdatedView>() {
  static const Shape shape = ShapeOf<BulkUpdatedView>("BulkUpdated", "How many keywords were changed.")
                                 .field("updated", &BulkUpdatedView::updated, {.example = "2"});
  return shape;
}

template <>
const Shape& shape_of<SiteQuery>() {
  static const Shape shape =
      ShapeOf<SiteQuery>("SiteQuery", "Which site.")
          .field("site_id", &SiteQuery::site_id, {.about = "The account's first site by default."});
  return shape;
}

template <>
const Shape& shape_of<RejectedRowView>() {
  static const Shape shape = ShapeOf<RejectedRowView>("PlannedRejectedRow", "A line that was not taken.")
                                 .field("row", &RejectedRowView::row, {.about = "Its number; the header is 1."})
                                 .field("reason", &RejectedRowView::reason);
  return shape;
}

template <>
const Shape& shape_of<ImportedView>() {
  static const Shape shape = ShapeOf<ImportedView>("PlannedImport", "What became of a file's lines.")
                                 .field("created", &ImportedView::created)
                                 .field("updated", &ImportedView::updated)
                                 .field("skipped", &ImportedView::skipped)
                                 .field("rejected", &ImportedView::rejected);
  return shape;
}

}  // namespace galley
