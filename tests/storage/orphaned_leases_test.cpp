#include "storage/orphaned_leases.hpp"

#include <catch2/catch.hpp>

#include "support/two_sites.hpp"

namespace galley {
namespace {

using test::at;
using test::make_delivery;
using test::make_event;
using test::make_item;
using test::make_job;
using test::make_webhook;
using test::must;
using test::numbered;
using test::numbers;
using test::TwoSites;

// TempStore opens at at(0): what is due before then.
Time before(std::int64_t milliseconds) {
  return at(-milliseconds);
}

struct Killed : TwoSites {
  Job job = make_job(1, site);
  Webhook hook = make_webhook(1, site);

  Killed() {
    must(write([&](Transaction& t) -> Result<void> {
      GALLEY_TRY(t.jobs().insert(job));
      GALLEY_TRY(t.webhooks().insert(hook, std::nullopt));
      return t.events().insert(make_event(1, site));
    }));
  }
  void insert(const JobItem& item) {
    must(write([&](Transaction& t) { return t.jobs().insert_item(item); }));
  }
  void insert(std::int64_t number, Time due) {
    Delivery delivery = make_delivery(number, hook, make_event(1, site));
    delivery.next_attempt_at = due;
    must(write([&](Transaction& t) { return t.deliveries().insert(delivery); }));
  }
  std::vector<JobItem> lease_items(Time now, Time until) {
    return must(write([&](Transaction& t) { return t.jobs().lease(JobKind::generate, now, until, 10); }));
  }
  std::string lease_deliveries(Time now, Time until) {
    std::vector<Delivery> deliveries;
    const Deliveries::LeaseTerms terms{
        .owner = "killed", .now = now, .until = until, .max = 10, .max_bytes = 1000, .first_room = 10};
    for (Deliveries::Due& due : must(write([&](Transaction& t) { return t.deliveries().lease(terms); })))
      deliveries.push_back(std::move(due.delivery));
    return numbers(deliveries);
  }
};

TEST_CASE("store: job items that a killed process held are due at once after a restart", "[storage]") {
  Killed f;
  f.insert(make_item(1, f.job, before(10)));
  f.insert(make_item(2, f.job, at(500)));
  REQUIRE(f.lease_items(before(5), at(600000)).size() == 1);
  REQUIRE(f.lease_items(at(1), at(600000)).empty());
  f.store.reopen();
  CHECK(must(f.read([](const Transaction& t) { return t.jobs().next_due(JobKind::generate, at(0)); })) == at(0));
  const std::vector<JobItem> again = f.lease_items(at(1), at(600000));
  REQUIRE(again.size() == 1);
  CHECK(again[0].article == numbered<ArticleId>(1));
  CHECK(again[0].attempts == 2);
  CHECK(f.lease_items(at(2), at(600000)).empty());
}

TEST_CASE("store: deliveries that a killed process held are due at once after a restart", "[storage]") {
  Killed f;
  f.insert(1, before(10));
  f.insert(2, at(500));
  REQUIRE(f.lease_deliveries(before(5), at(600000)) == "1");
  f.store.reopen();
  CHECK(must(f.read([](const Transaction& t) { return t.deliveries().next_due("restarted"); })) == at(0));
  CHECK(f.lease_deliveries(at(1), at(600000)) == "1");
  CHECK(must(f.read([](const Transaction& t) { return t.deliveries().next_due("killed"); })) == at(500));
}

TEST_CASE("store: what was finished or cancelled stays so after a restart", "[storage]") {
  Killed f;
  f.insert(make_item(1, f.job, before(10)));
  f.insert(make_item(2, f.job, before(10)));
  f.insert(1, before(10));
  std::vector<JobItem> items = f.lease_items(before(5), at(600000));
  REQUIRE(items.size() == 2);
  REQUIRE(f.lease_deliveries(before(5), at(600000)) == "1");
  items[0].status = JobStatus::succeeded;
  items[1].status = JobStatus::cancelled;
  must(f.write([&](Transaction& t) -> Result<void> {
    GALLEY_TRY(t.jobs().update_item(items[0]));
    GALLEY_TRY(t.jobs().update_item(items[1]));
    Delivery delivery = GALLEY_TRY(t.deliveries().find(f.mine.id, numbered<DeliveryId>(1)));
    delivery.status = DeliveryStatus::succeeded;
    delivery.next_attempt_at.reset();
    return t.deliveries().update(delivery);
  }));
  f.store.reopen();
  CHECK(f.lease_items(at(1), at(600000)).empty());
  CHECK(f.lease_deliveries(at(1), at(600000)).empty());
  CHECK_FALSE(must(f.read([](const Transaction& t) { return t.deliveries().next_due("restarted"); })).has_value());
}

}  // namespace
}  // namespace galley
