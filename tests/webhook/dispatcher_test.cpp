#include "webhook/dispatcher.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "base/json.hpp"
#include "delivery_site.hpp"
#include "support/loopback_server.hpp"
#include "webhook/body.hpp"
#include "webhook/signature.hpp"

using namespace galley;
using namespace galley::test;
using namespace galley::webhook;
using namespace std::chrono_literals;

namespace {

LoopbackServer::Script always(int status, std::string header_lines = "") {
  return [=](const ReceivedRequest&) { return answer(status, "", header_lines); };
}

ScriptedAnswer no_answer() {
  return {.bytes = "", .afterwards = Afterwards::hang};
}

}  // namespace

TEST_CASE("dispatcher: a delivery arrives signed with the project's secret and is written down", "[webhook]") {
  LoopbackServer server([](const ReceivedRequest&) { return answer(201, "thanks", "X-Note: kept\r\n"); });
  DeliverySite site;
  const Webhook hook = site.add_webhook(server.url("/hook"), [](Webhook& w) { w.headers = {{"X-Site", "blog"}}; });
  const Delivery made = site.add_delivery(hook);
  site.start();
  site.run_until_tried(made, 1);

  REQUIRE(server.request_count() == 1);
  const ReceivedRequest request = server.requests()[0];
  CHECK(request.method == "POST");
  CHECK(request.target == "/hook");
  CHECK(request.header("x-site") == "blog");
  CHECK(request.header("webhook-id") == made.event.text());
  CHECK(request.header("x-icf-delivery") == made.id.text());
  CHECK(request.header("x-icf-attempt") == "1");
  CHECK(request.header("x-icf-signature") ==
        icf_signature({.current = Secret(site.project_secret)}, site.clock.now(), request.body));
  const json::Value body = json::parse(request.body).value();
  CHECK(*body.find("id")->text() == made.event.text());
  CHECK(*body.find("article")->find("slug")->text() == "ten-quiet-pumps");

  const Delivery after = site.delivery(made);
  CHECK(after.status == DeliveryStatus::succeeded);
  CHECK(after.last_status == 201);
  CHECK_FALSE(after.next_attempt_at.has_value());
  CHECK_FALSE(after.last_error.has_value());
  CHECK(after.finished_at == site.clock.now());
  const auto attempts = site.attempts(made);
  REQUIRE(attempts.size() == 1);
  CHECK(attempts[0].status == 201);
  CHECK(attempts[0].response_body == "thanks");
  CHECK(attempts[0].error_class.empty());
  CHECK(attempts[0].peer == "127.0.0.1:" + std::to_string(server.port()));
  CHECK(attempts[0].next_reason.empty());
  CHECK(std::ranges::count(attempts[0].request_headers, std::string("webhook-id"),
                           &std::pair<std::string, std::string>::first) == 1);
}

TEST_CASE("dispatcher: an endpoint's own secret signs instead of the project's", "[webhook]") {
  LoopbackServer server(always(200));
  DeliverySite site;
  const Secret own("own words");
  const Delivery made = site.add_delivery(site.add_webhook(server.url("/hook"), {}, own));
  site.start();
  site.run_until_tried(made, 1);
  const ReceivedRequest request = server.requests().at(0);
  CHECK(request.header("x-icf-signature") == icf_signature({.current = own}, site.clock.now(), request.body));
  CHECK(request.head.find("webhook-signature") == std::string::npos);
}

TEST_CASE("dispatcher: during a rotation the old secret signs, and both in the standard header", "[webhook]") {
  LoopbackServer server(always(200));
  DeliverySite site;
  const Webhook hook = site.add_webhook(server.url("/hook"));
  const Projects::WebhookSecrets rotated{.current = new_webhook_secret(),
                                         .previous = Secret(site.project_secret),
                                         .previous_until = site.clock.now() + 24h};
  site.store.write(
      [&](Transaction& t) { return t.projects().set_webhook_secrets(site.account.id, site.project.id, rotated); });
  const Delivery during = site.add_delivery(hook);
  site.start();
  site.run_until_tried(during, 1);
  site.clock.advance(24h);
  const Delivery behind = site.add_delivery(hook);
  site.run_until_tried(behind, 1);

  const auto requests = server.requests();
  REQUIRE(requests.size() == 2);
  const Projects::WebhookSecrets old{.current = Secret(site.project_secret)};
  const Projects::WebhookSecrets fresh{.current = rotated.current};
  CHECK(requests[0].header("x-icf-signature") == icf_signature(old, site.clock.now(), requests[0].body));
  CHECK(requests[0].header("webhook-signature").find(" v1,") != std::string::npos);
  CHECK(requests[1].header("x-icf-signature") == icf_signature(fresh, site.clock.now(), requests[1].body));
  CHECK(requests[1].header("webhook-signature").find(' ') == std::string::npos);
}

