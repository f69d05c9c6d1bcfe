// Deliveries of subscriptions as the API shows them.
#include <atomic>
#include <catch2/catch.hpp>

#include "api/chain.hpp"

namespace galley::test {
namespace {

TEST_CASE("chain: a delivery that fails waits for its next try, and shows each", "[api][icf]") {
  std::atomic<int> status = 500;
  LoopbackServer receiver(
      [&](const ReceivedRequest&) { return answer(status, std::string(5000, 'x'), "X-Mark: here\r\n"); });
  Chain chain;
  const ApiAnswer hook = chain.api.post(chain.project + "/webhooks", R"({"url":")" + receiver.url("/in") + R"("})");
  const std::string delivery = "/api/v1/deliveries/" + chain.api.post(hook.field("Location") + "/test").text("id");
  wait_until([&] { return chain.api.get(delivery).number("attemptCount") == 1; });
  const ApiAnswer shown = chain.api.get(delivery);
  CHECK(shown.text("status") == "pending");
  CHECK(shown.number("lastStatus") == 500);
  CHECK_FALSE(shown.value("nextAttemptAt").is_null());
  CHECK(shown.number("attempts.0.status") == 500);
  CHECK(shown.text("attempts.0.errorClass") == "status");
  CHECK(shown.text("attempts.0.responseBody").size() == 4096);
  CHECK(shown.body.find("\"here\"") != std::string::npos);
  CHECK(shown.number("attempts.0.phasesUs.connect") > 0);
  CHECK(shown.number("attempts.0.phasesUs.firstByte") >= shown.number("attempts.0.phasesUs.connect"));
  CHECK(shown.text("attempts.0.nextReason").starts_with("Wait 1 of "));
  CHECK(shown.text("attempts.0.requestHeaders.X-iCF-Event") == "webhook.test");
  CHECK(shown.text("attempts.0.requestHeaders.X-iCF-Signature") == "[redacted]");
  CHECK(chain.api.get(hook.field("Location")).number("stats.failedAttempts") == 1);
}

TEST_CASE("chain: 410 disables a webhook with its reason, and enabling sends what is due", "[api][icf]") {
  std::atomic<int> status = 410;
  LoopbackServer receiver([&](const ReceivedRequest&) { return answer(status); });
  Chain chain;
  const std::string hook =
      chain.api.post(chain.project + "/webhooks", R"({"url":")" + receiver.url("/in") + R"("})").field("Location");
  REQUIRE(chain.api.post(hook + "/test").status == 202);
  wait_until([&] { return chain.api.get(hook).text("status") == "disabled"; });
  CHECK_FALSE(chain.api.get(hook).value("disabledReason").is_null());
  status = 200;
  CHECK(chain.api.post(hook + "/enable").text("status") == "active");
  CHECK(chain.api.get(hook).value("disabledReason").is_null());
  const ApiAnswer tested = chain.api.post(hook + "/test");
  REQUIRE(tested.status == 202);
  const std::string delivery = "/api/v1/deliveries/" + tested.text("id");
  wait_until([&] { return chain.api.get(delivery).text("status") == "succeeded"; });
}

TEST_CASE("chain: a rotated secret's former one signs until its overlap ends", "[api][icf]") {
  Chain chain;
  const std::string hook =
      chain.api.post(chain.project + "/webhooks", R"({"url":")" + chain.hook.url("/in") + R"("})").field("Location");
  const std::string next = chain.api.post(chain.project + "/rotate-webhook-secret").text("secret");
  REQUIRE(chain.api.post(hook + "/test").status == 202);
  wait_until([&] { return chain.received("/in", "webhook.test").size() == 1; });
  const ReceivedRequest overlapped = chain.received("/in", "webhook.test").front();
  check_signature(overlapped, chain.secret);
  const std::string both = overlapped.header("webhook-signature");
  CHECK(both.find(' ') != std::string::npos);
  REQUIRE(chain.api.post(chain.project + "/confirm-webhook-secret").status == 204);
  REQUIRE(chain.api.post(hook + "/test").status == 202);
  wait_until([&] { return chain.received("/in", "webhook.test").size() == 2; });
  const ReceivedRequest confirmed = chain.received("/in", "webhook.test").back();
  check_signature(confirmed, next);
  CHECK(confirmed.header("webhook-signature").find(' ') == std::string::npos);
  const ApiAnswer last = chain.api.post(chain.project + "/rotate-webhook-secret", R"({"overlapSeconds":0})");
  REQUIRE(chain.api.post(hook + "/test").status == 202);
  wait_until([&] { return chain.received("/in", "webhook.test").size() == 3; });
  check_signature(chain.received("/in", "webhook.test").back(), last.text("secret"));
  CHECK(next != last.text("secret"));
}

}  // namespace
}  // namespace galley::test
