// Sign-ins of users: refresh tokens, each of which works once, and the keys that sign tokens.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/crypto.hpp"
#include "base/secret.hpp"
#include "domain/identity.hpp"

namespace galley {

struct RefreshToken {
  Digest digest{};  // SHA-256 of the token
  AccountId account;
  UserId user;
  std::string family;  // what all tokens of one sign-in share
  Time created_at{};
  Time expires_at{};
  std::optional<Time> used_at{};     // first: a new one was given for it
  std::optional<Time> revoked_at{};  // with its family
};

// Signs tokens from created_at on until it is retired; those that it signed before hold until they expire.
struct SigningKey {
  SigningKeyId id;
  Secret secret;
  Time created_at{};
  std::optional<Time> retired_at{};
};

// Lets whoever has it choose a user's password, once: what an invitation and a forgotten password need.
struct PasswordToken {
  Digest digest{};  // SHA-256 of the token
  AccountId account;
  UserId user;
  Time created_at{};
  Time expires_at{};
};

class Sessions {
 public:
  virtual ~Sessions() = default;

  // Used, revoked and expired ones too. Takes no account: the digest is the credential itself.
  virtual Result<RefreshToken> find(const Digest& digest) const = 0;
  virtual Result<void> insert(const RefreshToken& token) = 0;
  virtual Result<void> mark_used(const AccountId& account, const Digest& digest, Time at) = 0;
  // All of one sign-in, or all of a user; those that are revoked already keep their time.
  virtual Result<void> revoke_family(const AccountId& account, const std::string& family, Time at) = 0;
  virtual Result<void> revoke_all(const AccountId& account, const UserId& user, Time at) = 0;
  // At most max of those that expired before; how many went.
  virtual Result<std::int64_t> purge(Time before, int max) = 0;

  // Expired ones too. Takes no account: the digest is the credential itself.
  virtual Result<PasswordToken> find_password_token(const Digest& digest) const = 0;
  virtual Result<void> insert_password_token(const PasswordToken& token) = 0;
  virtual Result<void> remove_password_token(const AccountId& account, const Digest& digest) = 0;
  // Of the user, that hold still.
  virtual Result<std::int64_t> count_password_tokens(const AccountId& account, const UserId& user, Time now) const = 0;
  // All of the user's.
  virtual Result<void> remove_password_tokens(const AccountId& account, const UserId& user) = 0;
  virtual Result<std::int64_t> purge_password_tokens(Time before, int max) = 0;

  // The newest first.
  virtual Result<std::vector<SigningKey>> signing_keys() const = 0;
  virtual Result<void> insert_signing_key(const SigningKey& key) = 0;
  // Retires all that are not yet, and removes those that were retired before forgotten.
  virtual Result<void> retire_signing_keys(Time at, Time forgotten) = 0;
};

}  // namespace galley
