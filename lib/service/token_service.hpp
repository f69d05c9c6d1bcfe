// Tokens that name a user, signed with keys of this server that can be exchanged.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/jwt.hpp"
#include "base/names.hpp"
#include "base/secret.hpp"
#include "domain/change_feed.hpp"
#include "domain/session.hpp"
#include "service/context.hpp"

namespace galley::service {

// Announced by whatever changes the signing keys.
inline constexpr std::string_view signing_keys_topic = "signing_keys";

enum class TokenType : std::uint8_t { access, refresh };

struct TokenClaims {
  std::int64_t user = 0;  // User::number
  TokenType type = TokenType::access;
  Time issued_at{};   // whole seconds
  Time expires_at{};  // whole seconds
};

class TokenService {
 public:
  static constexpr std::chrono::minutes access_life{15};
  static constexpr std::chrono::hours refresh_life{24 * 7};

  explicit TokenService(const Context& context);

  // Nothing for what was not signed here, is of another type or has expired. Says nothing of the user. Thread-safe.
  std::optional<TokenClaims> read(std::string_view token, TokenType type) const;
  // Makes the first key where there is none.
  Result<Secret> sign(Transaction& transaction, const User& user, TokenType type, Time issued_at,
                      Time expires_at) const;
  // A new key signs from now on. What the former ones signed holds until it expires.
  Result<SigningKeyId> rotate_key(Transaction& transaction) const;

 private:
  using Keys = std::vector<JwtKey>;
  std::shared_ptr<const Keys> keys() const;

  const Context& context_;
  mutable std::mutex mutex_{};
  mutable std::shared_ptr<const Keys> keys_{};  // owners: this, and whoever verifies at the moment; null: to be read
  mutable std::uint64_t generation_ = 0;
  ChangeFeed::Subscription subscription_;
};

}  // namespace galley::service

template <>
struct galley::Names<galley::service::TokenType> {
  using TokenType = galley::service::TokenType;
  static constexpr NameOf<TokenType> all[] = {{TokenType::access, "access"}, {TokenType::refresh, "refresh"}};
};
