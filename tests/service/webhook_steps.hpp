// What tests of webhooks do over and over.
#pragma once

#include <atomic>

#include "service/service_bench.hpp"

namespace galley::test {

inline service::WebhookDraft webhook_draft(std::vector<std::string> events) {
  return {.url = "https://hook.example/", .events = std::move(events)};
}

inline service::WebhookDetail make_webhook(ServiceBench& bench, service::WebhookDraft draft) {
  return bench.must(bench.webhooks.create(bench.owner, bench.project.id, std::move(draft)));
}

inline Projects::WebhookSecrets secrets_of(ServiceBench& bench, const WebhookId& id) {
  return bench.must(bench.store->read(
      [&](const Transaction& transaction) { return transaction.webhooks().secrets(bench.account.id, id); }));
}

inline std::vector<Delivery> deliveries_of(ServiceBench& bench, const WebhookId& id) {
  return bench.must(bench.webhooks.deliveries(bench.owner, id, {}, {.size = 100, .sort = {.descending = false}})).rows;
}

inline Texts types_of(ServiceBench& bench, const WebhookId& id) {
  Texts types;
  for (const Delivery& delivery : deliveries_of(bench, id))
    types.emplace_back(to_text(delivery.type));
  return types;
}

inline service::WebhookService::Edit set_status(WebhookStatus status) {
  return [status](service::WebhookDraft& draft) -> Result<void> {
    draft.status = status;
    return {};
  };
}

inline void disable(ServiceBench& bench, const WebhookId& id) {
  bench.store.write([&](Transaction& transaction) -> Result<void> {
    Webhook webhook = GALLEY_TRY(transaction.webhooks().find(bench.account.id, id));
    webhook.status = WebhookStatus::disabled;
    webhook.disabled_reason = "It answered 410.";
    webhook.failing_since = bench.clock.now();
    return transaction.webhooks().update(webhook);
  });
}

inline void finish(ServiceBench& bench, const DeliveryId& id, DeliveryStatus status) {
  bench.store.write([&](Transaction& transaction) -> Result<void> {
    Delivery delivery = GALLEY_TRY(transaction.deliveries().find(bench.account.id, id));
    delivery.status = status;
    delivery.next_attempt_at.reset();
    delivery.finished_at = bench.clock.now();
    return transaction.deliveries().update(delivery);
  });
}

// Tells how often a topic was announced.
class Listening {
 public:
  Listening(ServiceBench& bench, std::string_view topic)
      : subscription_(bench.store->changes().subscribe(std::string(topic), [this] { ++count_; })) {}
  int count() const { return count_.load(); }

 private:
  std::atomic<int> count_{0};
  ChangeFeed::Subscription subscription_;
};

}  // namespace galley::test
