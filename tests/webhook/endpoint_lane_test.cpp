#include "webhook/endpoint_lane.hpp"

#include <catch2/catch.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "sample_event.hpp"

using namespace galley;
using namespace galley::webhook;
using namespace std::chrono_literals;

namespace {

constexpr Time now = std::chrono::sys_days(std::chrono::year(2026) / 3 / 30);
const Instant instant{1h};

Webhook webhook_with(int max_in_flight, std::optional<int> rate = {}, bool failing = false) {
  Webhook webhook;
  webhook.max_in_flight = max_in_flight;
  webhook.rate_limit = rate;
  if (failing) webhook.failing_since = now;
  return webhook;
}

Deliveries::Due row(const Webhook& webhook, int number, int article = 0, std::size_t size = 0) {
  ArticleSnapshot snapshot;
  snapshot.text.markdown = std::string(size, 'x');
  Event event;
  event.snapshot = snapshot;
  Deliveries::Due due{.row = number,
                      .delivery = {},
                      .webhook = std::make_shared<const Webhook>(webhook),
                      .event = std::make_shared<const Event>(event),
                      .secrets = std::make_shared<const Projects::WebhookSecrets>()};
  due.delivery.id = DeliveryId("dlv_" + std::to_string(number));
  if (article > 0) due.delivery.article = ArticleId("art_" + std::to_string(article));
  return due;
}

// A lane with a lease, and its endpoint.
struct Lane : EndpointLane {
  explicit Lane(const Webhook& of) : EndpointLane(of), webhook(of) { lease(now + 60s); }

  void add(int number, int article = 0, std::size_t size = 0) {
    EndpointLane::add(row(webhook, number, article, size), instant);
  }
  std::string taken(Instant at = instant, Time when = now) {
    const auto due = take(when, at, 20s);
    return due ? due->delivery.id.text() : "";
  }

  Webhook webhook;
};

}  // namespace

TEST_CASE("lane: no more are on their way than the endpoint takes", "[webhook]") {
  Lane lane(webhook_with(2));
  for (int i = 1; i <= 3; ++i)
    lane.add(i);
  CHECK(lane.taken() == "dlv_1");
  CHECK(lane.taken() == "dlv_2");
  CHECK(lane.taken() == "");
  lane.answered(std::nullopt, true, instant);
  CHECK(lane.taken() == "dlv_3");
  CHECK(lane.in_flight() == 2);
}

TEST_CASE("lane: deliveries of one article go one after the other, others pass", "[webhook]") {
  Lane lane(webhook_with(32));
  lane.add(1, 7);
  lane.add(2, 7);
  lane.add(3, 8);
  lane.add(4, 7);
  CHECK(lane.taken() == "dlv_1");
  CHECK(lane.taken() == "dlv_3");
  CHECK(lane.taken() == "");
  lane.answered(ArticleId("art_7"), true, instant);
  CHECK(lane.taken() == "dlv_2");
  CHECK(lane.taken() == "");
}

TEST_CASE("lane: failures halve the window and success widens it again", "[webhook]") {
  Lane lane(webhook_with(8));
  CHECK(lane.window() == 8);
  Instant later = instant;
  const auto end_one = [&](bool succeeded) {
    later += EndpointLane::longest_pause;
    lane.add(1);
    REQUIRE(lane.taken(later) == "dlv_1");
    lane.answered(std::nullopt, succeeded, later);
    return lane.window();
  };
  CHECK(end_one(false) == 4);
  CHECK(end_one(false) == 2);
  CHECK(end_one(false) == 1);
  CHECK(end_one(false) == 1);
  CHECK(end_one(true) == 2);
  for (int i = 0; i < 20; ++i)
    end_one(true);
  CHECK(lane.window() == 8);
}

TEST_CASE("lane: an endpoint begins with few at a time, and after so many answers has twice as many", "[webhook]") {
  Lane lane(webhook_with(32));
  for (int i = 1; i <= 100; ++i)
    lane.add(i);
  for (const int sent : {8, 16, 32, 32}) {
    for (int i = 0; i < sent; ++i)
      CHECK_FALSE(lane.taken().empty());
    CHECK(lane.taken().empty());
    for (int i = 0; i < sent; ++i)
      lane.answered(std::nullopt, true, instant);
  }
  CHECK(lane.window() == 32);
}

TEST_CASE("lane: an endpoint that only fails begins with one at a time", "[webhook]") {
  Lane lane(webhook_with(32, {}, true));
  CHECK(lane.in_hand().room == 8);
  lane.add(1);
  lane.add(2);
  CHECK(lane.in_hand().room == 6);
  CHECK(lane.taken() == "dlv_1");
  CHECK(lane.taken() == "");
  CHECK_FALSE(lane.wants_more());
}

TEST_CASE("lane: an endpoint that refuses at once is asked ever more rarely, and after a success at once",
          "[webhook]") {
  Lane lane(webhook_with(1));
  Instant at = instant;
  for (const auto pause : {50ms, 100ms, 200ms, 400ms, 800ms, 1000ms, 1000ms}) {
    lane.add(1);
    REQUIRE(lane.taken(at) == "dlv_1");
    lane.answered(std::nullopt, false, at);
    lane.add(2);
    CHECK(lane.taken(at) == "");
    CHECK(lane.held_until(at) == at + pause);
    CHECK(lane.taken(at + pause - 1ms) == "");
    lane.give_up();
    CHECK_FALSE(lane.idle(at));
    at += pause;
  }
  lane.add(1);
  REQUIRE(lane.taken(at) == "dlv_1");
  lane.answered(std::nullopt, true, at);
  lane.add(2);
  CHECK(lane.taken(at) == "dlv_2");
  lane.answered(std::nullopt, false, at);
  lane.add(3);
  CHECK(lane.held_until(at) == at + 50ms);
}

