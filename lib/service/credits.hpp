// Credits: charged in the transaction of the work that they pay for, given back where that fails. The plan's come anew
// with each of its months: the first line of the ledger in a month sets the balance to them.
#pragma once

#include <cstdint>
#include <string>

#include "domain/account.hpp"
#include "domain/credit.hpp"
#include "domain/generator.hpp"
#include "domain/job.hpp"
#include "domain/store.hpp"
#include "service/context.hpp"

namespace galley::service {

// What the account has now, with the month's credits even where their line is not written yet.
Result<std::int64_t> credit_balance(const Transaction& transaction, const Context& context, const Account& account);

// The account has another plan as of now, and with it a month of its own: its credits are that plan's.
Result<void> begin_plan_credits(Transaction& transaction, const Context& context, const Account& account);

struct Charge {
  CreditOperation operation = CreditOperation::content_generation;
  std::int64_t credits = 0;  // nothing happens for 0
  std::string reference{};   // id of the job or article
  std::string note{};        // for people: "12 articles"
};
// quota_exceeded with limit, used and resets_at where the account has fewer, unless its credits are unlimited.
Result<void> charge_credits(Transaction& transaction, const Context& context, const Account& account, Charge charge);
// What an item was charged for, which came to nothing.
Result<void> refund_credits(Transaction& transaction, const Context& context, const JobItem& item,
                            CreditOperation operation);
// What an item was charged for, which is done.
Result<void> log_use(Transaction& transaction, const Context& context, const JobItem& item, const ProjectId& project,
                     CreditOperation operation, std::string model, const GenerationUsage& usage = {});

// How many an item was charged travels in its options.
void put_credits(json::Object& options, std::int64_t credits);
std::int64_t credits_of(const JobItem& item);

}  // namespace galley::service
