// Signed tokens (RFC 7519) of one kind: JWS compact form, HS256 alone. All functions are thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/secret.hpp"

namespace galley {

// A key that signs tokens, and the name that their headers give it ("kid").
struct JwtKey {
  std::string id;
  Secret secret;  // 32 random bytes
};

// claims: an object.
Secret sign_jwt(const JwtKey& key, const json::Value& claims);

// The claims, where one of the keys that the header names signed them with HS256. Nothing for every other text: another
// or no algorithm, an unknown key, a header that asks for more ("crit"), padding or other letters in the parts, names
// that occur twice. Says nothing of times: those are claims.
std::optional<json::Value> verify_jwt(const std::vector<JwtKey>& keys, std::string_view token);

// Whether a text has the outer form of a token: three parts, the first a header.
bool looks_like_jwt(std::string_view text);

}  // namespace galley
