// Whether the server can do its work, for the probe.
#pragma once

#include <atomic>

#include "api/services.hpp"
#include "base/clock.hpp"
#include "storage/sqlite_store.hpp"

namespace galley::app {

// Thread-safe.
class Readiness final : public api::Health {
 public:
  // Both outlive this.
  Readiness(storage::SqliteStore& store, const Clock& clock) : store_(store), clock_(clock) {}

  // By a commit that changes nothing; who asks again within a second is told the same.
  Task<bool> ready() const override;
  // From here on it is not.
  void drain() { draining_.store(true, std::memory_order_relaxed); }

 private:
  storage::SqliteStore& store_;
  const Clock& clock_;
  std::atomic<bool> draining_{false};
  mutable std::atomic<Instant> proved_at_{Instant()};
  mutable std::atomic<bool> writable_{true};
};

}  // namespace galley::app
