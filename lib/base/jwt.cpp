#include "base/jwt.hpp"

#include <algorithm>
#include <array>

#include "base/crypto.hpp"
#include "base/encoding.hpp"

namespace galley {

namespace {

// Longer than any token of ours: what is longer is not even decoded.
constexpr std::size_t longest_token = 4096;

std::string signature_of(const JwtKey& key, std::string_view signed_part) {
  const Digest digest = hmac_sha256(key.secret.reveal(), signed_part);
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::optional<std::array<std::string_view, 3>> parts_of(std::string_view token) {
  const std::size_t first = token.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) return std::nullopt;
  return std::array{token.substr(0, first), token.substr(first + 1, second - first - 1), token.substr(second + 1)};
}

std::optional<json::Value> decode_part(std::string_view part) {
  const std::optional<std::string> text = from_base64url(part);
  if (!text) return std::nullopt;
  Result<json::Value> value = json::parse(*text);
  if (!value || value->object() == nullptr) return std::nullopt;
  return *std::move(value);
}

bool has_text(const json::Value& object, std::string_view name, std::string_view text) {
  const json::Value* member = object.find(name);
  return member != nullptr && member->text() != nullptr && *member->text() == text;
}

// RFC 8725 §3.1: the verifier decides which algorithm holds, not the token.
bool is_our_header(const json::Value& header) {
  if (!has_text(header, "alg", "HS256")) return false;
  if (header.find("typ") != nullptr && !has_text(header, "typ", "JWT")) return false;
  return header.find("crit") == nullptr;
}

}  // namespace

Secret sign_jwt(const JwtKey& key, const json::Value& claims) {
  std::string header;
  json::Writer(header).begin_object().member("alg", "HS256").member("typ", "JWT").member("kid", key.id).end_object();
  std::string token = to_base64url(header) + "." + to_base64url(json::to_text(claims));
  const std::string signature = to_base64url(signature_of(key, token));
  token += '.';
  token += signature;
  return Secret(std::move(token));
}

std::optional<json::Value> verify_jwt(const std::vector<JwtKey>& keys, std::string_view token) {
  if (token.size() > longest_token) return std::nullopt;
  const auto parts = parts_of(token);
  if (!parts) return std::nullopt;
  const auto& [header_part, claims_part, signature_part] = *parts;
  const std::optional<json::Value> header = decode_part(header_part);
  const std::optional<std::string> signature = from_base64url(signature_part);
  if (!header || !signature || !is_our_header(*header)) return std::nullopt;
  const auto key = std::ranges::find_if(keys, [&](const JwtKey& one) { return has_text(*header, "kid", one.id); });
  if (key == keys.end()) return std::nullopt;
  const std::string_view signed_part = token.substr(0, header_part.size() + 1 + claims_part.size());
  if (!equal_in_constant_time(signature_of(*key, signed_part), *signature)) return std::nullopt;
  return decode_part(claims_part);
}

bool looks_like_jwt(std::string_view text) {
  return text.starts_with("ey") && std::ranges::count(text, '.') == 2;
}

}  // namespace galley
