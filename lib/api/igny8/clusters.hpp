// /planner/clusters
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "api/endpoint.hpp"
#include "api/igny8/paging.hpp"

namespace galley::api::igny8 {

struct ClusterChanges {
  std::string name;
};
struct ClusterFields : ClusterChanges {
  std::optional<std::int64_t> site_id{};
};
struct ClusterView {
  std::int64_t id = 0;
  std::string name;
  std::int64_t keywords_count = 0;
  std::int64_t volume = 0;
  std::int64_t site_id = 0;
  Time created_at{};
};
struct ClusterQuery : PagingParameters {
  std::optional<std::int64_t> site_id{};
};

Task<Result<Listed<ClusterView>>> list_clusters(Call& call, Query<ClusterQuery> query);
Task<Result<Created<ClusterView>>> create_cluster(Call& call, Body<ClusterFields> body);
Task<Result<ClusterView>> get_cluster(Call& call, PathNumber id);
Task<Result<ClusterView>> replace_cluster(Call& call, PathNumber id, Body<ClusterChanges> body);
Task<Result<ClusterView>> update_cluster(Call& call, PathNumber id, Patch<ClusterChanges> patch);
Task<Result<NoContent>> delete_cluster(Call& call, PathNumber id);

}  // namespace galley::api::igny8

namespace galley {
template <>
const Shape& shape_of<api::igny8::ClusterChanges>();
template <>
const Shape& shape_of<api::igny8::ClusterFields>();
template <>
const Shape& shape_of<api::igny8::ClusterView>();
template <>
const Shape& shape_of<api::igny8::ClusterQuery>();
}  // namespace galley
