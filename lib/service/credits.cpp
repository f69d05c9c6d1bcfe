#include "service/credits.hpp"

#include <algorithm>

#include "base/encoding.hpp"

namespace galley::service {

namespace {

constexpr std::string_view credits_name = "credits";

// The balance of the ledger, and what a renewal that is due would add.
struct Standing {
  std::int64_t balance = 0;
  bool renewal_due = false;
};

Result<Standing> standing_of(const Transaction& transaction, const Account& account, const QuotaPeriod& period) {
  const std::optional<CreditEntry> newest = GALLEY_TRY(transaction.credits().newest(account.id));
  const std::optional<Time> renewed = GALLEY_TRY(transaction.credits().last_renewal(account.id));
  return Standing{.balance = newest ? newest->balance : 0, .renewal_due = !renewed || *renewed < period.from};
}

// Sets the balance to the plan's credits; the balance after it.
Result<std::int64_t> write_renewal(Transaction& transaction, const Context& context, const Account& account,
                                   std::int64_t balance) {
  const CreditEntry line = GALLEY_TRY(
      transaction.credits().append({.account = account.id,
                                    .kind = CreditKind::renewal,
                                    .amount = context.plans.of(account.plan).credits_per_month - balance,
                                    .note = "The month's credits of the plan " + std::string(to_text(account.plan)),
                                    .created_at = context.clock.now()}));
  return line.balance;
}

// Writes the line of the month where there is none yet; the balance after it.
Result<std::int64_t> renew(Transaction& transaction, const Context& context, const Account& account) {
  const Standing standing =
      GALLEY_TRY(standing_of(transaction, account, quota_period(account.plan_since, context.clock.now())));
  if (!standing.renewal_due) return standing.balance;
  return write_renewal(transaction, context, account, standing.balance);
}

}  // namespace

Result<std::int64_t> credit_balance(const Transaction& transaction, const Context& context, const Account& account) {
  const Standing standing =
      GALLEY_TRY(standing_of(transaction, account, quota_period(account.plan_since, context.clock.now())));
  return standing.renewal_due ? context.plans.of(account.plan).credits_per_month : standing.balance;
}

Result<void> begin_plan_credits(Transaction& transaction, const Context& context, const Account& account) {
  const std::optional<CreditEntry> newest = GALLEY_TRY(transaction.credits().newest(account.id));
  GALLEY_TRY(write_renewal(transaction, context, account, newest ? newest->balance : 0));
  return {};
}

Result<void> charge_credits(Transaction& transaction, const Context& context, const Account& account, Charge charge) {
  if (charge.credits == 0) return {};
  const std::int64_t balance = GALLEY_TRY(renew(transaction, context, account));
  if (balance < charge.credits && !account.unlimited_credits) {
    const std::int64_t limit = context.plans.of(account.plan).credits_per_month;
    const QuotaPeriod period = quota_period(account.plan_since, context.clock.now());
    return Error{.code = ErrorCode::quota_exceeded,
                 .message = "This takes " + std::to_string(charge.credits) + " credits, and " +
                            std::to_string(std::max<std::int64_t>(balance, 0)) + " are left.",
                 .details = {{"limit", limit},
                             {"used", GALLEY_TRY(transaction.credits().used_since(account.id, period.from))},
                             {"resets_at", to_rfc3339(period.until)}}};
  }
  GALLEY_TRY(transaction.credits().append({.account = account.id,
                                           .kind = CreditKind::charge,
                                           .operation = charge.operation,
                                           .amount = -charge.credits,
                                           .reference = std::move(charge.reference),
                                           .note = std::move(charge.note),
                                           .created_at = context.clock.now()}));
  return {};
}

Result<void> refund_credits(Transaction& transaction, const Context& context, const JobItem& item,
                            CreditOperation operation) {
  const std::int64_t credits = credits_of(item);
  if (credits == 0) return {};
  const Account account = GALLEY_TRY(transaction.accounts().find(item.account));
  GALLEY_TRY(renew(transaction, context, account));
  GALLEY_TRY(transaction.credits().append({.account = item.account,
                                           .kind = CreditKind::refund,
                                           .operation = operation,
                                           .amount = credits,
                                           .reference = item.article.empty() ? item.job.text() : item.article.text(),
                                           .note = "Nothing came of it",
                                           .created_at = context.clock.now()}));
  return {};
}

Result<void> log_use(Transaction& transaction, const Context& context, const JobItem& item, const ProjectId& project,
                     CreditOperation operation, std::string model, const GenerationUsage& usage) {
  return transaction.credits().log({.account = item.account,
                                    .project = project,
                                    .operation = operation,
                                    .model = std::move(model),
                                    .credits = credits_of(item),
                                    .input_tokens = usage.input_tokens,
                                    .output_tokens = usage.output_tokens,
                                    .reference = item.article.empty() ? item.job.text() : item.article.text(),
                                    .created_at = context.clock.now()});
}

void put_credits(json::Object& options, std::int64_t credits) {
  options.emplace_back(std::string(credits_name), json::Value(credits));
}

std::int64_t credits_of(const JobItem& item) {
  const json::Value* credits = item.options.find(credits_name);
  return credits != nullptr && credits->integer() != nullptr ? *credits->integer() : 0;
}

}  // namespace galley::service
