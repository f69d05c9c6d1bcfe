#include "api/igny8/system.hpp"

#include "service/clustering_service.hpp"
#include "service/preference_service.hpp"
#include "service/status_service.hpp"

namespace galley::api::igny8 {

namespace {

// A database that takes longer answers nobody well.
constexpr Milliseconds slow{1000};

// Their places in the table of names, from 1: types are few and never go.
std::int64_t number_of(PromptType type) {
  return static_cast<std::int64_t>(type) + 1;
}

Result<PromptType> type_of(std::int64_t number) {
  for (const auto& [type, name] : Names<PromptType>::all)
    if (number_of(type) == number) return type;
  return not_found("prompt", std::to_string(number));
}

PromptView view_of(service::Prompt prompt) {
  return {.id = number_of(prompt.type),
          .prompt_type = prompt.type,
          .prompt_value = std::move(prompt.text),
          .default_prompt = std::string(service::default_prompt(prompt.type))};
}

SettingsView view_of(service::NumberedSettings settings) {
  return {.account_name = std::move(settings.account_name),
          .default_site_id = settings.default_site,
          .default_word_count = settings.default_word_count};
}

ClusteringView view_of(const service::ClusterOutcome& outcome) {
  ClusteringView view{.clusters_created = outcome.clusters_created,
                      .keywords_updated = outcome.keywords_updated,
                      .credits_used = outcome.credits_used};
  for (const service::FoundCluster& found : outcome.clusters)
    view.clusters.push_back({found.number, found.name, found.keywords});
  return view;
}

Task<Result<PromptView>> set_prompt(Call& call, PromptType type, std::string text) {
  co_return view_of(GALLEY_CO_TRY(co_await call.services.preferences.set_prompt(call.actor, type, std::move(text))));
}

}  // namespace

Task<Result<StatusView>> get_status(Call& call) {
  const service::SystemStatus status = call.services.status.status(call.actor);
  const bool ready = co_await call.services.health.ready();
  const bool quick = status.database_answers && status.database_latency < slow;
  co_return StatusView{
      .status = ready && quick ? Condition::healthy : Condition::degraded,
      .release = call.services.documents.version,
      .timestamp = status.now,
      .uptime_seconds = status.uptime.count(),
      .database = {.status = quick ? Condition::healthy : Condition::degraded,
                   .backend = std::string(status.backend),
                   .latency_ms = status.database_latency.count()},
      .queue = {.pending = status.jobs.queued, .running = status.jobs.running, .failed = status.jobs.failed},
      .webhooks = {.pending = status.deliveries.pending, .failed = status.deliveries.failed}};
}

Task<Result<Listed<PromptView>>> list_prompts(Call& call, Query<PagingParameters> query) {
  const NumberedPage page = GALLEY_CO_TRY(page_number(query));
  std::vector<service::Prompt> prompts = GALLEY_CO_TRY(call.services.preferences.prompts(call.actor));
  Counted<service::Prompt> found{.rows = {}, .total = static_cast<std::int64_t>(prompts.size())};
  const auto first = static_cast<std::size_t>(page.number - 1) * static_cast<std::size_t>(page.size);
  for (std::size_t i = first; i < std::min(prompts.size(), first + static_cast<std::size_t>(page.size)); ++i)
    found.rows.push_back(std::move(prompts[i]));
  co_return listed<PromptView>(std::move(found), page,
                               [](service::Prompt prompt) { return view_of(std::move(prompt)); });
}

Task<Result<PromptView>> show_prompt(Call& call, PromptType type) {
  co_return view_of(GALLEY_CO_TRY(call.services.preferences.prompt(call.actor, type)));
}

Task<Result<PromptView>> get_prompt(Call& call, PathNumber id) {
  co_return co_await show_prompt(call, GALLEY_CO_TRY(type_of(id.value)));
}

Task<Result<PromptView>> replace_prompt(Call& call, PathNumber id, Body<PromptFields> body) {
  const PromptType type = GALLEY_CO_TRY(type_of(id.value));
  co_return co_await set_prompt(call, type, std::move(body.prompt_value));
}

Task<Result<PromptView>> save_prompt(Call& call, Body<SavePromptFields> body) {
  co_return co_await set_prompt(call, body.prompt_type, std::move(body.prompt_value));
}

Task<Result<PromptView>> reset_prompt(Call& call, Body<PromptChoice> body) {
  co_return view_of(GALLEY_CO_TRY(co_await call.services.preferences.reset_prompt(call.actor, body.prompt_type)));
}

Task<Result<SettingsView>> get_settings(Call& call) {
  co_return view_of(GALLEY_CO_TRY(call.services.preferences.settings(call.actor)));
}

Task<Result<SettingsView>> update_settings(Call& call, Patch<SettingsFields> patch) {
  service::PreferenceService::Edit edit = [&patch](service::NumberedSettings& settings) -> Result<void> {
    SettingsFields fields{.default_site_id = settings.default_site, .default_word_count = settings.default_word_count};
    GALLEY_TRY(patch.apply(fields));
    settings.default_site = fields.default_site_id;
    settings.default_word_count = fields.default_word_count;
    return {};
  };
  co_return view_of(GALLEY_CO_TRY(co_await call.services.preferences.update_settings(call.actor, std::move(edit))));
}

Task<Result<SettingsView>> replace_settings(Call& call, Body<SettingsFields> body) {
  service::PreferenceService::Edit edit = [&body](service::NumberedSettings& settings) -> Result<void> {
    settings.default_site = body.default_site_id;
    settings.default_word_count = body.default_word_count;
    return {};
  };
  co_return view_of(GALLEY_CO_TRY(co_await call.services.preferences.update_settings(call.actor, std::move(edit))));
}

Task<Result<BackgroundTaskView>> get_background_task(Call& call, PathNumber id) {
  const service::JobDetail detail = GALLEY_CO_TRY(call.services.status.task(call.actor, id.value));
  const Job& job = detail.job;
  BackgroundTaskView view{.task_id = id.value,
                          .type = job.kind,
                          .status = job.status,
                          .total = job.total,
                          .done = job.done,
                          .failed = job.failed,
                          .percent = job.total == 0 ? 100 : (job.done + job.failed) * 100 / job.total,
                          .content_ids = GALLEY_CO_TRY(call.services.status.contents(call.actor, detail)),
                          .created_at = job.created_at,
                          .finished_at = job.finished_at};
  if (detail.outcome) view.clustering = view_of(service::decode_outcome(*detail.outcome));
  if (job.error) view.error = job.error->message;
  co_return view;
}

}  // namespace galley::api::igny8

