#include "service/user_service.hpp"

#include <algorithm>

#include "base/crypto.hpp"
#include "base/encoding.hpp"
#include "service/audit.hpp"
#include "service/authenticator.hpp"
#include "service/numbers.hpp"
#include "service/session_service.hpp"

namespace galley::service {

namespace {

Result<User> find(const Transaction& transaction, const Actor& actor, std::int64_t number) {
  GALLEY_TRY(require_whole_account(actor));
  const UserId id = GALLEY_TRY(id_of<UserTag>(transaction, actor.account, number));
  return transaction.accounts().find_user(actor.account, id);
}

Result<void> require_rank(const Actor& actor, Role role) {
  if (role <= actor.role) return {};
  return forbidden("Nobody changes or gives a role above their own.");
}

// Whether somebody else could still do everything.
Result<bool> is_last_owner(const Transaction& transaction, const User& user) {
  if (user.role != Role::owner || user.disabled) return false;
  const std::vector<User> users = GALLEY_TRY(transaction.accounts().users(user.account));
  return std::ranges::none_of(users, [&](const User& other) {
    return other.id != user.id && other.role == Role::owner && !other.disabled && !other.password_hash.empty();
  });
}

Error wrong_link() {
  return invalid("token", "is not valid any more: ask for another one");
}

}  // namespace

Result<void> UserService::end_sign_ins(Transaction& transaction, const User& user) const {
  GALLEY_TRY(transaction.sessions().revoke_all(user.account, user.id, context_.clock.now()));
  GALLEY_TRY(transaction.sessions().remove_password_tokens(user.account, user.id));
  transaction.announce(credentials_topic);
  return {};
}

Result<Counted<User>> UserService::list(const Actor& actor, const std::string& search, const NumberedPage& page) const {
  GALLEY_TRY(require_whole_account(actor));
  return context_.store.read(
      [&](const Transaction& transaction) { return transaction.accounts().browse_users(actor.account, search, page); });
}

Result<User> UserService::get(const Actor& actor, std::int64_t number) const {
  return context_.store.read([&](const Transaction& transaction) { return find(transaction, actor, number); });
}

Task<Result<InvitedUser>> UserService::invite(Actor actor, Invitation invitation) const {
  GALLEY_CO_TRY(require_whole_account(actor));
  GALLEY_CO_TRY(require_rank(actor, invitation.role));
  auto body = [&](Transaction& transaction) -> Result<InvitedUser> {
    const UserDraft draft{.email = invitation.email,
                          .role = invitation.role,
                          .account = actor.account.text(),
                          .username = invitation.username,
                          .first_name = invitation.first_name,
                          .last_name = invitation.last_name,
                          .maker = actor};
    Result<MadeUser> made = accounts_.create_user(transaction, draft, "");
    if (!made) {
      Error error = made.error();
      if (error.code == ErrorCode::conflict) error.fields.push_back({"email", "is taken already"});
      return error;
    }
    InvitedUser invited{.expires_at = context_.clock.now() + invitation_life};
    if (mailing_ == Mailing::by_relay) {
      GALLEY_TRY(queue_mail(transaction, context_, made->user, MailPurpose::invitation));
    } else {
      invited.token = GALLEY_TRY(make_password_link(transaction, context_, made->user, invitation_life)).token;
    }
    invited.user = GALLEY_TRY(transaction.accounts().find_user(actor.account, made->user.id));
    GALLEY_TRY(audit(transaction, context_, actor,
                     {.action = AuditAction::user_invited, .subject = made->user.id.text(), .note = made->user.email}));
    return invited;
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<User>> UserService::update(Actor actor, std::int64_t number, Edit edit) const {
  auto body = [&](Transaction& transaction) -> Result<User> {
    User user = GALLEY_TRY(find(transaction, actor, number));
    UserChanges changes{.role = user.role,
                        .active = !user.disabled,
                        .username = user.username,
                        .first_name = user.first_name,
                        .last_name = user.last_name};
    GALLEY_TRY(edit(changes));
    const bool loses = changes.role != user.role || changes.active == user.disabled;
    if (loses) {
      GALLEY_TRY(require_rank(actor, std::max(user.role, changes.role)));
      if (actor.user == user.id) return conflict("Somebody else has to change your own role and access.");
      const bool stays_owner = changes.role == Role::owner && changes.active;
      if (!stays_owner && GALLEY_TRY(is_last_owner(transaction, user)))
        return conflict("The account would have no owner.");
    }
    user.role = changes.role;
    user.disabled = !changes.active;
    user.username = std::move(changes.username);
    user.first_name = std::move(changes.first_name);
    user.last_name = std::move(changes.last_name);
    GALLEY_TRY(transaction.accounts().update_user(user));
    if (loses) GALLEY_TRY(end_sign_ins(transaction, user));
    GALLEY_TRY(audit(transaction, context_, actor,
                     {.action = AuditAction::user_changed,
                      .subject = user.id.text(),
                      .note = std::string(to_text(user.role)) + (user.disabled ? ", disabled" : "")}));
    return user;
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<void>> UserService::remove(Actor actor, std::int64_t number) const {
  auto body = [&](Transaction& transaction) -> Result<void> {
    const User user = GALLEY_TRY(find(transaction, actor, number));
    GALLEY_TRY(require_rank(actor, user.role));
    if (actor.user == user.id) return conflict("Somebody else has to remove you.");
    if (GALLEY_TRY(is_last_owner(transaction, user))) return conflict("The account would have no owner.");
    GALLEY_TRY(audit(transaction, context_, actor,
                     {.action = AuditAction::user_removed, .subject = user.id.text(), .note = user.email}));
    transaction.announce(credentials_topic);
    return transaction.accounts().remove_user(actor.account, user.id);
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<void>> UserService::ask_for_reset(std::string given, Visitor visitor) const {
  const std::string email = GALLEY_CO_TRY(normalize_email(given));
  // A commit either way: whether the address is known shall not be told by the time.
  auto body = [&](Transaction& transaction) -> Result<void> {
    GALLEY_TRY(transaction.sessions().purge_password_tokens(context_.clock.now(), 10));
    const Result<User> user = transaction.accounts().find_user(email);
    if (!user) return user.error().code == ErrorCode::not_found ? Result<void>() : user.error();
    const Actor asking{
        .account = user->account, .user = user->id, .address = visitor.address, .request_id = visitor.request_id};
    GALLEY_TRY(audit(transaction, context_, asking,
                     {.action = AuditAction::password_reset_asked,
                      .subject = user->id.text(),
                      .note = "by somebody who says to be " + user->email}));
    if (mailing_ == Mailing::by_hand || user->disabled) return {};
    const std::int64_t waiting =
        GALLEY_TRY(transaction.mails().waiting(user->account, user->id, MailPurpose::password_reset));
    const std::int64_t held =
        GALLEY_TRY(transaction.sessions().count_password_tokens(user->account, user->id, context_.clock.now()));
    if (waiting + held >= most_links) return {};
    return queue_mail(transaction, context_, *user, MailPurpose::password_reset);
  };
  co_return co_await context_.store.write(std::move(body));
}

Result<PasswordLink> UserService::make_reset_link(Transaction& transaction, const std::string& email) const {
  const User user = GALLEY_TRY(transaction.accounts().find_user(email));
  if (user.disabled) return conflict("The user is disabled: a new password would not let them in.");
  GALLEY_TRY(audit(transaction, context_, operator_of(user.account),
                   {.action = AuditAction::password_reset_asked, .subject = user.id.text(), .note = user.email}));
  return make_password_link(transaction, context_, user, reset_life);
}

Result<PasswordLink> UserService::make_invitation_link(Transaction& transaction, const std::string& email) const {
  const User user = GALLEY_TRY(transaction.accounts().find_user(email));
  if (user.disabled) return conflict("The user is disabled: a password would not let them in.");
  if (!user.password_hash.empty()) return conflict("The user has a password: give them a link that resets it.");
  GALLEY_TRY(audit(transaction, context_, operator_of(user.account),
                   {.action = AuditAction::user_invited, .subject = user.id.text(), .note = user.email}));
  return make_password_link(transaction, context_, user, invitation_life);
}

Task<Result<void>> UserService::choose_password(Secret token, Secret password, Visitor visitor) const {
  GALLEY_CO_TRY(check_new_password(password, "new_password"));
  std::string hash = GALLEY_CO_TRY(co_await passwords_.hash(password));
  auto body = [&](Transaction& transaction) -> Result<void> {
    const Result<PasswordToken> known = transaction.sessions().find_password_token(sha256(token.reveal()));
    if (!known) return known.error().code == ErrorCode::not_found ? wrong_link() : known.error();
    User user = GALLEY_TRY(transaction.accounts().find_user(known->account, known->user));
    if (known->expires_at <= context_.clock.now() || user.disabled) return wrong_link();
    set_password(user, std::move(hash), context_.clock.now());
    GALLEY_TRY(transaction.accounts().update_user(user));
    GALLEY_TRY(end_sign_ins(transaction, user));
    const Actor actor{.account = user.account,
                      .role = user.role,
                      .user = user.id,
                      .address = visitor.address,
                      .request_id = visitor.request_id};
    return audit(transaction, context_, actor,
                 {.action = AuditAction::user_changed, .subject = user.id.text(), .note = "password, by a link"});
  };
  co_return co_await context_.store.write(std::move(body));
}

}  // namespace galley::service
