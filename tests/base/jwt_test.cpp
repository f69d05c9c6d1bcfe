#include "base/jwt.hpp"

#include <catch2/catch.hpp>

#include "base/crypto.hpp"
#include "base/encoding.hpp"
#include "support/figure.hpp"

namespace galley {
namespace {

const JwtKey key{"sig_one", Secret("0123456789abcdef0123456789abcdef")};
const JwtKey other{"sig_two", Secret("fedcba9876543210fedcba9876543210")};

json::Value claims() {
  return *json::parse(R"({"user_id":1,"type":"access"})");
}

// A token of any header and claims, signed as the key would.
std::string token_of(std::string_view header, std::string_view body, const JwtKey& signer = key) {
  std::string text = to_base64url(header) + "." + to_base64url(body);
  const Digest digest = hmac_sha256(signer.secret.reveal(), text);
  return text + "." + to_base64url({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

TEST_CASE("jwt: what a key signs it verifies, and the claims come back", "[base]") {
  const Secret token = sign_jwt(key, claims());
  CHECK(looks_like_jwt(token.reveal()));
  for (const std::vector<JwtKey>& keys : {std::vector{key}, std::vector{other, key}}) {
    const auto found = verify_jwt(keys, token.reveal());
    REQUIRE(found);
    CHECK(json::to_text(*found) == R"({"user_id":1,"type":"access"})");
  }
  CHECK_FALSE(verify_jwt({other}, token.reveal()));
  CHECK_FALSE(verify_jwt({}, token.reveal()));
}

TEST_CASE("jwt: RFC 7515's example in A.1 has the signature that it prints", "[base]") {
  const std::string secret =
      *from_base64url("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
  const std::string text =
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
  const Digest digest = hmac_sha256(secret, text);
  CHECK(to_base64url({reinterpret_cast<const char*>(digest.data()), digest.size()}) ==
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
}

TEST_CASE("jwt: nothing forged is taken", "[base]") {
  const std::string body = R"({"user_id":1})";
  const std::string header = R"({"alg":"HS256","typ":"JWT","kid":"sig_one"})";
  const std::string good = token_of(header, body);
  REQUIRE(verify_jwt({key}, good));
  const std::string unsigned_part = good.substr(0, good.rfind('.'));
  std::vector<std::string> forged = {
      "",
      ".",
      "..",
      "a.b.c",
      unsigned_part,
      unsigned_part + ".",
      good + ".",
      good + ".x",
      good + "=",
      "." + good,
      good + "\n",
      " " + good,
      good.substr(0, good.size() - 1),
      good.substr(1),
      unsigned_part + "." + std::string(43, 'A'),
      token_of(header, body, other),
  };
  for (const char* const bad : {R"({"alg":"none","typ":"JWT","kid":"sig_one"})",
                                R"({"alg":"None","kid":"sig_one"})",
                                R"({"alg":"hs256","kid":"sig_one"})",
                                R"({"alg":"HS512","kid":"sig_one"})",
                                R"({"alg":"RS256","kid":"sig_one"})",
                                R"({"alg":"","kid":"sig_one"})",
                                R"({"alg":null,"kid":"sig_one"})",
                                R"({"alg":["HS256"],"kid":"sig_one"})",
                                R"({"kid":"sig_one"})",
                                R"({"alg":"HS256"})",
                                R"({"alg":"HS256","kid":"sig_two"})",
                                R"({"alg":"HS256","kid":""})",
                                R"({"alg":"HS256","kid":1})",
                                R"({"alg":"HS256","kid":"../sig_one"})",
                                R"({"alg":"HS256","kid":"sig_one' OR '1'='1"})",
                                R"({"alg":"HS256","kid":"sig_one","crit":["exp"]})",
                                R"({"alg":"HS256","kid":"sig_one","typ":"JWE"})",
                                R"({"alg":"none","alg":"HS256","kid":"sig_one"})",
                                R"({"alg":"HS256","kid":"sig_two","kid":"sig_one"})",
                                R"(["HS256"])",
                                R"("HS256")",
                                "",
                                "{",
                                R"({"alg":"HS256","kid":"sig_one"} )"
                                "x"})
    forged.push_back(token_of(bad, body));
  for (const char* const bad : {"", "[]", "1", "null", "{", R"({"user_id":1,"user_id":2})", "{\"user_id\":1}\n{}"})
    forged.push_back(token_of(header, bad));
  // The signature of other bytes than those that are read.
  forged.push_back(to_base64url(header) + "." + to_base64url(R"({"user_id":2})") + good.substr(good.rfind('.')));
  std::string padded = good;
  padded.insert(padded.find('.'), "==");
  forged.push_back(padded);
  forged.push_back(std::string(5000, 'e') + good);
  // One bit of a signature, of a header, of claims.
  for (const std::size_t place : {std::size_t{0}, good.find('.') - 2, good.find('.') + 2, good.rfind('.') - 2,
                                  good.rfind('.') + 1, good.size() - 2}) {
    std::string bent = good;
    bent[place] = bent[place] == 'A' ? 'B' : 'A';
    forged.push_back(bent);
  }
  int taken = 0;
  for (const std::string& token : forged) {
    CAPTURE(token);
    const bool is_taken = verify_jwt({key}, token).has_value();
    CHECK_FALSE(is_taken);
    if (is_taken) ++taken;
  }
  test::print_figure("tokens: " + std::to_string(forged.size()) + " forged, " + std::to_string(taken) + " taken");
}

}  // namespace
}  // namespace galley
