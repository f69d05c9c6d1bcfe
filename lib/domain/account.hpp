// Accounts (tenants), their plans and users, and the keys that programs use.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/crypto.hpp"
#include "base/names.hpp"
#include "base/secret.hpp"
#include "domain/identity.hpp"
#include "domain/page.hpp"

namespace galley {

enum class Plan : std::uint8_t { free, pro, agency };
// In rising order: each may do all that those before it may.
enum class Role : std::uint8_t { viewer, editor, admin, owner };

template <>
struct Names<Plan> {
  static constexpr NameOf<Plan> all[] = {{Plan::free, "free"}, {Plan::pro, "pro"}, {Plan::agency, "agency"}};
};
template <>
struct Names<Role> {
  static constexpr NameOf<Role> all[] = {
      {Role::viewer, "viewer"}, {Role::editor, "editor"}, {Role::admin, "admin"}, {Role::owner, "owner"}};
};

// What a plan allows. An operator may change the figures.
struct PlanLimits {
  int requests_per_minute = 60;
  int burst = 10;                                    // what a spike may take on top
  std::optional<std::int64_t> articles_per_month{};  // nothing: no limit
  std::optional<std::int64_t> projects{};
  std::int64_t credits_per_month = 100;

  bool operator==(const PlanLimits&) const = default;
};
PlanLimits default_limits(Plan plan);

// What work costs, in credits. An operator may change it.
struct CreditPrices {
  std::int64_t keywords_for_one = 5;  // clustering: one credit for each so many keywords begun
  std::int64_t ideas_of_cluster = 2;  // ideas: of each cluster
  std::int64_t content_block = 5;     // content: for each so many words begun
  std::int64_t words_of_block = 2500;
  std::int64_t image = 1;

  std::int64_t clustering(std::int64_t keywords) const;
  std::int64_t content(std::int64_t words) const;
  bool operator==(const CreditPrices&) const = default;
};

// Limits of every plan, defaults unless an operator's file says otherwise.
struct PlanTable {
  PlanLimits free = default_limits(Plan::free);
  PlanLimits pro = default_limits(Plan::pro);
  PlanLimits agency = default_limits(Plan::agency);
  CreditPrices prices{};

  const PlanLimits& of(Plan plan) const;
};

struct Account {
  AccountId id;
  std::string name;
  Plan plan = Plan::free;
  Time plan_since{};  // billing months run from this day of the month
  bool unlimited_credits = false;
  Time created_at{};
};

struct User {
  UserId id;
  AccountId account;
  std::string email;  // lower case
  Role role = Role::viewer;
  std::string password_hash;
  bool disabled = false;
  Time created_at{};
  std::string username{};
  std::string first_name{};
  std::string last_name{};
  Time signed_in_since{};   // tokens from before do not hold any more
  std::int64_t number = 0;  // what tokens call it; given by the store
};

// A new password: tokens from before now do not hold any more, and new ones begin with the next second, for tokens
// count whole ones.
void set_password(User& user, std::string hash, Time now);

struct ApiKey {
  ApiKeyId id;
  AccountId account;
  std::string name;
  Role role = Role::editor;
  std::optional<ProjectId> project{};  // bound to one project
  Digest digest{};                     // SHA-256 of the whole key
  std::string hint;                    // its last four characters
  Time created_at{};
  std::optional<Time> expires_at{};
  std::optional<Time> revoked_at{};
  std::optional<Time> last_used_at{};

  bool valid_at(Time now) const { return !revoked_at && (!expires_at || now < *expires_at); }
};

// A month of a plan: [from, until).
struct QuotaPeriod {
  Time from{};
  Time until{};
};
// The month around now. A plan that began on the 31st turns on the last day of shorter months.
QuotaPeriod quota_period(Time plan_since, Time now);

struct QuotaUsage {
  std::int64_t reserved = 0;  // queued and not finished
  std::int64_t spent = 0;     // succeeded
};

// Whose the row with an id is, seen from one account.
enum class Ownership : std::uint8_t { nobodys, own, foreign };

class Accounts {
 public:
  virtual ~Accounts() = default;

