#include <catch2/catch.hpp>

#include "delivery_post.hpp"
#include "storage/delivery_repo.hpp"
#include "support/planned_connection.hpp"

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

TEST_CASE("lease: the oldest due comes first, with all that sending it takes", "[storage]") {
  Post f;
  f.insert(make_delivery(3, f.hook, f.event));
  f.insert(make_delivery(1, f.hook, f.event));
  f.insert(make_delivery(5, f.hook, f.event));
  const auto due = f.lease(f.terms(at(4), at(60)));
  REQUIRE(due.size() == 2);
  CHECK(due[0].delivery.id == numbered<DeliveryId>(1));
  CHECK(due[1].delivery.id == numbered<DeliveryId>(3));
  CHECK(due[0].webhook->url == f.hook.url);
  CHECK(due[0].webhook->events == f.hook.events);
  CHECK(due[0].event->snapshot == Snapshot(TestSnapshot{"Message 1"}));
  CHECK(due[0].secrets->current.reveal() == "secret of the site");
  CHECK_FALSE(due[0].secrets->previous.has_value());
  CHECK(f.find(1).attempts == 0);
  CHECK(f.find(1).status == DeliveryStatus::pending);
}

TEST_CASE("lease: what somebody has leased is nobody else's until the lease ends", "[storage]") {
  Post f;
  f.insert(make_delivery(1, f.hook, f.event));
  f.insert(make_delivery(2, f.hook, f.event));
  CHECK(f.leased(at(1), at(60), 10) == "1");
  f.owner = "two";
  CHECK(f.next_due() == at(60));
  CHECK(f.leased(at(59), at(90), 10).empty());
  f.insert(make_delivery(3, f.hook, f.event));
  CHECK(f.leased(at(59), at(90), 10).empty());
  CHECK(f.leased(at(60), at(120), 10) == "1 2 3");  // its sender never came back
  f.owner = "one";
  CHECK(f.leased(at(61), at(120), 10).empty());
  CHECK(f.next_due() == at(120));
}

TEST_CASE("lease: what is in hand is not leased again, and what is due beside it is announced", "[storage]") {
  Post f;
  for (int i = 1; i <= 4; ++i)
    f.insert(make_delivery(i, f.hook, f.event));
  const std::vector<Deliveries::Due> first = f.lease(f.terms(at(2), at(60)));
  REQUIRE(first.size() == 2);
  CHECK(f.next_due() == at(3));
  Deliveries::LeaseTerms more = f.terms(at(10), at(60));
  more.in_hand[f.hook.id] = {.room = 1, .rows = {first[0].row, first[1].row}};
  CHECK(f.leased(more) == "3");
  CHECK(f.next_due() == at(4));
  more.in_hand[f.hook.id].rows.push_back(first[1].row + 1);
  more.in_hand[f.hook.id].room = 0;
  CHECK(f.leased(more).empty());
  more.in_hand[f.hook.id].room = 9;
  CHECK(f.leased(more) == "4");
  CHECK_FALSE(f.next_due().has_value());
}

TEST_CASE("lease: what seems to be due later than it can be is due, since the clock was put back", "[storage]") {
  Post f;
  for (int i = 1; i <= 3; ++i) {
    Delivery delivery = make_delivery(i, f.hook, f.event);
    delivery.next_attempt_at = at(i * 1000);
    f.insert(delivery);
  }
  Deliveries::LeaseTerms terms = f.terms(at(10), at(60));
  terms.latest = at(2000);
  CHECK(f.leased(terms).empty());  // the first may wait
  terms.latest = at(999);
  terms.max = 2;
  CHECK(f.leased(terms) == "1 2");
  terms.in_hand[f.hook.id] = {.room = 9, .rows = {1, 2}};
  CHECK(f.leased(terms) == "3");
  // And so does another's lease.
  f.owner = "two";
  CHECK(f.leased(f.terms(at(20), at(80))).empty());
  Deliveries::LeaseTerms earlier = f.terms(at(20), at(80));
  earlier.latest = at(59);
  CHECK(f.leased(earlier) == "1 2 3");
}

