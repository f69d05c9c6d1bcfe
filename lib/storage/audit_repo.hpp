// The audit trail, in SQL.
#pragma once

#include "domain/audit.hpp"
#include "storage/sql.hpp"

namespace galley::storage {

class AuditRepo final : public AuditTrail {
 public:
  // connection outlives this.
  explicit AuditRepo(Connection& connection) : connection_(connection) {}

  Result<void> append(AuditEntry entry) override;
  Result<Page<AuditEntry>> list(const AccountId& account, const AuditFilter& filter,
                                const PageRequest& page) const override;
  Result<std::vector<AuditEntry>> chain(const AccountId& account, std::int64_t after, int max) const override;

 private:
  Connection& connection_;
};

}  // namespace galley::storage