TEST_CASE("dispatcher: after a 500 the same message is sent again by the schedule", "[webhook]") {
  LoopbackServer server(
      [](const ReceivedRequest& request) { return answer(request.header("x-icf-attempt") == "1" ? 500 : 200); });
  DeliverySite site;
  const Webhook hook = site.add_webhook(server.url("/hook"));
  const Delivery made = site.add_delivery(hook);
  site.start();
  site.run_until_tried(made, 1);
  const Delivery between = site.delivery(made);
  CHECK(between.status == DeliveryStatus::pending);
  CHECK(between.next_attempt_at == site.clock.now() + 5s);
  CHECK(between.last_error == "The endpoint answered 500.");
  CHECK(site.attempts(made).at(0).next_reason == "Wait 1 of 9 of the schedule, 5 s, spread by a fifth: 5 s.");
  CHECK(site.webhook(hook).failing_since == site.clock.now());

  site.advance(4999ms);
  const Delivery other = site.add_delivery(site.add_webhook(server.url("/other")));
  site.run_until_tried(other, 1);
  CHECK(site.delivery(made).attempts == 1);  // not before its time
  site.advance(1ms);
  site.run_until_tried(made, 2);
  CHECK(site.delivery(made).status == DeliveryStatus::succeeded);
  CHECK_FALSE(site.webhook(hook).failing_since.has_value());
  CHECK(site.webhook(hook).version == hook.version);

  std::vector<ReceivedRequest> to_hook;
  for (const ReceivedRequest& request : server.requests())
    if (request.target == "/hook") to_hook.push_back(request);
  REQUIRE(to_hook.size() == 2);
  CHECK(to_hook[0].header("webhook-id") == to_hook[1].header("webhook-id"));
  CHECK(to_hook[0].body == to_hook[1].body);
  CHECK(to_hook[1].header("x-icf-attempt") == "2");
  CHECK(site.attempts(made).size() == 2);
}

TEST_CASE("dispatcher: a 410 disables the endpoint, and what is due is kept unsent", "[webhook]") {
  LoopbackServer server(always(410));
  DeliverySite site;
  const Webhook hook = site.add_webhook(server.url("/gone"), [](Webhook& w) { w.max_in_flight = 1; });
  const Delivery first = site.add_delivery(hook);
  const Delivery second = site.add_delivery(hook);
  site.start();
  site.run_until_tried(first, 1);
  const Delivery other = site.add_delivery(site.add_webhook(server.url("/other")));
  site.run_until_tried(other, 1);
  const Webhook after = site.webhook(hook);
  CHECK(after.status == WebhookStatus::disabled);
  CHECK(after.disabled_reason == "The endpoint answered 410 Gone.");
  CHECK(after.version == hook.version + 1);
  CHECK(site.delivery(first).status == DeliveryStatus::failed);
  CHECK(site.delivery(second).status == DeliveryStatus::pending);
  CHECK(site.delivery(second).attempts == 0);
}

TEST_CASE("dispatcher: a redirect is a failure and is not followed", "[webhook]") {
  LoopbackServer server(always(302, "Location: /elsewhere\r\n"));
  DeliverySite site;
  const Delivery made = site.add_delivery(site.add_webhook(server.url("/hook")));
  site.start();
  site.run_until_tried(made, 1);
  site.stop();
  CHECK(site.delivery(made).status == DeliveryStatus::pending);
  CHECK(site.delivery(made).last_status == 302);
  REQUIRE(server.request_count() == 1);
  CHECK(server.requests()[0].target == "/hook");
}

TEST_CASE("dispatcher: 429 and 503 are tried again when Retry-After says", "[webhook]") {
  for (const int status : {429, 503}) {
    LoopbackServer server(always(status, "Retry-After: 120\r\n"));
    DeliverySite site;
    const Delivery made = site.add_delivery(site.add_webhook(server.url("/hook")));
    site.start();
    site.run_until_tried(made, 1);
    CHECK(site.delivery(made).next_attempt_at == site.clock.now() + 120s);
    CHECK(site.attempts(made).at(0).next_reason == "The endpoint asked for it: Retry-After, 120 s.");
  }
}

