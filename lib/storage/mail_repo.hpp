// Mail that waits, in SQL.
#pragma once

#include "domain/mail.hpp"
#include "storage/sql.hpp"

namespace galley::storage {

class MailRepo final : public Mails {
 public:
  // Outlives this.
  explicit MailRepo(Connection& connection) : connection_(connection) {}

  Result<void> insert(const Mail& mail) override;
  Result<std::optional<Mail>> take_due(Time now, Time until) override;
  Result<std::optional<Time>> next_due() const override;
  Result<void> postpone(const AccountId& account, std::int64_t number, Time due_at) override;
  Result<void> remove(const AccountId& account, std::int64_t number) override;
  Result<std::int64_t> waiting(const AccountId& account, const UserId& user, MailPurpose purpose) const override;
  Result<std::int64_t> purge(Time before, int max) override;

 private:
  Connection& connection_;
};

}  // namespace galley::storage
