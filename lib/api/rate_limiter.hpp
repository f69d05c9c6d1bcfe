// Sliding-window rate limits: exact under races, for any number of keys, in bounded memory.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"

namespace galley::api {

// What the answer's headers say.
struct RateVerdict {
  bool passed = true;
  int limit = 0;
  int remaining = 0;
  std::int64_t reset = 0;        // Unix second, rounded up, in which the oldest counted request leaves the window
  std::int64_t retry_after = 0;  // seconds until one more passes; 0 when this one did
};

class RateLimiter {
 public:
  static constexpr std::chrono::seconds window{60};
  // Keys that are remembered at once over all shards; idle ones go first.
  static constexpr std::size_t max_keys = 200'000;

  // clock outlives this.
  explicit RateLimiter(const Clock& clock) : clock_(clock) {}

  // A request passes while fewer than limit + burst passed in the window before it. A refused one costs nothing.
  // Thread-safe.
  RateVerdict take(std::string_view key, int limit, int burst);

 private:
  static constexpr std::size_t shards = 16;

  // Times of passed requests, oldest at first_: a ring that grows to limit + burst at most.
  struct Passed {
    std::vector<Instant> times;
    std::size_t first = 0;
    std::size_t count = 0;

    Instant oldest() const { return times[first]; }
    Instant newest() const { return times[(first + count - 1) % times.size()]; }
    void drop_before(Instant begin);
    void push(Instant now, std::size_t capacity);
  };
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
  };
  struct Shard {
    std::mutex mutex;
    std::unordered_map<std::string, Passed, TextHash, std::equal_to<>> keys;
  };

  static void sweep(Shard& shard, Instant begin);

  const Clock& clock_;
  std::array<Shard, shards> shards_;
};

}  // namespace galley::api
