// Connections to CMSs, in SQL. Credentials are sealed.
#pragma once

#include "domain/connection.hpp"
#include "storage/sealer.hpp"
#include "storage/sql.hpp"

namespace galley::storage {

class ConnectionRepo final : public Connections {
 public:
  // Both outlive this.
  ConnectionRepo(Connection& connection, const Sealer& sealer) : connection_(connection), sealer_(sealer) {}

  Result<galley::Connection> find(const AccountId& account, const ConnectionId& id) const override;
  Result<Secret> credentials(const AccountId& account, const ConnectionId& id) const override;
  // SortField::title sorts by name.
  Result<Page<galley::Connection>> list(const AccountId& account, const ProjectId& project,
                                        const PageRequest& page) const override;
  Result<void> insert(const galley::Connection& connection, const Secret& credentials) override;
  Result<void> update(const galley::Connection& connection) override;
  Result<void> set_credentials(const AccountId& account, const ConnectionId& id, const Secret& credentials) override;
  Result<void> remove(const AccountId& account, const ConnectionId& id) override;

 private:
  void bind_credentials(Query& query, const AccountId& account, const ConnectionId& id,
                        const Secret& credentials) const;

  Connection& connection_;
  const Sealer& sealer_;
};

}  // namespace galley::storage
