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
#include "service/password_pool.hpp"

namespace galley::service {

// What lets somebody choose a password, once. Shown to whoever asked for it, and kept by nobody: the store has its
// digest.
struct PasswordLink {
  Secret token{};
  Time expires_at{};
};

struct Invitation {
  std::string email;
  Role role = Role::editor;
  std::string username{};
  std::string first_name{};
  std::string last_name{};
};
struct InvitedUser {
  User user{};
  PasswordLink link{};
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
  static constexpr std::chrono::hours reset_life{1};
  static constexpr std::chrono::hours invitation_life{7 * 24};

  // All outlive this.
  UserService(const Context& context, const AccountService& accounts, PasswordPool& passwords)
      : context_(context), accounts_(accounts), passwords_(passwords) {}

  Result<Counted<User>> list(const Actor& actor, const std::string& search, const NumberedPage& page) const;
  Result<User> get(const Actor& actor, std::int64_t number) const;
  // A user without a password, who cannot sign in before one was chosen with the link. forbidden for a role above the
  // actor's own; conflict with the field email where the address is taken.
  Task<Result<InvitedUser>> invite(Actor actor, Invitation invitation) const;
  using Edit = std::function<Result<void>(UserChanges&)>;
  // Another role, or none any more, holds at once for tokens that were given before. forbidden for roles above the
  // actor's own; conflict for what would leave the account without an owner, and for oneself.
  Task<Result<User>> update(Actor actor, std::int64_t number, Edit edit) const;
  Task<Result<void>> remove(Actor actor, std::int64_t number) const;

  // Takes the same time, and says the same, whether or not there is such a user. The audit trail notes it: whoever
  // looks after the account, or the server, hands over a link.
  Task<Result<void>> ask_for_reset(std::string email, Visitor visitor) const;
  // For operators: ends none of the user's sign-ins by itself.
  Result<PasswordLink> make_reset_link(Transaction& transaction, const std::string& email) const;
  // Chooses the password: ends all sign-ins of the user, and every other link. validation_failed for a token that is
  // none any more.
  Task<Result<void>> choose_password(Secret token, Secret password, Visitor visitor) const;

 private:
  Result<PasswordLink> make_link(Transaction& transaction, const User& user, std::chrono::hours life) const;
  // What was true of the user's sign-ins is true no more.
  Result<void> end_sign_ins(Transaction& transaction, const User& user) const;

  const Context& context_;
  const AccountService& accounts_;
  PasswordPool& passwords_;
};

}  // namespace galley::service
