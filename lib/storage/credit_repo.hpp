// The ledger of credits and the log of their use, over SQL.
#pragma once

#include "domain/credit.hpp"
#include "storage/sql.hpp"

namespace galley::storage {

class CreditRepo final : public Credits {
 public:
  // connection outlives this.
  explicit CreditRepo(Connection& connection) : connection_(connection) {}

  Result<std::optional<CreditEntry>> newest(const AccountId& account) const override;
  Result<std::optional<Time>> last_renewal(const AccountId& account) const override;
  Result<Counted<CreditEntry>> entries(const AccountId& account, const std::optional<CreditKind>& kind,
                                       const NumberedPage& page) const override;
  Result<std::int64_t> used_since(const AccountId& account, Time since) const override;
  Result<CreditEntry> append(CreditEntry entry) override;
  Result<void> log(const CreditUse& use) override;
  Result<Counted<CreditUse>> uses(const AccountId& account, const std::optional<CreditOperation>& operation,
                                  const NumberedPage& page) const override;
  Result<std::vector<CreditUseSum>> sums(const AccountId& account, Time from, Time until) const override;

 private:
  Connection& connection_;
};

}  // namespace galley::storage