namespace galley {

using namespace api::igny8;

namespace {

constexpr Rules prompt_rules{.required = true,
                             .min = 1,
                             .max = static_cast<double>(service::PreferenceService::max_prompt),
                             .example = "\"Write in short sentences.\""};

}  // namespace

template <>
const Shape& shape_of<DatabaseView>() {
  static const Shape shape = ShapeOf<DatabaseView>("DatabaseStatus", "How the database answers.")
                                 .field("status", &DatabaseView::status)
                                 .field("backend", &DatabaseView::backend, {.example = "\"sqlite\""})
                                 .field("latency_ms", &DatabaseView::latency_ms);
  return shape;
}

template <>
const Shape& shape_of<QueueView>() {
  static const Shape shape =
      ShapeOf<QueueView>("QueueStatus", "Background work of the account, each counted to 10,000.")
          .field("pending", &QueueView::pending)
          .field("running", &QueueView::running)
          .field("failed", &QueueView::failed, {.about = "In the last 24 hours."});
  return shape;
}

template <>
const Shape& shape_of<DeliveriesView>() {
  static const Shape shape =
      ShapeOf<DeliveriesView>("DeliveriesStatus", "Deliveries of the account's webhooks, each counted to 10,000.")
          .field("pending", &DeliveriesView::pending)
          .field("failed", &DeliveriesView::failed);
  return shape;
}

template <>
const Shape& shape_of<StatusView>() {
  static const Shape shape = ShapeOf<StatusView>("SystemStatus", "How the server and the account's work are doing.")
                                 .field("status", &StatusView::status)
                                 .field("version", &StatusView::release, {.example = "\"1.0.0\""})
                                 .field("timestamp", &StatusView::timestamp)
                                 .field("uptime_seconds", &StatusView::uptime_seconds)
                                 .field("database", &StatusView::database)
                                 .field("queue", &StatusView::queue)
                                 .field("webhooks", &StatusView::webhooks);
  return shape;
}

template <>
const Shape& shape_of<PromptView>() {
  static const Shape shape =
      ShapeOf<PromptView>("Prompt", "What a model is asked with; the embedded writers, which use none, do not read it.")
          .field("id", &PromptView::id, {.example = "3"})
          .field("prompt_type", &PromptView::prompt_type)
          .field("prompt_value", &PromptView::prompt_value)
          .field("default_prompt", &PromptView::default_prompt)
          .field("is_active", &PromptView::is_active);
  return shape;
}

template <>
const Shape& shape_of<PromptFields>() {
  static const Shape shape = ShapeOf<PromptFields>("PromptFields", "A prompt of the account's own.")
                                 .field("prompt_value", &PromptFields::prompt_value, prompt_rules);
  return shape;
}

template <>
const Shape& shape_of<PromptChoice>() {
  static const Shape shape = ShapeOf<PromptChoice>("PromptChoice", "Which prompt.")
                                 .field("prompt_type", &PromptChoice::prompt_type, {.required = true});
  return shape;
}

template <>
const Shape& shape_of<SavePromptFields>() {
  static const Shape shape = ShapeOf<SavePromptFields>("SavePrompt", "A prompt of the account's own, by its type.")
                                 .field("prompt_type", &SavePromptFields::prompt_type, {.required = true})
                                 .field("prompt_value", &SavePromptFields::prompt_value, prompt_rules);
  return shape;
}

template <>
const Shape& shape_of<SettingsView>() {
  static const Shape shape =
      ShapeOf<SettingsView>("PlannerSettings", "What is taken where a request does not say.")
          .field("account_name", &SettingsView::account_name)
          .field("default_site_id", &SettingsView::default_site_id, {.about = "null: the account's first site."})
          .field("default_word_count", &SettingsView::default_word_count);
  return shape;
}

template <>
const Shape& shape_of<SettingsFields>() {
  static const Shape shape =
      ShapeOf<SettingsFields>("PlannerSettingsFields", "What may be set.")
          .field("default_site_id", &SettingsFields::default_site_id, {.about = "null: the account's first site."})
          .field("default_word_count", &SettingsFields::default_word_count,
                 {.min = min_article_words, .max = max_article_words, .example = "1500"});
  return shape;
}

template <>
const Shape& shape_of<BackgroundTaskView>() {
  static const Shape shape =
      ShapeOf<BackgroundTaskView>("BackgroundTask", "Work that goes on in the background.")
          .field("task_id", &BackgroundTaskView::task_id, {.example = "12"})
          .field("type", &BackgroundTaskView::type)
          .field("status", &BackgroundTaskView::status)
          .field("total", &BackgroundTaskView::total)
          .field("done", &BackgroundTaskView::done)
          .field("failed", &BackgroundTaskView::failed)
          .field("percent", &BackgroundTaskView::percent, {.min = 0, .max = 100})
          .field("content_ids", &BackgroundTaskView::content_ids, {.about = "What it writes or publishes."})
          .field("clustering", &BackgroundTaskView::clustering, {.about = "What came of grouping keywords."})
          .field("error", &BackgroundTaskView::error)
          .field("created_at", &BackgroundTaskView::created_at)
          .field("finished_at", &BackgroundTaskView::finished_at);
  return shape;
}

}  // namespace galley
