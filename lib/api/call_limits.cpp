#include "api/call_limits.hpp"

#include <string>

#include "api/dialect.hpp"
#include "api/endpoint_row.hpp"

namespace galley::api {

namespace {

Error too_many(const RateVerdict& verdict) {
  return {.code = ErrorCode::rate_limited,
          .message = "You have exceeded the rate limit.",
          .details = {{"limit", std::int64_t{verdict.limit}},
                      {"reset_at", to_rfc3339(Time(std::chrono::seconds(verdict.reset)))},
                      {"retry_after", verdict.retry_after}}};
}

}  // namespace

RateVerdict CallLimits::throttle(const Call& call, const ThrottleScope& scope) {
  std::string who(scope.name);
  who += ' ';
  if (call.actor.user)
    who += call.actor.user->text();
  else
    who += call.actor.key ? std::string_view(call.actor.key->text()) : std::string_view(call.client);
  return limiter_.take(who, scope.per_minute * options_.throttle_factor, 0);
}

Result<void> CallLimits::take_stranger(Call& call) {
  const std::optional<RateScope> scope = call.dialect->scope_of_strangers();
  if (!scope) return {};
  call.rate = throttle(call, *find_throttle(*scope));
  if (!call.rate->passed) return too_many(*call.rate);
  return {};
}

Result<void> CallLimits::take(Call& call) {
  if (const ThrottleScope* scope = find_throttle(call.endpoint->scope)) {
    call.rate = throttle(call, *scope);
    if (!call.rate->passed) return too_many(*call.rate);
    return {};
  }
  switch (call.endpoint->scope) {
    case RateScope::unlimited:
      return {};
    case RateScope::plan: {
      const PlanLimits& limits = plans_.of(call.actor.plan);
      const std::string& who = call.actor.key ? call.actor.key->text() : call.actor.account.text();
      call.rate = limiter_.take(who, limits.requests_per_minute, limits.burst);
      if (!call.rate->passed) return too_many(*call.rate);
      return {};
    }
    case RateScope::public_pages: {
      const PlanLimits& limits = options_.public_pages;
      const RateVerdict verdict = limiter_.take(call.client, limits.requests_per_minute, limits.burst);
      if (!verdict.passed) return too_many(verdict);
      return {};
    }
    case RateScope::ai_function:
    case RateScope::image_gen:
    case RateScope::content_write:
    case RateScope::content_read:
    case RateScope::auth:
    case RateScope::auth_strict:
    case RateScope::planner:
    case RateScope::planner_ai:
    case RateScope::writer:
    case RateScope::writer_ai:
    case RateScope::system:
    case RateScope::system_admin:
    case RateScope::billing:
    case RateScope::billing_admin:
    case RateScope::fallback:
      return {};  // above
  }
  return {};
}

Result<void> CallLimits::take_unknown(Call& call) {
  const std::string address = "401 " + call.client;
  const RateVerdict verdict =
      limiter_.take(address, options_.unauthenticated.requests_per_minute, options_.unauthenticated.burst);
  if (call.dialect->scope_of_strangers()) call.rate = verdict;
  if (!verdict.passed) return too_many(verdict);
  return {};
}

}  // namespace galley::api
