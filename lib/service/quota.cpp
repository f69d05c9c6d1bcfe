#include "service/quota.hpp"

#include "service/credits.hpp"

namespace galley::service {

namespace {

constexpr std::string_view from_name = "quota_from";
constexpr std::string_view until_name = "quota_until";

std::optional<QuotaPeriod> period_of(const JobItem& item) {
  const json::Value* from = item.options.find(from_name);
  const json::Value* until = item.options.find(until_name);
  if (from == nullptr || until == nullptr || from->integer() == nullptr || until->integer() == nullptr)
    return std::nullopt;
  return QuotaPeriod{Time(Milliseconds(*from->integer())), Time(Milliseconds(*until->integer()))};
}

}  // namespace

void put_period(json::Object& options, const QuotaPeriod& period) {
  options.emplace_back(std::string(from_name), json::Value(std::int64_t{period.from.time_since_epoch().count()}));
  options.emplace_back(std::string(until_name), json::Value(std::int64_t{period.until.time_since_epoch().count()}));
}

Result<Quota> quota_of(const Transaction& transaction, const Context& context, const Account& account) {
  Quota quota{.limit = context.plans.of(account.plan).articles_per_month,
              .period = quota_period(account.plan_since, context.clock.now())};
  quota.usage = GALLEY_TRY(transaction.accounts().usage(account.id, quota.period));
  return quota;
}

Result<QuotaPeriod> reserve_quota(Transaction& transaction, const Context& context, const Account& account,
                                  std::int64_t count) {
  const Quota quota = GALLEY_TRY(quota_of(transaction, context, account));
  const std::int64_t used = quota.usage.reserved + quota.usage.spent;
  if (quota.limit && used + count > *quota.limit)
    return Error{.code = ErrorCode::quota_exceeded,
                 .message = "Your plan's articles of this month are spent.",
                 .details = {{"limit", *quota.limit}, {"used", used}, {"resets_at", to_rfc3339(quota.period.until)}}};
  GALLEY_TRY(transaction.accounts().add_usage(account.id, quota.period, count, 0));
  return quota.period;
}

Result<void> spend_quota(Transaction& transaction, const JobItem& item) {
  const std::optional<QuotaPeriod> period = period_of(item);
  if (!period) return {};
  return transaction.accounts().add_usage(item.account, *period, -1, 1);
}

Result<void> release_quota(Transaction& transaction, const Context& context, const JobItem& item) {
  GALLEY_TRY(refund_credits(transaction, context, item, CreditOperation::content_generation));
  const std::optional<QuotaPeriod> period = period_of(item);
  if (!period) return {};
  return transaction.accounts().add_usage(item.account, *period, -1, 0);
}

}  // namespace galley::service
