#include "webhook/endpoint_lane.hpp"

#include <catch2/catch.hpp>
#include <chrono>
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

LeasedDelivery row(int number, int article = 0, std::size_t size = 0) {
  LeasedDelivery leased;
  leased.due.delivery.id = DeliveryId("dlv_" + std::to_string(number));
  if (article > 0) leased.due.delivery.article = ArticleId("art_" + std::to_string(article));
  ArticleSnapshot snapshot;
  snapshot.text.markdown = std::string(size, 'x');
  leased.due.event.snapshot = snapshot;
  leased.lease_until = now + 45s;
  return leased;
}

bool offered(EndpointLane& lane, LeasedDelivery one) {
  return lane.offer(one);
}

std::string taken(EndpointLane& lane, Instant at = instant, Time when = now) {
  const auto leased = lane.take(when, at, 20s);
  return leased ? leased->due.delivery.id.text() : "";
}

}  // namespace

TEST_CASE("lane: no more are on their way than the endpoint takes", "[webhook]") {
  EndpointLane lane(webhook_with(2), "example.com");
  for (int i = 1; i <= 3; ++i)
    REQUIRE(offered(lane, row(i)));
  CHECK(taken(lane) == "dlv_1");
  CHECK(taken(lane) == "dlv_2");
  CHECK(taken(lane) == "");
  lane.finished(std::nullopt, true);
  CHECK(taken(lane) == "dlv_3");
  CHECK(lane.in_flight() == 2);
}

TEST_CASE("lane: deliveries of one article go one after the other, others pass", "[webhook]") {
  EndpointLane lane(webhook_with(32), "example.com");
  REQUIRE(offered(lane, row(1, 7)));
  REQUIRE(offered(lane, row(2, 7)));
  REQUIRE(offered(lane, row(3, 8)));
  REQUIRE(offered(lane, row(4, 7)));
  CHECK(taken(lane) == "dlv_1");
  CHECK(taken(lane) == "dlv_3");
  CHECK(taken(lane) == "");
  lane.finished(ArticleId("art_7"), true);
  CHECK(taken(lane) == "dlv_2");
  CHECK(taken(lane) == "");
}

TEST_CASE("lane: failures halve the window and success widens it again", "[webhook]") {
  EndpointLane lane(webhook_with(8), "example.com");
  CHECK(lane.window() == 8);
  const auto end_one = [&lane](bool succeeded) {
    REQUIRE(offered(lane, row(1)));
    REQUIRE(taken(lane) == "dlv_1");
    lane.finished(std::nullopt, succeeded);
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

TEST_CASE("lane: an endpoint that only fails begins with one at a time", "[webhook]") {
  EndpointLane lane(webhook_with(32, {}, true), "example.com");
  for (int i = 1; i <= 8; ++i)
    REQUIRE(offered(lane, row(i)));
  CHECK_FALSE(offered(lane, row(9)));
  CHECK(taken(lane) == "dlv_1");
  CHECK(taken(lane) == "");
  CHECK_FALSE(lane.wants_more());
}

TEST_CASE("lane: a rate spaces deliveries evenly", "[webhook]") {
  EndpointLane lane(webhook_with(32, 4), "example.com");
  for (int i = 1; i <= 3; ++i)
    REQUIRE(offered(lane, row(i)));
  CHECK(taken(lane) == "dlv_1");
  CHECK(taken(lane) == "");
  CHECK(lane.held_until(instant) == instant + 250ms);
  CHECK(taken(lane, instant + 249ms) == "");
  CHECK(taken(lane, instant + 250ms) == "dlv_2");
  CHECK(taken(lane, instant + 400ms) == "");
  CHECK(taken(lane, instant + 500ms) == "dlv_3");
  CHECK_FALSE(lane.held_until(instant + 500ms).has_value());
}

TEST_CASE("lane: it is kept while its rate must be remembered", "[webhook]") {
  EndpointLane lane(webhook_with(32, 1), "example.com");
  CHECK(lane.idle(instant));
  REQUIRE(offered(lane, row(1)));
  CHECK_FALSE(lane.idle(instant));
  CHECK(taken(lane) == "dlv_1");
  lane.finished(std::nullopt, true);
  CHECK_FALSE(lane.idle(instant + 999ms));
  CHECK(lane.idle(instant + 1s));
}

TEST_CASE("lane: what waits is bounded in rows and bytes", "[webhook]") {
  EndpointLane lane(webhook_with(32), "example.com");
  for (int i = 1; i <= 32 + 128; ++i)
    REQUIRE(offered(lane, row(i)));
  CHECK_FALSE(offered(lane, row(999)));
  EndpointLane large(webhook_with(32), "example.com");
  REQUIRE(offered(large, row(1, 0, 3 << 20)));  // one always fits
  CHECK_FALSE(offered(large, row(2, 0, 1)));
  CHECK(taken(large) == "dlv_1");
  CHECK(large.waiting_bytes() == 0);
}

TEST_CASE("lane: a row whose lease is nearly over is not sent", "[webhook]") {
  EndpointLane lane(webhook_with(32), "example.com");
  REQUIRE(offered(lane, row(1)));
  REQUIRE(offered(lane, row(2)));
  CHECK(taken(lane, instant, now + 25s) == "dlv_1");
  CHECK(taken(lane, instant, now + 26s) == "");
  CHECK(lane.waiting() == 0);
  CHECK(lane.waiting_bytes() == 0);
}

TEST_CASE("lane: emptied it hands back what waits, in order", "[webhook]") {
  EndpointLane lane(webhook_with(1), "example.com");
  for (int i = 1; i <= 3; ++i)
    REQUIRE(offered(lane, row(i)));
  CHECK(taken(lane) == "dlv_1");
  const auto rows = lane.empty();
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].due.delivery.id.text() == "dlv_2");
  CHECK(lane.waiting() == 0);
  CHECK(lane.in_flight() == 1);
}
