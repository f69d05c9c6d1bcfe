#include "storage/session_repo.hpp"

namespace galley::storage {
namespace {

// The server's own secrets belong to no account.
const AccountId& nobody() {
  static const AccountId none;
  return none;
}

SealedPlace place_of(const SigningKeyId& id) {
  return {.table = "signing_keys", .column = "secret", .row = id.text(), .account = nobody()};
}

}  // namespace

Result<RefreshToken> SessionRepo::find(const Digest& digest) const {
  Query query = connection_.query(
      "SELECT digest, account_id, user_id, family, created_at, expires_at, used_at, revoked_at FROM refresh_tokens "
      "WHERE digest = $digest");
  if (!GALLEY_TRY(query.bind("digest", digest).step())) return not_found("session", "");
  RefreshToken token;
  query.row().into(token.digest, token.account, token.user, token.family, token.created_at, token.expires_at,
                   token.used_at, token.revoked_at);
  return token;
}

Result<void> SessionRepo::insert(const RefreshToken& token) {
  Query query = connection_.query(
      "INSERT INTO refresh_tokens (digest, account_id, user_id, family, created_at, expires_at, used_at, revoked_at) "
      "VALUES ($digest, $account, $user, $family, $created_at, $expires_at, $used_at, $revoked_at)");
  query.bind("digest", token.digest).bind("account", token.account).bind("user", token.user);
  query.bind("family", token.family).bind("created_at", token.created_at).bind("expires_at", token.expires_at);
  GALLEY_TRY(query.bind("used_at", token.used_at).bind("revoked_at", token.revoked_at).run());
  return {};
}

Result<void> SessionRepo::mark_used(const AccountId& account, const Digest& digest, Time at) {
  Query query = connection_.query(
      "UPDATE refresh_tokens SET used_at = coalesce(used_at, $at) WHERE digest = $digest AND account_id = $account");
  GALLEY_TRY(query.bind("at", at).bind("digest", digest).bind("account", account).run());
  return require_change(connection_, "session", "");
}

Result<void> SessionRepo::revoke_family(const AccountId& account, const std::string& family, Time at) {
  Query query = connection_.query(
      "UPDATE refresh_tokens SET revoked_at = $at WHERE family = $family AND (account_id || '') = $account "
      "AND revoked_at IS NULL");
  GALLEY_TRY(query.bind("at", at).bind("family", family).bind("account", account).run());
  return {};
}

Result<void> SessionRepo::revoke_all(const AccountId& account, const UserId& user, Time at) {
  Query query = connection_.query(
      "UPDATE refresh_tokens SET revoked_at = $at WHERE user_id = $user AND (account_id || '') = $account "
      "AND revoked_at IS NULL");
  GALLEY_TRY(query.bind("at", at).bind("user", user).bind("account", account).run());
  return {};
}

Result<std::int64_t> SessionRepo::purge(Time before, int max) {
  Query query = connection_.query(
      "DELETE FROM refresh_tokens WHERE row IN (SELECT row FROM refresh_tokens WHERE expires_at < $before "
      "ORDER BY expires_at LIMIT $max)");
  GALLEY_TRY(query.bind("before", before).bind("max", max).run());
  return connection_.changes();
}

Result<PasswordToken> SessionRepo::find_password_token(const Digest& digest) const {
  Query query = connection_.query(
      "SELECT digest, account_id, user_id, created_at, expires_at FROM password_tokens WHERE digest = $digest");
  if (!GALLEY_TRY(query.bind("digest", digest).step())) return not_found("token", "");
  PasswordToken token;
  query.row().into(token.digest, token.account, token.user, token.created_at, token.expires_at);
  return token;
}

Result<void> SessionRepo::insert_password_token(const PasswordToken& token) {
  Query query = connection_.query(
      "INSERT INTO password_tokens (digest, account_id, user_id, created_at, expires_at) "
      "VALUES ($digest, $account, $user, $created_at, $expires_at)");
  query.bind("digest", token.digest).bind("account", token.account).bind("user", token.user);
  GALLEY_TRY(query.bind("created_at", token.created_at).bind("expires_at", token.expires_at).run());
  return {};
}

Result<void> SessionRepo::remove_password_token(const AccountId& account, const Digest& digest) {
  Query query =
      connection_.query("DELETE FROM password_tokens WHERE digest = $digest AND (account_id || '') = $account");
  GALLEY_TRY(query.bind("digest", digest).bind("account", account).run());
  return {};
}

Result<std::int64_t> SessionRepo::count_password_tokens(const AccountId& account, const UserId& user, Time now) const {
  Query query = connection_.query(
      "SELECT count(*) FROM password_tokens WHERE user_id = $user AND (account_id || '') = $account "
      "AND expires_at > $now");
  query.bind("user", user).bind("account", account).bind("now", now);
  std::int64_t count = 0;
  if (GALLEY_TRY(query.step())) query.row().into(count);
  return count;
}

Result<void> SessionRepo::remove_password_tokens(const AccountId& account, const UserId& user) {
  Query query =
      connection_.query("DELETE FROM password_tokens WHERE user_id = $user AND (account_id || '') = $account");
  GALLEY_TRY(query.bind("user", user).bind("account", account).run());
  return {};
}

Result<std::int64_t> SessionRepo::purge_password_tokens(Time before, int max) {
  Query query = connection_.query(
      "DELETE FROM password_tokens WHERE row IN (SELECT row FROM password_tokens WHERE expires_at < $before "
      "ORDER BY expires_at LIMIT $max)");
  GALLEY_TRY(query.bind("before", before).bind("max", max).run());
  return connection_.changes();
}

Result<std::vector<SigningKey>> SessionRepo::signing_keys() const {
  Query query = connection_.query("SELECT id, created_at, retired_at, secret FROM signing_keys ORDER BY row DESC");
  std::vector<SigningKey> keys;
  while (GALLEY_TRY(query.step())) {
    SigningKey& key = keys.emplace_back();
    query.row().into(key.id, key.created_at, key.retired_at);
    key.secret = GALLEY_TRY(sealer_.open(query.row().bytes(3), place_of(key.id)));
  }
  return keys;
}

Result<void> SessionRepo::insert_signing_key(const SigningKey& key) {
  Query query = connection_.query(
      "INSERT INTO signing_keys (id, secret, created_at, retired_at) VALUES ($id, $secret, $created_at, $retired_at)");
  query.bind("id", key.id).bind("created_at", key.created_at).bind("retired_at", key.retired_at);
  query.bind_bytes("secret", sealer_.seal(key.secret, place_of(key.id)));
  GALLEY_TRY(query.run());
  return {};
}

Result<void> SessionRepo::retire_signing_keys(Time at, Time forgotten) {
  Query removal = connection_.query("DELETE FROM signing_keys WHERE retired_at < $forgotten");
  GALLEY_TRY(removal.bind("forgotten", forgotten).run());
  Query query = connection_.query("UPDATE signing_keys SET retired_at = $at WHERE retired_at IS NULL");
  GALLEY_TRY(query.bind("at", at).run());
  return {};
}

}  // namespace galley::storage
