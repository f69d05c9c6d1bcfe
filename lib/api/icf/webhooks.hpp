// /webhooks, /projects/{id}/webhooks
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/endpoint.hpp"
#include "api/icf/deliveries.hpp"
#include "api/icf/generation.hpp"
#include "api/icf/paging.hpp"
#include "api/icf/projects.hpp"
#include "base/secret.hpp"
#include "domain/webhook.hpp"

namespace galley::api::icf {

// What is written and read alike.
struct WebhookSettings {
  std::string url;
  std::vector<std::string> events{"*"};
  BodyFormat format = BodyFormat::event;
  std::optional<std::string> body_template{};
  HeaderList headers{};
  std::optional<int> rate_limit{};
  int max_in_flight = 32;
  WebhookStatus status = WebhookStatus::active;
};

struct WebhookFields : WebhookSettings {
  std::optional<Secret> secret{};
};

struct WebhookStatsView {
  std::int64_t succeeded = 0;
  std::int64_t failed_attempts = 0;
  std::optional<double> success_rate{};
  std::optional<std::int64_t> p50_ms{};
  std::optional<std::int64_t> p99_ms{};
  std::int64_t pending = 0;
  std::int64_t backlog_seconds = 0;
};

struct WebhookView : WebhookSettings {
  WebhookId id;
  ProjectId project_id;
  bool own_secret = false;
  std::optional<std::string> secret{};  // in the answer that sets it, once
  std::optional<std::string> disabled_reason{};
  std::optional<Time> failing_since{};
  WebhookStatsView stats{};
  std::int64_t version = 0;
  Time created_at{};
  Time updated_at{};
};

struct RecoverFields {
  Time since{};
};
struct RecoveredView {
  std::int64_t recovered = 0;
};

struct ReplayFields {
  Time since{};
  std::optional<Time> until{};
  std::vector<std::string> events{};
};

Task<Result<Listed<WebhookView>>> list_webhooks(Call& call, ProjectId project, Query<ListQuery> query);
Task<Result<Created<WebhookView>>> create_webhook(Call& call, ProjectId project, Body<WebhookFields> body);
Task<Result<WebhookView>> get_webhook(Call& call, WebhookId id);
Task<Result<WebhookView>> update_webhook(Call& call, WebhookId id, Patch<WebhookFields> patch);
Task<Result<NoContent>> delete_webhook(Call& call, WebhookId id);
Task<Result<Accepted<DeliveryView>>> test_webhook(Call& call, WebhookId id);
Task<Result<WebhookView>> enable_webhook(Call& call, WebhookId id);
Task<Result<WebhookView>> rotate_webhook_secret(Call& call, WebhookId id, Body<RotateSecretFields> body);
Task<Result<WebhookView>> confirm_webhook_secret(Call& call, WebhookId id);
Task<Result<RecoveredView>> recover_webhook(Call& call, WebhookId id, Body<RecoverFields> body);
Task<Result<Accepted<QueuedJobView>>> replay_webhook(Call& call, WebhookId id, Body<ReplayFields> body);

}  // namespace galley::api::icf

namespace galley {

template <>
const Shape& shape_of<api::icf::WebhookFields>();
template <>
const Shape& shape_of<api::icf::WebhookStatsView>();
template <>
const Shape& shape_of<api::icf::WebhookView>();
template <>
const Shape& shape_of<api::icf::RecoverFields>();
template <>
const Shape& shape_of<api::icf::RecoveredView>();
template <>
const Shape& shape_of<api::icf::ReplayFields>();

}  // namespace galley
