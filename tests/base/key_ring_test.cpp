#include "base/key_ring.hpp"

#include <catch2/catch.hpp>

#include "support/result_text.hpp"

namespace galley {
namespace {

constexpr const char* place = "table|column|row|account";

SealingKey key_of(char byte) {
  return *SealingKey::from_bytes(Secret(std::string(32, byte)));
}

KeyRing ring_of(const std::string& bytes) {
  std::vector<SealingKey> keys;
  for (const char byte : bytes)
    keys.push_back(key_of(byte));
  return *KeyRing::from_keys(std::move(keys));
}

TEST_CASE("key ring: the first key seals and every key opens", "[base]") {
  const KeyRing both = ring_of("no");
  const std::string old = key_of('o').seal(Secret("text"), place);
  const std::string fresh = both.seal(Secret("text"), place);
  CHECK(both.open(old, place)->reveal() == "text");
  CHECK(both.open(fresh, place)->reveal() == "text");
  CHECK(key_of('n').open(fresh, place));
  CHECK_FALSE(key_of('o').open(fresh, place));
  CHECK(both.is_current(fresh));
  CHECK_FALSE(both.is_current(old));
}

TEST_CASE("key ring: what no key of it sealed, and what was moved, does not open", "[base]") {
  const KeyRing both = ring_of("no");
  CHECK(both.open(key_of('x').seal(Secret("text"), place), place).has_error());
  CHECK(both.open(both.seal(Secret("text"), place), "elsewhere").has_error());
  for (const char* torn : {"", "\x01", "\x01zzzz"})
    CHECK(both.open(torn, place).has_error());
  CHECK_FALSE(both.is_current(""));
}

TEST_CASE("key ring: no key, too many and the same one twice are refused in words", "[base]") {
  CHECK(KeyRing::from_keys({}).error().code == ErrorCode::conflict);
  CHECK(KeyRing::from_keys({key_of('a'), key_of('b'), key_of('a')}).error().message.find("twice") != std::string::npos);
  std::vector<SealingKey> many;
  for (std::size_t i = 0; i <= KeyRing::max_keys; ++i)
    many.push_back(key_of(static_cast<char>('a' + i)));
  CHECK(KeyRing::from_keys(many).error().code == ErrorCode::conflict);
  many.pop_back();
  CHECK(KeyRing::from_keys(many));
}

TEST_CASE("key ring: a new key comes first and the oldest goes when they are too many", "[base]") {
  KeyRing ring = ring_of("a");
  const std::string oldest = ring.seal(Secret("text"), place);
  for (std::size_t i = 1; i < KeyRing::max_keys; ++i) {
    ring = ring.with_new_key();
    CHECK_FALSE(ring.is_current(oldest));
    CHECK(ring.open(oldest, place));
  }
  REQUIRE(ring.keys().size() == KeyRing::max_keys);
  ring = ring.with_new_key();
  CHECK(ring.keys().size() == KeyRing::max_keys);
  CHECK(ring.open(oldest, place).has_error());
}

TEST_CASE("key ring: joined with another it seals as before and opens with both, each key once", "[base]") {
  const KeyRing joined = ring_of("ab").with_older(ring_of("bc"));
  REQUIRE(joined.keys().size() == 3);
  CHECK(joined.is_current(key_of('a').seal(Secret("text"), place)));
  CHECK(joined.open(key_of('c').seal(Secret("text"), place), place));
}

}  // namespace
}  // namespace galley
