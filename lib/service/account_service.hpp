// The account as its members see it, and what operators do with accounts and users.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/secret.hpp"
#include "domain/account.hpp"
#include "service/actor.hpp"
#include "service/context.hpp"
#include "service/key_service.hpp"
#include "service/quota.hpp"

namespace galley::service {

struct AccountDetail {
  Account account;
  PlanLimits limits{};
  Quota quota{};
  std::int64_t projects = 0;
};

struct UserDraft {
  std::string email;
  Role role = Role::owner;
  std::optional<std::string> account{};  // name, id or e-mail of one that exists; absent: a new one
  std::optional<Plan> plan{};            // of a new account
  std::string account_name{};            // of a new account; empty: the e-mail address
  std::string username{};
  std::string first_name{};
  std::string last_name{};
  std::optional<Visitor> visitor{};  // who makes it for themselves, over the network; absent: an operator does
  std::optional<Actor> maker{};      // somebody of the account, who makes it for somebody else
};

// Lower case, without white space around it. validation_failed for what can be no address.
Result<std::string> normalize_email(std::string_view given);

struct MadeUser {
  Account account;
  User user;
};

class AccountService {
 public:
  AccountService(const Context& context, const KeyService& keys) : context_(context), keys_(keys) {}

  Result<AccountDetail> get(const Actor& actor) const;

  // For operators. The password's hash was made by the caller, off the writer's thread.
  Result<MadeUser> create_user(Transaction& transaction, const UserDraft& draft, std::string password_hash) const;

  struct FirstStart {
    MadeUser owner;
    MadeKey key;
  };
  // On an empty store: an account on the plan agency with unlimited credits, its owner and a key of the role owner;
  // nothing where there is an account already.
  Result<std::optional<FirstStart>> first_start(Transaction& transaction, std::string email,
                                                std::string password_hash) const;
  // edit changes neither id, account nor e-mail. note: what it does, for the audit trail.
  Result<User> change_user(Transaction& transaction, const std::string& email, const std::function<void(User&)>& edit,
                           std::string note) const;
  Result<Account> set_plan(Transaction& transaction, const std::string& account, Plan plan) const;

 private:
  const Context& context_;
  const KeyService& keys_;
};

}  // namespace galley::service
