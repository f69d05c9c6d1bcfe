// API keys: made, listed, rotated, revoked.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "domain/account.hpp"
#include "service/actor.hpp"
#include "service/context.hpp"

namespace galley::service {

struct KeyDraft {
  std::string name;
  Role role = Role::editor;
  std::optional<ProjectId> project{};
  std::optional<Time> expires_at{};
};

struct MadeKey {
  ApiKey key;
  Secret secret;  // shown once
};

class KeyService {
 public:
  static constexpr std::chrono::seconds longest_grace = std::chrono::hours(24 * 30);

  explicit KeyService(const Context& context) : context_(context) {}

  Result<Page<ApiKey>> list(const Actor& actor, const PageRequest& page) const;
  Result<ApiKey> get(const Actor& actor, const ApiKeyId& id) const;
  // forbidden for a role above the actor's own.
  Task<Result<MadeKey>> create(Actor actor, KeyDraft draft) const;
  Task<Result<void>> revoke(Actor actor, ApiKeyId id) const;
  // A new key of the same kind; the old one holds for grace.
  Task<Result<MadeKey>> rotate(Actor actor, ApiKeyId id, std::chrono::seconds grace) const;

  // In the caller's transaction, without a look at the actor's role: for operators and the first start.
  Result<MadeKey> make(Transaction& transaction, const Actor& actor, const KeyDraft& draft) const;
  // In the caller's transaction.
  Result<void> revoke(Transaction& transaction, const Actor& actor, const ApiKeyId& id) const;

 private:
  const Context& context_;
};

}  // namespace galley::service