TEST_CASE("dispatcher: when the schedule is used up the delivery has failed", "[webhook]") {
  LoopbackServer server(always(500));
  DeliverySite site;
  const Webhook hook = site.add_webhook(server.url("/hook"));
  const Delivery made = site.add_delivery(hook);
  site.start(RetrySchedule::parse("1s,2s").value());
  for (int tries = 1; tries <= 3; ++tries) {
    site.run_until_tried(made, tries);
    site.advance(1h);
  }
  CHECK(site.attempts(made).at(2).next_reason == "No more tries: the 2 waits of the schedule are used up.");
  const Delivery after = site.delivery(made);
  CHECK(after.status == DeliveryStatus::failed);
  CHECK(after.finished_at.has_value());
  CHECK_FALSE(after.next_attempt_at.has_value());
  CHECK(site.webhook(hook).status == WebhookStatus::active);
  site.stop();
  CHECK(server.request_count() == 3);
}

TEST_CASE("dispatcher: an endpoint with nothing but failures for five days is disabled", "[webhook]") {
  LoopbackServer server(always(500));
  DeliverySite site;
  const Time since = site.clock.now() - 5 * 24h + 10min;
  const Webhook hook = site.add_webhook(server.url("/hook"), [&](Webhook& w) { w.failing_since = since; });
  const Delivery early = site.add_delivery(hook);
  site.start();
  site.run_until_tried(early, 1);
  CHECK(site.webhook(hook).status == WebhookStatus::active);
  site.advance(11min);
  site.run_until_tried(early, 2);
  const Webhook after = site.webhook(hook);
  CHECK(after.status == WebhookStatus::disabled);
  CHECK(after.disabled_reason == "Nothing but failures since " + to_rfc3339(since) + ".");
  CHECK(site.delivery(early).status == DeliveryStatus::pending);  // kept, to be recovered
}

TEST_CASE("dispatcher: an endpoint that failed before the clock was set has not been failing since", "[webhook]") {
  LoopbackServer server(always(500));
  DeliverySite site;
  const Webhook hook = site.add_webhook(server.url("/hook"));
  const Delivery made = site.add_delivery(hook);
  site.start();
  site.run_until_tried(made, 1);
  site.clock.set(site.clock.now() + 24h * 365);
  site.advance(1min);
  site.run_until_tried(made, 2);
  CHECK(site.webhook(hook).status == WebhookStatus::active);
  // An hour later it is believed.
  site.advance(61min);
  site.run_until_tried(made, 3);
  CHECK(site.webhook(hook).status == WebhookStatus::disabled);
}

TEST_CASE("dispatcher: an endpoint that does not answer does not delay another", "[webhook]") {
  DeliverySite site;
  LoopbackServer fast(always(200));
  std::optional<LoopbackServer> slow;
  slow.emplace([](const ReceivedRequest&) { return no_answer(); });
  const Webhook slow_hook = site.add_webhook(slow->url("/slow"));
  const Webhook fast_hook = site.add_webhook(fast.url("/fast"));
  for (int i = 0; i < 100; ++i) {
    ArticleSnapshot article = sample_snapshot();
    article.id = site.ids.make<ArticleId>();
    site.add_delivery(slow_hook, article);
  }
  std::vector<Delivery> to_fast;
  for (int i = 0; i < 50; ++i) {
    ArticleSnapshot article = sample_snapshot();
    article.id = site.ids.make<ArticleId>();
    to_fast.push_back(site.add_delivery(fast_hook, article));
  }
  site.start();
  site.run_until([&] { return fast.request_count() == 50 && slow->request_count() == 8; });
  for (const Delivery& made : to_fast)
    site.run_until_tried(made, 1);
  CHECK(fast.request_count() == 50);
  CHECK(slow->request_count() == 8);  // as many as one begins with, all still waiting
  slow.reset();
}

