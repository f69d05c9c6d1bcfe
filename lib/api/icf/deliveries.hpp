// /deliveries, /webhooks/{id}/deliveries
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/endpoint.hpp"
#include "api/icf/paging.hpp"
#include "domain/webhook.hpp"

namespace galley::api::icf {

// Microseconds.
struct AttemptPhasesView {
  std::int64_t dns = 0;
  std::int64_t connect = 0;
  std::int64_t tls = 0;
  std::int64_t first_byte = 0;
};
struct AttemptView {
  int number = 1;
  Time time{};
  std::int64_t duration_ms = 0;
  std::optional<int> status{};
  HeaderList response_headers{};
  std::string response_body;
  std::optional<std::string> error_class{};
  std::optional<std::string> error{};
  std::optional<std::string> peer{};
  HeaderList request_headers{};
  AttemptPhasesView phases_us{};
  std::optional<std::string> next_reason{};
};

struct DeliveryView {
  DeliveryId id;
  std::optional<WebhookId> webhook_id{};
  std::optional<ConnectionId> connection_id{};
  ProjectId project_id;
  EventId event_id;
  EventType event = EventType::webhook_test;
  std::optional<ArticleId> article_id{};
  DeliveryStatus status = DeliveryStatus::pending;
  int attempt_count = 0;
  std::optional<std::vector<AttemptView>> attempts{};  // left out of lists
  std::optional<Time> next_attempt_at{};
  std::optional<int> last_status{};
  std::optional<std::string> last_error{};
  std::int64_t version = 1;  // a delivery is never edited
  Time created_at{};
  std::optional<Time> finished_at{};
};

struct DeliveryQuery : PagingParameters {
  std::vector<DeliveryStatus> status{};
  std::optional<EventType> event{};
  std::optional<Time> since{};
};

// A delivery that is on its way.
Accepted<DeliveryView> accepted(const Delivery& delivery);

Task<Result<Listed<DeliveryView>>> list_deliveries(Call& call, WebhookId webhook, Query<DeliveryQuery> query);
Task<Result<DeliveryView>> get_delivery(Call& call, DeliveryId id);
Task<Result<Accepted<DeliveryView>>> retry_delivery(Call& call, DeliveryId id);

}  // namespace galley::api::icf

namespace galley {

template <>
const Shape& shape_of<api::icf::AttemptPhasesView>();
template <>
const Shape& shape_of<api::icf::AttemptView>();
template <>
const Shape& shape_of<api::icf::DeliveryView>();
template <>
const Shape& shape_of<api::icf::DeliveryQuery>();

}  // namespace galley
