#include "base/crypto.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace galley;

namespace {

SealingKey key_of(char c) {
  return *SealingKey::from_bytes(Secret(std::string(32, c)));
}

constexpr std::string_view place = "connections|7|token|acc_1";

}  // namespace

TEST_CASE("crypto: SHA-256 gives the standard's values", "[base]") {
  CHECK(to_hex(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(to_hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(to_hex(sha256(std::string(1'000'000, 'a'))) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  CHECK(sha256(std::string_view()) == sha256(""));
}

TEST_CASE("crypto: HMAC gives the values of RFC 4231, and of keys empty and long", "[base]") {
  CHECK(to_hex(hmac_sha256(std::string(20, '\x0b'), "Hi There")) ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(to_hex(hmac_sha256(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First")) ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  CHECK(to_hex(hmac_sha256(std::string(200, 'k'), std::string(1000, 'm'))) ==
        "f2a749f7feec39acb0d2236debf655818d8de421af490b5e809b6034982a98de");
  // After other keys, so that a key of the last call would show.
  constexpr auto empty = "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad";
  CHECK(to_hex(hmac_sha256("", "")) == empty);
  CHECK(to_hex(hmac_sha256(std::string_view(), std::string_view())) == empty);
}

TEST_CASE("crypto: hashing works on several threads at once", "[base]") {
  const Digest expected = hmac_sha256("key", "body");
  std::vector<int> good(4, 0);
  std::vector<std::thread> threads;
  for (int& count : good) {
    threads.emplace_back([&count, &expected] {
      for (int i = 0; i < 500; ++i) {
        count += hmac_sha256("key", "body") == expected && hmac_sha256("other", "body") != expected ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  CHECK(good == std::vector<int>(4, 500));
}

TEST_CASE("crypto: texts compare by all their bytes and their length", "[base]") {
  CHECK(equal_in_constant_time("", ""));
  CHECK(equal_in_constant_time("abc", "abc"));
  CHECK_FALSE(equal_in_constant_time("abc", "abd"));
  CHECK_FALSE(equal_in_constant_time("Abc", "abc"));
  CHECK_FALSE(equal_in_constant_time("abc", "abcd"));
  CHECK_FALSE(equal_in_constant_time("", "a"));
}

TEST_CASE("crypto: random bytes have the length asked for and differ", "[base]") {
  CHECK(random_bytes(0).empty());
  std::set<std::string> seen;
  for (int i = 0; i < 50; ++i)
    seen.insert(random_bytes(16));
  CHECK(seen.size() == 50);
  CHECK(seen.begin()->size() == 16);
  const std::string many = random_bytes((1 << 20) + 5);
  CHECK(many.substr(many.size() - 5) != std::string(5, '\0'));
}

TEST_CASE("crypto: a sealed secret opens in its place, and shows nothing of itself", "[base]") {
  const SealingKey key = key_of('0');
  for (const std::string& text : {std::string(), std::string("s3cret"), std::string(5000, 'x')}) {
    const std::string sealed = key.seal(Secret(text), place);
    CHECK(sealed.size() == 1 + 4 + 12 + text.size() + 16);
    if (!text.empty()) CHECK(sealed.find(text) == std::string::npos);
    CHECK(key.open(sealed, place).value().reveal() == text);
  }
}

TEST_CASE("crypto: the sealed form stays as it is, so that old rows open", "[base]") {
  // Made by Node.js: version, key id, nonce "abcdefghijkl", ciphertext, tag.
  const std::string sealed =
      "\x01\x84\xe0\xc0\xea"
      "abcdefghijkl"
      "\x30\x9f\x37\x3e"
      "\xc5\x84\x9d\xa1\x9a\xff\x5f\xc5\x75\x62\xa6\xcf\x89\x7a\x41\xfa\xbe\xc0";
  CHECK(key_of('0').open(sealed, place).value().reveal() == "s3cret");
}

TEST_CASE("crypto: one text sealed twice gives two texts", "[base]") {
  const SealingKey key = key_of('0');
  CHECK(key.seal(Secret("s3cret"), place) != key.seal(Secret("s3cret"), place));
}

TEST_CASE("crypto: a sealed secret does not open elsewhere, with another key, or damaged", "[base]") {
  const SealingKey key = key_of('0');
  const std::string sealed = key.seal(Secret("s3cret"), place);
  CHECK(key.open(sealed, "connections|8|token|acc_1").has_error());
  CHECK(key.open(sealed, "").has_error());
  CHECK(key_of('1').open(sealed, place).has_error());
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string damaged = sealed;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    const auto opened = key.open(damaged, place);
    INFO(i);
    REQUIRE(opened.has_error());
    CHECK(opened.error().code == ErrorCode::internal);
    CHECK(opened.error().message.find("s3cret") == std::string::npos);
  }
  for (std::size_t length = 0; length < sealed.size(); ++length) {
    CHECK(key.open(sealed.substr(0, length), place).has_error());
  }
}

TEST_CASE("crypto: a sealing key has exactly 32 bytes", "[base]") {
  for (const std::size_t size : {0u, 16u, 31u, 33u, 64u}) {
    const auto key = SealingKey::from_bytes(Secret(std::string(size, 'k')));
    CHECK(key.has_error());
  }
}

TEST_CASE("crypto: a password's hash has its form, its own salt, and accepts that password alone", "[base]") {
  const std::string hash = hash_password(Secret("correct horse"));
  CHECK(hash.starts_with("$scrypt$ln=14,r=8,p=5$"));
  CHECK(hash.find('=', 22) == std::string::npos);
  CHECK(std::count(hash.begin(), hash.end(), '$') == 4);
  CHECK(hash_password(Secret("correct horse")) != hash);
  CHECK(check_password(Secret("correct horse"), hash));
  CHECK_FALSE(check_password(Secret("correct horsf"), hash));
  CHECK_FALSE(check_password(Secret(""), hash));
}

TEST_CASE("crypto: hashes made elsewhere are understood", "[base]") {
  CHECK(check_password(Secret("correct horse"),
                       "$scrypt$ln=14,r=8,p=5$MDEyMzQ1Njc4OWFiY2RlZg$02g8+CvQr/5XQicw/DXknMkHCBzrhOhaA5Est23cFMI"));
  CHECK(check_password(Secret(),
                       "$scrypt$ln=10,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$a+DZqzJtLcpaYBlmYYFYTY0rT7em/lQafyTt9V/rHuU"));
}

TEST_CASE("crypto: a damaged or unaffordable hash accepts nothing", "[base]") {
  const std::string salt = "MDEyMzQ1Njc4OWFiY2RlZg", hash = "a+DZqzJtLcpaYBlmYYFYTY0rT7em/lQafyTt9V/rHuU";
  for (const std::string& text : {
           std::string(),
           std::string("$scrypt$"),
           "$scrypt$ln=10,r=8,p=1$" + salt,
           "$scrypt$ln=10,r=8,p=1$" + salt + "$",
           "$scrypt$ln=10,r=8,p=1$$" + hash,
           "$scrypt$ln=10,r=8,p=1$" + salt + "$" + hash + "=",
           "$scrypt$ln=10,r=8,p=1$" + salt + "$" + hash + "$",
           "$scrypt$ln=30,r=8,p=1$" + salt + "$" + hash,
           "$scrypt$ln=0,r=8,p=1$" + salt + "$" + hash,
           "$scrypt$ln=-1,r=8,p=1$" + salt + "$" + hash,
           "$scrypt$ln=10,r=99999999999,p=1$" + salt + "$" + hash,
           "$scrypt$ln=10,r=8,p=4000$" + salt + "$" + hash,
           "$argon2id$ln=10,r=8,p=1$" + salt + "$" + hash,
           "$scrypt$ln=10,r=8,p=1$" + salt + "$" + hash.substr(0, 8),
       }) {
    INFO(text);
    CHECK_FALSE(check_password(Secret(), text));
  }
}