TEST_CASE("lane: one failure among many on their way holds nothing up", "[webhook]") {
  Lane lane(webhook_with(8));
  for (int i = 1; i <= 3; ++i)
    lane.add(i);
  REQUIRE(lane.taken() == "dlv_1");
  lane.answered(std::nullopt, false, instant);
  CHECK(lane.taken() == "dlv_2");
}

TEST_CASE("lane: a rate spaces deliveries evenly", "[webhook]") {
  Lane lane(webhook_with(32, 4));
  for (int i = 1; i <= 3; ++i)
    lane.add(i);
  CHECK(lane.taken() == "dlv_1");
  CHECK(lane.taken() == "");
  CHECK(lane.held_until(instant) == instant + 250ms);
  CHECK(lane.taken(instant + 249ms) == "");
  CHECK(lane.taken(instant + 250ms) == "dlv_2");
  CHECK(lane.taken(instant + 400ms) == "");
  CHECK(lane.taken(instant + 500ms) == "dlv_3");
  CHECK_FALSE(lane.held_until(instant + 500ms).has_value());
}

TEST_CASE("lane: it is kept while its rate must be remembered, or something is not written down", "[webhook]") {
  Lane lane(webhook_with(32, 1));
  CHECK(lane.idle(instant));
  lane.add(1);
  CHECK_FALSE(lane.idle(instant));
  CHECK(lane.taken() == "dlv_1");
  lane.answered(std::nullopt, true, instant);
  CHECK_FALSE(lane.idle(instant + 1s));
  lane.let_go(1);
  CHECK_FALSE(lane.idle(instant + 1s));
  lane.keep(1);
  CHECK_FALSE(lane.idle(instant + 1s));
  lane.let_go(1);
  lane.written();
  CHECK_FALSE(lane.idle(instant + 999ms));
  CHECK(lane.idle(instant + 1s));
}

TEST_CASE("lane: what it has in hand is what waits, is on its way, or is not asked to be written down", "[webhook]") {
  Lane lane(webhook_with(1));
  for (int i = 1; i <= 3; ++i)
    lane.add(i);
  CHECK(lane.in_hand().rows == std::vector<std::int64_t>{1, 2, 3});
  REQUIRE(lane.taken() == "dlv_1");
  lane.answered(std::nullopt, true, instant);
  CHECK(lane.in_hand().rows == std::vector<std::int64_t>{1, 2, 3});
  lane.let_go(1);
  CHECK(lane.in_hand().rows == std::vector<std::int64_t>{2, 3});
  REQUIRE(lane.taken() == "dlv_2");
  lane.give_up();
  CHECK(lane.in_hand().rows == std::vector<std::int64_t>{2});
  CHECK(lane.waiting() == 0);
  CHECK(lane.waiting_bytes() == 0);
  CHECK(lane.in_flight() == 1);
}

TEST_CASE("lane: what waits is bounded in rows and bytes", "[webhook]") {
  Lane lane(webhook_with(32));
  CHECK(lane.in_hand().room == 8 + 128);
  for (int i = 1; i <= 8 + 128; ++i)
    lane.add(i);
  CHECK(lane.in_hand().room == 0);
  CHECK_FALSE(lane.wants_more());
  CHECK(Lane(webhook_with(32, 4)).in_hand().room == 40);
  Lane large(webhook_with(32));
  large.add(1, 0, 3 << 20);
  CHECK(large.in_hand().room == 0);
  CHECK_FALSE(large.wants_more());
  CHECK(large.taken() == "dlv_1");
  CHECK(large.waiting_bytes() == 0);
  CHECK(large.wants_more());
}

TEST_CASE("lane: without a lease, or when it is nearly over, nothing is sent", "[webhook]") {
  Lane lane(webhook_with(32));
  lane.add(1);
  lane.add(2);
  CHECK(lane.taken(instant, now + 40s) == "dlv_1");
  CHECK(lane.taken(instant, now + 41s) == "");
  lane.lease(now + 61s);
  CHECK(lane.taken(instant, now + 41s) == "dlv_2");
  EndpointLane without(webhook_with(32));
  without.add(row(webhook_with(32), 1), instant);
  CHECK_FALSE(without.take(now, instant, 20s).has_value());
}

TEST_CASE("lane: what waits is sent as its endpoint is by now", "[webhook]") {
  Lane lane(webhook_with(32));
  lane.add(1);
  Webhook moved = lane.webhook;
  moved.url = "https://new.example.com/hook";
  moved.version = 2;
  lane.EndpointLane::add(row(moved, 2), instant + 1s);
  CHECK(lane.version() == 2);
  CHECK(lane.host() == "new.example.com");
  CHECK(lane.waiting_since() == instant);
  CHECK(lane.take(now, instant, 20s)->webhook->url == moved.url);
  CHECK(lane.waiting_since() == instant + 1s);
}
