// When a delivery that failed is tried again.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace galley::webhook {

// The waits after the first try, the second, and so on; when they are used up the delivery has failed. Immutable.
class RetrySchedule {
 public:
  static constexpr std::size_t max_waits = 50;
  static constexpr Milliseconds max_wait = std::chrono::hours(24 * 7);

  // 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h.
  RetrySchedule();
  // "1s,2s,5m,2h": whole numbers with ms, s, m, h or d, separated by commas. validation_failed naming the field
  // "webhook_schedule".
  static Result<RetrySchedule> parse(std::string_view text);

  // The wait after so many tries, ±20 %; nothing when they are used up. tries is at least 1; fraction is in [0, 1), an
  // IdSource's.
  std::optional<Milliseconds> wait_after(int tries, double fraction) const;
  // No try waits longer, whether by the schedule or by a Retry-After.
  Milliseconds longest_wait() const;
  const std::vector<Milliseconds>& waits() const { return waits_; }

 private:
  explicit RetrySchedule(std::vector<Milliseconds> waits) : waits_(std::move(waits)) {}
  std::vector<Milliseconds> waits_;
};

inline constexpr Milliseconds max_retry_after = std::chrono::hours(24);

// What a Retry-After header asks for, from now on: delay-seconds or an HTTP date (RFC 9110 §10.2.3), at most
// max_retry_after, zero for a date gone by. Nothing for anything else.
std::optional<Milliseconds> parse_retry_after(std::string_view value, Time now);

}  // namespace galley::webhook
