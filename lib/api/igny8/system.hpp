// /system: status, prompts, settings, tasks that go on in the background.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/endpoint.hpp"
#include "api/igny8/keyword_actions.hpp"
#include "api/igny8/paging.hpp"
#include "domain/job.hpp"
#include "domain/preferences.hpp"

namespace galley::api::igny8 {

enum class Condition : std::uint8_t { healthy, degraded };

struct DatabaseView {
  Condition status = Condition::healthy;
  std::string backend;
  std::int64_t latency_ms = 0;
};
struct QueueView {
  std::int64_t pending = 0;
  std::int64_t running = 0;
  std::int64_t failed = 0;
};
struct DeliveriesView {
  std::int64_t pending = 0;
  std::int64_t failed = 0;
};
struct StatusView {
  Condition status = Condition::healthy;
  std::string release;  // shown as "version"; a member of that name would be an ETag's
  Time timestamp{};
  std::int64_t uptime_seconds = 0;
  DatabaseView database{};
  QueueView queue{};
  DeliveriesView webhooks{};
};

struct PromptView {
  std::int64_t id = 0;
  PromptType prompt_type = PromptType::content_generation;
  std::string prompt_value;
  std::string default_prompt;
  bool is_active = true;
};
struct PromptFields {
  std::string prompt_value;
};
struct PromptChoice {
  PromptType prompt_type = PromptType::content_generation;
};
struct SavePromptFields : PromptChoice {
  std::string prompt_value;
};

struct SettingsView {
  std::string account_name;
  std::optional<std::int64_t> default_site_id{};
  int default_word_count = 1200;
};
struct SettingsFields {
  std::optional<std::int64_t> default_site_id{};
  int default_word_count = 1200;
};

struct BackgroundTaskView {
  std::int64_t task_id = 0;
  JobKind type = JobKind::generate;
  JobStatus status = JobStatus::queued;
  std::int64_t total = 0;
  std::int64_t done = 0;
  std::int64_t failed = 0;
  std::int64_t percent = 0;
  std::vector<std::int64_t> content_ids{};
  std::optional<ClusteringView> clustering{};
  std::optional<std::string> error{};
  Time created_at{};
  std::optional<Time> finished_at{};
};

Task<Result<StatusView>> get_status(Call& call);
Task<Result<Listed<PromptView>>> list_prompts(Call& call, Query<PagingParameters> query);
Task<Result<PromptView>> get_prompt(Call& call, PathNumber id);
Task<Result<PromptView>> replace_prompt(Call& call, PathNumber id, Body<PromptFields> body);
Task<Result<PromptView>> show_prompt(Call& call, PromptType type);
// A path of its own for each type.
template <PromptType type>
Task<Result<PromptView>> get_prompt_of(Call& call) {
  co_return co_await show_prompt(call, type);
}
Task<Result<PromptView>> save_prompt(Call& call, Body<SavePromptFields> body);
Task<Result<PromptView>> reset_prompt(Call& call, Body<PromptChoice> body);
Task<Result<SettingsView>> get_settings(Call& call);
Task<Result<SettingsView>> update_settings(Call& call, Patch<SettingsFields> patch);
Task<Result<SettingsView>> replace_settings(Call& call, Body<SettingsFields> body);
Task<Result<BackgroundTaskView>> get_background_task(Call& call, PathNumber id);

}  // namespace galley::api::igny8

namespace galley {
template <>
struct Names<api::igny8::Condition> {
  static constexpr NameOf<api::igny8::Condition> all[] = {{api::igny8::Condition::healthy, "healthy"},
                                                          {api::igny8::Condition::degraded, "degraded"}};
};
template <>
const Shape& shape_of<api::igny8::DatabaseView>();
template <>
const Shape& shape_of<api::igny8::QueueView>();
template <>
const Shape& shape_of<api::igny8::DeliveriesView>();
template <>
const Shape& shape_of<api::igny8::StatusView>();
template <>
const Shape& shape_of<api::igny8::PromptView>();
template <>
const Shape& shape_of<api::igny8::PromptFields>();
template <>
const Shape& shape_of<api::igny8::PromptChoice>();
template <>
const Shape& shape_of<api::igny8::SavePromptFields>();
template <>
const Shape& shape_of<api::igny8::SettingsView>();
template <>
const Shape& shape_of<api::igny8::SettingsFields>();
template <>
const Shape& shape_of<api::igny8::BackgroundTaskView>();
}  // namespace galley
