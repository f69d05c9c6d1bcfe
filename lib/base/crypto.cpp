#include "base/crypto.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <algorithm>
#include <charconv>
#include <climits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

#include "base/encoding.hpp"

namespace galley {
namespace {

template <auto release>
struct Release {
  template <class T>
  void operator()(T* object) const {
    release(object);
  }
};
using DigestContext = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, Release<EVP_MAC_CTX_free>>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Release<EVP_CIPHER_CTX_free>>;

constexpr std::size_t key_size = 32;
constexpr unsigned char seal_version = 1;
constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;
constexpr std::size_t seal_head_size = 1 + 4 + nonce_size;

// What remains in OpenSSL's queue would be taken for the cause of a later failure (TLS reads that queue).
[[noreturn]] void fail(const char* what) {
  std::array<char, 256> reason{};
  ERR_error_string_n(ERR_get_error(), reason.data(), reason.size());
  ERR_clear_error();
  throw std::runtime_error(std::string("OpenSSL: ") + what + " failed: " + reason.data());
}

void require(bool done, const char* what) {
  if (!done) fail(what);
}

// Algorithms are looked up once: fetching takes a lock and costs more than hashing a small text. They are never freed,
// as threads may still hash while the process ends.
const EVP_MD* sha256_algorithm() {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  require(algorithm != nullptr, "SHA256");
  return algorithm;
}

EVP_MAC* hmac_algorithm() {
  static EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  require(algorithm != nullptr, "HMAC");
  return algorithm;
}

const EVP_CIPHER* gcm_algorithm() {
  static const EVP_CIPHER* const algorithm = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  require(algorithm != nullptr, "AES-256-GCM");
  return algorithm;
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

int length_of(std::string_view text) {
  if (text.size() > INT_MAX) throw std::length_error("OpenSSL takes at most 2 GiB at a time");
  return static_cast<int>(text.size());
}

std::string without_padding(std::string text) {
  while (text.ends_with('='))
    text.pop_back();
  return text;
}

struct ScryptCost {
  unsigned log_n, r, p;
};

constexpr ScryptCost password_cost{.log_n = 14, .r = 8, .p = 5};
constexpr std::size_t salt_size = 16;
constexpr std::size_t password_hash_size = 32;

std::string scrypt(std::string_view password, std::string_view salt, const ScryptCost& cost, std::size_t size) {
  // 128·r·N bytes, and room for the p blocks and OpenSSL's own reckoning.
  constexpr std::uint64_t max_memory = 320ULL << 20;
  // OpenSSL takes a null pointer for "only check the cost" and std::string_view may hold one.
  const std::string_view text = password.data() == nullptr ? std::string_view("") : password;
  std::string out(size, '\0');
  require(EVP_PBE_scrypt(text.data(), text.size(), bytes_of(salt), salt.size(), std::uint64_t{1} << cost.log_n, cost.r,
                         cost.p, max_memory, bytes_of(out), out.size()) == 1,
          "scrypt");
  return out;
}

struct PasswordHash {
  ScryptCost cost;
  std::string salt;
  std::string hash;
};

// Takes prefix and a number from the front of text.
bool take_number(std::string_view& text, std::string_view prefix, unsigned max, unsigned& number) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || number == 0 || number > max) return false;
  text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  return true;
}

std::optional<std::string> from_unpadded_base64(std::string_view text) {
  return text.ends_with('=') ? std::nullopt
                             : from_base64(std::string(text) + std::string((4 - text.size() % 4) % 4, '='));
}

// The bounds keep a damaged row from taking a machine's memory; they leave room for dearer costs to come.
std::optional<PasswordHash> parse_password_hash(std::string_view text) {
  ScryptCost cost{};
  if (!take_number(text, "$scrypt$ln=", 17, cost.log_n)) return std::nullopt;
  if (!take_number(text, ",r=", 8, cost.r) || !take_number(text, ",p=", 16, cost.p)) return std::nullopt;
  if (!text.starts_with('$')) return std::nullopt;
  text.remove_prefix(1);
  const std::size_t separator = text.find('$');
  if (separator == std::string_view::npos) return std::nullopt;
  auto salt = from_unpadded_base64(text.substr(0, separator));
  auto hash = from_unpadded_base64(text.substr(separator + 1));
  if (!salt || !hash || salt->size() < 8 || salt->size() > 64 || hash->size() < 16 || hash->size() > 64) {
    return std::nullopt;
  }
  return PasswordHash{.cost = cost, .salt = *std::move(salt), .hash = *std::move(hash)};
}

}  // namespace

Digest sha256(std::string_view bytes) {
  thread_local const DigestContext context(EVP_MD_CTX_new());
  Digest digest;
  require(context && EVP_DigestInit_ex2(context.get(), sha256_algorithm(), nullptr) == 1 &&
              EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1 &&
              EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) == 1,
          "SHA-256");
  return digest;
}

Digest hmac_sha256(std::string_view key, std::string_view bytes) {
  thread_local const MacContext context = [] {
    MacContext made(EVP_MAC_CTX_new(hmac_algorithm()));
    std::string digest_name = "SHA256";
    const std::array<OSSL_PARAM, 2> params{
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest_name.data(), 0), OSSL_PARAM_construct_end()};
    require(made && EVP_MAC_CTX_set_params(made.get(), params.data()) == 1, "HMAC-SHA256");
    return made;
  }();
  // A null key would mean "the key of the last call".
  const unsigned char* const key_bytes = key.data() == nullptr ? bytes_of(std::string_view("")) : bytes_of(key);
  Digest digest;
  std::size_t size = 0;
  require(EVP_MAC_init(context.get(), key_bytes, key.size(), nullptr) == 1 &&
              EVP_MAC_update(context.get(), bytes_of(bytes), bytes.size()) == 1 &&
              EVP_MAC_final(context.get(), digest.data(), &size, digest.size()) == 1 && size == digest.size(),
          "HMAC-SHA256");
  return digest;
}

