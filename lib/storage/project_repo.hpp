// Projects and their webhook secrets, over SQL.
#pragma once

#include "domain/project.hpp"
#include "storage/sealer.hpp"
#include "storage/sql.hpp"

namespace galley::storage {

class ProjectRepo final : public Projects {
 public:
  // Both outlive this.
  ProjectRepo(Connection& connection, const Sealer& sealer) : connection_(connection), sealer_(sealer) {}

  Result<Project> find(const AccountId& account, const ProjectId& id) const override;
  Result<Project> find_public(const ProjectId& id) const override;
  Result<Page<Project>> list(const AccountId& account, const PageRequest& page,
                             const std::optional<ProjectId>& only) const override;
  Result<ProjectCounts> counts(const AccountId& account, const ProjectId& id) const override;
  Result<std::int64_t> count(const AccountId& account) const override;
  Result<void> insert(const Project& project, const Secret& webhook_secret) override;
  Result<void> update(const Project& project) override;
  Result<void> remove(const AccountId& account, const ProjectId& id) override;
  Result<WebhookSecrets> webhook_secrets(const AccountId& account, const ProjectId& id) const override;
  Result<void> set_webhook_secrets(const AccountId& account, const ProjectId& id,
                                   const WebhookSecrets& secrets) override;

 private:
  Connection& connection_;
  const Sealer& sealer_;
};

}  // namespace galley::storage
