// /planner/ideas, and what makes them of clusters.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/endpoint.hpp"
#include "api/igny8/paging.hpp"
#include "api/igny8/tasks.hpp"
#include "domain/idea.hpp"

namespace galley::api::igny8 {

struct IdeaChanges {
  std::string title;
  std::string description{};
  ContentType content_type = ContentType::post;
  ContentStructure content_structure = ContentStructure::article;
  std::vector<std::string> keywords{};
  std::optional<std::int64_t> cluster_id{};
  std::optional<int> word_count{};
  IdeaStatus status = IdeaStatus::open;
};
struct IdeaFields : IdeaChanges {
  std::optional<std::int64_t> site_id{};
};
struct IdeaView {
  std::int64_t id = 0;
  std::string title;
  std::string description;
  ContentType content_type = ContentType::post;
  ContentStructure content_structure = ContentStructure::article;
  std::vector<std::string> keywords{};
  std::optional<std::int64_t> cluster_id{};
  std::optional<std::string> cluster_name{};
  IdeaStatus status = IdeaStatus::open;
  int word_count = 0;
  std::int64_t site_id = 0;
  Time created_at{};
  Time updated_at{};
};
struct IdeaQuery : PagingParameters {
  std::optional<IdeaStatus> status{};
  std::optional<std::int64_t> cluster_id{};
  std::optional<ContentStructure> content_structure{};
  std::optional<std::int64_t> site_id{};
  std::optional<std::string> search{};
  std::optional<std::string> ordering{};
};

struct GenerateIdeasFields {
  std::vector<std::int64_t> ids{};
  std::vector<std::int64_t> cluster_ids{};  // the same
  std::optional<std::int64_t> site_id{};
};
struct GeneratedIdeasView {
  std::int64_t ideas_created = 0;
  std::int64_t credits_used = 0;
  std::vector<IdeaView> ideas{};
};

Task<Result<Listed<IdeaView>>> list_ideas(Call& call, Query<IdeaQuery> query);
Task<Result<Created<IdeaView>>> create_idea(Call& call, Body<IdeaFields> body);
Task<Result<IdeaView>> get_idea(Call& call, PathNumber id);
// Whole: what is not sent becomes its default.
Task<Result<IdeaView>> replace_idea(Call& call, PathNumber id, Body<IdeaFields> body);
Task<Result<IdeaView>> update_idea(Call& call, PathNumber id, Patch<IdeaChanges> patch);
Task<Result<NoContent>> delete_idea(Call& call, PathNumber id);
Task<Result<GeneratedIdeasView>> auto_generate_ideas(Call& call, Body<GenerateIdeasFields> body);
Task<Result<Created<TaskView>>> queue_idea(Call& call, PathNumber id);

}  // namespace galley::api::igny8

namespace galley {
template <>
const Shape& shape_of<api::igny8::IdeaChanges>();
template <>
const Shape& shape_of<api::igny8::IdeaFields>();
template <>
const Shape& shape_of<api::igny8::IdeaView>();
template <>
const Shape& shape_of<api::igny8::IdeaQuery>();
template <>
const Shape& shape_of<api::igny8::GenerateIdeasFields>();
template <>
const Shape& shape_of<api::igny8::GeneratedIdeasView>();
}  // namespace galley
