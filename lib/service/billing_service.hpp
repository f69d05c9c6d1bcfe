// Credits as their account sees them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "domain/credit.hpp"
#include "service/actor.hpp"
#include "service/context.hpp"

namespace galley::service {

struct CreditBalance {
  Plan plan = Plan::free;
  std::int64_t credits = 0;  // never below 0
  std::int64_t per_month = 0;
  std::int64_t used_this_month = 0;
  Time resets_at{};
  bool unlimited = false;
};

struct UseTotals {
  std::int64_t uses = 0;
  std::int64_t credits = 0;
  std::int64_t cost = 0;  // millionths of a US dollar
};
struct UseOfDay {
  std::string day;  // UTC
  UseTotals totals{};
};
struct UseSummary {
  Time from{};   // the first day's begin
  Time until{};  // the last day's end
  UseTotals all{};
  std::map<std::string, UseTotals> by_operation{};
  std::map<std::string, UseTotals> by_model{};
  std::vector<UseOfDay> by_day{};  // those on which something was used
};

class BillingService {
 public:
  static constexpr std::chrono::days longest{366};

  explicit BillingService(const Context& context) : context_(context) {}

  Result<CreditBalance> balance(const Actor& actor) const;
  Result<Counted<CreditEntry>> entries(const Actor& actor, const std::optional<CreditKind>& kind,
                                       const NumberedPage& page) const;
  Result<Counted<CreditUse>> uses(const Actor& actor, const std::optional<CreditOperation>& operation,
                                  const NumberedPage& page) const;
  // Days of UTC, both included; this month so far where they are absent. validation_failed where they are in the wrong
  // order or more than a year apart.
  Task<Result<UseSummary>> summary(Actor actor, std::optional<Time> first, std::optional<Time> last) const;

 private:
  const Context& context_;
};

}  // namespace galley::service
