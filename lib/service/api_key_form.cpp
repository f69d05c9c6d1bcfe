#include "service/api_key_form.hpp"

#include <algorithm>

#include "base/encoding.hpp"

namespace galley::service {

namespace {

constexpr std::string_view prefix = "icf_live_";
constexpr std::size_t random_length = 43;
constexpr std::size_t checksum_length = 6;

// CRC-32 in six url-safe characters.
std::string checksum(std::string_view text) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::uint32_t rest = crc32(text);
  std::string sum;
  for (std::size_t i = 0; i < checksum_length; ++i) {
    sum += alphabet[rest % 64];
    rest /= 64;
  }
  return sum;
}

}  // namespace

Secret make_api_key() {
  std::string text = std::string(prefix) + to_base64url(random_bytes(32));
  text += checksum(text);
  return Secret(std::move(text));
}

std::optional<Digest> digest_of_api_key(std::string_view text) {
  if (!text.starts_with(prefix) || text.size() != prefix.size() + random_length + checksum_length) return std::nullopt;
  const std::string_view body = text.substr(0, prefix.size() + random_length);
  if (checksum(body) != text.substr(body.size())) return std::nullopt;
  return sha256(text);
}

}  // namespace galley::service
