// The keys that secrets are sealed with: the first one seals, every one opens what carries its id.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.hpp"

namespace galley {

// Immutable, and so thread-safe.
class KeyRing {
 public:
  static constexpr std::size_t max_keys = 8;

  // NOLINTNEXTLINE(google-explicit-constructor): one key is a ring of one.
  KeyRing(SealingKey only) { keys_.push_back(std::move(only)); }
  // conflict, in words for the operator: no key, more than max_keys, or two that have the same id.
  static Result<KeyRing> from_keys(std::vector<SealingKey> keys);

  std::string seal(const Secret& plain, std::string_view associated) const;
  // internal where no key of the ring opens it.
  Result<Secret> open(std::string_view sealed, std::string_view associated) const;
  // Whether the key that seals now has sealed it.
  bool is_current(std::string_view sealed) const { return keys_.front().has_sealed(sealed); }

  std::span<const SealingKey> keys() const { return keys_; }
  const SealingKey& current() const { return keys_.front(); }
  // A ring that seals with a new key and opens with the ones before it too; where they are too many, the oldest goes.
  KeyRing with_new_key() const;
  // Seals as this one and also opens with the keys of the other; where they are too many, the oldest go.
  KeyRing with_older(const KeyRing& other) const;

 private:
  KeyRing() = default;
  std::vector<SealingKey> keys_{};  // never empty
};

}  // namespace galley
