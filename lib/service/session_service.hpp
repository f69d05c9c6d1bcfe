// Users who sign in with e-mail and password: up, in, on, out.
#pragma once

#include <optional>
#include <string>

#include "base/secret.hpp"
#include "domain/account.hpp"
#include "service/account_service.hpp"
#include "service/actor.hpp"
#include "service/context.hpp"
#include "service/password_pool.hpp"
#include "service/project_service.hpp"
#include "service/sign_in_throttle.hpp"
#include "service/token_service.hpp"

namespace galley::service {

struct TokenPair {
  Secret access{};
  Secret refresh{};
  Time access_expires_at{};
  Time refresh_expires_at{};
};

// A user as others see it, with the whole numbers that a dialect calls it and its account by.
struct Profile {
  User user{};
  Account account{};
  std::int64_t account_number = 0;
};

// Of the account's name, for addresses.
std::string slug_of(const Account& account);

// validation_failed for the field where it is too short or too long.
Result<void> check_new_password(const Secret& password, std::string_view field);

struct SignedIn {
  Profile profile{};
  TokenPair tokens{};
};

struct SignUp {
  std::string email;
  Secret password;
  std::string username{};
  std::string first_name{};
  std::string last_name{};
  std::string account_name{};  // empty: the e-mail address
};

// Where strangers may make accounts of their own.
enum class Registration : std::uint8_t { open, closed };

class SessionService {
 public:
  static constexpr std::size_t shortest_password = 8;  // code points
  static constexpr std::size_t longest_password = 1024;
  // How long a refresh token that was used may come again: two tabs at once, an answer that was lost.
  static constexpr std::chrono::seconds grace{30};

  SessionService(const Context& context, const AccountService& accounts, const ProjectService& projects,
                 const TokenService& tokens, PasswordPool& passwords, Registration registration)
      : context_(context),
        accounts_(accounts),
        projects_(projects),
        tokens_(tokens),
        passwords_(passwords),
        registration_(registration),
        throttle_(context.clock) {}

  // Makes an account on the plan free with its owner and a first project. conflict with the field email where the
  // address is taken, forbidden where registration is closed.
  Task<Result<SignedIn>> sign_up(SignUp wanted, Visitor visitor) const;
  // sign_in_refused for an unknown address, a wrong password and a disabled user alike, in the same time; rate_limited
  // after many failures.
  Task<Result<SignedIn>> sign_in(std::string email, Secret password, Visitor visitor) const;
  // A new pair for a refresh token, which dies. One that was used before, outside of the grace, ends the whole sign-in:
  // somebody has stolen it.
  Task<Result<TokenPair>> refresh(Secret token, Visitor visitor) const;
  // Ends the sign-in of the refresh token, or all of the user's where none is given.
  Task<Result<void>> sign_out(Actor actor, std::optional<Secret> refresh) const;
  // forbidden for an actor that is no user.
  Result<Profile> profile(const Actor& actor) const;
  // Ends all sign-ins of the user; the new pair goes on.
  Task<Result<TokenPair>> change_password(Actor actor, Secret old_password, Secret new_password) const;

 private:
  Result<TokenPair> issue(Transaction& transaction, const User& user, const std::string& family) const;
  Result<std::optional<TokenPair>> exchange(Transaction& transaction, const Digest& digest, const TokenClaims& claims,
                                            const Visitor& visitor) const;

  const Context& context_;
  const AccountService& accounts_;
  const ProjectService& projects_;
  const TokenService& tokens_;
  PasswordPool& passwords_;
  Registration registration_;
  mutable SignInThrottle throttle_;
};

}  // namespace galley::service

template <>
struct galley::Names<galley::service::Registration> {
  using Registration = galley::service::Registration;
  static constexpr NameOf<Registration> all[] = {{Registration::open, "open"}, {Registration::closed, "closed"}};
};