TEST_CASE("dispatcher: deliveries of one article arrive in order, each once", "[webhook]") {
  LoopbackServer server(always(200));
  DeliverySite site;
  const Webhook hook = site.add_webhook(server.url("/hook"));
  std::map<std::string, std::vector<std::string>> expected;
  std::vector<Delivery> made;
  for (int i = 0; i < 120; ++i) {
    ArticleSnapshot article = sample_snapshot();
    article.id = ArticleId("art_0000000000000000000" + std::to_string(i % 3));
    made.push_back(site.add_delivery(hook, article));
    site.clock.advance(1ms);
    expected[article.id.text()].push_back(made.back().event.text());
  }
  site.start();
  for (const Delivery& one : made)
    site.run_until_tried(one, 1);
  site.stop();
  std::map<std::string, std::vector<std::string>> received;
  for (const ReceivedRequest& request : server.requests()) {
    const json::Value body = json::parse(request.body).value();
    received[*body.find("article")->find("id")->text()].push_back(request.header("webhook-id"));
  }
  CHECK(received == expected);
}

TEST_CASE("dispatcher: a rate limit holds deliveries back", "[webhook]") {
  LoopbackServer server(always(200));
  DeliverySite site;
  const Webhook hook = site.add_webhook(server.url("/hook"), [](Webhook& w) { w.rate_limit = 2; });
  std::vector<Delivery> made;
  for (int i = 0; i < 3; ++i) {
    ArticleSnapshot article = sample_snapshot();
    article.id = site.ids.make<ArticleId>();
    made.push_back(site.add_delivery(hook, article));
  }
  site.start();
  site.run_until_tried(made[0], 1);
  const Delivery other = site.add_delivery(site.add_webhook(server.url("/other")));
  site.run_until_tried(other, 1);
  CHECK(site.delivery(made[1]).attempts == 0);
  site.advance(500ms);
  site.run_until_tried(made[1], 1);
  CHECK(site.delivery(made[2]).attempts == 0);
}

TEST_CASE("dispatcher: a forbidden address is the attempt's error and nothing is sent there", "[webhook]") {
  DeliverySite site;
  const Delivery made = site.add_delivery(site.add_webhook("http://10.0.0.1:8080/hook"));
  site.start();
  site.run_until_tried(made, 1);
  const auto attempts = site.attempts(made);
  CHECK(attempts.at(0).error_class == "guard");
  CHECK_FALSE(attempts.at(0).status.has_value());
  CHECK(attempts.at(0).peer.empty());
  CHECK(site.delivery(made).status == DeliveryStatus::pending);
}

TEST_CASE("dispatcher: a message that cannot be made fails at once and is not held against the endpoint", "[webhook]") {
  LoopbackServer server(always(200));
  DeliverySite site;
  const Webhook hook = site.add_webhook(server.url("/hook"));
  ArticleSnapshot large = sample_snapshot();
  large.text.title = std::string(max_body_bytes, 'x');
  const Delivery made = site.add_delivery(hook, large);
  site.start();
  site.run_until_tried(made, 1);
  CHECK(site.delivery(made).status == DeliveryStatus::failed);
  CHECK(site.attempts(made).at(0).error_class == "body");
  CHECK_FALSE(site.webhook(hook).failing_since.has_value());
  CHECK(server.request_count() == 0);
}

TEST_CASE("dispatcher: a delivery cancelled while it was under way stays cancelled when it fails", "[webhook]") {
  DeliverySite site;
  std::optional<LoopbackServer> server;
  server.emplace([](const ReceivedRequest&) { return no_answer(); });
  const Delivery made = site.add_delivery(site.add_webhook(server->url("/hook")));
  site.start();
  site.run_until([&] { return server->request_count() == 1; });
  site.store.write([&](Transaction& t) -> Result<void> {
    Delivery delivery = GALLEY_TRY(t.deliveries().find(site.account.id, made.id));
    delivery.status = DeliveryStatus::cancelled;
    delivery.next_attempt_at.reset();
    return t.deliveries().update(delivery);
  });
  server.reset();
  site.run_until_tried(made, 1);
  CHECK(site.delivery(made).status == DeliveryStatus::cancelled);
}

TEST_CASE("dispatcher: an endpoint deleted while a message was under way leaves nothing behind", "[webhook]") {
  DeliverySite site;
  std::optional<LoopbackServer> server;
  server.emplace([](const ReceivedRequest&) { return no_answer(); });
  const Webhook hook = site.add_webhook(server->url("/hook"));
  const Delivery made = site.add_delivery(hook);
  site.start();
  site.run_until([&] { return server->request_count() == 1; });
  site.store.write([&](Transaction& t) { return t.webhooks().remove(site.account.id, hook.id); });
  server.reset();
  site.stop();
  const auto found =
      site.store->read([&](const Transaction& t) { return t.deliveries().find(site.account.id, made.id); });
  CHECK(found.has_error());
}
