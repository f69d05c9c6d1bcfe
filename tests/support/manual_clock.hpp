// A clock that stands still until a test turns it. Thread-safe.
#pragma once

#include <chrono>
#include <mutex>

#include "base/clock.hpp"

namespace galley::test {

class ManualClock final : public Clock {
 public:
  // 2026-03-30T15:00:00Z, a Monday.
  static constexpr Time start =
      std::chrono::sys_days(std::chrono::year(2026) / std::chrono::March / 30) + std::chrono::hours(15);

  explicit ManualClock(Time now = start) : now_(now) {}

  Time now() const override {
    const std::lock_guard lock(mutex_);
    return now_;
  }
  Instant instant() const override {
    const std::lock_guard lock(mutex_);
    return instant_;
  }

  // Turns the wall time and the monotonic time alike.
  void advance(std::chrono::steady_clock::duration by) {
    const std::lock_guard lock(mutex_);
    now_ += std::chrono::floor<Milliseconds>(by);
    instant_ += by;
  }
  // Sets the wall time alone, as an administrator or NTP does.
  void set(Time now) {
    const std::lock_guard lock(mutex_);
    now_ = now;
  }

 private:
  mutable std::mutex mutex_;
  Time now_;
  // Not zero, so that "never" and "at the start" differ.
  Instant instant_{std::chrono::hours(1)};
};

}  // namespace galley::test
