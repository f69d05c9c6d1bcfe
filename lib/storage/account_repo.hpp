// Accounts, users and quota usage, over SQL.
#pragma once

#include "domain/account.hpp"
#include "storage/sql.hpp"

namespace galley::storage {

class AccountRepo final : public Accounts {
 public:
  // connection outlives this.
  explicit AccountRepo(Connection& connection) : connection_(connection) {}

  Result<Account> find(const AccountId& id) const override;
  // conflict where several accounts have the name.
  Result<Account> find_by_any(const std::string& text) const override;
  Result<std::vector<Account>> all(int max) const override;
  Result<Ownership> ownership_of(const AccountId& account, std::string_view prefix,
                                 const std::string& id) const override;
  using Accounts::id_of;
  using Accounts::number_of;
  Result<std::int64_t> number_of(const AccountId& account, std::string_view prefix,
                                 const std::string& id) const override;
  Result<std::string> id_of(const AccountId& account, std::string_view prefix, std::int64_t number) const override;
  Result<void> insert(const Account& account) override;
  Result<void> set_plan(const AccountId& id, Plan plan, Time since) override;

  Result<std::vector<User>> users(const AccountId& account) const override;
  Result<Counted<User>> browse_users(const AccountId& account, const std::string& search,
                                     const NumberedPage& page) const override;
  Result<User> find_user(const std::string& email) const override;
  Result<User> find_user(std::int64_t number) const override;
  Result<User> find_user(const AccountId& account, const UserId& id) const override;
  Result<void> insert_user(const User& user) override;
  Result<void> update_user(const User& user) override;
  Result<void> remove_user(const AccountId& account, const UserId& id) override;

  Result<QuotaUsage> usage(const AccountId& account, const QuotaPeriod& period) const override;
  Result<void> add_usage(const AccountId& account, const QuotaPeriod& period, std::int64_t reserved,
                         std::int64_t spent) override;

 private:
  Connection& connection_;
};

}  // namespace galley::storage
