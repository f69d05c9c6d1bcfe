#include "webhook/signature.hpp"

#include <catch2/catch.hpp>
#include <chrono>

#include "base/encoding.hpp"
#include "domain/webhook.hpp"

using namespace galley;
using namespace galley::webhook;

namespace {

// The example secret of the Standard Webhooks specification, and "whsec_" + base64 of the bytes 0 to 31.
const std::string old_text = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const std::string new_text = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const std::string body = "{\"title\":\"Größe 😀\"}";
constexpr Time now{std::chrono::seconds(1774882800)};

Projects::WebhookSecrets only(const std::string& secret) {
  return {.current = Secret(secret)};
}

Projects::WebhookSecrets rotated(const std::string& from, const std::string& to, Time until) {
  return {.current = Secret(to), .previous = Secret(from), .previous_until = until};
}

}  // namespace

// The expected values are Python's hmac module's and openssl's.
TEST_CASE("signature: X-iCF-Signature is keyed with the secret's text as shown", "[webhook]") {
  CHECK(icf_signature(only(old_text), now, body) == "a0940ef93ec77e760f80c9fb8e152ce30b66e55c0fdc2ae571fcee2e58e50a33");
  CHECK(icf_signature(only("plain secret"), now, body) ==
        "cf98e9d575124eb6a66346eddfdb4beeb781c81bcc9006554dcfb428662b4211");
  CHECK(icf_signature(only("ключ"), now, body) == "49144d2b7a49be2bb4475883abbea935950a529690ab8b170f093e06954808bc");
  CHECK(icf_signature(only(""), now, "") == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST_CASE("signature: webhook-signature is that of the specification's example", "[webhook]") {
  CHECK(standard_signature(only(old_text), now, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}") ==
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_CASE("signature: only whsec_ secrets have a webhook-signature", "[webhook]") {
  for (const std::string text : {"plain secret", "", "whsec_", "whsec_not base64!", "whsec_AAA", "WHSEC_AAEC",
                                 "whsec-AAECAwQFBgcICQoLDA0ODw=="}) {
    CAPTURE(text);
    CHECK_FALSE(standard_signature(only(text), now, "evt_1", 1, body).has_value());
    CHECK_FALSE(standard_key(Secret(text)).has_value());
  }
}

TEST_CASE("signature: during the overlap X-iCF-Signature stays the old secret's", "[webhook]") {
  const auto secrets = rotated(old_text, new_text, now + std::chrono::hours(24));
  CHECK(icf_signature(secrets, now, body) == icf_signature(only(old_text), now, body));
}

TEST_CASE("signature: X-iCF-Signature is the new secret's from the moment the overlap ends", "[webhook]") {
  const std::string expected = "3837a1c3539d38fc372de5a7798dd82f23f1a9e76058f4cec70cf7c6e96ce4bb";
  CHECK(icf_signature(rotated(old_text, new_text, now), now, body) == expected);
  CHECK(icf_signature(rotated(old_text, new_text, now + Milliseconds(1)), now, body) != expected);
}

TEST_CASE("signature: during the overlap webhook-signature holds both", "[webhook]") {
  const std::string of_new = "v1,gCgrYGVF/ifKNdKeXRBXSnu3mq2X1DKeKIifLdLgqHY=";
  const std::string of_old = "v1,ovmlfVGIxKe4U0ZxxXEigzgfX5uurfNO/+HJ9RQWy7U=";
  const Time until = now + std::chrono::hours(1);
  CHECK(standard_signature(rotated(old_text, new_text, until), now, "evt_1", 1774882800, body) ==
        of_new + " " + of_old);
  CHECK(standard_signature(rotated(old_text, new_text, now), now, "evt_1", 1774882800, body) == of_new);
  CHECK(standard_signature(rotated("plain", new_text, until), now, "evt_1", 1774882800, body) == of_new);
  CHECK(standard_signature(rotated(old_text, "plain", until), now, "evt_1", 1774882800, body) == of_old);
}

TEST_CASE("signature: a made secret has 32 random bytes behind whsec_", "[webhook]") {
  const Secret first = new_webhook_secret();
  const Secret second = new_webhook_secret();
  CHECK(first.reveal() != second.reveal());
  const auto key = standard_key(first);
  REQUIRE(key.has_value());
  CHECK(key->reveal().size() == 32);
  CHECK(first.reveal().size() == 6 + 44);
}
