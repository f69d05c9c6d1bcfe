// API keys, over SQL.
#pragma once

#include "domain/account.hpp"
#include "storage/sql.hpp"

namespace galley::storage {

class ApiKeyRepo final : public ApiKeys {
 public:
  // connection outlives this.
  explicit ApiKeyRepo(Connection& connection) : connection_(connection) {}

  Result<ApiKey> find_by_digest(const Digest& digest) const override;
  Result<ApiKey> find(const AccountId& account, const ApiKeyId& id) const override;
  Result<Page<ApiKey>> list(const AccountId& account, const PageRequest& page) const override;
  Result<void> insert(const ApiKey& key) override;
  Result<void> update(const ApiKey& key) override;
  Result<void> touch(const AccountId& account, const ApiKeyId& id, Time used_at) override;

 private:
  Connection& connection_;
};

}  // namespace galley::storage
