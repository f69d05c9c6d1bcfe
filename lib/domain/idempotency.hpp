// Requests that are carried out once however often they are sent: the first answer under a key of the client's choice,
// kept in the transaction of the change that it tells of.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/crypto.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "domain/identity.hpp"

namespace galley {

// How long a key is remembered.
inline constexpr std::chrono::hours idempotency_memory{24};

// A key means something to one credential on one route of one account.
struct IdempotencyScope {
  AccountId account;
  std::string credential;  // public id of the key or user
  std::string route;
  std::string key;
};

struct IdempotencyRecord {
  Digest request{};                      // of what was asked under the key
  std::optional<std::string> awaited{};  // what the answer waits for: "job_…"
  std::optional<Secret> answer{};        // kept sealed, for it may show a secret; absent while it is awaited
  Time created_at{};
};

class IdempotencyRecords {
 public:
  virtual ~IdempotencyRecords() = default;

  // Expired ones too, until they are purged.
  virtual Result<std::optional<IdempotencyRecord>> find(const IdempotencyScope& scope) const = 0;
  // In place of one that is there.
  virtual Result<void> put(const IdempotencyScope& scope, const IdempotencyRecord& record) = 0;
  // Those made before; at most max, the oldest first. Returns how many went.
  virtual Result<std::int64_t> purge(Time before, int max) = 0;
};

}  // namespace galley