TEST_CASE("lease: one that was lost is taken anew, and one without a lane is as new", "[storage]") {
  Post f;
  f.insert(make_delivery(1, f.hook, f.event));
  const std::vector<Deliveries::Due> first = f.lease(f.terms(at(10), at(60)));
  REQUIRE(first.size() == 1);
  f.owner = "two";
  REQUIRE(f.leased(at(60), at(120), 10) == "1");
  f.release(f.hook.id);

  f.owner = "one";
  f.insert(make_delivery(2, f.hook, f.event));
  Deliveries::LeaseTerms terms = f.terms(at(70), at(130));
  terms.in_hand[f.hook.id] = {.room = 9, .rows = {first[0].row}};
  CHECK(f.leased(terms) == "2");
  f.owner = "two";
  CHECK(f.next_due() == at(130));
  CHECK(f.leased(at(129), at(190), 10).empty());

  f.owner = "one";  // nothing in hand, as after what it had could not be sent
  f.insert(make_delivery(3, f.hook, f.event));
  CHECK(f.leased(at(140), at(200), 10) == "1 2 3");
  f.owner = "two";
  CHECK(f.next_due() == at(200));
}

TEST_CASE("lease: an endpoint whose secret cannot be opened is not looked at before the lease ends", "[storage]") {
  Post f;
  Webhook broken = make_webhook(2, f.site);
  must(f.write([&](Transaction& t) { return t.webhooks().insert(broken, Secret("its own")); }));
  for (int i = 1; i <= 5; ++i)
    f.insert(make_delivery(i, broken, f.event));
  f.store.close();
  {
    auto raw = must(
        storage::SqliteConnection::open(f.store.folder() / "galley.db", storage::SqliteConnection::Access::writer));
    REQUIRE(raw->run_script("UPDATE webhooks SET secret = x'01020304' WHERE secret IS NOT NULL;").has_value());
  }
  f.store.reopen();
  Deliveries::LeaseTerms few = f.terms(at(10), at(60));
  few.first_room = 2;
  CHECK(f.leased(few).empty());
  CHECK(f.find(1).last_error.has_value());
  CHECK_FALSE(f.find(3).last_error.has_value());  // as many as it had room for
  CHECK(f.next_due() == at(60));
}

TEST_CASE("lease: a try is concluded once, and only as the delivery was leased", "[storage]") {
  Post f;
  f.insert(make_delivery(1, f.hook, f.event));
  const Deliveries::Due due = f.lease(f.terms(at(10), at(60))).at(0);
  CHECK_FALSE(f.next_due().has_value());
  Delivery after = due.delivery;
  after.attempts = 1;
  after.next_attempt_at = at(30);
  after.last_error = "It said no.";
  CHECK(f.conclude(due, after));
  CHECK(f.find(1).last_error == "It said no.");
  CHECK(f.next_due() == at(30));
  CHECK_FALSE(f.conclude(due, after));
  CHECK(f.find(1).attempts == 1);

  const Deliveries::Due again = f.lease(f.terms(at(30), at(60))).at(0);
  CHECK(again.row == due.row);
  Delivery cancelled = f.find(1);
  cancelled.status = DeliveryStatus::cancelled;
  f.update(cancelled);
  after.attempts = 2;
  after.status = DeliveryStatus::succeeded;
  CHECK_FALSE(f.conclude(again, after));
  CHECK(f.find(1).status == DeliveryStatus::cancelled);
  Deliveries::Due foreign = again;
  foreign.delivery.id = numbered<DeliveryId>(2);
  CHECK_FALSE(f.conclude(foreign, after));
}

TEST_CASE("lease: a renewed one goes on, and what waits is given up where the endpoint is no longer as it was",
          "[storage]") {
  Post f;
  f.insert(make_delivery(1, f.hook, f.event));
  f.insert(make_delivery(50, f.hook, f.event));
  REQUIRE(f.leased(at(10), at(60), 10) == "1");
  const Deliveries::Lease lease{.webhook = f.hook.id, .version = f.hook.version};
  CHECK(f.renewed({lease}, at(100)).empty());
  CHECK(f.next_due() == at(50));  // what is in hand is not announced
  f.owner = "two";
  CHECK(f.leased(at(99), at(200), 10).empty());
  CHECK(f.renewed({lease}, at(300)) == f.hook.id.text());  // it is not its own
  f.owner = "one";
  CHECK(f.next_due() == at(1));
  CHECK(f.leased(at(10), at(60), 10) == "1");

  Deliveries::Lease stale = lease;
  stale.gives_up = true;
  CHECK(f.renewed({stale}, at(100)) == f.hook.id.text());
  CHECK(f.next_due() == at(1));
  CHECK(f.leased(at(10), at(60), 10) == "1");
  Webhook changed = f.hook;
  ++changed.version;
  must(f.write([&](Transaction& t) { return t.webhooks().update(changed); }));
  CHECK(f.renewed({lease}, at(100)) == f.hook.id.text());
  CHECK(f.next_due() == at(1));
  const Deliveries::Lease known{.webhook = f.hook.id, .version = changed.version};
  CHECK(f.renewed({known}, at(100)).empty());
  changed.status = WebhookStatus::paused;
  must(f.write([&](Transaction& t) { return t.webhooks().update(changed); }));
  CHECK(f.renewed({known}, at(100)) == f.hook.id.text());
  must(f.write([&](Transaction& t) { return t.webhooks().remove(f.mine.id, f.hook.id); }));
  CHECK(f.renewed({known}, at(100)) == f.hook.id.text());
}

