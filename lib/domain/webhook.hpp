// Webhook subscriptions and deliveries. A delivery is one message to one endpoint, tried until it succeeds or its
// schedule ends; a Generic Webhook connection's publishing leaves its deliveries in the same log.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
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
  // Empty on success: dns, guard, connect, tls, timeout, reset, response, status; body where none could be made;
  // internal where this program failed.
  std::string error_class;
  std::string error;
  std::string peer;              // address that was spoken to
  HeaderList request_headers{};  // what was sent; signatures and the customer's own values are redacted
  AttemptPhases phases{};
  std::string next_reason;  // why the next try is when it is, or why there is none; empty on success
};

// Of an endpoint.
struct DeliveryStats {
  // Tries of the current hour (UTC) and the 23 before it.
  std::int64_t succeeded = 0;
  std::int64_t failed_attempts = 0;
  // Half of those that succeeded, and 99 of 100, took no longer; rounded up by a fifth at most. Nothing when none did.
  std::optional<Milliseconds> p50{};
  std::optional<Milliseconds> p99{};
  std::int64_t pending = 0;  // counted up to counted_exactly
  Milliseconds backlog{};    // how long the one that has been due longest has been waiting for its turn
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
  // It has answered: ends Webhook::failing_since. Nothing is written where there is none, or no such webhook.
  virtual Result<void> clear_failing(const AccountId& account, const WebhookId& id) = 0;
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
  virtual Result<DeliveryStats> stats(const AccountId& account, const WebhookId& webhook, Time now) const = 0;
  // How many wait to be sent to the endpoint, counted up to counted_exactly.
  virtual Result<std::int64_t> pending(const AccountId& account, const WebhookId& webhook) const = 0;
  virtual Result<DeliveryCounts> counts(const AccountId& account) const = 0;
  virtual Result<void> insert(const Delivery& delivery) = 0;
  virtual Result<void> update(const Delivery& delivery) = 0;
  // Into the delivery's log and the endpoint's figures; not_found where its account has no such delivery.
  virtual Result<void> insert_attempt(const Delivery& delivery, const Attempt& attempt) = 0;
  // Forgets the figures of hours that ended before the time; returns how many rows, at most max.
  virtual Result<std::int64_t> purge_figures(Time before, int max) = 0;

  // A pending delivery that is due, with all that sending it takes. For the dispatcher, which serves all accounts.
  struct Due {
    std::int64_t row = 0;  // its place in the store
    Delivery delivery;
    std::shared_ptr<const Webhook> webhook{};
    std::shared_ptr<const Event> event{};  // one for all deliveries of it that were leased together
    std::shared_ptr<const Projects::WebhookSecrets> secrets{};
  };
  // What a dispatcher has of an endpoint already.
  struct InHand {
    std::int64_t room = 0;  // how many more it takes
    // Due::row of those that it waits to send, is sending, or has sent without having asked the store to write so.
    std::vector<std::int64_t> rows{};
  };
  struct LeaseTerms {
    std::string owner;  // who leases
    Time now{};
    Time until{};  // when a new lease ends
    // No wait and no lease ends later: where one seems to, the clock was put back since, and it has ended.
    Time latest = Time::max();
    int max = 0;                  // deliveries
    std::size_t max_bytes = 0;    // of their events: where more are due, those behind are left
    std::int64_t first_room = 0;  // of an endpoint that is not in hand
    std::map<WebhookId, InHand> in_hand{};
    std::set<WebhookId> without{};  // endpoints that take no more
  };
  // Leases active endpoints that nobody else has leased, and returns deliveries of theirs that are due and not in hand,
  // oldest due first; endpoints share max. Nobody else gets what is due to an endpoint before its lease ends.
  virtual Result<std::vector<Due>> lease(const LeaseTerms& terms) = 0;
  struct Lease {
    WebhookId webhook;
    std::int64_t version = 0;  // of the endpoint, as it is known
    bool gives_up = false;     // what waits is given up, to be leased again
  };
  // Returns those whose waiting deliveries are to be given up: as they asked, since the endpoint has changed or does
  // not take any now, or since the lease is lost. What is due to them is announced again.
  virtual Result<std::vector<WebhookId>> renew(std::string_view owner, const std::vector<Lease>& leases,
                                               Time until) = 0;
  virtual Result<void> release(std::string_view owner, const std::vector<WebhookId>& webhooks) = 0;
  // When owner should lease again: the next pending delivery that is in nobody's hands is due, or a lease of somebody
  // else's ends. Not later than that; nothing when there is neither.
  virtual Result<std::optional<Time>> next_due(std::string_view owner) const = 0;
  // Writes after, which is due's delivery after a try. False, and nothing is written, where the delivery is no longer
  // as it was leased: cancelled, tried by somebody else, gone.
  virtual Result<bool> conclude(const Due& due, const Delivery& after) = 0;
  // Failed ones of the endpoint since then become pending and due now, where their events still have a payload; returns
  // how many (at most max).
  virtual Result<std::int64_t> recover(const AccountId& account, const WebhookId& webhook, Time since, Time now,
                                       int max) = 0;
};

}  // namespace galley
