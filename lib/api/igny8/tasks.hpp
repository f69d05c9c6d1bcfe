// /writer/tasks
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/endpoint.hpp"
#include "api/igny8/paging.hpp"
#include "domain/writing_task.hpp"
#include "service/planned.hpp"

namespace galley::api::igny8 {

struct TaskChanges {
  std::string title;
  std::string description{};
  std::vector<std::string> keywords{};
  std::optional<std::int64_t> cluster_id{};
  std::optional<std::int64_t> idea_id{};
  ContentType content_type = ContentType::post;
  ContentStructure content_structure = ContentStructure::article;
  TaskStatus status = TaskStatus::queued;
  std::optional<int> word_count{};
  std::string primary_keyword{};
  std::vector<std::string> secondary_keywords{};
  std::vector<std::string> tags{};
  std::vector<std::string> categories{};
};
struct TaskFields : TaskChanges {
  std::optional<std::int64_t> site_id{};
};
struct TaskView {
  std::int64_t id = 0;
  std::string title;
  std::string description;
  std::vector<std::string> keywords{};
  std::optional<std::int64_t> cluster_id{};
  std::optional<std::int64_t> idea_id{};
  ContentType content_type = ContentType::post;
  ContentStructure content_structure = ContentStructure::article;
  TaskStatus status = TaskStatus::queued;
  int word_count = 0;
  std::string primary_keyword;
  std::vector<std::string> secondary_keywords{};
  std::vector<std::string> tags{};
  std::vector<std::string> categories{};
  std::int64_t site_id = 0;
  std::optional<std::int64_t> content_id{};
  Time created_at{};
  Time updated_at{};
};
TaskView view_of(service::PlannedTask planned);

struct TaskQuery : PagingParameters {
  std::optional<TaskStatus> status{};
  std::optional<std::int64_t> cluster_id{};
  std::optional<ContentType> content_type{};
  std::optional<ContentStructure> content_structure{};
  std::optional<std::int64_t> site_id{};
  std::optional<std::string> search{};
  std::optional<std::string> ordering{};
};

struct GenerateContentFields {
  std::vector<std::int64_t> ids{};
};
struct QueuedTaskView {
  std::int64_t id = 0;
  std::int64_t content_id = 0;
};
struct SkippedTaskView {
  std::int64_t id = 0;
  std::string reason;
};
struct GenerateContentView {
  std::int64_t task_id = 0;
  std::vector<QueuedTaskView> queued{};
  std::vector<SkippedTaskView> skipped{};
};

Task<Result<Listed<TaskView>>> list_tasks(Call& call, Query<TaskQuery> query);
Task<Result<Created<TaskView>>> create_task(Call& call, Body<TaskFields> body);
Task<Result<TaskView>> get_task(Call& call, PathNumber id);
// Whole: what is not sent becomes its default.
Task<Result<TaskView>> replace_task(Call& call, PathNumber id, Body<TaskFields> body);
Task<Result<TaskView>> update_task(Call& call, PathNumber id, Patch<TaskChanges> patch);
Task<Result<NoContent>> delete_task(Call& call, PathNumber id);
Task<Result<Accepted<GenerateContentView>>> auto_generate_content(Call& call, Body<GenerateContentFields> body);

}  // namespace galley::api::igny8

namespace galley {
template <>
const Shape& shape_of<api::igny8::TaskChanges>();
template <>
const Shape& shape_of<api::igny8::TaskFields>();
template <>
const Shape& shape_of<api::igny8::TaskView>();
template <>
const Shape& shape_of<api::igny8::TaskQuery>();
template <>
const Shape& shape_of<api::igny8::GenerateContentFields>();
template <>
const Shape& shape_of<api::igny8::QueuedTaskView>();
template <>
const Shape& shape_of<api::igny8::SkippedTaskView>();
template <>
const Shape& shape_of<api::igny8::GenerateContentView>();
}  // namespace galley
