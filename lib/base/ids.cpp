#include "base/ids.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

#include "base/clock.hpp"
#include "base/crypto.hpp"

namespace galley {
namespace {

constexpr std::string_view alphabet = "0123456789abcdefghijklmnopqrstuvwxyz";
constexpr std::size_t time_characters = 8;  // 36^8 ms: until the year 2059
constexpr std::size_t random_characters = 12;

// A call to the generator costs far more than the bytes that it gives, so each thread keeps a page of them. Bytes are
// given out once. A child process made by fork() without exec() would give out the same ones again; there is none.
class RandomPage {
 public:
  unsigned char byte() {
    if (next_ == bytes_.size()) {
      fill_random(bytes_);
      next_ = 0;
    }
    return bytes_[next_++];
  }

  void fill(std::span<unsigned char> out) {
    for (unsigned char& c : out)
      c = byte();
  }

 private:
  std::array<unsigned char, 4096> bytes_{};
  std::size_t next_ = bytes_.size();
};

RandomPage& random_page() {
  thread_local RandomPage page;
  return page;
}

char random_character(RandomPage& page) {
  constexpr unsigned char limit = 256 / alphabet.size() * alphabet.size();
  unsigned char byte = page.byte();
  while (byte >= limit)
    byte = page.byte();  // else the first characters would be likelier
  return alphabet[byte % alphabet.size()];
}

}  // namespace

bool is_id(std::string_view prefix, std::string_view text) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  if (!text.starts_with('_')) return false;
  text.remove_prefix(1);
  if (text.size() < 12 || text.size() > 40) return false;
  for (const char c : text) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) return false;
  }
  return true;
}

std::string derived_id_text(std::string_view prefix, std::string_view scope, std::string_view key) {
  // The length keeps a scope and a key from being another scope and key.
  std::string seed = std::to_string(scope.size());
  seed.append("|").append(scope).append("|").append(key);
  std::string text(prefix);
  text += '_';
  // Of the 32 bytes each character takes one: all but evenly spread, which is enough to tell things apart.
  const Digest digest = sha256(seed);
  for (std::size_t i = 0; i < time_characters + random_characters; ++i)
    text += alphabet[digest[i] % alphabet.size()];
  return text;
}

std::string RandomIds::make_text(std::string_view prefix) {
  std::string text(prefix.size() + 1 + time_characters + random_characters, '_');
  prefix.copy(text.data(), prefix.size());
  const auto milliseconds = clock_.now().time_since_epoch().count();
  auto time = static_cast<std::uint64_t>(milliseconds < 0 ? 0 : milliseconds);
  char* at = text.data() + prefix.size() + 1;
  for (std::size_t i = time_characters; i > 0; --i) {
    at[i - 1] = alphabet[time % alphabet.size()];
    time /= alphabet.size();
  }
  RandomPage& page = random_page();
  for (std::size_t i = 0; i < random_characters; ++i)
    at[time_characters + i] = random_character(page);
  return text;
}

std::string RandomIds::make_uuid() {
  std::array<unsigned char, 16> bytes;
  random_page().fill(bytes);
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | 0x40);  // version 4
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);  // variant of RFC 9562
  std::string text = to_hex(bytes);
  for (const std::size_t at : {20u, 16u, 12u, 8u})
    text.insert(at, 1, '-');
  return text;
}

double RandomIds::fraction() {
  std::array<unsigned char, 8> bytes;
  random_page().fill(bytes);
  std::uint64_t bits = 0;
  std::memcpy(&bits, bytes.data(), bytes.size());
  return static_cast<double>(bits >> 11) * 0x1p-53;
}

}  // namespace galley
