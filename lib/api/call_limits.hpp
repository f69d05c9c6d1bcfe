// Which limit counts a call, and whether it passes: by plan, by scope, or by client address where nobody is known.
#pragma once

#include "api/call.hpp"
#include "api/rate_limiter.hpp"
#include "api/throttle.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "domain/account.hpp"

namespace galley::api {

struct LimitOptions {
  PlanLimits unauthenticated{.requests_per_minute = 60, .burst = 60};   // per client address, wrong credentials
  PlanLimits public_pages{.requests_per_minute = 6000, .burst = 6000};  // per client address
  int throttle_factor = 1;                                              // what throttle.hpp's limits are multiplied by
};

// Each leaves the verdict in the call where its dialect tells of it, and is rate_limited for a call too many.
class CallLimits {
 public:
  // Both outlive this.
  CallLimits(const PlanTable& plans, const Clock& clock, LimitOptions options)
      : plans_(plans), options_(options), limiter_(clock) {}

  // Of a known endpoint, by its scope.
  Result<void> take(Call& call);
  // The call asks for what there is not.
  Result<void> take_stranger(Call& call);
  // Its credential is not known.
  Result<void> take_unknown(Call& call);

 private:
  RateVerdict throttle(const Call& call, const ThrottleScope& scope);

  const PlanTable& plans_;
  LimitOptions options_;
  RateLimiter limiter_;
};

}  // namespace galley::api
