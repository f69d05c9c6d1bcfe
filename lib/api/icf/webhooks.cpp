#include "api/icf/webhooks.hpp"

#include <chrono>
#include <cmath>

#include "service/webhook_service.hpp"

namespace galley::api::icf {

namespace {

WebhookFields fields_of(const service::WebhookDraft& draft) {
  WebhookFields fields;
  static_cast<WebhookSettings&>(fields) = {.url = draft.url,
                                           .events = draft.events,
                                           .format = draft.format,
                                           .body_template = draft.body_template,
                                           .headers = draft.headers,
                                           .rate_limit = draft.rate_limit,
                                           .max_in_flight = draft.max_in_flight,
                                           .status = draft.status};
  return fields;
}

service::WebhookDraft draft_of(WebhookFields fields) {
  return {.url = std::move(fields.url),
          .events = std::move(fields.events),
          .format = fields.format,
          .body_template = std::move(fields.body_template),
          .headers = std::move(fields.headers),
          .rate_limit = fields.rate_limit,
          .max_in_flight = fields.max_in_flight,
          .status = fields.status,
          .secret = std::move(fields.secret)};
}

std::optional<std::int64_t> milliseconds(const std::optional<Milliseconds>& duration) {
  if (!duration) return std::nullopt;
  return duration->count();
}

WebhookStatsView stats_of(const DeliveryStats& stats) {
  WebhookStatsView view{.succeeded = stats.succeeded,
                        .failed_attempts = stats.failed_attempts,
                        .p50_ms = milliseconds(stats.p50),
                        .p99_ms = milliseconds(stats.p99),
                        .pending = stats.pending,
                        .backlog_seconds = std::chrono::floor<std::chrono::seconds>(stats.backlog).count()};
  const std::int64_t tries = stats.succeeded + stats.failed_attempts;
  // Four digits: what is one failure among millions would look like none.
  if (tries > 0)
    view.success_rate = std::floor(10000.0 * static_cast<double>(stats.succeeded) / static_cast<double>(tries)) / 10000;
  return view;
}

WebhookView view_of(const service::WebhookDetail& detail) {
  const Webhook& webhook = detail.webhook;
  WebhookView view;
  static_cast<WebhookSettings&>(view) = {.url = webhook.url,
                                         .events = webhook.events,
                                         .format = webhook.format,
                                         .body_template = webhook.body_template,
                                         .headers = webhook.headers,
                                         .rate_limit = webhook.rate_limit,
                                         .max_in_flight = webhook.max_in_flight,
                                         .status = webhook.status};
  view.id = webhook.id;
  view.project_id = webhook.project;
  view.own_secret = webhook.own_secret;
  if (detail.secret) view.secret = std::string(detail.secret->reveal());
  view.disabled_reason = webhook.disabled_reason;
  view.failing_since = webhook.failing_since;
  view.stats = stats_of(detail.stats);
  view.version = webhook.version;
  view.created_at = webhook.created_at;
  view.updated_at = webhook.updated_at;
  return view;
}

}  // namespace

Task<Result<Listed<WebhookView>>> list_webhooks(Call& call, ProjectId project, Query<ListQuery> query) {
  const PageRequest page = GALLEY_CO_TRY(page_request(query));
  co_return listed<WebhookView>(GALLEY_CO_TRY(call.services.webhooks.list(call.actor, project, page)), page, view_of);
}

Task<Result<Created<WebhookView>>> create_webhook(Call& call, ProjectId project, Body<WebhookFields> body) {
  service::WebhookDraft draft = draft_of(std::move(body));
  WebhookView view =
      view_of(GALLEY_CO_TRY(co_await call.services.webhooks.create(call.actor, std::move(project), std::move(draft))));
  std::string location = "/api/v1/webhooks/" + view.id.text();
  co_return Created<WebhookView>{std::move(view), std::move(location)};
}

Task<Result<WebhookView>> get_webhook(Call& call, WebhookId id) {
  co_return view_of(GALLEY_CO_TRY(call.services.webhooks.get(call.actor, id)));
}

Task<Result<WebhookView>> update_webhook(Call& call, WebhookId id, Patch<WebhookFields> patch) {
  service::WebhookService::Edit edit = [patch = std::move(patch)](service::WebhookDraft& draft) -> Result<void> {
    WebhookFields fields = fields_of(draft);
    GALLEY_TRY(patch.apply(fields));
    draft = draft_of(std::move(fields));
    return {};
  };
  co_return view_of(GALLEY_CO_TRY(
      co_await call.services.webhooks.update(call.actor, std::move(id), call.known_version(), std::move(edit))));
}

Task<Result<NoContent>> delete_webhook(Call& call, WebhookId id) {
  GALLEY_CO_TRY(co_await call.services.webhooks.remove(call.actor, std::move(id), call.known_version()));
  co_return NoContent{};
}

Task<Result<Accepted<DeliveryView>>> test_webhook(Call& call, WebhookId id) {
  co_return accepted(GALLEY_CO_TRY(co_await call.services.webhooks.test(call.actor, std::move(id))));
}

Task<Result<WebhookView>> enable_webhook(Call& call, WebhookId id) {
  co_return view_of(GALLEY_CO_TRY(co_await call.services.webhooks.enable(call.actor, std::move(id))));
}

Task<Result<WebhookView>> rotate_webhook_secret(Call& call, WebhookId id, Body<RotateSecretFields> body) {
  const std::chrono::seconds overlap(body.overlap_seconds);
  co_return view_of(GALLEY_CO_TRY(co_await call.services.webhooks.rotate_secret(call.actor, std::move(id), overlap)));
}

Task<Result<WebhookView>> confirm_webhook_secret(Call& call, WebhookId id) {
  co_return view_of(GALLEY_CO_TRY(co_await call.services.webhooks.confirm_secret(call.actor, std::move(id))));
}

Task<Result<RecoveredView>> recover_webhook(Call& call, WebhookId id, Body<RecoverFields> body) {
  co_return RecoveredView{
      GALLEY_CO_TRY(co_await call.services.webhooks.recover(call.actor, std::move(id), body.since))};
}

Task<Result<Accepted<QueuedJobView>>> replay_webhook(Call& call, WebhookId id, Body<ReplayFields> body) {
  const Job job = GALLEY_CO_TRY(co_await call.services.webhooks.replay(call.actor, std::move(id), body.since,
                                                                       body.until, std::move(body.events)));
  co_return Accepted<QueuedJobView>{{job.id, job.status}, job_location(job.id)};
}

}  // namespace galley::api::icf

