#include "api/rate_limiter.hpp"

#include <algorithm>

namespace galley::api {

void RateLimiter::Passed::drop_before(Instant begin) {
  while (count > 0 && oldest() <= begin) {
    first = (first + 1) % times.size();
    --count;
  }
}

void RateLimiter::Passed::push(Instant now, std::size_t capacity) {
  if (count == times.size()) {
    // Grows by doubling: most keys never see their limit.
    std::vector<Instant> larger(std::min(capacity, std::max<std::size_t>(8, times.size() * 2)));
    for (std::size_t i = 0; i < count; ++i)
      larger[i] = times[(first + i) % times.size()];
    times = std::move(larger);
    first = 0;
  }
  times[(first + count) % times.size()] = now;
  ++count;
}

void RateLimiter::sweep(Shard& shard, Instant begin) {
  std::erase_if(shard.keys, [&](const auto& key) { return key.second.count == 0 || key.second.newest() <= begin; });
  // All of them busy: an attack with many addresses. Forgetting is kinder than growing.
  if (shard.keys.size() >= max_keys / shards) shard.keys.clear();
}

RateVerdict RateLimiter::take(std::string_view key, int limit, int burst) {
  const Instant now = clock_.instant();
  const Instant begin = now - window;
  const auto capacity = static_cast<std::size_t>(std::max(1, limit + burst));
  Shard& shard = shards_[TextHash{}(key) % shards];
  RateVerdict verdict{.limit = limit};
  Instant oldest = now;
  {
    const std::lock_guard lock(shard.mutex);
    auto found = shard.keys.find(key);
    if (found == shard.keys.end()) {
      if (shard.keys.size() >= max_keys / shards) sweep(shard, begin);
      found = shard.keys.emplace(std::string(key), Passed{}).first;
    }
    Passed& passed = found->second;
    passed.drop_before(begin);
    verdict.passed = passed.count < capacity;
    if (verdict.passed) passed.push(now, capacity);
    verdict.remaining = std::max(0, limit - static_cast<int>(passed.count));
    oldest = passed.oldest();
  }
  const auto until_free = std::chrono::ceil<Milliseconds>(oldest + window - now);
  verdict.reset = std::chrono::ceil<std::chrono::seconds>(clock_.now() + until_free).time_since_epoch().count();
  if (!verdict.passed)
    verdict.retry_after = std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(until_free).count());
  return verdict;
}

}  // namespace galley::api