  virtual Result<Account> find(const AccountId& id) const = 0;
  // By id, name or a user's e-mail, for operators at the command line.
  virtual Result<Account> find_by_any(const std::string& text) const = 0;
  virtual Result<std::vector<Account>> all(int max) const = 0;
  // For what comes from another server with ids of its own. Tells of no foreign row more than that it is there. Of
  // projects, clusters, keywords, connections, webhooks, articles and publications.
  template <class Tag>
  Result<Ownership> ownership(const AccountId& account, const Id<Tag>& id) const {
    return ownership_of(account, Tag::prefix, id.text());
  }
  virtual Result<Ownership> ownership_of(const AccountId& account, std::string_view prefix,
                                         const std::string& id) const = 0;
  // The whole number that one dialect calls a row by, of the same kinds and of users and accounts; and back. not_found
  // for what is nobody's or another account's.
  template <class Tag>
  Result<std::int64_t> number_of(const AccountId& account, const Id<Tag>& id) const {
    return number_of(account, Tag::prefix, id.text());
  }
  template <class Tag>
  Result<Id<Tag>> id_of(const AccountId& account, std::int64_t number) const {
    Result<std::string> text = id_of(account, Tag::prefix, number);
    if (text) return Id<Tag>(*std::move(text));
    if (text.error().code == ErrorCode::not_found) return not_found(Tag::noun, std::to_string(number));
    return std::move(text).error();
  }
  virtual Result<std::int64_t> number_of(const AccountId& account, std::string_view prefix,
                                         const std::string& id) const = 0;
  virtual Result<std::string> id_of(const AccountId& account, std::string_view prefix, std::int64_t number) const = 0;

  virtual Result<void> insert(const Account& account) = 0;
  virtual Result<void> set_plan(const AccountId& id, Plan plan, Time since) = 0;

  virtual Result<std::vector<User>> users(const AccountId& account) const = 0;
  // Newest first. search: a part of the address, without regard to case; empty: all.
  virtual Result<Counted<User>> browse_users(const AccountId& account, const std::string& search,
                                             const NumberedPage& page) const = 0;
  virtual Result<User> find_user(const std::string& email) const = 0;
  // Takes no account: the number stands in a token that this server signed.
  virtual Result<User> find_user(std::int64_t number) const = 0;
  virtual Result<User> find_user(const AccountId& account, const UserId& id) const = 0;
  // conflict when the e-mail is taken.
  virtual Result<void> insert_user(const User& user) = 0;
  virtual Result<void> update_user(const User& user) = 0;
  // With all that lets the user in.
  virtual Result<void> remove_user(const AccountId& account, const UserId& id) = 0;

  virtual Result<QuotaUsage> usage(const AccountId& account, const QuotaPeriod& period) const = 0;
  // Adds to both counters, which may be negative amounts.
  virtual Result<void> add_usage(const AccountId& account, const QuotaPeriod& period, std::int64_t reserved,
                                 std::int64_t spent) = 0;
};

class ApiKeys {
 public:
  virtual ~ApiKeys() = default;

  // Revoked and expired ones too; not_found when there is none. The only way to a row that does not take the account:
  // the digest is the credential itself.
  virtual Result<ApiKey> find_by_digest(const Digest& digest) const = 0;
  virtual Result<ApiKey> find(const AccountId& account, const ApiKeyId& id) const = 0;
  virtual Result<Page<ApiKey>> list(const AccountId& account, const PageRequest& page) const = 0;
  virtual Result<void> insert(const ApiKey& key) = 0;
  virtual Result<void> update(const ApiKey& key) = 0;
  virtual Result<void> touch(const AccountId& account, const ApiKeyId& id, Time used_at) = 0;
};

}  // namespace galley
