#include <catch2/catch.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <vector>

#include "delivery_site.hpp"
#include "support/loopback_server.hpp"
#include "webhook/dispatcher.hpp"

using namespace galley;
using namespace galley::test;
using namespace std::chrono_literals;

namespace {

LoopbackServer::Script always(int status) {
  return [=](const ReceivedRequest&) { return answer(status); };
}

}  // namespace

TEST_CASE("dispatcher: what another process had leased is sent when the lease is over", "[webhook]") {
  LoopbackServer server(always(200));
  DeliverySite site;
  const Delivery made = site.add_delivery(site.add_webhook(server.url("/hook")));
  const Time until = site.clock.now() + 45s;
  REQUIRE(site.lease_for("another", until).size() == 1);
  site.start();
  const Delivery other = site.add_delivery(site.add_webhook(server.url("/other")));
  site.run_until_tried(other, 1);
  CHECK(site.delivery(made).attempts == 0);
  site.advance(45s);
  site.run_until_tried(made, 1);
  CHECK(site.delivery(made).status == DeliveryStatus::succeeded);
  site.stop();
  CHECK(server.request_count() == 2);
}

TEST_CASE("dispatcher: what a killed process had leased is sent at once after a restart", "[webhook]") {
  LoopbackServer server(always(200));
  DeliverySite site;
  const Delivery made = site.add_delivery(site.add_webhook(server.url("/hook")));
  const Time until = site.clock.now() + 45s;
  REQUIRE(site.lease_for("another", until).size() == 1);
  site.store.reopen();
  site.start();
  site.run_until_tried(made, 1);
  CHECK(site.delivery(made).status == DeliveryStatus::succeeded);
  site.stop();
  CHECK(server.request_count() == 1);
}

TEST_CASE("dispatcher: stopping hands back what waits and finishes what is on its way", "[webhook]") {
  LoopbackServer server(always(200));
  DeliverySite site;
  const Webhook hook = site.add_webhook(server.url("/hook"), [](Webhook& w) { w.rate_limit = 1; });
  std::vector<Delivery> made;
  for (int i = 0; i < 5; ++i)
    made.push_back(site.add_delivery(hook));
  site.start();
  site.run_until([&] { return server.request_count() == 1; });
  site.stop();
  CHECK(site.delivery(made[0]).status == DeliveryStatus::succeeded);
  CHECK(server.request_count() == 1);
  CHECK(site.lease_for("another", site.clock.now() + 1s).size() == 4);
}

TEST_CASE("dispatcher: an endpoint at work stays its own, one at rest is let go", "[webhook]") {
  LoopbackServer server(always(200));
  DeliverySite site;
  const Webhook hook = site.add_webhook(server.url("/hook"), [](Webhook& w) { w.rate_limit = 1; });
  std::vector<Delivery> made;
  for (int i = 0; i < 3; ++i)
    made.push_back(site.add_delivery(hook));
  site.start();
  site.run_until_tried(made[0], 1);
  const auto nobody_else = [&] { return site.lease_for("another", site.clock.now() + 1s).empty(); };
  for (const Delivery& next : {made[1], made[2]}) {
    CHECK(nobody_else());
    site.advance(59s);  // beyond the renewal, and nearly the whole lease
    site.run_until_tried(next, 1);
  }
  CHECK(nobody_else());
  site.advance(11s);
  site.run_until([&] { return !site.any_leased(); });
  site.stop();
  CHECK(server.request_count() == 3);
}

TEST_CASE("dispatcher: what waits for an endpoint that is paused or moved is not sent as it was leased", "[webhook]") {
  DeliverySite site;
  LoopbackServer fast(always(200));
  std::optional<LoopbackServer> slow;
  slow.emplace([](const ReceivedRequest&) { return ScriptedAnswer{.bytes = "", .afterwards = Afterwards::hang}; });
  Webhook hook = site.add_webhook(slow->url("/old"), [](Webhook& w) { w.max_in_flight = 1; });
  const Webhook other = site.add_webhook(fast.url("/other"));
  const Delivery first = site.add_delivery(hook);
  const Delivery waiting = site.add_delivery(hook);  // leased with the first
  // A second delivery to another endpoint is leased in a new round, which looks after the leases first.
  const auto let_it_look = [&] {
    for (int i = 0; i < 2; ++i)
      site.run_until_tried(site.add_delivery(other), 1);
  };
  const auto change = [&](const std::function<void(Webhook&)>& by) {
    by(hook);
    ++hook.version;
    site.store.write([&](Transaction& t) { return t.webhooks().update(hook); });
    site.advance(11s);
    let_it_look();
  };
  site.start();
  site.run_until([&] { return slow->request_count() == 1; });
  change([](Webhook& w) { w.status = WebhookStatus::paused; });
  slow.reset();
  site.run_until_tried(first, 1);
  let_it_look();
  CHECK(site.delivery(waiting).attempts == 0);
  change([&](Webhook& w) {
    w.status = WebhookStatus::active;
    w.url = fast.url("/new");
  });
  site.run_until_tried(waiting, 1);
  CHECK(site.delivery(waiting).status == DeliveryStatus::succeeded);
}

TEST_CASE("dispatcher: an endpoint that failed between two successes has not been failing since", "[webhook]") {
  int asked = 0;
  LoopbackServer server([&asked](const ReceivedRequest&) { return answer(++asked == 1 ? 500 : 200); });
  DeliverySite site;
  const Webhook hook = site.add_webhook(server.url("/hook"), [](Webhook& w) { w.max_in_flight = 1; });
  const Delivery fails = site.add_delivery(hook);
  const Delivery arrives = site.add_delivery(hook);  // leased with the one that fails
  site.start();
  site.run_until_tried(fails, 1);
  site.clock.advance(webhook::EndpointLane::longest_pause);
  site.run_until_tried(arrives, 1);
  CHECK_FALSE(site.webhook(hook).failing_since.has_value());
}

TEST_CASE("dispatcher: what was sent while the store refused to write is not sent again, but written down later",
          "[webhook]") {
  LoopbackServer server(always(200));
  DeliverySite site;
  const Webhook hook = site.add_webhook(server.url("/hook"));
  const Delivery made = site.add_delivery(hook);
  FullDisk& disk = site.full_disk.emplace(*site.store, 1);  // the lease
  site.start();
  site.run_until([&] { return disk.refused() >= 2; });
  disk.relieve();
  site.run_until_tried(made, 1);
  CHECK(site.delivery(made).status == DeliveryStatus::succeeded);
  site.stop();
  CHECK(server.request_count() == 1);
}
