// The plan's monthly articles: reserved in the transaction that queues a generation, spent when it succeeds, released
// when it does not.
#pragma once

#include "domain/account.hpp"
#include "domain/job.hpp"
#include "domain/store.hpp"
#include "service/context.hpp"

namespace galley::service {

struct Quota {
  std::optional<std::int64_t> limit{};  // nothing: no limit
  QuotaUsage usage{};
  QuotaPeriod period{};
};
Result<Quota> quota_of(const Transaction& transaction, const Context& context, const Account& account);

// quota_exceeded with limit, used and resets_at where fewer than count are left. Returns the period to put into the
// items.
Result<QuotaPeriod> reserve_quota(Transaction& transaction, const Context& context, const Account& account,
                                  std::int64_t count);
// The item's unit, in the period that it was reserved in.
Result<void> spend_quota(Transaction& transaction, const JobItem& item);
// And its credits.
Result<void> release_quota(Transaction& transaction, const Context& context, const JobItem& item);

// The period travels in the item's options.
void put_period(json::Object& options, const QuotaPeriod& period);

}  // namespace galley::service