std::string to_hex(std::span<const unsigned char> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text(bytes.size() * 2, '0');
  char* at = text.data();
  for (const unsigned char byte : bytes) {
    *at++ = digits[byte >> 4];
    *at++ = digits[byte & 15];
  }
  return text;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

void fill_random(std::span<unsigned char> bytes) {
  constexpr std::size_t at_once = 1 << 20;
  while (!bytes.empty()) {
    const std::size_t count = std::min(bytes.size(), at_once);
    require(RAND_bytes(bytes.data(), static_cast<int>(count)) == 1, "RAND_bytes");
    bytes = bytes.subspan(count);
  }
}

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  fill_random({bytes_of(bytes), bytes.size()});
  return bytes;
}

Result<SealingKey> SealingKey::from_bytes(Secret key) {
  if (key.reveal().size() != key_size) return internal_error("a sealing key must have exactly 32 bytes");
  return SealingKey(std::move(key));
}

SealingKey::SealingKey(Secret key) : key_(std::move(key)) {
  const Digest digest = sha256(key_.reveal());
  std::copy_n(digest.begin(), id_.size(), id_.begin());
}

std::string SealingKey::seal(const Secret& plain, std::string_view associated) const {
  const std::string_view text = plain.reveal();
  std::string sealed(seal_head_size + text.size() + tag_size, '\0');
  unsigned char* const nonce = bytes_of(sealed) + 1 + id_.size();
  unsigned char* const cipher_text = nonce + nonce_size;
  sealed[0] = static_cast<char>(seal_version);
  std::copy(id_.begin(), id_.end(), bytes_of(sealed) + 1);
  // Random, not counted: at 2^32 seals under one key two could meet, which is far beyond what one installation stores.
  fill_random({nonce, nonce_size});

  const CipherContext context(EVP_CIPHER_CTX_new());
  int written = 0;
  require(context &&
              EVP_EncryptInit_ex2(context.get(), gcm_algorithm(), bytes_of(key_.reveal()), nonce, nullptr) == 1 &&
              EVP_EncryptUpdate(context.get(), nullptr, &written, bytes_of(associated), length_of(associated)) == 1 &&
              EVP_EncryptUpdate(context.get(), cipher_text, &written, bytes_of(text), length_of(text)) == 1 &&
              EVP_EncryptFinal_ex(context.get(), cipher_text + text.size(), &written) == 1 &&
              EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, tag_size, cipher_text + text.size()) == 1,
          "sealing");
  return sealed;
}

Result<Secret> SealingKey::open(std::string_view sealed, std::string_view associated) const {
  if (sealed.size() < seal_head_size + tag_size || static_cast<unsigned char>(sealed[0]) != seal_version) {
    return internal_error("a sealed text is damaged or of an unknown version");
  }
  if (!has_sealed(sealed)) {
    return internal_error("a sealed text belongs to another master key");
  }
  const unsigned char* const nonce = bytes_of(sealed) + 1 + id_.size();
  const std::string_view cipher_text = sealed.substr(seal_head_size, sealed.size() - seal_head_size - tag_size);
  std::string tag(sealed.substr(sealed.size() - tag_size));
  std::string plain(cipher_text.size(), '\0');

  const CipherContext context(EVP_CIPHER_CTX_new());
  int written = 0;
  require(
      context && EVP_DecryptInit_ex2(context.get(), gcm_algorithm(), bytes_of(key_.reveal()), nonce, nullptr) == 1 &&
          EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, tag_size, tag.data()) == 1 &&
          EVP_DecryptUpdate(context.get(), nullptr, &written, bytes_of(associated), length_of(associated)) == 1 &&
          EVP_DecryptUpdate(context.get(), bytes_of(plain), &written, bytes_of(cipher_text), length_of(cipher_text)) ==
              1,
      "opening");
  const bool genuine = EVP_DecryptFinal_ex(context.get(), bytes_of(plain) + plain.size(), &written) == 1;
  Secret secret(std::move(plain));
  if (genuine) return secret;
  ERR_clear_error();
  return internal_error("a sealed text is damaged, or was moved from its place");
}

bool SealingKey::has_sealed(std::string_view sealed) const {
  return sealed.size() > id_.size() && static_cast<unsigned char>(sealed[0]) == seal_version &&
         std::equal(id_.begin(), id_.end(), bytes_of(sealed) + 1);
}

std::string hash_password(const Secret& password) {
  const std::string salt = random_bytes(salt_size);
  const std::string hash = scrypt(password.reveal(), salt, password_cost, password_hash_size);
  return "$scrypt$ln=" + std::to_string(password_cost.log_n) + ",r=" + std::to_string(password_cost.r) +
         ",p=" + std::to_string(password_cost.p) + "$" + without_padding(to_base64(salt)) + "$" +
         without_padding(to_base64(hash));
}

bool check_password(const Secret& password, std::string_view hash) {
  const auto expected = parse_password_hash(hash);
  if (!expected) return false;
  const std::string found = scrypt(password.reveal(), expected->salt, expected->cost, expected->hash.size());
  return equal_in_constant_time(found, expected->hash);
}

}  // namespace galley
