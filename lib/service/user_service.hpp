// The users of an account, whom its admins look after; and passwords that somebody does not have yet, or has forgotten.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/secret.hpp"
#include "domain/account.hpp"
#include "domain/session.hpp"
#include "service/account_service.hpp"
#include "service/actor.hpp"
#include "service/context.hpp"
#include "service/password_link.hpp"
#include "service/password_pool.hpp"

namespace galley::service {

enum class Mailing : std::uint8_t { by_hand, by_relay };

struct Invitation {
  std::string email;
  Role role = Role::editor;
  std::string username{};
  std::string first_name{};
  std::string last_name{};
};
struct InvitedUser {
  User user{};
  Time expires_at{};              // of the invitation
  std::optional<Secret> token{};  // to be handed over, where no mail brings it
};

// What an admin may change of a user.
struct UserChanges {
  Role role = Role::viewer;
  bool active = true;
  std::string username{};
  std::string first_name{};
  std::string last_name{};
};

class UserService {
 public:
  // Links of a user that hold at once, or are on their way: nobody's mailbox is filled.
  static constexpr std::int64_t most_links = 3;

  // All outlive this. mailing: whether somebody sends what is queued.
  UserService(const Context& context, const AccountService& accounts, PasswordPool& passwords, Mailing mailing)
      : context_(context), accounts_(accounts), passwords_(passwords), mailing_(mailing) {}

  Mailing mailing() const { return mailing_; }

  Result<Counted<User>> list(const Actor& actor, const std::string& search, const NumberedPage& page) const;
  Result<User> get(const Actor& actor, std::int64_t number) const;
  // A user without a password, who cannot sign in before one was chosen with the link, which a mail brings where there
  // is a relay. forbidden for a role above the
  // actor's own; conflict with the field email where the address is taken.
  Task<Result<InvitedUser>> invite(Actor actor, Invitation invitation) const;
  using Edit = std::function<Result<void>(UserChanges&)>;
  // Another role, or none any more, holds at once for tokens that were given before. forbidden for roles above the
  // actor's own; conflict for what would leave the account without an owner, and for oneself.
  Task<Result<User>> update(Actor actor, std::int64_t number, Edit edit) const;
  Task<Result<void>> remove(Actor actor, std::int64_t number) const;

  // Takes the same time, and says the same, whether or not there is such a user. A mail brings the link; without a
  // relay the audit trail notes it, and whoever looks after the server hands one over.
  Task<Result<void>> ask_for_reset(std::string email, Visitor visitor) const;
  // For operators: ends none of the user's sign-ins by itself.
  Result<PasswordLink> make_reset_link(Transaction& transaction, const std::string& email) const;
  // The same for somebody who was invited; conflict for one who has a password.
  Result<PasswordLink> make_invitation_link(Transaction& transaction, const std::string& email) const;
  // Chooses the password: ends all sign-ins of the user, and every other link. validation_failed for a token that is
  // none any more.
  Task<Result<void>> choose_password(Secret token, Secret password, Visitor visitor) const;

 private:
  // What was true of the user's sign-ins is true no more.
  Result<void> end_sign_ins(Transaction& transaction, const User& user) const;

  const Context& context_;
  const AccountService& accounts_;
  PasswordPool& passwords_;
  Mailing mailing_;
};

}  // namespace galley::service
