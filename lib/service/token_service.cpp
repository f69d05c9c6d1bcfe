#include "service/token_service.hpp"

#include "base/crypto.hpp"

namespace galley::service {

namespace {

constexpr std::size_t key_bytes = 32;

std::int64_t seconds_of(Time time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

std::optional<Time> time_of(const json::Value& claims, std::string_view name) {
  const json::Value* member = claims.find(name);
  if (member == nullptr || member->integer() == nullptr) return std::nullopt;
  const std::int64_t seconds = *member->integer();
  if (seconds < 0 || seconds > 253402300799) return std::nullopt;  // the year 9999
  return Time(std::chrono::seconds(seconds));
}

}  // namespace

TokenService::TokenService(const Context& context) : context_(context) {
  subscription_ = context.store.changes().subscribe(std::string(signing_keys_topic), [this] {
    const std::lock_guard lock(mutex_);
    ++generation_;
    keys_.reset();
  });
}

std::shared_ptr<const TokenService::Keys> TokenService::keys() const {
  std::uint64_t generation = 0;
  {
    const std::lock_guard lock(mutex_);
    if (keys_) return keys_;
    generation = generation_;
  }
  const auto read =
      context_.store.read([](const Transaction& transaction) { return transaction.sessions().signing_keys(); });
  if (!read) return nullptr;
  auto fresh = std::make_shared<Keys>();
  for (const SigningKey& key : *read)
    if (!key.retired_at || context_.clock.now() - *key.retired_at < refresh_life)
      fresh->push_back({key.id.text(), key.secret});
  const std::lock_guard lock(mutex_);
  // What was read before the keys changed must not outlive the change.
  if (generation == generation_) keys_ = fresh;
  return fresh;
}

std::optional<TokenClaims> TokenService::read(std::string_view token, TokenType type) const {
  const std::shared_ptr<const Keys> known = keys();
  if (!known) return std::nullopt;
  const std::optional<json::Value> claims = verify_jwt(*known, token);
  if (!claims) return std::nullopt;
  const json::Value* said = claims->find("type");
  const json::Value* user = claims->find("user_id");
  const std::optional<Time> issued_at = time_of(*claims, "iat");
  const std::optional<Time> expires_at = time_of(*claims, "exp");
  if (said == nullptr || said->text() == nullptr || *said->text() != to_text(type)) return std::nullopt;
  if (user == nullptr || user->integer() == nullptr || !issued_at || !expires_at) return std::nullopt;
  if (context_.clock.now() >= *expires_at) return std::nullopt;
  return TokenClaims{.user = *user->integer(), .type = type, .issued_at = *issued_at, .expires_at = *expires_at};
}

Result<SigningKeyId> TokenService::rotate_key(Transaction& transaction) const {
  SigningKey key{.id = context_.ids.make<SigningKeyId>(),
                 .secret = Secret(random_bytes(key_bytes)),
                 .created_at = context_.clock.now()};
  GALLEY_TRY(transaction.sessions().retire_signing_keys(key.created_at, key.created_at - refresh_life));
  GALLEY_TRY(transaction.sessions().insert_signing_key(key));
  transaction.announce(signing_keys_topic);
  return key.id;
}

Result<Secret> TokenService::sign(Transaction& transaction, const User& user, TokenType type, Time issued_at,
                                  Time expires_at) const {
  std::vector<SigningKey> keys = GALLEY_TRY(transaction.sessions().signing_keys());
  if (keys.empty() || keys.front().retired_at) {
    GALLEY_TRY(rotate_key(transaction));
    keys = GALLEY_TRY(transaction.sessions().signing_keys());
  }
  const std::int64_t account = GALLEY_TRY(transaction.accounts().number_of(user.account, user.account));
  json::Object claims;
  claims.emplace_back("user_id", json::Value(user.number));
  claims.emplace_back("account_id", json::Value(account));
  claims.emplace_back("email", json::Value(user.email));
  claims.emplace_back("role", json::Value(to_text(user.role)));
  claims.emplace_back("type", json::Value(to_text(type)));
  claims.emplace_back("jti", json::Value(context_.ids.make_uuid()));
  claims.emplace_back("iat", json::Value(seconds_of(issued_at)));
  claims.emplace_back("exp", json::Value(seconds_of(expires_at)));
  return sign_jwt({keys.front().id.text(), keys.front().secret}, json::Value(std::move(claims)));
}

}  // namespace galley::service
