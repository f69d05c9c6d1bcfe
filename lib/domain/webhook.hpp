// Webhook subscriptions and deliveries. A delivery is one message to one endpoint, tried until it succeeds or its
// schedule ends; a Generic Webhook connection's publishing leaves its deliveries in the same log.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/crypto.hpp"
#include "base/encoding.hpp"
#include "base/names.hpp"
#include "base/secret.hpp"
#include "domain/event.hpp"
#include "domain/identity.hpp"
#include "domain/page.hpp"
#include "domain/project.hpp"

namespace galley {

enum class BodyFormat : std::uint8_t { event, flat, custom };
enum class WebhookStatus : std::uint8_t { active, paused, disabled };
enum class DeliveryStatus : std::uint8_t { pending, succeeded, failed, cancelled };

template <>
struct Names<BodyFormat> {
  static constexpr NameOf<BodyFormat> all[] = {
      {BodyFormat::event, "event"}, {BodyFormat::flat, "flat"}, {BodyFormat::custom, "template"}};
};
template <>
struct Names<WebhookStatus> {
  static constexpr NameOf<WebhookStatus> all[] = {
      {WebhookStatus::active, "active"}, {WebhookStatus::paused, "paused"}, {WebhookStatus::disabled, "disabled"}};
};
template <>
struct Names<DeliveryStatus> {
  static constexpr NameOf<DeliveryStatus> all[] = {{DeliveryStatus::pending, "pending"},
                                                   {DeliveryStatus::succeeded, "succeeded"},
                                                   {DeliveryStatus::failed, "failed"},
                                                   {DeliveryStatus::cancelled, "cancelled"}};
};

using HeaderList = std::vector<std::pair<std::string, std::string>>;

struct Webhook {
  static constexpr int max_per_project = 100;

  WebhookId id;
  AccountId account;
  ProjectId project;
  std::string url;
  std::vector<std::string> events{};  // "article.published", "article.*", "*"
  BodyFormat format = BodyFormat::event;
  std::optional<std::string> body_template{};  // for BodyFormat::custom
  HeaderList headers{};
  std::optional<int> rate_limit{};  // a second
  int max_in_flight = 32;
  WebhookStatus status = WebhookStatus::active;
  std::optional<std::string> disabled_reason{};
  bool own_secret = false;              // else the project's
  std::optional<Time> failing_since{};  // nothing but failures since then
  std::int64_t version = 1;
  Time created_at{};
  Time updated_at{};
};

// Whether an endpoint of the format is told of the event: the flat format and templates know articles only. A delivery
// of what a format does not carry is not made. A test is sent in the event format whatever the endpoint's own: filled
// with a made-up article it might be published.
constexpr bool carries(BodyFormat format, EventType type) {
  switch (type) {
    case EventType::article_created:
    case EventType::article_generated:
    case EventType::article_scheduled:
    case EventType::article_published:
    case EventType::article_updated:
    case EventType::article_unpublished:
    case EventType::article_failed:
    case EventType::article_deleted:
    case EventType::webhook_test:
      return true;
    case EventType::job_completed:
    case EventType::keyword_clustered:
    case EventType::connection_failed:
      return format == BodyFormat::event;
  }
  return false;
}

// "whsec_" + base64 of 32 random bytes: the form that the Standard Webhooks libraries take. It is shown once.
inline Secret new_webhook_secret() {
  return Secret("whsec_" + to_base64(random_bytes(32)));
}

// Whether one of the patterns names the event.
bool matches(const std::vector<std::string>& patterns, EventType type);
// validation_failed for field "events" naming every pattern that no event matches.
Result<void> check_event_patterns(const std::vector<std::string>& patterns);

struct Delivery {
  DeliveryId id;
  AccountId account;
  ProjectId project;
  std::optional<WebhookId> webhook{};        // either this
  std::optional<ConnectionId> connection{};  // or this
  EventId event;                             // what webhook-id carries: the same on every attempt
  EventType type = EventType::webhook_test;
  std::optional<ArticleId> article{};
  DeliveryStatus status = DeliveryStatus::pending;
  int attempts = 0;
  std::optional<Time> next_attempt_at{};
  std::optional<int> last_status{};  // HTTP
  std::optional<std::string> last_error{};
  Time created_at{};
  std::optional<Time> finished_at{};
};

// How long a try was in each phase. Zero where a kept connection was used, or where it did not come so far.
struct AttemptPhases {
  std::int64_t dns_us = 0;
  std::int64_t connect_us = 0;
  std::int64_t tls_us = 0;
  std::int64_t first_byte_us = 0;  // from the beginning

