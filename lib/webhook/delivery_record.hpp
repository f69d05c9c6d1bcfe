// Writes what became of a try: the attempt, the delivery's next state and the endpoint's, in one transaction.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "domain/store.hpp"
#include "domain/webhook.hpp"
#include "webhook/outcome.hpp"
#include "webhook/retry_schedule.hpp"

namespace galley::webhook {

// An endpoint with nothing but failures for so long is disabled.
inline constexpr std::chrono::hours longest_failing{24 * 5};
// Whether the wall time tells how long that is: not where the clock was set a moment ago.
enum class ClockState : std::uint8_t { steady, was_set };
// However soon Retry-After asks to be tried again.
inline constexpr std::chrono::seconds soonest_retry{1};

struct Recorded {
  bool deleted = false;  // the delivery went with its endpoint; nothing was written
  DeliveryStatus status = DeliveryStatus::pending;
  int attempt = 1;
  std::optional<Time> next_attempt_at{};
  std::optional<std::string> disabled_reason{};  // this try disabled the endpoint
};

// Of a subscription's delivery, which was leased as due says. now: the wall time after the exchange; fraction in [0, 1)
// spreads the next try.
Result<Recorded> record_outcome(Transaction& transaction, const Deliveries::Due& due, const Outcome& outcome,
                                const RetrySchedule& schedule, double fraction, Time now,
                                ClockState clock = ClockState::steady);

}  // namespace galley::webhook
