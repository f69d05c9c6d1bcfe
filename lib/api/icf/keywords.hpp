// /projects/{id}/keywords, /keywords/{id}
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/endpoint.hpp"
#include "api/icf/paging.hpp"
#include "domain/keyword.hpp"
#include "service/keyword_service.hpp"

namespace galley::api::icf {

struct KeywordFields {
  std::string keyword;
  std::optional<std::int64_t> volume{};
  std::optional<int> difficulty{};
  std::optional<Intent> intent{};
  std::optional<Priority> priority{};
  std::optional<ClusterId> cluster_id{};
  std::optional<std::string> cluster{};  // by name; made where there is none
};

struct KeywordChanges {
  std::string keyword;
  std::optional<std::int64_t> volume{};
  std::optional<int> difficulty{};
  std::optional<Intent> intent{};
  Priority priority = Priority::medium;
  std::optional<ClusterId> cluster_id{};
};

struct KeywordView : KeywordChanges {
  KeywordId id;
  ProjectId project_id;
  KeywordStatus status = KeywordStatus::not_generated;
  std::optional<ArticleId> article_id{};
  std::int64_t version = 0;
  Time created_at{};
  Time updated_at{};
};

struct KeywordQuery : PagingParameters {
  std::vector<KeywordStatus> status{};
  std::optional<Priority> priority{};
  std::optional<Intent> intent{};
  std::optional<ClusterId> cluster_id{};
  std::optional<std::string> q{};
};

// The bulk form: texts or objects.
struct KeywordImport {
  std::vector<json::Value> keywords{};
  service::OnDuplicate on_duplicate = service::OnDuplicate::update;
};
struct ImportQuery {
  std::optional<service::OnDuplicate> on_duplicate{};
};
struct RejectedView {
  std::int64_t row = 0;
  std::string reason;
};
struct ImportView {
  std::int64_t created = 0;
  std::int64_t updated = 0;
  std::int64_t skipped = 0;
  std::vector<RejectedView> rejected{};
};

struct ExpandFields {
  std::vector<std::string> patterns{};
  std::map<std::string, std::vector<std::string>> dimensions{};
  bool dry_run = false;
};
struct ExpandView {
  std::int64_t total = 0;
  std::int64_t created = 0;
  std::int64_t known = 0;
  bool dry_run = false;
  std::vector<std::string> sample{};  // the first of them
};

struct ClusterKeywordsFields {
  std::vector<KeywordId> keyword_ids{};
};
struct ClusteredView {
  ClusterId id;
  std::string name;
  std::vector<std::string> keywords{};
};
struct ClusterKeywordsView {
  std::int64_t clusters_created = 0;
  std::int64_t keywords_updated = 0;
  std::int64_t credits_used = 0;
  std::vector<ClusteredView> clusters{};
};

Task<Result<Listed<KeywordView>>> list_keywords(Call& call, ProjectId project, Query<KeywordQuery> query);
// One keyword, {"keywords":[…]}, or CSV.
Task<Result<Reply>> add_keywords(Call& call, ProjectId project, Text body, Query<ImportQuery> query);
Task<Result<ExpandView>> expand_keywords(Call& call, ProjectId project, Body<ExpandFields> body);
// 200 with what came of it, or 202 with the job.
Task<Result<Reply>> cluster_keywords(Call& call, ProjectId project, Body<ClusterKeywordsFields> body);
Task<Result<Reply>> export_keywords(Call& call, ProjectId project);
Task<Result<KeywordView>> get_keyword(Call& call, KeywordId id);
Task<Result<KeywordView>> update_keyword(Call& call, KeywordId id, Patch<KeywordChanges> patch);
Task<Result<NoContent>> delete_keyword(Call& call, KeywordId id);

}  // namespace galley::api::icf

namespace galley {

template <>
struct Names<service::OnDuplicate> {
  static constexpr NameOf<service::OnDuplicate> all[] = {{service::OnDuplicate::update, "update"},
                                                         {service::OnDuplicate::skip, "skip"}};
};

template <>
const Shape& shape_of<api::icf::KeywordFields>();
template <>
const Shape& shape_of<api::icf::KeywordChanges>();
template <>
const Shape& shape_of<api::icf::KeywordView>();
template <>
const Shape& shape_of<api::icf::KeywordQuery>();
template <>
const Shape& shape_of<api::icf::KeywordImport>();
template <>
const Shape& shape_of<api::icf::ImportQuery>();
template <>
const Shape& shape_of<api::icf::RejectedView>();
template <>
const Shape& shape_of<api::icf::ImportView>();
template <>
const Shape& shape_of<api::icf::ExpandFields>();
template <>
const Shape& shape_of<api::icf::ExpandView>();
template <>
const Shape& shape_of<api::icf::ClusterKeywordsFields>();
template <>
const Shape& shape_of<api::icf::ClusteredView>();
template <>
const Shape& shape_of<api::icf::ClusterKeywordsView>();

}  // namespace galley
