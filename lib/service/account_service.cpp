#include "service/account_service.hpp"

#include "base/encoding.hpp"
#include "base/unicode.hpp"
#include "service/audit.hpp"
#include "service/authenticator.hpp"
#include "service/credits.hpp"

namespace galley::service {

namespace {

constexpr std::size_t longest_email = 254;  // RFC 5321's path, without its brackets

constexpr std::size_t longest_name = 150;  // code points

Result<std::string> checked_name(std::string_view given, std::string_view field) {
  std::string name = tidy_line(given);
  if (count_code_points(name) > longest_name) return invalid(std::string(field), "must be at most 150 characters long");
  return name;
}

// Who does it, for the audit trail.
Actor maker_of(const MadeUser& made, const UserDraft& draft) {
  if (draft.maker) return *draft.maker;
  Actor maker = operator_of(made.account.id);
  if (!draft.visitor) return maker;
  maker.user = made.user.id;
  maker.address = draft.visitor->address;
  maker.request_id = draft.visitor->request_id;
  return maker;
}

}  // namespace

// One "@", something on both sides, a dot or "localhost" behind it: the rest only a message sent there can tell.
Result<std::string> normalize_email(std::string_view given) {
  const std::string email = to_lower_ascii(trim_ascii(given));
  const std::size_t at = email.find('@');
  const bool sound = at != std::string::npos && at > 0 && at + 1 < email.size() &&
                     email.find('@', at + 1) == std::string::npos && email.size() <= longest_email &&
                     email.find_first_of(" \t\r\n") == std::string::npos;
  if (!sound) return invalid("email", "must be an e-mail address");
  return email;
}

Result<AccountDetail> AccountService::get(const Actor& actor) const {
  return context_.store.read([&](const Transaction& transaction) -> Result<AccountDetail> {
    AccountDetail detail{.account = GALLEY_TRY(transaction.accounts().find(actor.account))};
    detail.limits = context_.plans.of(detail.account.plan);
    detail.quota = GALLEY_TRY(quota_of(transaction, context_, detail.account));
    detail.projects = GALLEY_TRY(transaction.projects().count(actor.account));
    return detail;
  });
}

Result<MadeUser> AccountService::create_user(Transaction& transaction, const UserDraft& draft,
                                             std::string password_hash) const {
  MadeUser made;
  made.user.id = context_.ids.make<UserId>();
  made.user.email = GALLEY_TRY(normalize_email(draft.email));
  made.user.username = GALLEY_TRY(checked_name(draft.username, "username"));
  made.user.first_name = GALLEY_TRY(checked_name(draft.first_name, "first_name"));
  made.user.last_name = GALLEY_TRY(checked_name(draft.last_name, "last_name"));
  if (draft.account) {
    made.account = GALLEY_TRY(transaction.accounts().find_by_any(*draft.account));
  } else {
    const bool first = GALLEY_TRY(transaction.accounts().all(1)).empty();
    made.account.id = context_.ids.make<AccountId>();
    made.account.name = GALLEY_TRY(checked_name(draft.account_name, "account_name"));
    if (made.account.name.empty()) made.account.name = made.user.email;
    made.account.plan = draft.plan.value_or(first ? Plan::agency : Plan::free);
    made.account.unlimited_credits = first && !draft.visitor;
    made.account.created_at = made.account.plan_since = context_.clock.now();
    GALLEY_TRY(transaction.accounts().insert(made.account));
    GALLEY_TRY(audit(transaction, context_, maker_of(made, draft),
                     {.action = AuditAction::account_created,
                      .subject = made.account.id.text(),
                      .note = std::string(to_text(made.account.plan))}));
  }
  made.user.account = made.account.id;
  made.user.role = draft.role;
  made.user.password_hash = std::move(password_hash);
  made.user.created_at = context_.clock.now();
  GALLEY_TRY(transaction.accounts().insert_user(made.user));
  GALLEY_TRY(audit(transaction, context_, maker_of(made, draft),
                   {.action = AuditAction::user_created,
                    .subject = made.user.id.text(),
                    .note = made.user.email + ", " + std::string(to_text(made.user.role))}));
  return made;
}

Result<std::optional<AccountService::FirstStart>> AccountService::first_start(Transaction& transaction,
                                                                              std::string email,
                                                                              std::string password_hash) const {
  if (!GALLEY_TRY(transaction.accounts().all(1)).empty()) return std::optional<FirstStart>();
  FirstStart first;
  const UserDraft draft{.email = std::move(email)};
  first.owner = GALLEY_TRY(create_user(transaction, draft, std::move(password_hash)));
  first.key = GALLEY_TRY(
      keys_.make(transaction, operator_of(first.owner.account.id), {.name = "first key", .role = Role::owner}));
  return std::optional(std::move(first));
}

Result<User> AccountService::change_user(Transaction& transaction, const std::string& email,
                                         const std::function<void(User&)>& edit, std::string note) const {
  User user = GALLEY_TRY(transaction.accounts().find_user(email));
  edit(user);
  GALLEY_TRY(transaction.accounts().update_user(user));
  // A password that somebody else may know, or a user who may not come back.
  GALLEY_TRY(transaction.sessions().revoke_all(user.account, user.id, context_.clock.now()));
  transaction.announce(credentials_topic);
  GALLEY_TRY(audit(transaction, context_, operator_of(user.account),
                   {.action = AuditAction::user_changed, .subject = user.id.text(), .note = std::move(note)}));
  return user;
}

Result<Account> AccountService::set_plan(Transaction& transaction, const std::string& name, Plan plan) const {
  Account account = GALLEY_TRY(transaction.accounts().find_by_any(name));
  account.plan = plan;
  account.plan_since = context_.clock.now();
  GALLEY_TRY(transaction.accounts().set_plan(account.id, plan, account.plan_since));
  GALLEY_TRY(begin_plan_credits(transaction, context_, account));
  GALLEY_TRY(
      audit(transaction, context_, operator_of(account.id),
            {.action = AuditAction::plan_changed, .subject = account.id.text(), .note = std::string(to_text(plan))}));
  transaction.announce(credentials_topic);
  return account;
}

}  // namespace galley::service
