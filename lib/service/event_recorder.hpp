// Writes an event and a delivery for each subscription that asked for it, in the transaction of the change.
#pragma once

#include <string>
#include <vector>

#include "domain/event.hpp"
#include "domain/store.hpp"
#include "service/context.hpp"

namespace galley::service {

class EventRecorder {
 public:
  explicit EventRecorder(const Context& context) : context_(context) {}

  Result<void> article(Transaction& transaction, EventType type, const Project& project, const Article& article) const;
  Result<void> job(Transaction& transaction, const Job& job) const;
  struct Clustered {
    Keyword keyword;
    std::string cluster_name;
  };
  // An event for each; of one project.
  Result<void> keywords_clustered(Transaction& transaction, const AccountId& account, const ProjectId& project,
                                  const std::vector<Clustered>& keywords) const;
  Result<void> connection_failed(Transaction& transaction, const Connection& connection) const;
  // What happened before, to this one subscription once more, under the same event id.
  Result<void> again(Transaction& transaction, const Webhook& webhook, const EventMark& event) const;
  // To this one subscription alone, whatever it asked for; returns the delivery.
  Result<Delivery> test(Transaction& transaction, const Webhook& webhook, Snapshot snapshot) const;

 private:
  Event make(const AccountId& account, const ProjectId& project, EventType type, Snapshot snapshot) const;
  // The event alone; whoever follows the project is told.
  Result<void> insert(Transaction& transaction, const Event& event) const;
  Result<void> record(Transaction& transaction, const Event& event) const;
  // webhooks: the active ones of the event's project.
  Result<void> record_for(Transaction& transaction, const Event& event, const std::vector<Webhook>& webhooks) const;
  Delivery delivery_of(const Event& event, const WebhookId& webhook) const;

  const Context& context_;
};

}  // namespace galley::service
