#include "base/secret.hpp"

#include <openssl/crypto.h>

#include <cstddef>
#include <utility>

namespace galley {

Secret& Secret::operator=(const Secret& other) {
  if (this == &other) return *this;
  Secret copy(other);
  return *this = std::move(copy);
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this == &other) return *this;
  wipe();
  text_ = std::move(other.text_);
  other.wipe();
  return *this;
}

std::string Secret::hint() const {
  const auto is_start = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
  std::size_t characters = 0;
  std::size_t last_four = text_.size();
  for (std::size_t i = text_.size(); i > 0; --i) {
    if (!is_start(text_[i - 1])) continue;
    ++characters;
    if (characters == 4) last_four = i - 1;
  }
  return characters < 12 ? "•••" : "•••" + text_.substr(last_four);
}

void Secret::wipe() noexcept {
  // To the capacity: a text that was longer before, or that was moved away, leaves bytes behind its end.
  text_.resize(text_.capacity());
  OPENSSL_cleanse(text_.data(), text_.size());
  text_.clear();
}

}  // namespace galley
