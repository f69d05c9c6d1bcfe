#include "storage/delivery_repo.hpp"

#include <catch2/catch.hpp>

#include "support/planned_connection.hpp"
#include "support/two_sites.hpp"

namespace galley {
namespace {

using test::at;
using test::make_delivery;
using test::make_event;
using test::make_webhook;
using test::must;
using test::numbered;
using test::numbers;
using test::TwoSites;

struct Post : TwoSites {
  Webhook hook = make_webhook(1, site);
  Event event = make_event(1, site);

  Post() {
    insert(hook);
    must(write([&](Transaction& t) { return t.events().insert(event); }));
  }
  void insert(const Webhook& webhook) {
    must(write([&](Transaction& t) { return t.webhooks().insert(webhook, std::nullopt); }));
  }
  void insert(const Delivery& delivery) {
    must(write([&](Transaction& t) { return t.deliveries().insert(delivery); }));
  }
  void update(const Delivery& delivery) {
    must(write([&](Transaction& t) { return t.deliveries().update(delivery); }));
  }
  Delivery find(std::int64_t number) {
    return must(read([&](const Transaction& t) { return t.deliveries().find(mine.id, numbered<DeliveryId>(number)); }));
  }
  std::vector<Deliveries::Due> lease(Time now, Time until, int max, const std::vector<WebhookId>& busy = {}) {
    return must(write([&](Transaction& t) { return t.deliveries().lease(now, until, max, busy); }));
  }
  std::string leased(Time now, Time until, int max, const std::vector<WebhookId>& busy = {}) {
    std::vector<Delivery> deliveries;
    for (Deliveries::Due& due : lease(now, until, max, busy))
      deliveries.push_back(std::move(due.delivery));
    return numbers(deliveries);
  }
  std::optional<Time> next_due() {
    return must(read([&](const Transaction& t) { return t.deliveries().next_due(); }));
  }
  std::string listed(const DeliveryFilter& filter, const PageRequest& page = {}) {
    return numbers(
        must(read([&](const Transaction& t) { return t.deliveries().list(mine.id, hook.id, filter, page); })).rows);
  }
};

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
  CHECK(f.read([&](const Transaction& t) { return t.deliveries().find(other, id); }).error().code ==
        ErrorCode::not_found);
  CHECK(must(f.read([&](const Transaction& t) { return t.deliveries().list(other, f.hook.id, {}, {}); })).rows.empty());
  CHECK(must(f.read([&](const Transaction& t) { return t.deliveries().attempts(other, id); })).empty());
  CHECK(f.read([&](const Transaction& t) { return t.deliveries().stats(other, f.hook.id, at(1)); }).has_error());
  CHECK(f.write([&](Transaction& t) { return t.deliveries().insert_attempt(other, attempt); }).error().code ==
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

TEST_CASE("deliveries: attempts are kept with all that the peer said, and counted for a day", "[storage]") {
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
    must(f.write([&](Transaction& t) { return t.deliveries().insert_attempt(f.mine.id, made); }));
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
  const DeliveryStats stats =
      must(f.read([&](const Transaction& t) { return t.deliveries().stats(f.mine.id, f.hook.id, now); }));
  CHECK(stats.succeeded == 1);
  CHECK(stats.failed_attempts == 1);
  CHECK(stats.pending == 2);
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

TEST_CASE("lease: the oldest due comes first, with all that sending it takes", "[storage]") {
  Post f;
  f.insert(make_delivery(3, f.hook, f.event));
  f.insert(make_delivery(1, f.hook, f.event));
  f.insert(make_delivery(5, f.hook, f.event));
  const auto due = f.lease(at(4), at(60), 10);
  REQUIRE(due.size() == 2);
  CHECK(due[0].delivery.id == numbered<DeliveryId>(1));
  CHECK(due[1].delivery.id == numbered<DeliveryId>(3));
  CHECK(due[0].webhook.url == f.hook.url);
  CHECK(due[0].webhook.events == f.hook.events);
  CHECK(due[0].event.snapshot == Snapshot(TestSnapshot{"Message 1"}));
  CHECK(due[0].secrets.current.reveal() == "secret of the site");
  CHECK_FALSE(due[0].secrets.previous.has_value());
  CHECK(f.find(1).attempts == 0);
  CHECK(f.find(1).status == DeliveryStatus::pending);
}

TEST_CASE("lease: what is leased is not leased again until the lease ends or the row is written", "[storage]") {
  Post f;
  f.insert(make_delivery(1, f.hook, f.event));
  f.insert(make_delivery(2, f.hook, f.event));
  CHECK(f.leased(at(10), at(60), 10) == "1 2");
  CHECK(f.leased(at(59), at(90), 10).empty());
  CHECK(f.next_due() == at(60));

  Delivery first = f.find(1);  // the attempt failed: again in a while
  first.attempts = 1;
  first.next_attempt_at = at(30);
  f.update(first);
  CHECK(f.next_due() == at(30));
  CHECK(f.leased(at(30), at(80), 10) == "1");
  CHECK(f.leased(at(60), at(90), 10) == "2");  // its sender never came back
  CHECK(f.leased(at(79), at(99), 10).empty());
  CHECK(f.leased(at(80), at(99), 10) == "1");

  for (const int number : {1, 2}) {
    Delivery sent = f.find(number);
    sent.status = number == 1 ? DeliveryStatus::succeeded : DeliveryStatus::failed;
    f.update(sent);
  }
  CHECK_FALSE(f.next_due().has_value());
  CHECK(f.leased(at(1000), at(2000), 10).empty());
}

TEST_CASE("lease: only active endpoints that are not busy are served", "[storage]") {
  Post f;
  for (int i = 2; i <= 4; ++i)
    f.insert(make_webhook(i, f.site));
  for (int i = 1; i <= 4; ++i)
    f.insert(make_delivery(i, make_webhook(i, f.site), f.event));
  const auto set_status = [&](int number, WebhookStatus status) {
    Webhook webhook = make_webhook(number, f.site);
    webhook.status = status;
    must(f.write([&](Transaction& t) { return t.webhooks().update(webhook); }));
  };
  set_status(1, WebhookStatus::paused);
  set_status(2, WebhookStatus::disabled);
  CHECK(f.next_due() == at(3));
  CHECK(f.leased(at(10), at(60), 10, {numbered<WebhookId>(3)}) == "4");
  CHECK(f.leased(at(10), at(60), 10) == "3");
  set_status(1, WebhookStatus::active);
  CHECK(f.next_due() == at(1));
  CHECK(f.leased(at(10), at(60), 10) == "1");
}

TEST_CASE("lease: a connection's deliveries are not for the dispatcher", "[storage]") {
  Post f;
  const Connection connection = test::make_connection(1, f.site);
  must(f.write([&](Transaction& t) { return t.connections().insert(connection, Secret()); }));
  Delivery delivery = make_delivery(1, f.hook, f.event);
  delivery.webhook.reset();
  delivery.connection = connection.id;
  f.insert(delivery);
  CHECK(f.find(1).connection == connection.id);
  CHECK(f.leased(at(100), at(200), 10).empty());
  CHECK_FALSE(f.next_due().has_value());
}

TEST_CASE("lease: an endpoint has no more leased than it may have in flight", "[storage]") {
  Post f;
  Webhook narrow = make_webhook(2, f.site);
  narrow.max_in_flight = 2;
  f.insert(narrow);
  for (int i = 1; i <= 5; ++i)
    f.insert(make_delivery(i, narrow, f.event));
  CHECK(f.leased(at(10), at(60), 10) == "1 2");
  CHECK(f.leased(at(11), at(70), 10).empty());
  // What is due behind a full endpoint wakes nobody before there is room.
  CHECK(f.next_due() == at(60));
  Delivery sent = f.find(1);
  sent.status = DeliveryStatus::succeeded;
  f.update(sent);
  CHECK(f.next_due() == at(3));
  CHECK(f.leased(at(12), at(70), 10) == "3");
  // Both leases have ended: their room is free again, and what was due before they ended goes first.
  CHECK(f.leased(at(70), at(90), 10) == "4 5");
  CHECK(f.leased(at(90), at(99), 10) == "2 3");
}

TEST_CASE("lease: a dead endpoint's backlog leaves the others their share", "[storage]") {
  Post f;
  Webhook dead = make_webhook(9, f.site);
  dead.max_in_flight = 1000;
  f.insert(dead);
  f.insert(make_webhook(2, f.site));
  must(f.write([&](Transaction& t) -> Result<void> {
    for (int i = 1; i <= 50; ++i)
      GALLEY_TRY(t.deliveries().insert(make_delivery(i, dead, f.event)));
    for (int i = 101; i <= 103; ++i)
      GALLEY_TRY(t.deliveries().insert(make_delivery(i, f.hook, f.event)));
    return t.deliveries().insert(make_delivery(104, make_webhook(2, f.site), f.event));
  }));
  // Nine for three endpoints: three each, and what one leaves goes to those that have more.
  CHECK(f.leased(at(200), at(900), 9) == "1 2 3 4 5 101 102 103 104");
  CHECK(f.leased(at(200), at(900), 4) == "6 7 8 9");
  CHECK(f.leased(at(200), at(900), 0).empty());
}

TEST_CASE("lease: endpoints whose work is done already do not use up the places of others", "[storage]") {
  Post f;
  for (int i = 2; i <= 4; ++i) {
    f.insert(make_webhook(i, f.site));
    Delivery delivery = make_delivery(i, make_webhook(i, f.site), f.event);
    f.insert(delivery);
    delivery.status = i == 4 ? DeliveryStatus::pending : DeliveryStatus::cancelled;
    f.update(delivery);
  }
  CHECK(f.next_due() == at(4));
  CHECK(f.leased(at(10), at(60), 1) == "4");
  CHECK(f.leased(at(10), at(60), 1).empty());
}

TEST_CASE("lease: one with a secret or a snapshot that cannot be read holds up no other", "[storage]") {
  Post f;
  Webhook broken = make_webhook(2, f.site);
  must(f.write([&](Transaction& t) { return t.webhooks().insert(broken, Secret("its own")); }));
  Event unreadable = make_event(2, f.site);
  must(f.write([&](Transaction& t) { return t.events().insert(unreadable); }));
  f.insert(make_delivery(1, broken, f.event));
  f.insert(make_delivery(2, f.hook, unreadable));
  f.insert(make_delivery(3, f.hook, f.event));
  f.store.close();
  {
    auto raw = must(
        storage::SqliteConnection::open(f.store.folder() / "galley.db", storage::SqliteConnection::Access::writer));
    REQUIRE(raw->run_script("UPDATE webhooks SET secret = x'01020304' WHERE secret IS NOT NULL;"
                            "UPDATE events SET snapshot = '{' WHERE id = 'evt_000000000002';")
                .has_value());
  }
  f.store.reopen();
  CHECK(f.leased(at(10), at(60), 10) == "3");
  CHECK(f.find(1).last_error == "The endpoint's secret cannot be opened with this server's key.");
  CHECK(f.find(2).last_error == "The event's snapshot cannot be read.");
  CHECK(f.find(1).status == DeliveryStatus::pending);
  CHECK(f.leased(at(59), at(90), 10).empty());
  CHECK(f.leased(at(60), at(90), 10) == "3");
}

TEST_CASE("lease: a pending delivery without a time is due at its creation", "[storage]") {
  Post f;
  Delivery delivery = make_delivery(5, f.hook, f.event);
  delivery.next_attempt_at.reset();
  f.insert(delivery);
  CHECK(f.next_due() == at(5));
  CHECK(f.leased(at(4), at(60), 10).empty());
  CHECK(f.leased(at(5), at(60), 10) == "5");
}

TEST_CASE("deliveries: no statement of the queue or the log walks or sorts a table", "[storage]") {
  test::PlannedConnection connection;
  const SealingKey key = test::test_key();
  const storage::Sealer sealer(key);
  storage::DeliveryRepo repo(connection, sealer);
  const AccountId account("acc_1");
  const WebhookId webhook("wh_1");
  connection.fill(
      "PRAGMA foreign_keys = OFF; INSERT INTO webhooks (id, account_id, project_id, url, events, format, headers, "
      "max_in_flight, status, own_secret, version, created_at, updated_at, next_due_at) "
      "VALUES ('wh_1', 'acc_1', 'proj_1', '', '[]', 'event', '[]', 2, 'active', 0, 1, 1, 1, 1);");
  connection.take_plans();
  CHECK(must(repo.lease(at(0), at(1), 5, {})).empty());
  must(repo.next_due());
  must(repo.recover(account, webhook, at(0), at(1), 5));
  must(repo.stats(account, webhook, at(0)));
  must(repo.attempts(account, DeliveryId("dlv_1")));
  CHECK(repo.find(account, DeliveryId("dlv_1")).has_error());
  CHECK(repo.update(Delivery{}).has_error());
  for (const DeliveryFilter& filter : {DeliveryFilter{},
                                       {.statuses = {DeliveryStatus::failed}},
                                       {.statuses = {DeliveryStatus::failed, DeliveryStatus::pending}},
                                       {.since = at(1)}})
    must(repo.list(account, webhook, filter, {}));
  const std::string plans = connection.take_plans();
  CHECK_THAT(plans, test::uses_indexes());
  // Neither walks the backlog: the queue is asked by endpoint, from its first due row on.
  CHECK_THAT(plans, Catch::Contains("deliveries_due (webhook_id=? AND <expr><?)"));
  CHECK_THAT(plans, Catch::Contains("COVERING INDEX deliveries_leased"));
  CHECK_THAT(plans, Catch::Contains("webhooks_due (next_due_at<?)"));
}

}  // namespace
}  // namespace galley
