#include "api/icf/deliveries.hpp"

#include <algorithm>

#include "base/encoding.hpp"
#include "service/webhook_service.hpp"

namespace galley::api::icf {

namespace {

std::optional<std::string> text_or_null(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

// RFC 9110 §5.3: fields of one name may be joined by commas. A name may stand in an object once only.
HeaderList joined(const HeaderList& headers) {
  HeaderList fields;
  for (const auto& [name, value] : headers) {
    const auto known = std::find_if(fields.begin(), fields.end(),
                                    [&](const auto& field) { return equals_ignoring_case(field.first, name); });
    if (known == fields.end())
      fields.emplace_back(name, value);
    else
      known->second += ", " + value;
  }
  return fields;
}

AttemptView view_of(const Attempt& attempt) {
  return {.number = attempt.number,
          .time = attempt.started_at,
          .duration_ms = attempt.duration.count(),
          .status = attempt.status,
          .response_headers = joined(attempt.response_headers),
          .response_body = attempt.response_body,
          .error_class = text_or_null(attempt.error_class),
          .error = text_or_null(attempt.error),
          .peer = text_or_null(attempt.peer),
          .request_headers = attempt.request_headers,
          .phases_us = {.dns = attempt.phases.dns_us,
                        .connect = attempt.phases.connect_us,
                        .tls = attempt.phases.tls_us,
                        .first_byte = attempt.phases.first_byte_us},
          .next_reason = text_or_null(attempt.next_reason)};
}

DeliveryView view_of(const Delivery& delivery) {
  return {.id = delivery.id,
          .webhook_id = delivery.webhook,
          .connection_id = delivery.connection,
          .project_id = delivery.project,
          .event_id = delivery.event,
          .event = delivery.type,
          .article_id = delivery.article,
          .status = delivery.status,
          .attempt_count = delivery.attempts,
          .next_attempt_at = delivery.next_attempt_at,
          .last_status = delivery.last_status,
          .last_error = delivery.last_error,
          .created_at = delivery.created_at,
          .finished_at = delivery.finished_at};
}

DeliveryView view_of(const service::DeliveryDetail& detail) {
  DeliveryView view = view_of(detail.delivery);
  view.attempts.emplace();
  for (const Attempt& attempt : detail.attempts)
    view.attempts->push_back(view_of(attempt));
  return view;
}

std::string location_of(const DeliveryId& id) {
  return "/api/v1/deliveries/" + id.text();
}

}  // namespace

Accepted<DeliveryView> accepted(const Delivery& delivery) {
  return {view_of(delivery), location_of(delivery.id)};
}

Task<Result<Listed<DeliveryView>>> list_deliveries(Call& call, WebhookId webhook, Query<DeliveryQuery> query) {
  const PageRequest page = GALLEY_CO_TRY(page_request(query));
  const DeliveryFilter filter{.statuses = query.status, .type = query.event, .since = query.since};
  co_return listed<DeliveryView>(GALLEY_CO_TRY(call.services.webhooks.deliveries(call.actor, webhook, filter, page)),
                                 page, [](const Delivery& delivery) { return view_of(delivery); });
}

Task<Result<DeliveryView>> get_delivery(Call& call, DeliveryId id) {
  co_return view_of(GALLEY_CO_TRY(call.services.webhooks.delivery(call.actor, id)));
}

Task<Result<Accepted<DeliveryView>>> retry_delivery(Call& call, DeliveryId id) {
  const service::DeliveryDetail detail =
      GALLEY_CO_TRY(co_await call.services.webhooks.retry(call.actor, std::move(id)));
  co_return Accepted<DeliveryView>{view_of(detail), location_of(detail.delivery.id)};
}

}  // namespace galley::api::icf

namespace galley {

using namespace api::icf;

template <>
const Shape& shape_of<AttemptPhasesView>() {
  static const Shape shape =
      ShapeOf<AttemptPhasesView>("AttemptPhases",
                                 "How long a try was in each phase, in microseconds; zero for what a "
                                 "kept connection spared, or where it did not come so far.")
          .field("dns", &AttemptPhasesView::dns)
          .field("connect", &AttemptPhasesView::connect)
          .field("tls", &AttemptPhasesView::tls)
          .field("firstByte", &AttemptPhasesView::first_byte, {.about = "From the beginning of the try."});
  return shape;
}

template <>
const Shape& shape_of<AttemptView>() {
  static const Shape shape =
      ShapeOf<AttemptView>("Attempt", "One try of a delivery.")
          .field("number", &AttemptView::number)
          .field("time", &AttemptView::time)
          .field("durationMs", &AttemptView::duration_ms)
          .field("status", &AttemptView::status, {.about = "HTTP status; null when no answer came."})
          .field("responseHeaders", &AttemptView::response_headers)
          .field("responseBody", &AttemptView::response_body, {.about = "Its first 4 KiB."})
          .field("errorClass", &AttemptView::error_class,
                 {.about = "Null on success; else dns, guard, connect, tls, timeout, reset, response, status, body or "
                           "internal."})
          .field("error", &AttemptView::error)
          .field("peer", &AttemptView::peer, {.about = "The address that was spoken to."})
          .field("requestHeaders", &AttemptView::request_headers,
                 {.about = "What was sent; signatures and your own values are redacted."})
          .field("phasesUs", &AttemptView::phases_us)
          .field("nextReason", &AttemptView::next_reason,
                 {.about = "Why the next try is when it is, or why there is none; null on success."});
  return shape;
}

template <>
const Shape& shape_of<DeliveryView>() {
  static const Shape shape =
      ShapeOf<DeliveryView>("Delivery", "One message to one endpoint. Lists leave attempts out.")
          .field("id", &DeliveryView::id)
          .field("webhookId", &DeliveryView::webhook_id, {.about = "Null for a publication through a connection."})
          .field("connectionId", &DeliveryView::connection_id, {.about = "Null for a subscription's delivery."})
          .field("projectId", &DeliveryView::project_id)
          .field("eventId", &DeliveryView::event_id, {.about = "webhook-id of each request."})
          .field("event", &DeliveryView::event)
          .field("articleId", &DeliveryView::article_id)
          .field("status", &DeliveryView::status)
          .field("attemptCount", &DeliveryView::attempt_count)
          .field("attempts", &DeliveryView::attempts, {.omit_absent = true})
          .field("nextAttemptAt", &DeliveryView::next_attempt_at)
          .field("lastStatus", &DeliveryView::last_status, {.about = "HTTP status of the last try."})
          .field("lastError", &DeliveryView::last_error)
          .field("createdAt", &DeliveryView::created_at)
          .field("finishedAt", &DeliveryView::finished_at);
  return shape;
}

template <>
const Shape& shape_of<DeliveryQuery>() {
  static const Shape shape = [] {
    ShapeOf<DeliveryQuery> fields("DeliveryQuery", "Which deliveries.");
    fields.field("status", &DeliveryQuery::status, {.max = 10})
        .field("event", &DeliveryQuery::event)
        .field("since", &DeliveryQuery::since, {.about = "Those that were made since then."});
    with_paging(fields);
    return Shape(fields);
  }();
  return shape;
}

}  // namespace galley
