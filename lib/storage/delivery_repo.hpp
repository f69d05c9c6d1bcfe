// Deliveries, their attempts and the queue that the dispatcher works off, in SQL.
// A webhook remembers when its next delivery may be due (webhooks.next_due_at): never later than it is, sometimes
// earlier. Whoever makes a delivery due lowers it, a lease sets it right. So a lease reads only endpoints that have
// something due, however long the queues of the others are.
#pragma once

#include <cstdint>
#include <map>
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
  // Each figure is counted up to counted_exactly.
  Result<DeliveryStats> stats(const AccountId& account, const WebhookId& webhook, Time now) const override;
  Result<DeliveryCounts> counts(const AccountId& account) const override;
  Result<void> insert(const Delivery& delivery) override;
  // Ends the lease, if there is one.
  Result<void> update(const Delivery& delivery) override;
  Result<void> insert_attempt(const AccountId& account, const Attempt& attempt) override;

  // Endpoints that have more due than their share get what the others leave. An endpoint has at most
  // Webhook::max_in_flight leased at a time. One whose lease ended is due since then. What cannot be sent since its
  // secret or snapshot cannot be read keeps its lease, says so in last_error and is not returned: it is tried again
  // when the lease ends.
  Result<std::vector<Due>> lease(Time now, Time until, int max, const std::vector<WebhookId>& busy) override;
  // Of active endpoints; one that has as many leased as it may counts with the end of its first lease.
  Result<std::optional<Time>> next_due() const override;
  // Oldest first; since is compared with the time of creation.
  Result<std::int64_t> recover(const AccountId& account, const WebhookId& webhook, Time since, Time now,
                               int max) override;

 private:
  // An endpoint with something due, while a lease is taken.
  struct Endpoint {
    WebhookId webhook;
    std::int64_t room = 0;  // how many more it may have in flight
  };
  struct Leased {
    std::int64_t row = 0;
    Delivery delivery;
  };

  // At most max that have room, the longest waiting first.
  Result<std::vector<Endpoint>> endpoints_due(Time now, int max, const std::set<WebhookId>& without) const;
  // Leases at most left deliveries of the endpoints, each its share first, and lowers left by what it got.
  Result<void> share_out(std::vector<Endpoint> endpoints, Time now, Time until, std::int64_t& left,
                         std::vector<Leased>& out);
  Result<std::int64_t> lease_of(Endpoint& endpoint, Time now, Time until, std::int64_t limit, std::vector<Leased>& out);
  Result<std::vector<Due>> complete(std::vector<Leased> leased);
  Result<std::pair<Webhook, Result<Projects::WebhookSecrets>>> find_endpoint(const WebhookId& id) const;
  Result<void> note_unreadable(const Leased& leased, std::string_view why);
  Result<void> lower_next_due(const WebhookId& webhook, Time due);
  Result<void> correct_next_due(const WebhookId& webhook);

  Connection& connection_;
  const Sealer& sealer_;
  std::string lease_sql_;
};

}  // namespace galley::storage
