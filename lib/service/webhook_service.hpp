// Webhook subscriptions, their secrets, and their deliveries.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "domain/endpoint_policy.hpp"
#include "domain/webhook.hpp"
#include "service/actor.hpp"
#include "service/context.hpp"
#include "service/event_recorder.hpp"
#include "service/job_progress.hpp"

namespace galley::service {

struct WebhookDraft {
  std::string url;
  std::vector<std::string> events{};
  BodyFormat format = BodyFormat::event;
  std::optional<std::string> body_template{};
  HeaderList headers{};
  std::optional<int> rate_limit{};
  int max_in_flight = 32;
  WebhookStatus status = WebhookStatus::active;  // active or paused
  std::optional<Secret> secret{};                // "generate" makes one; absent: the project's
};

struct WebhookDetail {
  Webhook webhook;
  DeliveryStats stats{};
  std::optional<Secret> secret{};  // only in the answer that shows it, once
};

struct DeliveryDetail {
  Delivery delivery;
  std::vector<Attempt> attempts{};
};

class WebhookService {
 public:
  // How many failed deliveries one call brings back at most.
  static constexpr int max_recovered = 10'000;

  WebhookService(const Context& context, const EventRecorder& events, const JobProgress& progress,
                 const EndpointPolicy& policy)
      : context_(context), events_(events), progress_(progress), policy_(policy) {}

  Result<Page<WebhookDetail>> list(const Actor& actor, const ProjectId& project, const PageRequest& page) const;
  Result<WebhookDetail> get(const Actor& actor, const WebhookId& id) const;
  Task<Result<WebhookDetail>> create(Actor actor, ProjectId project, WebhookDraft draft) const;
  using Edit = std::function<Result<void>(WebhookDraft&)>;
  Task<Result<WebhookDetail>> update(Actor actor, WebhookId id, std::optional<std::int64_t> known_version,
                                     Edit edit) const;
  Task<Result<void>> remove(Actor actor, WebhookId id, std::optional<std::int64_t> known_version) const;
  // Disabled or paused becomes active, and what is due goes out.
  Task<Result<WebhookDetail>> enable(Actor actor, WebhookId id) const;
  // A webhook.test event to this endpoint alone.
  Task<Result<Delivery>> test(Actor actor, WebhookId id) const;
  // The endpoint gets a secret of its own; the one that it had holds for overlap.
  Task<Result<WebhookDetail>> rotate_secret(Actor actor, WebhookId id, std::chrono::seconds overlap) const;
  // The receiver knows the new secret: the former one's overlap ends now. Nothing changes where none runs.
  Task<Result<WebhookDetail>> confirm_secret(Actor actor, WebhookId id) const;

  Result<Page<Delivery>> deliveries(const Actor& actor, const WebhookId& id, const DeliveryFilter& filter,
                                    const PageRequest& page) const;
  Result<DeliveryDetail> delivery(const Actor& actor, const DeliveryId& id) const;
  // A failed or cancelled delivery becomes due now; conflict for others.
  Task<Result<DeliveryDetail>> retry(Actor actor, DeliveryId id) const;
  // As a job, everything that happened between the two times and is still kept, whether or not it arrived then.
  // events: patterns; empty: what the webhook is subscribed to. validation_failed for times that are no stretch.
  Task<Result<Job>> replay(Actor actor, WebhookId id, Time since, std::optional<Time> until,
                           std::vector<std::string> events) const;
  // All failed ones since then; how many (at most max_recovered).
  Task<Result<std::int64_t>> recover(Actor actor, WebhookId id, Time since) const;

 private:
  Result<void> check(const WebhookDraft& draft) const;

  const Context& context_;
  const EventRecorder& events_;
  const JobProgress& progress_;
  const EndpointPolicy& policy_;
};

}  // namespace galley::service
