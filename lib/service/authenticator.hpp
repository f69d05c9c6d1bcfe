// Who a credential belongs to: an API key, or a user's access token. Answers come from bounded caches that every change
// of a credential outdates, so that a request costs a hash and a look-up in memory.
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
#include "service/token_service.hpp"

namespace galley::service {

// Announced by whatever changes a key, a role or a plan.
inline constexpr std::string_view credentials_topic = "credentials";

class Authenticator {
 public:
  // Both outlive this.
  Authenticator(const Context& context, const TokenService& tokens);

  // unauthorized for an unknown, revoked or expired key or token. Thread-safe.
  Result<Actor> authenticate(std::string_view credential);
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

  // A user as tokens find it, by its number.
  struct KnownUser {
    std::uint64_t generation = 0;
    Actor actor;
    Time signed_in_since{};
    bool disabled = false;
  };

  Result<Actor> authenticate_key(std::string_view key);
  Result<Actor> authenticate_token(std::string_view token);
  Result<std::shared_ptr<Entry>> load(const Digest& digest) const;
  Result<KnownUser> load_user(std::int64_t number) const;

  const Context& context_;
  const TokenService& tokens_;
  std::mutex mutex_;
  std::unordered_map<std::int64_t, KnownUser> users_;
  Cache cache_;                   // owners of an entry: the cache, and a request that is looking at it
  std::uint64_t generation_ = 0;  // rises with every change of a credential; entries of an older one are read again
  ChangeFeed::Subscription subscription_;
};

}  // namespace galley::service
