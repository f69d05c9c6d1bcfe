#include "api/igny8/clusters.hpp"

#include "service/planner_service.hpp"

namespace galley::api::igny8 {

namespace {

ClusterView view_of(service::PlannedCluster planned) {
  return {.id = planned.number,
          .name = std::move(planned.summary.cluster.name),
          .keywords_count = planned.summary.keywords,
          .volume = planned.summary.volume,
          .site_id = planned.site,
          .created_at = planned.summary.cluster.created_at};
}

}  // namespace

Task<Result<Listed<ClusterView>>> list_clusters(Call& call, Query<ClusterQuery> query) {
  const NumberedPage page = GALLEY_CO_TRY(page_number(query));
  co_return listed<ClusterView>(GALLEY_CO_TRY(call.services.planner.clusters(call.actor, query.site_id, page)), page,
                                view_of);
}

Task<Result<Created<ClusterView>>> create_cluster(Call& call, Body<ClusterFields> body) {
  ClusterView view = view_of(
      GALLEY_CO_TRY(co_await call.services.planner.create_cluster(call.actor, std::move(body.name), body.site_id)));
  std::string location = "/api/v1/planner/clusters/" + std::to_string(view.id) + "/";
  co_return Created<ClusterView>{std::move(view), std::move(location)};
}

Task<Result<ClusterView>> get_cluster(Call& call, PathNumber id) {
  co_return view_of(GALLEY_CO_TRY(call.services.planner.cluster(call.actor, id.value)));
}

Task<Result<ClusterView>> replace_cluster(Call& call, PathNumber id, Body<ClusterChanges> body) {
  co_return view_of(
      GALLEY_CO_TRY(co_await call.services.planner.rename_cluster(call.actor, id.value, std::move(body.name))));
}

Task<Result<ClusterView>> update_cluster(Call& call, PathNumber id, Patch<ClusterChanges> patch) {
  const auto before = GALLEY_CO_TRY(call.services.planner.cluster(call.actor, id.value));
  ClusterChanges changes{.name = before.summary.cluster.name};
  GALLEY_CO_TRY(patch.apply(changes));
  co_return view_of(
      GALLEY_CO_TRY(co_await call.services.planner.rename_cluster(call.actor, id.value, std::move(changes.name))));
}

Task<Result<NoContent>> delete_cluster(Call& call, PathNumber id) {
  GALLEY_CO_TRY(co_await call.services.planner.remove_cluster(call.actor, id.value));
  co_return NoContent{};
}

}  // namespace galley::api::igny8

namespace galley {

using namespace api::igny8;

namespace {

constexpr Rules cluster_name_rules{
    .required = true, .one_line = true, .min = 1, .max = Keyword::max_length, .example = "\"espresso machines\""};

}  // namespace

template <>
const Shape& shape_of<ClusterChanges>() {
  static const Shape shape = ShapeOf<ClusterChanges>("ClusterChanges", "What may be changed of a cluster.")
                                 .field("name", &ClusterChanges::name, cluster_name_rules);
  return shape;
}

template <>
const Shape& shape_of<ClusterFields>() {
  static const Shape shape =
      ShapeOf<ClusterFields>("ClusterFields", "A cluster as it is written.")
          .field("name", &ClusterFields::name, cluster_name_rules)
          .field("site_id", &ClusterFields::site_id, {.about = "The account's first site by default."});
  return shape;
}

template <>
const Shape& shape_of<ClusterView>() {
  static const Shape shape = ShapeOf<ClusterView>("Cluster", "A group of keywords that one page could answer.")
                                 .field("id", &ClusterView::id, {.example = "7"})
                                 .field("name", &ClusterView::name)
                                 .field("keywords_count", &ClusterView::keywords_count)
                                 .field("volume", &ClusterView::volume, {.about = "Of all its keywords together."})
                                 .field("site_id", &ClusterView::site_id)
                                 .field("created_at", &ClusterView::created_at);
  return shape;
}

template <>
const Shape& shape_of<ClusterQuery>() {
  static const Shape shape = [] {
    ShapeOf<ClusterQuery> fields("ClusterQuery", "Which clusters, and which page of them.");
    with_paging(fields);
    fields.field("site_id", &ClusterQuery::site_id);
    return Shape(fields);
  }();
  return shape;
}

}  // namespace galley
