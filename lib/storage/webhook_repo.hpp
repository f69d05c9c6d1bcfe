// Webhook subscriptions, in SQL. Secrets are sealed.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "domain/webhook.hpp"
#include "storage/sealer.hpp"
#include "storage/sql.hpp"

namespace galley::storage {

class WebhookRepo final : public Webhooks {
 public:
  // Both outlive this.
  WebhookRepo(Connection& connection, const Sealer& sealer) : connection_(connection), sealer_(sealer) {}

  Result<Webhook> find(const AccountId& account, const WebhookId& id) const override;
  // By SortField::created_at or updated_at.
  Result<Page<Webhook>> list(const AccountId& account, const ProjectId& project,
                             const PageRequest& page) const override;
  // Oldest first.
  Result<std::vector<Webhook>> active(const AccountId& account, const ProjectId& project) const override;
  Result<std::int64_t> count(const AccountId& account, const ProjectId& project) const override;
  // Webhook::own_secret follows from secret, here and in set_secrets; update leaves it as it is.
  Result<void> insert(const Webhook& webhook, const std::optional<Secret>& secret) override;
  Result<void> update(const Webhook& webhook) override;
  Result<void> clear_failing(const AccountId& account, const WebhookId& id) override;
  Result<void> remove(const AccountId& account, const WebhookId& id) override;
  Result<Projects::WebhookSecrets> secrets(const AccountId& account, const WebhookId& id) const override;
  Result<void> set_secrets(const AccountId& account, const WebhookId& id,
                           const Projects::WebhookSecrets& secrets) override;

 private:
  Connection& connection_;
  const Sealer& sealer_;
};

}  // namespace galley::storage
