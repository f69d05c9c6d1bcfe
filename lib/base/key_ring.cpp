#include "base/key_ring.hpp"

#include <algorithm>
#include <utility>

namespace galley {
namespace {

constexpr std::size_t key_size = 32;

// Ids are four bytes of a hash: two keys may share one, and a ring could not tell what still waits for the new one.
bool same_id(const SealingKey& one, const SealingKey& other) {
  return other.has_sealed(one.seal(Secret(std::string()), {}));
}

bool knows_id(std::span<const SealingKey> keys, const SealingKey& key) {
  return std::ranges::any_of(keys, [&](const SealingKey& known) { return same_id(known, key); });
}

}  // namespace

Result<KeyRing> KeyRing::from_keys(std::vector<SealingKey> keys) {
  if (keys.empty()) return conflict("There is no key.");
  if (keys.size() > max_keys) return conflict("There may be " + std::to_string(max_keys) + " keys at most.");
  for (std::size_t i = 1; i < keys.size(); ++i)
    if (knows_id(std::span(keys).first(i), keys[i])) return conflict("The same key is given twice.");
  KeyRing ring;
  ring.keys_ = std::move(keys);
  return ring;
}

std::string KeyRing::seal(const Secret& plain, std::string_view associated) const {
  return keys_.front().seal(plain, associated);
}

Result<Secret> KeyRing::open(std::string_view sealed, std::string_view associated) const {
  for (const SealingKey& key : keys_)
    if (key.has_sealed(sealed)) return key.open(sealed, associated);
  // The first one's words: damaged, or of a key that is not here.
  return keys_.front().open(sealed, associated);
}

KeyRing KeyRing::with_new_key() const {
  for (;;) {
    SealingKey fresh = SealingKey::from_bytes(Secret(random_bytes(key_size))).value();
    if (!knows_id(keys_, fresh)) return KeyRing(std::move(fresh)).with_older(*this);
  }
}

KeyRing KeyRing::with_older(const KeyRing& other) const {
  KeyRing ring(*this);
  for (const SealingKey& key : other.keys_)
    if (ring.keys_.size() < max_keys && !knows_id(ring.keys_, key)) ring.keys_.push_back(key);
  return ring;
}

}  // namespace galley
