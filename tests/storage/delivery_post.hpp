// A project's endpoint with deliveries, and a dispatcher's view of them.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "support/two_sites.hpp"

namespace galley::test {

struct Post : TwoSites {
  Webhook hook = make_webhook(1, site);
  Event event = make_event(1, site);

  Post() {
    insert(hook);
    must(write([&](Transaction& t) { return t.events().insert(event); }));
  }
  void insert(const Webhook& webhook) {
    must(write([&](Transaction& t) { return t.webhooks().insert(webhook, std::nullopt); }));
  }
  void insert(const Delivery& delivery) {
    must(write([&](Transaction& t) { return t.deliveries().insert(delivery); }));
  }
  void update(const Delivery& delivery) {
    must(write([&](Transaction& t) { return t.deliveries().update(delivery); }));
  }
  Delivery find(std::int64_t number) {
    return must(read([&](const Transaction& t) { return t.deliveries().find(mine.id, numbered<DeliveryId>(number)); }));
  }
  DeliveryStats stats(Time now) {
    return must(read([&](const Transaction& t) { return t.deliveries().stats(mine.id, hook.id, now); }));
  }
  std::string listed(const DeliveryFilter& filter, const PageRequest& page = {}) {
    return numbers(
        must(read([&](const Transaction& t) { return t.deliveries().list(mine.id, hook.id, filter, page); })).rows);
  }

  Deliveries::LeaseTerms terms(Time now, Time until, int max = 10) {
    return {.owner = owner, .now = now, .until = until, .max = max, .max_bytes = 1 << 20, .first_room = 100};
  }
  std::vector<Deliveries::Due> lease(const Deliveries::LeaseTerms& terms) {
    return must(write([&](Transaction& t) { return t.deliveries().lease(terms); }));
  }
  std::string leased(const Deliveries::LeaseTerms& terms) {
    std::vector<Delivery> deliveries;
    for (Deliveries::Due& due : lease(terms))
      deliveries.push_back(std::move(due.delivery));
    return numbers(deliveries);
  }
  std::string leased(Time now, Time until, int max) { return leased(terms(now, until, max)); }
  std::optional<Time> next_due() {
    return must(read([&](const Transaction& t) { return t.deliveries().next_due(owner); }));
  }
  std::string renewed(const std::vector<Deliveries::Lease>& leases, Time until) {
    std::string ids;
    for (const WebhookId& id : must(write([&](Transaction& t) { return t.deliveries().renew(owner, leases, until); })))
      ids += (ids.empty() ? "" : " ") + id.text();
    return ids;
  }
  void release(const WebhookId& webhook) {
    must(write([&](Transaction& t) { return t.deliveries().release(owner, {webhook}); }));
  }
  bool conclude(const Deliveries::Due& due, const Delivery& after) {
    return must(write([&](Transaction& t) { return t.deliveries().conclude(due, after); }));
  }

  std::string owner = "one";  // whose view it is
};

}  // namespace galley::test
