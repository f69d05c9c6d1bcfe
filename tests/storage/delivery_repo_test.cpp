#include "storage/delivery_repo.hpp"

#include <catch2/catch.hpp>

#include "delivery_post.hpp"

namespace galley {
namespace {

using test::at;
using test::make_delivery;
using test::make_event;
using test::make_webhook;
using test::must;
using test::numbered;
using test::numbers;
using test::Post;

TEST_CASE("deliveries: every field comes back as it was inserted and as it was updated", "[storage]") {
  Post f;
  Delivery delivery = make_delivery(1, f.hook, f.event);
  delivery.type = EventType::article_published;
  delivery.article = numbered<ArticleId>(7);
  f.insert(delivery);
  delivery.status = DeliveryStatus::failed;
  delivery.attempts = 3;
  delivery.next_attempt_at.reset();
  delivery.last_status = 503;
  delivery.last_error = "It said no.";
  delivery.finished_at = at(99);
  f.update(delivery);
  const Delivery found = f.find(1);
  CHECK(found.project == f.site.id);
  CHECK(found.webhook == f.hook.id);
  CHECK_FALSE(found.connection.has_value());
  CHECK(found.event == f.event.id);
  CHECK(found.type == EventType::article_published);
  CHECK(found.article == numbered<ArticleId>(7));
  CHECK(found.status == DeliveryStatus::failed);
  CHECK(found.attempts == 3);
  CHECK_FALSE(found.next_attempt_at.has_value());
  CHECK(found.last_status == 503);
  CHECK(found.last_error == "It said no.");
  CHECK(found.created_at == at(1));
  CHECK(found.finished_at == at(99));
}

TEST_CASE("deliveries: another account finds, lists, counts and changes nothing", "[storage]") {
  Post f;
  f.insert(make_delivery(1, f.hook, f.event));
  const DeliveryId id = numbered<DeliveryId>(1);
  const AccountId& other = f.other.id;
  Attempt attempt;
  attempt.delivery = id;
  Delivery foreign = make_delivery(1, f.hook, f.event);
  foreign.account = other;
  CHECK(f.read([&](const Transaction& t) { return t.deliveries().find(other, id); }).error().code ==
        ErrorCode::not_found);
  CHECK(must(f.read([&](const Transaction& t) { return t.deliveries().list(other, f.hook.id, {}, {}); })).rows.empty());
  CHECK(must(f.read([&](const Transaction& t) { return t.deliveries().attempts(other, id); })).empty());
  CHECK(f.read([&](const Transaction& t) { return t.deliveries().stats(other, f.hook.id, at(1)); }).has_error());
  CHECK(f.write([&](Transaction& t) { return t.deliveries().insert_attempt(foreign, attempt); }).error().code ==
        ErrorCode::not_found);
  Delivery stolen = make_delivery(1, f.hook, f.event);
  stolen.account = other;
  stolen.status = DeliveryStatus::cancelled;
  CHECK(f.write([&](Transaction& t) { return t.deliveries().update(stolen); }).error().code == ErrorCode::not_found);
  CHECK(f.find(1).status == DeliveryStatus::pending);
  stolen.account = f.mine.id;
  stolen.status = DeliveryStatus::failed;
  f.update(stolen);
  CHECK(must(f.write([&](Transaction& t) { return t.deliveries().recover(other, f.hook.id, at(0), at(9), 10); })) == 0);
  CHECK(f.find(1).status == DeliveryStatus::failed);
}

TEST_CASE("deliveries: a list filters by status, type and time, newest first", "[storage]") {
  Post f;
  f.insert(make_webhook(2, f.site));
  for (int i = 1; i <= 6; ++i) {
    Delivery delivery = make_delivery(i, i == 6 ? make_webhook(2, f.site) : f.hook, f.event);
    if (i == 2) delivery.status = DeliveryStatus::failed;
    if (i == 3) delivery.status = DeliveryStatus::succeeded;
    if (i >= 4) delivery.type = EventType::article_updated;
    f.insert(delivery);
  }
  CHECK(f.listed({}) == "5 4 3 2 1");
  CHECK(f.listed({}, {.size = 2, .sort = {SortField::created_at, false}}) == "1 2");
  CHECK(f.listed({.statuses = {DeliveryStatus::pending}}) == "5 4 1");
  CHECK(f.listed({.statuses = {DeliveryStatus::failed, DeliveryStatus::succeeded}}) == "3 2");
  CHECK(f.listed({.type = EventType::article_updated}) == "5 4");
  CHECK(f.listed({.since = at(3)}) == "5 4 3");
  CHECK(f.listed({.statuses = {DeliveryStatus::pending}, .type = EventType::webhook_test, .since = at(1)}) == "1");
  const auto by_title = f.read([&](const Transaction& t) {
    return t.deliveries().list(f.mine.id, f.hook.id, {}, {.sort = {SortField::title, true}});
  });
  CHECK(by_title.error().code == ErrorCode::validation_failed);
}

TEST_CASE("deliveries: attempts are kept with all that the peer said", "[storage]") {
  Post f;
  f.insert(make_delivery(1, f.hook, f.event));
  f.insert(make_delivery(2, f.hook, f.event));
  const auto attempt = [&](int number, Time started, const std::string& error_class) {
    const Attempt made{.delivery = numbered<DeliveryId>(1),
                       .number = number,
                       .started_at = started,
                       .duration = Milliseconds(12),
                       .status = error_class.empty() ? std::optional(200) : std::nullopt,
                       .response_headers = {{"X-A", "1"}, {"X-A", "2"}},
                       .response_body = "body",
                       .error_class = error_class,
                       .error = "why",
                       .peer = "192.0.2.1:443",
                       .request_headers = {{"X-B", "3"}},
                       .phases = {.dns_us = 1, .connect_us = 2, .tls_us = 3, .first_byte_us = 4},
                       .next_reason = "because"};
    must(f.write(
        [&](Transaction& t) { return t.deliveries().insert_attempt(make_delivery(1, f.hook, f.event), made); }));
  };
  const Time now = at(100'000'000);
  attempt(2, now - std::chrono::hours(2), "timeout");
  attempt(1, now - std::chrono::hours(25), "dns");
  attempt(3, now - std::chrono::hours(1), "");
  const auto attempts =
      must(f.read([&](const Transaction& t) { return t.deliveries().attempts(f.mine.id, numbered<DeliveryId>(1)); }));
  REQUIRE(attempts.size() == 3);
  CHECK(attempts[0].error_class == "dns");
  CHECK(attempts[2].number == 3);
  CHECK(attempts[2].status == 200);
  CHECK_FALSE(attempts[1].status.has_value());
  CHECK(attempts[2].duration == Milliseconds(12));
  CHECK(attempts[2].response_headers == HeaderList{{"X-A", "1"}, {"X-A", "2"}});
  CHECK(attempts[2].response_body == "body");
  CHECK(attempts[2].error == "why");
  CHECK(attempts[2].peer == "192.0.2.1:443");
  CHECK(attempts[2].request_headers == HeaderList{{"X-B", "3"}});
  CHECK(attempts[2].phases == AttemptPhases{.dns_us = 1, .connect_us = 2, .tls_us = 3, .first_byte_us = 4});
  CHECK(attempts[2].next_reason == "because");
}

TEST_CASE("deliveries: the figures of an endpoint are those of its last 24 hours", "[storage]") {
  Post f;
  for (int i = 1; i <= 3; ++i)
    f.insert(make_delivery(i, f.hook, f.event));
  int number = 0;
  const auto attempt = [&](Time started, int milliseconds, const std::string& error_class = "") {
    const Attempt made{.delivery = numbered<DeliveryId>(1),
                       .number = ++number,
                       .started_at = started,
                       .duration = Milliseconds(milliseconds),
                       .response_body = {},
                       .error_class = error_class,
                       .error = {},
                       .peer = {},
                       .next_reason = {}};
    must(f.write(
        [&](Transaction& t) { return t.deliveries().insert_attempt(make_delivery(1, f.hook, f.event), made); }));
  };
  const Time now = at(100'000'000);  // 03:46:40 of the second day
  const DeliveryStats none = f.stats(at(0));
  CHECK(none.succeeded == 0);
  CHECK_FALSE(none.p50.has_value());
  CHECK(none.backlog == Milliseconds(0));

  attempt(now - std::chrono::hours(25), 9, "dns");
  attempt(now - std::chrono::hours(24), 9);
  attempt(now - std::chrono::hours(2), 30'000, "timeout");
  for (int i = 1; i <= 98; ++i)
    attempt(now - std::chrono::hours(23) + std::chrono::minutes(i), 11);
  attempt(now, 0);
  attempt(now, 4321);
  const DeliveryStats stats = f.stats(now);
  CHECK(stats.succeeded == 100);
  CHECK(stats.failed_attempts == 1);
  CHECK(stats.p50 == Milliseconds(12));
  CHECK(stats.p99 == Milliseconds(12));
  attempt(now, 4321);
  CHECK(f.stats(now).p99 == Milliseconds(4500));
  CHECK(stats.pending == 3);
  CHECK(stats.backlog == now - at(1));

  const auto purge = [&](Time before, int max) {
    return must(f.write([&](Transaction& t) { return t.deliveries().purge_figures(before, max); }));
  };
  CHECK(purge(now - std::chrono::hours(23), 1) == 1);
  CHECK(purge(now - std::chrono::hours(23), 10) == 1);
  CHECK(purge(now - std::chrono::hours(23), 10) == 0);
  CHECK(f.stats(now).succeeded == 101);
}

TEST_CASE("deliveries: failed ones are recovered oldest first, up to a bound, and are due at once", "[storage]") {
  Post f;
  for (int i = 1; i <= 4; ++i) {
    Delivery delivery = make_delivery(i, f.hook, f.event);
    delivery.status = i == 3 ? DeliveryStatus::succeeded : DeliveryStatus::failed;
    delivery.attempts = 10;
    delivery.finished_at = at(50);
    f.insert(delivery);
  }
  const auto recover = [&](Time since, int max) {
    return must(
        f.write([&](Transaction& t) { return t.deliveries().recover(f.mine.id, f.hook.id, since, at(70), max); }));
  };
  CHECK(recover(at(2), 1) == 1);
  CHECK(f.listed({.statuses = {DeliveryStatus::pending}}) == "2");
  CHECK(recover(at(2), 10) == 1);
  CHECK(f.listed({.statuses = {DeliveryStatus::pending}}) == "4 2");
  CHECK_FALSE(f.find(2).finished_at.has_value());
  CHECK(f.find(2).attempts == 10);
  CHECK(f.next_due() == at(70));
  CHECK(f.leased(at(69), at(90), 10).empty());
  CHECK(f.leased(at(70), at(90), 10) == "2 4");
  CHECK(recover(at(5), 10) == 0);
}

TEST_CASE("deliveries: removing a webhook or a project takes its deliveries along", "[storage]") {
  Post f;
  f.insert(make_delivery(1, f.hook, f.event));
  must(f.write([&](Transaction& t) { return t.webhooks().remove(f.mine.id, f.hook.id); }));
  CHECK(f.read([&](const Transaction& t) {
           return t.deliveries().find(f.mine.id, numbered<DeliveryId>(1));
         }).has_error());
  CHECK_FALSE(f.next_due().has_value());
  f.insert(f.hook);
  f.insert(make_delivery(2, f.hook, f.event));
  must(f.write([&](Transaction& t) { return t.projects().remove(f.mine.id, f.site.id); }));
  CHECK(f.leased(at(100), at(200), 10).empty());
  CHECK_FALSE(f.next_due().has_value());
}

}  // namespace
}  // namespace galley