  bool operator==(const AttemptPhases&) const = default;
};

struct Attempt {
  DeliveryId delivery;
  int number = 1;
  Time started_at{};
  Milliseconds duration{};
  std::optional<int> status{};  // HTTP; nothing when no answer came
  HeaderList response_headers{};
  std::string response_body;  // the first 4 KiB, made valid UTF-8
  // Empty on success: dns, guard, connect, tls, timeout, reset, response, status; body where none could be made.
  std::string error_class;
  std::string error;
  std::string peer;              // address that was spoken to
  HeaderList request_headers{};  // what was sent; signatures and the customer's own values are redacted
  AttemptPhases phases{};
  std::string next_reason;  // why the next try is when it is, or why there is none; empty on success
};

struct DeliveryStats {
  std::int64_t succeeded = 0;
  std::int64_t failed_attempts = 0;
  std::int64_t pending = 0;
};

class Webhooks {
 public:
  virtual ~Webhooks() = default;

  virtual Result<Webhook> find(const AccountId& account, const WebhookId& id) const = 0;
  virtual Result<Page<Webhook>> list(const AccountId& account, const ProjectId& project,
                                     const PageRequest& page) const = 0;
  // The active ones, at most Webhook::max_per_project.
  virtual Result<std::vector<Webhook>> active(const AccountId& account, const ProjectId& project) const = 0;
  virtual Result<std::int64_t> count(const AccountId& account, const ProjectId& project) const = 0;
  // secret: nothing to sign with the project's.
  virtual Result<void> insert(const Webhook& webhook, const std::optional<Secret>& secret) = 0;
  virtual Result<void> update(const Webhook& webhook) = 0;
  virtual Result<void> remove(const AccountId& account, const WebhookId& id) = 0;
  // Its own, else the project's.
  virtual Result<Projects::WebhookSecrets> secrets(const AccountId& account, const WebhookId& id) const = 0;
  virtual Result<void> set_secrets(const AccountId& account, const WebhookId& id,
                                   const Projects::WebhookSecrets& secrets) = 0;
};

struct DeliveryFilter {
  std::vector<DeliveryStatus> statuses{};
  std::optional<EventType> type{};
  std::optional<Time> since{};
};

// How many there are in an account; each counted to most_counted.
struct DeliveryCounts {
  std::int64_t pending = 0;
  std::int64_t failed = 0;
};

class Deliveries {
 public:
  virtual ~Deliveries() = default;

  virtual Result<Delivery> find(const AccountId& account, const DeliveryId& id) const = 0;
  virtual Result<Page<Delivery>> list(const AccountId& account, const WebhookId& webhook, const DeliveryFilter& filter,
                                      const PageRequest& page) const = 0;
  virtual Result<std::vector<Attempt>> attempts(const AccountId& account, const DeliveryId& id) const = 0;
  // Of the last 24 hours before now.
  virtual Result<DeliveryStats> stats(const AccountId& account, const WebhookId& webhook, Time now) const = 0;
  virtual Result<DeliveryCounts> counts(const AccountId& account) const = 0;
  virtual Result<void> insert(const Delivery& delivery) = 0;
  virtual Result<void> update(const Delivery& delivery) = 0;
  virtual Result<void> insert_attempt(const AccountId& account, const Attempt& attempt) = 0;

  // A pending delivery that is due, with all that sending it takes. For the dispatcher, which serves all accounts.
  struct Due {
    Delivery delivery;
    Webhook webhook;
    Event event;
    Projects::WebhookSecrets secrets;
  };
  // Leases up to max due deliveries to active endpoints until the given time, oldest due first, skipping the endpoints
  // in busy. A lease that expires is leased again.
  virtual Result<std::vector<Due>> lease(Time now, Time until, int max, const std::vector<WebhookId>& busy) = 0;
  // When the next pending delivery is due, or its lease ends; nothing when none is pending.
  virtual Result<std::optional<Time>> next_due() const = 0;
  // Failed ones of the endpoint since then become pending and due now, where their events still have a payload; returns
  // how many (at most max).
  virtual Result<std::int64_t> recover(const AccountId& account, const WebhookId& webhook, Time since, Time now,
                                       int max) = 0;
};

}  // namespace galley
