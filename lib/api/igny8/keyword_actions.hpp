// What is done with many of /planner/keywords at once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/endpoint.hpp"
#include "domain/keyword.hpp"

namespace galley::api::igny8 {

struct AutoClusterFields {
  std::vector<std::int64_t> ids{};
  std::vector<std::int64_t> keyword_ids{};  // the same
  std::optional<std::int64_t> site_id{};
  bool async = false;
};
struct FoundClusterView {
  std::int64_t id = 0;
  std::string name;
  std::vector<std::string> keywords{};
};
struct ClusteringView {
  std::int64_t clusters_created = 0;
  std::int64_t keywords_updated = 0;
  std::int64_t credits_used = 0;
  std::vector<FoundClusterView> clusters{};
};
struct TaskReferenceView {
  std::int64_t task_id = 0;
};
// Of work that goes on in the background: where it is looked at.
std::string task_location(std::int64_t number);

struct BulkDeleteFields {
  std::vector<std::int64_t> ids{};
};
struct BulkUpdateFields : BulkDeleteFields {
  std::optional<Planning> status{};
  std::optional<Intent> intent{};
  std::optional<std::int64_t> volume{};
  std::optional<int> difficulty{};
  std::optional<std::int64_t> cluster_id{};
};
struct BulkDeletedView {
  std::int64_t deleted = 0;
};
struct BulkUpdatedView {
  std::int64_t updated = 0;
};

struct SiteQuery {
  std::optional<std::int64_t> site_id{};
};
struct RejectedRowView {
  std::int64_t row = 0;
  std::string reason;
};
struct ImportedView {
  std::int64_t created = 0;
  std::int64_t updated = 0;
  std::int64_t skipped = 0;
  std::vector<RejectedRowView> rejected{};
};

// 200 with what came of it, or 202 with the task to follow.
Task<Result<Reply>> auto_cluster(Call& call, Body<AutoClusterFields> body);
Task<Result<BulkDeletedView>> bulk_delete_keywords(Call& call, Body<BulkDeleteFields> body);
Task<Result<BulkUpdatedView>> bulk_update_keywords(Call& call, Body<BulkUpdateFields> body);
// CSV with a header row.
Task<Result<ImportedView>> import_keywords(Call& call, Text body, Query<SiteQuery> query);
Task<Result<Reply>> export_keywords(Call& call, Query<SiteQuery> query);

}  // namespace galley::api::igny8

namespace galley {
template <>
const Shape& shape_of<api::igny8::AutoClusterFields>();
template <>
const Shape& shape_of<api::igny8::FoundClusterView>();
template <>
const Shape& shape_of<api::igny8::ClusteringView>();
template <>
const Shape& shape_of<api::igny8::TaskReferenceView>();
template <>
const Shape& shape_of<api::igny8::BulkDeleteFields>();
template <>
const Shape& shape_of<api::igny8::BulkUpdateFields>();
template <>
const Shape& shape_of<api::igny8::BulkDeletedView>();
template <>
const Shape& shape_of<api::igny8::BulkUpdatedView>();
template <>
const Shape& shape_of<api::igny8::SiteQuery>();
template <>
const Shape& shape_of<api::igny8::RejectedRowView>();
template <>
const Shape& shape_of<api::igny8::ImportedView>();
}  // namespace galley
