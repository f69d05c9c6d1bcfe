// Deliveries, their attempts and figures, and the queue that the dispatcher works off, in SQL.
// A webhook remembers when its next delivery may be due that nobody has in hand (webhooks.next_due_at): never later
// than it is, sometimes earlier. Whoever makes a delivery due lowers it, leasing and letting go set it right. So a
// lease reads only endpoints that have something due, however long the queues of the others are.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/webhook.hpp"
#include "storage/sealer.hpp"
#include "storage/sql.hpp"

namespace galley::storage {

class DeliveryRepo final : public Deliveries {
 public:
  // Both outlive this.
  DeliveryRepo(Connection& connection, const Sealer& sealer);

  Result<Delivery> find(const AccountId& account, const DeliveryId& id) const override;
  // By SortField::created_at alone.
  Result<Page<Delivery>> list(const AccountId& account, const WebhookId& webhook, const DeliveryFilter& filter,
                              const PageRequest& page) const override;
  // By number.
  Result<std::vector<Attempt>> attempts(const AccountId& account, const DeliveryId& id) const override;
  // From sums by the hour, so that it costs the same after a thousand tries and after a million.
  Result<DeliveryStats> stats(const AccountId& account, const WebhookId& webhook, Time now) const override;
  Result<std::int64_t> pending(const AccountId& account, const WebhookId& webhook) const override;
  Result<DeliveryCounts> counts(const AccountId& account) const override;
  Result<void> insert(const Delivery& delivery) override;
  Result<void> update(const Delivery& delivery) override;
  Result<void> insert_attempt(const Delivery& delivery, const Attempt& attempt) override;
  Result<std::int64_t> purge_figures(Time before, int max) override;

  // Endpoints that have more due than their share get what the others leave. What cannot be sent since its secret or
  // snapshot cannot be read says so in last_error and is not returned: it is due again when the lease ends.
  Result<std::vector<Due>> lease(const LeaseTerms& terms) override;
  Result<std::vector<WebhookId>> renew(std::string_view owner, const std::vector<Lease>& leases, Time until) override;
  Result<void> release(std::string_view owner, const std::vector<WebhookId>& webhooks) override;
  Result<std::optional<Time>> next_due(std::string_view owner) const override;
  Result<bool> conclude(const Due& due, const Delivery& after) override;
  // Oldest first; since is compared with the time of creation.
  Result<std::int64_t> recover(const AccountId& account, const WebhookId& webhook, Time since, Time now,
                               int max) override;

 private:
  // An endpoint with something due, while a lease is taken.
  struct Endpoint {
    WebhookId webhook;
    bool leased = false;  // by who asks
    Time announced{};     // webhooks.next_due_at
    const InHand* in_hand = nullptr;
    std::int64_t room = 0;  // how many more it takes
    std::set<std::int64_t> taken{};
    std::optional<Time> next{};  // when the first is due that is neither taken nor in hand

    bool has(std::int64_t row) const;
  };
  struct Leased {
    std::int64_t row = 0;
    Delivery delivery;
  };
  struct Opened {
    std::shared_ptr<const Webhook> webhook{};
    std::shared_ptr<const Projects::WebhookSecrets> secrets{};  // null: they cannot be opened
  };

  // Whoever held a lease that has ended does no longer: its endpoints are announced.
  Result<void> end_leases_of_others(const LeaseTerms& terms);
  // Endpoints of which something seems to be due later than it can be.
  Result<void> announce_late(const LeaseTerms& terms);
  // At most terms.max that have room, the longest waiting first.
  Result<std::vector<Endpoint>> endpoints_due(const LeaseTerms& terms, const std::set<WebhookId>& without) const;
  // Takes at most left deliveries of the endpoints, each its share first, and lowers left by what it got.
  Result<void> share_out(std::vector<Endpoint>& endpoints, const LeaseTerms& terms, std::int64_t& left,
                         std::vector<Leased>& out);
  Result<std::int64_t> take(Endpoint& endpoint, const LeaseTerms& terms, std::int64_t limit, std::vector<Leased>& out);
  Result<void> settle(const Endpoint& endpoint, const LeaseTerms& terms);
  Result<std::vector<Due>> complete(std::vector<Leased> leased, const LeaseTerms& terms);
  Result<Opened> open_endpoint(const WebhookId& id) const;
  // For what a row's own content caused, as opposed to the database's state.
  Result<void> put_off(const Leased& leased, Time until, std::string_view why);
  // However much is due to it: nothing can be sent to the endpoint.
  Result<void> hold_back(const WebhookId& webhook, Time until);
  Result<void> lower_next_due(const WebhookId& webhook, Time due);
  Result<void> correct_next_due(const WebhookId& webhook);
  Result<void> count_attempt(const WebhookId& webhook, const Attempt& attempt);

  Connection& connection_;
  const Sealer& sealer_;
};

}  // namespace galley::storage
