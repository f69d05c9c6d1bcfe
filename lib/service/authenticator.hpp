// Who an API key belongs to. Answers come from a bounded cache that every change of a credential outdates, so that a
// request costs a hash and a look-up in memory.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>

#include "base/crypto.hpp"
#include "domain/change_feed.hpp"
#include "service/actor.hpp"
#include "service/context.hpp"

namespace galley::service {

// Announced by whatever changes a key, a role or a plan.
inline constexpr std::string_view credentials_topic = "credentials";

class Authenticator {
 public:
  explicit Authenticator(const Context& context);

  // unauthorized for an unknown, revoked or expired key. Thread-safe.
  Result<Actor> authenticate(std::string_view key);
  // Writes when the keys that were used since the last call were last used: once a minute is enough.
  Task<Result<void>> flush_last_used();

 private:
  static constexpr std::size_t max_cached = 100'000;
  struct Entry {
    std::uint64_t generation = 0;
    Actor actor;
    Time expires_at{};
    std::atomic<std::int64_t> used_ms{0};  // 0: not since the last flush
  };
  struct DigestHash {
    std::size_t operator()(const Digest& digest) const noexcept;
  };
  using Cache = std::unordered_map<Digest, std::shared_ptr<Entry>, DigestHash>;

  Result<std::shared_ptr<Entry>> load(const Digest& digest) const;

  const Context& context_;
  std::mutex mutex_;
  Cache cache_;                   // owners of an entry: the cache, and a request that is looking at it
  std::uint64_t generation_ = 0;  // rises with every change of a credential; entries of an older one are read again
  ChangeFeed::Subscription subscription_;
};

}  // namespace galley::service
