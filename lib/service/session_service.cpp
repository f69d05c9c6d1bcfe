#include "service/session_service.hpp"

#include "base/crypto.hpp"
#include "base/encoding.hpp"
#include "base/unicode.hpp"
#include "content/slug.hpp"
#include "service/audit.hpp"
#include "service/authenticator.hpp"

namespace galley::service {

namespace {

Error wrong_sign_in() {
  return {.code = ErrorCode::sign_in_refused, .message = "Invalid email or password."};
}

Error wrong_token() {
  return {.code = ErrorCode::unauthorized, .message = "The refresh token is not valid any more. Sign in again."};
}

Actor actor_of(const User& user, const Visitor& visitor) {
  return {.account = user.account,
          .role = user.role,
          .user = user.id,
          .address = visitor.address,
          .request_id = visitor.request_id};
}

bool may_sign_in(const User& user, Time issued_at) {
  return !user.disabled && issued_at >= user.signed_in_since;
}

Result<Profile> profile_of(const Transaction& transaction, User user) {
  Profile profile{.user = std::move(user)};
  profile.account = GALLEY_TRY(transaction.accounts().find(profile.user.account));
  profile.account_number = GALLEY_TRY(transaction.accounts().number_of(profile.account.id, profile.account.id));
  return profile;
}

}  // namespace

Result<void> check_new_password(const Secret& password, std::string_view field) {
  if (!is_utf8(password.reveal()) || count_code_points(password.reveal()) < SessionService::shortest_password)
    return invalid(std::string(field), "must be at least 8 characters long");
  if (password.reveal().size() > SessionService::longest_password)
    return invalid(std::string(field), "must be at most 1024 bytes long");
  return {};
}

std::string slug_of(const Account& account) {
  return content::make_slug(account.name, "");
}

Result<TokenPair> SessionService::issue(Transaction& transaction, const User& user, const std::string& family) const {
  const Time now = context_.clock.now();
  // After a change of the password tokens begin with the next second.
  const Time issued_at = std::max(now, user.signed_in_since);
  TokenPair pair{
      .access_expires_at = std::chrono::floor<std::chrono::seconds>(issued_at + TokenService::access_life),
      .refresh_expires_at = std::chrono::floor<std::chrono::seconds>(issued_at + TokenService::refresh_life)};
  pair.access = GALLEY_TRY(tokens_.sign(transaction, user, TokenType::access, issued_at, pair.access_expires_at));
  pair.refresh = GALLEY_TRY(tokens_.sign(transaction, user, TokenType::refresh, issued_at, pair.refresh_expires_at));
  GALLEY_TRY(transaction.sessions().insert({.digest = sha256(pair.refresh.reveal()),
                                            .account = user.account,
                                            .user = user.id,
                                            .family = family,
                                            .created_at = now,
                                            .expires_at = pair.refresh_expires_at}));
  return pair;
}

Task<Result<SignedIn>> SessionService::sign_up(SignUp wanted, Visitor visitor) const {
  if (registration_ == Registration::closed)
    co_return forbidden("Registration is closed on this server. Ask its operator for an account.");
  GALLEY_CO_TRY(check_new_password(wanted.password, "password"));
  GALLEY_CO_TRY(normalize_email(wanted.email));
  std::string hash = GALLEY_CO_TRY(co_await passwords_.hash(wanted.password));
  auto body = [&](Transaction& transaction) -> Result<SignedIn> {
    UserDraft draft{.email = wanted.email,
                    .plan = Plan::free,
                    .account_name = wanted.account_name,
                    .username = wanted.username,
                    .first_name = wanted.first_name,
                    .last_name = wanted.last_name,
                    .visitor = visitor};
    Result<MadeUser> made = accounts_.create_user(transaction, draft, std::move(hash));
    if (!made) {
      Error error = made.error();
      if (error.code == ErrorCode::conflict) error.fields.push_back({"email", "is taken already"});
      return error;
    }
    const Actor actor = actor_of(made->user, visitor);
    Project first;
    first.name = made->account.name;
    GALLEY_TRY(projects_.make(transaction, actor, first));
    // As the store has it: with its number.
    User user = GALLEY_TRY(transaction.accounts().find_user(made->user.account, made->user.id));
    SignedIn signed_in;
    signed_in.tokens = GALLEY_TRY(issue(transaction, user, context_.ids.make_uuid()));
    signed_in.profile = GALLEY_TRY(profile_of(transaction, std::move(user)));
    return signed_in;
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<SignedIn>> SessionService::sign_in(std::string given, Secret password, Visitor visitor) const {
  const std::string email = to_lower_ascii(trim_ascii(given));
  GALLEY_CO_TRY(throttle_.admit(visitor.address, email));
  const Result<User> known =
      context_.store.read([&](const Transaction& transaction) { return transaction.accounts().find_user(email); });
  if (!known && known.error().code != ErrorCode::not_found) co_return known.error();
  std::string hash = known ? known->password_hash : std::string();
  const bool right = GALLEY_CO_TRY(co_await passwords_.check(password, std::move(hash)));
  if (!right || !known || known->disabled) co_return wrong_sign_in();
  auto body = [&](Transaction& transaction) -> Result<SignedIn> {
    User user = GALLEY_TRY(transaction.accounts().find_user(known->account, known->id));
    // It may have changed while the old one was being compared.
    if (user.disabled || user.password_hash != known->password_hash) return wrong_sign_in();
    SignedIn signed_in;
    signed_in.tokens = GALLEY_TRY(issue(transaction, user, context_.ids.make_uuid()));
    GALLEY_TRY(audit(transaction, context_, actor_of(user, visitor),
                     {.action = AuditAction::user_signed_in, .subject = user.id.text()}));
    signed_in.profile = GALLEY_TRY(profile_of(transaction, std::move(user)));
    return signed_in;
  };
  SignedIn signed_in = GALLEY_CO_TRY(co_await context_.store.write(std::move(body)));
  throttle_.succeeded(visitor.address, email);
  co_return signed_in;
}

Result<std::optional<TokenPair>> SessionService::exchange(Transaction& transaction, const Digest& digest,
                                                          const TokenClaims& claims, const Visitor& visitor) const {
  const Result<RefreshToken> token = transaction.sessions().find(digest);
  if (!token) return token.error().code == ErrorCode::not_found ? wrong_token() : token.error();
  const User user = GALLEY_TRY(transaction.accounts().find_user(token->account, token->user));
  const Time now = context_.clock.now();
  if (token->revoked_at || user.number != claims.user || !may_sign_in(user, claims.issued_at)) return wrong_token();
  if (token->used_at && now - *token->used_at > grace) {
    GALLEY_TRY(transaction.sessions().revoke_family(token->account, token->family, now));
    GALLEY_TRY(audit(
        transaction, context_, actor_of(user, visitor),
        {.action = AuditAction::user_signed_out, .subject = user.id.text(), .note = "a refresh token was used twice"}));
    // No error: what was revoked has to stay so.
    return std::optional<TokenPair>();
  }
  GALLEY_TRY(transaction.sessions().mark_used(token->account, digest, now));
  return std::optional(GALLEY_TRY(issue(transaction, user, token->family)));
}

Task<Result<TokenPair>> SessionService::refresh(Secret token, Visitor visitor) const {
  const std::optional<TokenClaims> claims = tokens_.read(token.reveal(), TokenType::refresh);
  if (!claims) co_return wrong_token();
  const Digest digest = sha256(token.reveal());
  auto body = [&](Transaction& transaction) { return exchange(transaction, digest, *claims, visitor); };
  std::optional<TokenPair> pair = GALLEY_CO_TRY(co_await context_.store.write(std::move(body)));
  if (!pair) co_return wrong_token();
  co_return *std::move(pair);
}

Task<Result<void>> SessionService::sign_out(Actor actor, std::optional<Secret> refresh) const {
  if (!actor.user) co_return forbidden("Only a user can sign out. Revoke an API key instead.");
  auto body = [&](Transaction& transaction) -> Result<void> {
    const Time now = context_.clock.now();
    if (!refresh) {
      GALLEY_TRY(transaction.sessions().revoke_all(actor.account, *actor.user, now));
    } else {
      const Result<RefreshToken> token = transaction.sessions().find(sha256(refresh->reveal()));
      // Signed out already, or somebody else's: nothing to end either way.
      if (!token || token->account != actor.account || token->user != *actor.user) return {};
      GALLEY_TRY(transaction.sessions().revoke_family(actor.account, token->family, now));
    }
    return audit(transaction, context_, actor, {.action = AuditAction::user_signed_out, .subject = actor.user->text()});
  };
  co_return co_await context_.store.write(std::move(body));
}

Result<Profile> SessionService::profile(const Actor& actor) const {
  if (!actor.user) return forbidden("An API key has no user. Sign in for this.");
  return context_.store.read([&](const Transaction& transaction) -> Result<Profile> {
    return profile_of(transaction, GALLEY_TRY(transaction.accounts().find_user(actor.account, *actor.user)));
  });
}

Task<Result<TokenPair>> SessionService::change_password(Actor actor, Secret old_password, Secret new_password) const {
  const Profile before = GALLEY_CO_TRY(profile(actor));
  GALLEY_CO_TRY(check_new_password(new_password, "new_password"));
  GALLEY_CO_TRY(throttle_.admit(actor.address, before.user.email));
  const bool right = GALLEY_CO_TRY(co_await passwords_.check(old_password, before.user.password_hash));
  if (!right) co_return invalid("old_password", "is not right");
  std::string hash = GALLEY_CO_TRY(co_await passwords_.hash(new_password));
  auto body = [&](Transaction& transaction) -> Result<TokenPair> {
    User user = GALLEY_TRY(transaction.accounts().find_user(actor.account, before.user.id));
    if (user.disabled || user.password_hash != before.user.password_hash) return wrong_sign_in();
    set_password(user, std::move(hash), context_.clock.now());
    GALLEY_TRY(transaction.accounts().update_user(user));
    GALLEY_TRY(transaction.sessions().revoke_all(actor.account, user.id, context_.clock.now()));
    GALLEY_TRY(audit(transaction, context_, actor,
                     {.action = AuditAction::user_changed, .subject = user.id.text(), .note = "password"}));
    transaction.announce(credentials_topic);
    return issue(transaction, user, context_.ids.make_uuid());
  };
  TokenPair pair = GALLEY_CO_TRY(co_await context_.store.write(std::move(body)));
  throttle_.succeeded(actor.address, before.user.email);
  co_return pair;
}

}  // namespace galley::service