namespace galley {

using namespace api::icf;

namespace {

// The same fields for writing and for reading.
template <class T>
void add_settings(ShapeOf<T>& shape) {
  shape
      .field("url", &WebhookSettings::url,
             {.required = true,
              .min = 1,
              .max = 2000,
              .format = "uri",
              .about = "Where to send: https, unless the operator allows http.",
              .example = "\"https://example.com/hooks/galley\""})
      .field("events", &WebhookSettings::events,
             {.one_line = true,
              .min = 1,
              .max = 50,
              .about = "Names of events, \"article.*\" for all of a kind, or \"*\" (default) for all.",
              .example = R"(["article.published","article.unpublished"])"})
      .field("format", &WebhookSettings::format,
             {.about = "event: the documented nested body; flat: one level, articles only; template: your own JSON."})
      .field("template", &WebhookSettings::body_template,
             {.max = 65536, .about = "JSON with {{name}} placeholders, for the format template."})
      .field("headers", &WebhookSettings::headers,
             {.max = 20, .about = "Further header fields of each request.", .example = R"({"X-Source":"galley"})"})
      .field("rateLimit", &WebhookSettings::rate_limit,
             {.min = 1, .max = 1000, .about = "Requests a second at most; null: no limit."})
      .field("maxInFlight", &WebhookSettings::max_in_flight, {.min = 1, .max = 256, .about = "Requests at once."})
      .field("status", &WebhookSettings::status,
             {.about = "active or paused; disabled is set by the server, and ended by enabling."});
}

}  // namespace

template <>
const Shape& shape_of<WebhookFields>() {
  static const Shape shape = [] {
    ShapeOf<WebhookFields> fields("WebhookFields", "A webhook as it is written; only url is required.");
    add_settings(fields);
    fields.field("secret", &WebhookFields::secret,
                 {.max = 200,
                  .about = "Signs this webhook's requests instead of the project's secret: 16 to 200 printable ASCII "
                           "characters, or \"generate\" for a new one, which is shown once.",
                  .example = "\"generate\""});
    fields.ignores(
        {"id", "projectId", "ownSecret", "disabledReason", "failingSince", "stats", "createdAt", "updatedAt"});
    return Shape(fields);
  }();
  return shape;
}

template <>
const Shape& shape_of<WebhookStatsView>() {
  static const Shape shape =
      ShapeOf<WebhookStatsView>("WebhookStats", "How it did in the last 24 hours, and what waits now.")
          .field("succeeded", &WebhookStatsView::succeeded, {.about = "Tries that were answered with 2xx."})
          .field("failedAttempts", &WebhookStatsView::failed_attempts, {.about = "Tries that did not succeed."})
          .field("successRate", &WebhookStatsView::success_rate,
                 {.about = "Tries that succeeded among all, 0 to 1, rounded down; null without any."})
          .field("p50Ms", &WebhookStatsView::p50_ms,
                 {.about = "Half of the tries that succeeded took no longer; rounded up by a fifth at most."})
          .field("p99Ms", &WebhookStatsView::p99_ms,
                 {.about = "99 of 100 tries that succeeded took no longer; rounded up by a fifth at most."})
          .field("pending", &WebhookStatsView::pending,
                 {.about = "Deliveries that wait for their next try; 10000 stands for more, too."})
          .field("backlogSeconds", &WebhookStatsView::backlog_seconds,
                 {.about = "How long the delivery that has been due longest has been waiting for its turn."});
  return shape;
}

template <>
const Shape& shape_of<WebhookView>() {
  static const Shape shape = [] {
    ShapeOf<WebhookView> fields("Webhook", "A subscription: tells a server of events.");
    fields.field("id", &WebhookView::id).field("projectId", &WebhookView::project_id);
    add_settings(fields);
    fields.field("ownSecret", &WebhookView::own_secret, {.about = "Whether it signs with a secret of its own."})
        .field("secret", &WebhookView::secret,
               {.omit_absent = true, .about = "The secret. Shown once, in the answer that sets it."})
        .field("disabledReason", &WebhookView::disabled_reason)
        .field("failingSince", &WebhookView::failing_since, {.about = "Nothing but failures since then."})
        .field("stats", &WebhookView::stats)
        .field("createdAt", &WebhookView::created_at)
        .field("updatedAt", &WebhookView::updated_at);
    return Shape(fields);
  }();
  return shape;
}

template <>
const Shape& shape_of<RecoverFields>() {
  static const Shape shape =
      ShapeOf<RecoverFields>("Recover", "Which failed deliveries to send again.")
          .field("since", &RecoverFields::since, {.required = true, .about = "Those that were made since then."});
  return shape;
}

template <>
const Shape& shape_of<RecoveredView>() {
  static const Shape shape = ShapeOf<RecoveredView>("Recovered", "What will be sent again.")
                                 .field("recovered", &RecoveredView::recovered,
                                        {.about = "How many deliveries; ask again for more than 10000."});
  return shape;
}

template <>
const Shape& shape_of<ReplayFields>() {
  static const Shape shape =
      ShapeOf<ReplayFields>("Replay", "Which events to send again, whether or not they arrived.")
          .field("since", &ReplayFields::since, {.required = true, .about = "Those that happened since then."})
          .field("until", &ReplayFields::until,
                 {.about = "And before then; now by default.", .example = "\"2026-03-31T15:00:00.000Z\""})
          .field("events", &ReplayFields::events,
                 {.max = 20,
                  .about = "Names, \"article.*\" or \"*\"; what the webhook is subscribed to by default.",
                  .example = "[\"article.published\"]"});
  return shape;
}

}  // namespace galley
