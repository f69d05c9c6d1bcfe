// Hashes, signatures, sealing and randomness, from OpenSSL. All functions are thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace galley {

using Digest = std::array<unsigned char, 32>;

Digest sha256(std::string_view bytes);
// RFC 2104 with SHA-256. An empty key is allowed.
Digest hmac_sha256(std::string_view key, std::string_view bytes);
// "0a1b…", lower case.
std::string to_hex(std::span<const unsigned char> bytes);

// Constant time in the length of a; false at once for different lengths, which are not secret.
bool equal_in_constant_time(std::string_view a, std::string_view b);

// Random bytes of OpenSSL's generator, which the operating system seeds; throws where that fails (a broken machine).
void fill_random(std::span<unsigned char> bytes);
std::string random_bytes(std::size_t count);

// Seals with AES-256-GCM: version byte 1, key id (4 bytes of the key's SHA-256), random 96-bit nonce, ciphertext, tag.
// The associated data binds the text to its place ("table|row|column|account"), so that a row copied elsewhere in the
// database does not open. Thread-safe.
class SealingKey {
 public:
  // key: exactly 32 bytes.
  static Result<SealingKey> from_bytes(Secret key);

  std::string seal(const Secret& plain, std::string_view associated) const;
  // internal for a wrong key, place or a damaged text.
  Result<Secret> open(std::string_view sealed, std::string_view associated) const;
  // Whether sealed carries this key's id; says nothing of its health.
  bool has_sealed(std::string_view sealed) const;
  // The 32 bytes, for whoever keeps them.
  const Secret& bytes() const { return key_; }

 private:
  explicit SealingKey(Secret key);
  Secret key_;
  std::array<unsigned char, 4> id_{};
};

// scrypt, N=2^14 r=8 p=5 (OWASP): "$scrypt$ln=14,r=8,p=5$<salt>$<hash>", base64 without padding. About 0.15 s of one
// core and 16 MiB: never on a network thread.
std::string hash_password(const Secret& password);
bool check_password(const Secret& password, std::string_view hash);

}  // namespace galley