TEST_CASE("lease: a released one is anybody's at once", "[storage]") {
  Post f;
  f.insert(make_delivery(1, f.hook, f.event));
  REQUIRE(f.leased(at(10), at(60), 10) == "1");
  f.owner = "two";
  f.release(f.hook.id);  // not its own
  CHECK(f.leased(at(11), at(90), 10).empty());
  f.owner = "one";
  f.release(f.hook.id);
  CHECK(f.next_due() == at(1));
  f.owner = "two";
  CHECK(f.leased(at(11), at(90), 10) == "1");
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
  Deliveries::LeaseTerms busy = f.terms(at(10), at(60));
  busy.without = {numbered<WebhookId>(3)};
  CHECK(f.leased(busy) == "4");
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

TEST_CASE("lease: an endpoint gets as many as it has room for", "[storage]") {
  Post f;
  for (int i = 1; i <= 5; ++i)
    f.insert(make_delivery(i, f.hook, f.event));
  Deliveries::LeaseTerms narrow = f.terms(at(10), at(60));
  narrow.first_room = 2;
  const std::vector<Deliveries::Due> first = f.lease(narrow);
  REQUIRE(first.size() == 2);
  CHECK(f.next_due() == at(3));
  narrow.in_hand[f.hook.id] = {.room = 2, .rows = {first[0].row, first[1].row}};
  CHECK(f.leased(narrow) == "3 4");
}

TEST_CASE("lease: where events are large, those behind them are left, and stay due", "[storage]") {
  Post f;
  for (int i = 2; i <= 4; ++i) {
    Event large = make_event(i, f.site);
    ArticleSnapshot article;
    article.text.markdown = std::string(1000, 'x');
    large.snapshot = article;
    must(f.write([&](Transaction& t) { return t.events().insert(large); }));
    f.insert(make_delivery(i, f.hook, large));
  }
  Deliveries::LeaseTerms small = f.terms(at(10), at(60));
  small.max_bytes = 1500;
  const std::vector<Deliveries::Due> first = f.lease(small);
  REQUIRE(first.size() == 2);
  CHECK(f.next_due() == at(4));
  small.in_hand[f.hook.id] = {.room = 9, .rows = {first[0].row, first[1].row}};
  CHECK(f.leased(small) == "4");
}

TEST_CASE("lease: a dead endpoint's backlog leaves the others their share", "[storage]") {
  Post f;
  Webhook dead = make_webhook(9, f.site);
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
  CHECK(f.next_due() == at(6));
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
  CHECK(f.next_due() == at(60));
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
  CHECK(must(repo.lease({.owner = "one", .now = at(5), .until = at(9), .max = 5, .first_room = 5})).empty());
  must(repo.next_due("one"));
  must(repo.renew("one", {{.webhook = webhook, .version = 2}}, at(9)));
  must(repo.release("one", {webhook}));
  must(repo.purge_figures(at(0), 5));
  CHECK_FALSE(must(repo.conclude({}, {})));
  must(repo.recover(account, webhook, at(0), at(1), 5));
  must(repo.stats(account, webhook, at(0)));
  CHECK(repo.insert_attempt({}, {}).has_error());
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
  CHECK_THAT(plans, Catch::Contains("deliveries_due (webhook_id=?)"));
  CHECK_THAT(plans, Catch::Contains("webhooks_leased (lease_until<?)"));
  CHECK_THAT(plans, Catch::Contains("webhooks_due (next_due_at<?)"));
}

}  // namespace
}  // namespace galley
