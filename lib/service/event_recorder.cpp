#include "service/event_recorder.hpp"

namespace galley::service {

Event EventRecorder::make(const AccountId& account, const ProjectId& project, EventType type, Snapshot snapshot) const {
  return {.id = context_.ids.make<EventId>(),
          .account = account,
          .project = project,
          .type = type,
          .snapshot = std::move(snapshot),
          .created_at = context_.clock.now()};
}

Delivery EventRecorder::delivery_of(const Event& event, const WebhookId& webhook) const {
  return {.id = context_.ids.make<DeliveryId>(),
          .account = event.account,
          .project = event.project,
          .webhook = webhook,
          .event = event.id,
          .type = event.type,
          .article = event.article,
          .next_attempt_at = event.created_at,
          .created_at = event.created_at};
}

Result<void> EventRecorder::insert(Transaction& transaction, const Event& event) const {
  GALLEY_TRY(transaction.events().insert(event));
  transaction.announce(topic::events(event.project.text()));
  return {};
}

Result<void> EventRecorder::record(Transaction& transaction, const Event& event) const {
  return record_for(transaction, event, GALLEY_TRY(transaction.webhooks().active(event.account, event.project)));
}

Result<void> EventRecorder::record_for(Transaction& transaction, const Event& event,
                                       const std::vector<Webhook>& webhooks) const {
  GALLEY_TRY(insert(transaction, event));
  bool any = false;
  for (const Webhook& webhook : webhooks) {
    if (!carries(webhook.format, event.type) || !matches(webhook.events, event.type)) continue;
    GALLEY_TRY(transaction.deliveries().insert(delivery_of(event, webhook.id)));
    any = true;
  }
  if (any) transaction.announce(topic::deliveries);
  return {};
}

Result<void> EventRecorder::article(Transaction& transaction, EventType type, const Project& project,
                                    const Article& article) const {
  Event event = make(article.account, article.project, type, snapshot_of(project, article));
  event.article = article.id;
  return record(transaction, event);
}

Result<void> EventRecorder::job(Transaction& transaction, const Job& job) const {
  JobSnapshot snapshot{.id = job.id,
                       .kind = std::string(to_text(job.kind)),
                       .status = std::string(to_text(job.status)),
                       .total = job.total,
                       .done = job.done,
                       .failed = job.failed};
  return record(transaction, make(job.account, job.project, EventType::job_completed, std::move(snapshot)));
}

Result<void> EventRecorder::keywords_clustered(Transaction& transaction, const AccountId& account,
                                               const ProjectId& project, const std::vector<Clustered>& keywords) const {
  const std::vector<Webhook> webhooks = GALLEY_TRY(transaction.webhooks().active(account, project));
  for (const Clustered& clustered : keywords) {
    const Keyword& keyword = clustered.keyword;
    KeywordSnapshot snapshot{.id = keyword.id,
                             .keyword = keyword.text,
                             .intent = std::string(keyword.intent ? to_text(*keyword.intent) : ""),
                             .cluster = keyword.cluster.value_or(ClusterId()),
                             .cluster_name = clustered.cluster_name};
    GALLEY_TRY(
        record_for(transaction, make(account, project, EventType::keyword_clustered, std::move(snapshot)), webhooks));
  }
  return {};
}

Result<void> EventRecorder::connection_failed(Transaction& transaction, const Connection& connection) const {
  ConnectionSnapshot snapshot{.id = connection.id,
                              .name = connection.name,
                              .type = std::string(to_text(connection.type)),
                              .error = connection.last_error.value_or("")};
  return record(transaction,
                make(connection.account, connection.project, EventType::connection_failed, std::move(snapshot)));
}

Result<void> EventRecorder::again(Transaction& transaction, const Webhook& webhook, const EventMark& event) const {
  const Time now = context_.clock.now();
  return transaction.deliveries().insert({.id = context_.ids.make<DeliveryId>(),
                                          .account = webhook.account,
                                          .project = webhook.project,
                                          .webhook = webhook.id,
                                          .event = event.id,
                                          .type = event.type,
                                          .article = event.article,
                                          .next_attempt_at = now,
                                          .created_at = now});
}

Result<Delivery> EventRecorder::test(Transaction& transaction, const Webhook& webhook, Snapshot snapshot) const {
  const Event event = make(webhook.account, webhook.project, EventType::webhook_test, std::move(snapshot));
  GALLEY_TRY(insert(transaction, event));
  Delivery delivery = delivery_of(event, webhook.id);
  GALLEY_TRY(transaction.deliveries().insert(delivery));
  transaction.announce(topic::deliveries);
  return delivery;
}

}  // namespace galley::service
