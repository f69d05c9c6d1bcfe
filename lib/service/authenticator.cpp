#include "service/authenticator.hpp"

#include <cstring>
#include <vector>

#include "service/api_key_form.hpp"

namespace galley::service {

namespace {

Error unknown_key() {
  return {.code = ErrorCode::unauthorized, .message = "The API key is missing or not valid."};
}

Error unknown_token() {
  return {.code = ErrorCode::unauthorized, .message = "The token is not valid or has expired."};
}

}  // namespace

std::size_t Authenticator::DigestHash::operator()(const Digest& digest) const noexcept {
  std::size_t hash = 0;  // the digest is random already
  std::memcpy(&hash, digest.data(), sizeof hash);
  return hash;
}

Authenticator::Authenticator(const Context& context, const TokenService& tokens) : context_(context), tokens_(tokens) {
  subscription_ = context.store.changes().subscribe(std::string(credentials_topic), [this] {
    const std::lock_guard lock(mutex_);
    ++generation_;
  });
}

Result<std::shared_ptr<Authenticator::Entry>> Authenticator::load(const Digest& digest) const {
  return context_.store.read([&](const Transaction& transaction) -> Result<std::shared_ptr<Entry>> {
    const Result<ApiKey> key = transaction.api_keys().find_by_digest(digest);
    if (!key) return key.error().code == ErrorCode::not_found ? unknown_key() : key.error();
    if (key->revoked_at) return unknown_key();
    const Account account = GALLEY_TRY(transaction.accounts().find(key->account));
    auto entry = std::make_shared<Entry>();
    entry->actor = {
        .account = account.id, .plan = account.plan, .role = key->role, .project = key->project, .key = key->id};
    entry->expires_at = key->expires_at.value_or(Time::max());
    return entry;
  });
}

Result<Actor> Authenticator::authenticate(std::string_view credential) {
  return looks_like_jwt(credential) ? authenticate_token(credential) : authenticate_key(credential);
}

Result<Authenticator::KnownUser> Authenticator::load_user(std::int64_t number) const {
  return context_.store.read([&](const Transaction& transaction) -> Result<KnownUser> {
    const Result<User> user = transaction.accounts().find_user(number);
    if (!user) return user.error().code == ErrorCode::not_found ? unknown_token() : user.error();
    const Account account = GALLEY_TRY(transaction.accounts().find(user->account));
    KnownUser known;
    known.signed_in_since = user->signed_in_since;
    known.disabled = user->disabled;
    known.actor = {.account = account.id, .plan = account.plan, .role = user->role, .user = user->id};
    return known;
  });
}

Result<Actor> Authenticator::authenticate_token(std::string_view token) {
  const std::optional<TokenClaims> claims = tokens_.read(token, TokenType::access);
  if (!claims) return unknown_token();
  std::optional<KnownUser> known;
  std::uint64_t generation = 0;
  {
    const std::lock_guard lock(mutex_);
    generation = generation_;
    const auto found = users_.find(claims->user);
    if (found != users_.end() && found->second.generation == generation) known = found->second;
  }
  if (!known) {
    known = GALLEY_TRY(load_user(claims->user));
    known->generation = generation;
    const std::lock_guard lock(mutex_);
    if (users_.size() >= max_cached) users_.clear();
    users_[claims->user] = *known;
  }
  // The role is the user's of today, not the token's of then.
  if (known->disabled || claims->issued_at < known->signed_in_since) return unknown_token();
  return known->actor;
}

Result<Actor> Authenticator::authenticate_key(std::string_view text) {
  const std::optional<Digest> digest = digest_of_api_key(text);
  if (!digest) return unknown_key();
  std::shared_ptr<Entry> entry;
  std::uint64_t generation = 0;
  {
    const std::lock_guard lock(mutex_);
    generation = generation_;
    const auto found = cache_.find(*digest);
    if (found != cache_.end() && found->second->generation == generation) entry = found->second;
  }
  if (!entry) {
    entry = GALLEY_TRY(load(*digest));
    // What was read before a credential changed must not outlive the change.
    entry->generation = generation;
    const std::lock_guard lock(mutex_);
    if (cache_.size() >= max_cached) cache_.clear();
    std::shared_ptr<Entry>& place = cache_[*digest];
    if (place) entry->used_ms.store(place->used_ms.load(std::memory_order_relaxed), std::memory_order_relaxed);
    place = entry;
  }
  const Time now = context_.clock.now();
  if (now >= entry->expires_at) return unknown_key();
  entry->used_ms.store(now.time_since_epoch().count(), std::memory_order_relaxed);
  return entry->actor;
}

Task<Result<void>> Authenticator::flush_last_used() {
  std::vector<std::pair<Actor, Time>> used;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [digest, entry] : cache_)
      if (const std::int64_t at = entry->used_ms.exchange(0, std::memory_order_relaxed); at != 0)
        used.emplace_back(entry->actor, Time(Milliseconds(at)));
  }
  if (used.empty()) co_return Result<void>();
  auto body = [&](Transaction& transaction) -> Result<void> {
    for (const auto& [actor, at] : used) {
      const Result<void> touched = transaction.api_keys().touch(actor.account, *actor.key, at);
      // A key may have gone with its project since.
      if (!touched && touched.error().code != ErrorCode::not_found) return touched.error();
    }
    return {};
  };
  co_return co_await context_.store.write(std::move(body));
}

}  // namespace galley::service
