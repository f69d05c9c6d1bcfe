#include "service/billing_service.hpp"

#include <algorithm>

#include "service/credits.hpp"

namespace galley::service {

namespace {

void add(UseTotals& totals, const CreditUseSum& sum) {
  totals.uses += sum.uses;
  totals.credits += sum.credits;
  totals.cost += sum.cost;
}

Time begin_of_month(Time now) {
  const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(now));
  return std::chrono::sys_days(today.year() / today.month() / std::chrono::day(1));
}

}  // namespace

Result<CreditBalance> BillingService::balance(const Actor& actor) const {
  return context_.store.read([&](const Transaction& transaction) -> Result<CreditBalance> {
    const Account account = GALLEY_TRY(transaction.accounts().find(actor.account));
    const QuotaPeriod period = quota_period(account.plan_since, context_.clock.now());
    const std::int64_t credits = GALLEY_TRY(credit_balance(transaction, context_, account));
    return CreditBalance{.plan = account.plan,
                         .credits = std::max<std::int64_t>(credits, 0),
                         .per_month = context_.plans.of(account.plan).credits_per_month,
                         .used_this_month = GALLEY_TRY(transaction.credits().used_since(account.id, period.from)),
                         .resets_at = period.until,
                         .unlimited = account.unlimited_credits};
  });
}

Result<Counted<CreditEntry>> BillingService::entries(const Actor& actor, const std::optional<CreditKind>& kind,
                                                     const NumberedPage& page) const {
  return context_.store.read(
      [&](const Transaction& transaction) { return transaction.credits().entries(actor.account, kind, page); });
}

Result<Counted<CreditUse>> BillingService::uses(const Actor& actor, const std::optional<CreditOperation>& operation,
                                                const NumberedPage& page) const {
  return context_.store.read(
      [&](const Transaction& transaction) { return transaction.credits().uses(actor.account, operation, page); });
}

Task<Result<UseSummary>> BillingService::summary(Actor actor, std::optional<Time> first,
                                                 std::optional<Time> last) const {
  UseSummary summary;
  const Time last_day = last.value_or(std::chrono::floor<std::chrono::days>(context_.clock.now()));
  summary.from = first.value_or(begin_of_month(last_day));
  summary.until = last_day + std::chrono::days(1);
  if (summary.until <= summary.from) co_return invalid("end_date", "must not be before start_date");
  if (summary.until - summary.from > longest) co_return invalid("end_date", "must be within a year of start_date");
  auto body = [&](const Transaction& transaction) {
    return transaction.credits().sums(actor.account, summary.from, summary.until);
  };
  for (const CreditUseSum& sum : GALLEY_CO_TRY(co_await context_.store.read_slowly(std::move(body)))) {
    add(summary.all, sum);
    add(summary.by_operation[std::string(to_text(sum.operation))], sum);
    add(summary.by_model[sum.model], sum);
    if (summary.by_day.empty() || summary.by_day.back().day != sum.day) summary.by_day.push_back({.day = sum.day});
    add(summary.by_day.back().totals, sum);
  }
  co_return summary;
}

}  // namespace galley::service
