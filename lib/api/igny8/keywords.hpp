// /planner/keywords
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "api/endpoint.hpp"
#include "api/igny8/paging.hpp"
#include "domain/keyword.hpp"

namespace galley::api::igny8 {

// keyword and name are two names of one text; keyword wins.
struct KeywordChanges {
  std::optional<std::string> keyword{};
  std::optional<std::string> name{};
  std::optional<std::int64_t> volume{};
  std::optional<int> difficulty{};
  std::optional<Intent> intent{};
  Planning status = Planning::active;
  std::optional<std::int64_t> cluster_id{};
};
struct KeywordFields : KeywordChanges {
  std::optional<std::int64_t> site_id{};
};

struct KeywordView {
  std::int64_t id = 0;
  std::string keyword;
  std::string name;
  std::optional<std::int64_t> volume{};
  std::optional<int> difficulty{};
  std::optional<Intent> intent{};
  Planning status = Planning::active;
  std::optional<std::int64_t> cluster_id{};
  std::optional<std::string> cluster_name{};
  std::int64_t site_id = 0;
  Time created_at{};
  Time updated_at{};
};

struct KeywordQuery : PagingParameters {
  std::optional<Planning> status{};
  std::optional<std::int64_t> cluster_id{};
  std::optional<Intent> intent{};
  std::optional<std::int64_t> site_id{};
  std::optional<int> difficulty_min{};
  std::optional<int> difficulty_max{};
  std::optional<std::int64_t> volume_min{};
  std::optional<std::int64_t> volume_max{};
  std::optional<std::string> search{};
  std::optional<std::string> ordering{};
};

Task<Result<Listed<KeywordView>>> list_keywords(Call& call, Query<KeywordQuery> query);
Task<Result<Created<KeywordView>>> create_keyword(Call& call, Body<KeywordFields> body);
Task<Result<KeywordView>> get_keyword(Call& call, PathNumber id);
// Whole: what is not sent becomes its default.
Task<Result<KeywordView>> replace_keyword(Call& call, PathNumber id, Body<KeywordFields> body);
Task<Result<KeywordView>> update_keyword(Call& call, PathNumber id, Patch<KeywordChanges> patch);
Task<Result<NoContent>> delete_keyword(Call& call, PathNumber id);

}  // namespace galley::api::igny8

namespace galley {
template <>
const Shape& shape_of<api::igny8::KeywordChanges>();
template <>
const Shape& shape_of<api::igny8::KeywordFields>();
template <>
const Shape& shape_of<api::igny8::KeywordView>();
template <>
const Shape& shape_of<api::igny8::KeywordQuery>();
}  // namespace galley
