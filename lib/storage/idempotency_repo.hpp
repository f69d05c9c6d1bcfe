// What was answered under an Idempotency-Key, in SQL.
#pragma once

#include "domain/idempotency.hpp"
#include "storage/sealer.hpp"
#include "storage/sql.hpp"

namespace galley::storage {

class IdempotencyRepo final : public IdempotencyRecords {
 public:
  // Both outlive this.
  IdempotencyRepo(Connection& connection, const Sealer& sealer) : connection_(connection), sealer_(sealer) {}

  Result<std::optional<IdempotencyRecord>> find(const IdempotencyScope& scope) const override;
  Result<void> put(const IdempotencyScope& scope, const IdempotencyRecord& record) override;
  Result<std::int64_t> purge(Time before, int max) override;

 private:
  Connection& connection_;
  const Sealer& sealer_;
};

}  // namespace galley::storage
