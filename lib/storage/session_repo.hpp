// Refresh tokens and signing keys, over SQL.
#pragma once

#include "domain/session.hpp"
#include "storage/sealer.hpp"
#include "storage/sql.hpp"

namespace galley::storage {

class SessionRepo final : public Sessions {
 public:
  // Both outlive this.
  SessionRepo(Connection& connection, const Sealer& sealer) : connection_(connection), sealer_(sealer) {}

  Result<RefreshToken> find(const Digest& digest) const override;
  Result<void> insert(const RefreshToken& token) override;
  Result<void> mark_used(const AccountId& account, const Digest& digest, Time at) override;
  Result<void> revoke_family(const AccountId& account, const std::string& family, Time at) override;
  Result<void> revoke_all(const AccountId& account, const UserId& user, Time at) override;
  Result<std::int64_t> purge(Time before, int max) override;

  Result<PasswordToken> find_password_token(const Digest& digest) const override;
  Result<void> insert_password_token(const PasswordToken& token) override;
  Result<void> remove_password_token(const AccountId& account, const Digest& digest) override;
  Result<std::int64_t> count_password_tokens(const AccountId& account, const UserId& user, Time now) const override;
  Result<void> remove_password_tokens(const AccountId& account, const UserId& user) override;
  Result<std::int64_t> purge_password_tokens(Time before, int max) override;

  Result<std::vector<SigningKey>> signing_keys() const override;
  Result<void> insert_signing_key(const SigningKey& key) override;
  Result<void> retire_signing_keys(Time at, Time forgotten) override;

 private:
  Connection& connection_;
  const Sealer& sealer_;
};

}  // namespace galley::storage
