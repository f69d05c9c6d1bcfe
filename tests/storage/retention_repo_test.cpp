#include "storage/retention_repo.hpp"

#include <catch2/catch.hpp>
#include <cstdio>
#include <functional>

#include "support/planned_connection.hpp"
#include "support/two_sites.hpp"

namespace galley {
namespace {

using test::at;
using test::make_article;
using test::make_delivery;
using test::make_event;
using test::make_item;
using test::make_job;
using test::make_webhook;
using test::must;
using test::numbered;
using test::TwoSites;

using Step = Result<PurgeStep> (Retention::*)(Time, Time, const PurgePlace&, int);

const Time now = at(1'000'000);

struct Pass {
  std::int64_t removed = 0;
  std::int64_t most = 0;  // rows of one step
  int steps = 0;
};

struct Log : TwoSites {
  Webhook webhook = make_webhook(1, site);

  Log() {
    must(write([&](Transaction& t) { return t.webhooks().insert(webhook, std::nullopt); }));
  }
  // An event at its number.
  void add_event(std::int64_t number) {
    must(write([&](Transaction& t) { return t.events().insert(make_event(number, site)); }));
  }
  // Event, delivery and attempts, all of one number. Finished at the number where status is not pending.
  void add(std::int64_t number, DeliveryStatus status, int attempts = 1) {
    must(write([&](Transaction& t) -> Result<void> {
      const Event event = make_event(number, site);
      GALLEY_TRY(t.events().insert(event));
      return add_delivery(t, number, event, status, attempts);
    }));
  }
  Result<void> add_delivery(Transaction& t, std::int64_t number, const Event& event, DeliveryStatus status,
                            int attempts) {
    Delivery delivery = make_delivery(number, webhook, event);
    delivery.status = status;
    delivery.attempts = attempts;
    if (status != DeliveryStatus::pending) delivery.finished_at = at(number);
    GALLEY_TRY(t.deliveries().insert(delivery));
    for (int i = 1; i <= attempts; ++i) {
      Attempt attempt;
      attempt.delivery = delivery.id;
      attempt.number = i;
      attempt.started_at = at(number);
      GALLEY_TRY(t.deliveries().insert_attempt(delivery, attempt));
    }
    return {};
  }

  Pass pass(Step step, Time before, int max = 200) {
    Pass pass;
    PurgePlace place{.time = Time::min(), .row = 0};
    for (bool more = true; more;) {
      const PurgeStep done =
          must(write([&](Transaction& t) { return (t.retention().*step)(before, now, place, max); }));
      pass.removed += done.removed;
      pass.most = std::max(pass.most, done.removed);
      ++pass.steps;
      REQUIRE(pass.steps < 10'000);
      more = done.next.has_value();
      if (more) place = *done.next;
    }
    return pass;
  }
  bool has_payload(std::int64_t number) {
    return must(read([&](const Transaction& t) { return t.events().has_payload(mine.id, numbered<EventId>(number)); }));
  }
  bool has_event(std::int64_t number) {
    const auto event = read([&](const Transaction& t) { return t.events().find(mine.id, numbered<EventId>(number)); });
    return event.has_value() || event.error().code != ErrorCode::not_found;
  }
  bool has_delivery(std::int64_t number) {
    return read([&](const Transaction& t) { return t.deliveries().find(mine.id, numbered<DeliveryId>(number)); })
        .has_value();
  }
  std::size_t attempts(std::int64_t number) {
    return must(read([&](const Transaction& t) {
             return t.deliveries().attempts(mine.id, numbered<DeliveryId>(number));
           }))
        .size();
  }
  bool has_job(std::int64_t number) {
    return read([&](const Transaction& t) { return t.jobs().find(mine.id, numbered<JobId>(number)); }).has_value();
  }
  // A job with an item for each article, and as many events; finished at its number where it has ended.
  void add_job(std::int64_t number, JobStatus status, const std::vector<std::int64_t>& articles) {
    must(write([&](Transaction& t) -> Result<void> {
      Job job = make_job(number, site);
      job.status = status;
      if (status == JobStatus::succeeded || status == JobStatus::failed) job.finished_at = at(number);
      GALLEY_TRY(t.jobs().insert(job));
      for (const std::int64_t article : articles) {
        JobItem item = make_item(article, job, at(number));
        item.status = status;
        GALLEY_TRY(t.jobs().insert_item(item));
        GALLEY_TRY(t.jobs().append_event(mine.id, job.id, "done", "{}", at(number)));
      }
      return {};
    }));
  }
};

TEST_CASE("retention: a payload goes at its time and not a millisecond before", "[storage]") {
  Log f;
  f.add(1, DeliveryStatus::succeeded);
  CHECK(f.pass(&Retention::purge_payloads, at(1)).removed == 0);
  CHECK(f.has_payload(1));
  CHECK(f.pass(&Retention::purge_payloads, at(2)).removed == 1);
  CHECK_FALSE(f.has_payload(1));
  CHECK(f.pass(&Retention::purge_payloads, at(2)).removed == 0);
}

TEST_CASE("retention: a delivery and its attempts are there after the payload went", "[storage]") {
  Log f;
  f.add(1, DeliveryStatus::failed, 3);
  f.pass(&Retention::purge_payloads, now);
  CHECK(f.has_delivery(1));
  CHECK(f.attempts(1) == 3);
  CHECK(f.has_event(1));
}

TEST_CASE("retention: an event is kept whole while one of its deliveries is pending", "[storage]") {
  Log f;
  f.add(1, DeliveryStatus::pending);
  f.add(2, DeliveryStatus::succeeded);
  must(
      f.write([&](Transaction& t) { return f.add_delivery(t, 3, make_event(2, f.site), DeliveryStatus::pending, 1); }));
  f.add(4, DeliveryStatus::cancelled);
  CHECK(f.pass(&Retention::purge_payloads, now).removed == 1);
  CHECK(f.has_payload(1));
  CHECK(f.has_payload(2));
  CHECK_FALSE(f.has_payload(4));
  // Both can still be sent.
  const auto due = must(f.write([&](Transaction& t) {
    return t.deliveries().lease({.owner = "one",
                                 .now = now,
                                 .until = now + std::chrono::hours(1),
                                 .max = 5,
                                 .max_bytes = 1000,
                                 .first_room = 5});
  }));
  CHECK(due.size() == 2);
}

TEST_CASE("retention: an event that nobody was told of goes altogether", "[storage]") {
  Log f;
  f.add_event(1);
  f.add_event(2);
  CHECK(f.pass(&Retention::purge_payloads, at(2)).removed == 1);
  CHECK_FALSE(f.has_event(1));
  CHECK(f.has_event(2));
}

TEST_CASE("retention: events that must stay do not hide those behind them", "[storage]") {
  Log f;
  for (std::int64_t number = 1; number <= 25; ++number)
    f.add(number, number <= 20 ? DeliveryStatus::pending : DeliveryStatus::succeeded);
  const Pass pass = f.pass(&Retention::purge_payloads, now, 10);
  CHECK(pass.removed == 5);
  CHECK(pass.steps == 3);
}

TEST_CASE("retention: a delivery goes when it ended long enough ago, with its attempts and what is left of its event",
          "[storage]") {
  Log f;
  f.add(1, DeliveryStatus::failed, 3);
  f.add(5, DeliveryStatus::succeeded);
  f.pass(&Retention::purge_payloads, now);
  CHECK(f.pass(&Retention::purge_deliveries, at(1)).removed == 0);
  CHECK(f.pass(&Retention::purge_deliveries, at(5)).removed == 5);
  CHECK_FALSE(f.has_delivery(1));
  CHECK(f.attempts(1) == 0);
  CHECK_FALSE(f.has_event(1));
  CHECK(f.has_delivery(5));
  CHECK(f.has_event(5));
}

TEST_CASE("retention: an event that has its payload outlives its deliveries", "[storage]") {
  Log f;
  f.add(1, DeliveryStatus::succeeded);
  CHECK(f.pass(&Retention::purge_deliveries, now).removed == 2);
  CHECK(f.has_payload(1));
}

TEST_CASE("retention: a delivery that is pending again is not taken for a finished one", "[storage]") {
  Log f;
  f.add(1, DeliveryStatus::failed);
  must(f.write([&](Transaction& t) { return t.deliveries().recover(f.mine.id, f.webhook.id, at(0), now, 10); }));
  CHECK(f.pass(&Retention::purge_deliveries, now).removed == 0);
  CHECK(f.pass(&Retention::purge_payloads, now).removed == 0);
  CHECK(f.has_delivery(1));
}

TEST_CASE("retention: what has lost its payload is not recovered", "[storage]") {
  Log f;
  f.add(1, DeliveryStatus::failed);
  f.add(2, DeliveryStatus::failed);
  f.pass(&Retention::purge_payloads, at(2));
  CHECK(must(f.write(
            [&](Transaction& t) { return t.deliveries().recover(f.mine.id, f.webhook.id, at(0), now, 10); })) == 1);
}

TEST_CASE("retention: a finished job goes with its items and events, an unfinished one stays", "[storage]") {
  Log f;
  f.add_job(1, JobStatus::succeeded, {1, 2});
  f.add_job(2, JobStatus::running, {3});
  f.add_job(3, JobStatus::failed, {4});
  CHECK(f.pass(&Retention::purge_jobs, at(1)).removed == 0);
  CHECK(f.pass(&Retention::purge_jobs, at(3)).removed == 5);
  CHECK_FALSE(f.has_job(1));
  CHECK(f.has_job(2));
  CHECK(f.has_job(3));
  CHECK(must(f.read([&](const Transaction& t) { return t.jobs().items(f.mine.id, numbered<JobId>(2)); })).size() == 1);
}

TEST_CASE("retention: a job in which an article failed stays as long as the article can be retried", "[storage]") {
  Log f;
  Article article = make_article(1, f.site);
  article.status = ArticleStatus::error;
  article.stage = Stage::publication;
  must(f.write([&](Transaction& t) { return t.articles().insert(article, "user"); }));
  f.add_job(1, JobStatus::failed, {1});
  CHECK(f.pass(&Retention::purge_jobs, now).removed == 0);
  CHECK(f.has_job(1));
  article.status = ArticleStatus::ready;
  article.stage = Stage::none;
  must(f.write([&](Transaction& t) { return t.articles().update(article, "user"); }));
  CHECK(f.pass(&Retention::purge_jobs, now).removed == 3);
  CHECK_FALSE(f.has_job(1));
}

TEST_CASE("retention: no step removes more rows than it may, however many belong together", "[storage]") {
  Log f;
  f.add(1, DeliveryStatus::failed, 95);
  f.add(2, DeliveryStatus::failed, 3);
  std::vector<std::int64_t> articles(60);
  for (std::size_t i = 0; i < articles.size(); ++i)
    articles[i] = static_cast<std::int64_t>(i) + 1;
  f.add_job(1, JobStatus::succeeded, articles);
  f.pass(&Retention::purge_payloads, now);
  const Pass deliveries = f.pass(&Retention::purge_deliveries, now, 10);
  CHECK(deliveries.removed == 98 + 2 + 2);
  CHECK(deliveries.most <= 10);
  const Pass jobs = f.pass(&Retention::purge_jobs, now, 10);
  CHECK(jobs.removed == 121);
  CHECK(jobs.most <= 10);
}

// Filled by the database itself: a hundred thousand calls would take longer than what is tested.
constexpr const char* a_hundred_thousand =
    "PRAGMA foreign_keys = OFF; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25000) "
    "INSERT INTO events (id, account_id, project_id, type, created_at, snapshot, purged_at) "
    "SELECT 'evt_' || i, 'acc_1', 'proj_1', 'webhook.test', i / 7, '', 1 FROM n; "
    "INSERT INTO deliveries (id, account_id, project_id, webhook_id, event_id, type, status, attempts, created_at, "
    "finished_at) SELECT 'dlv_' || row, 'acc_1', 'proj_1', 'wh_1', id, type, 'failed', 2, created_at, created_at "
    "FROM events; "
    "WITH two(number) AS (VALUES (1), (2)) INSERT INTO attempts (account_id, delivery_id, webhook_id, number, "
    "started_at, duration, error_class, error, peer, response_headers, response_body) SELECT 'acc_1', id, 'wh_1', "
    "two.number, created_at, 1, 'timeout', '', '', '[]', '' FROM deliveries, two;";

TEST_CASE("retention: a hundred thousand rows go in steps of two hundred", "[storage]") {
  test::PlannedConnection connection;
  connection.fill(a_hundred_thousand);
  storage::RetentionRepo repo(connection);
  std::int64_t removed = 0, most = 0;
  int steps = 0;
  PurgePlace place{.time = Time::min(), .row = 0};
  for (bool more = true; more; ++steps) {
    const PurgeStep step = must(repo.purge_deliveries(Time(Milliseconds(100'000)), now, place, 200));
    removed += step.removed;
    most = std::max(most, step.removed);
    more = step.next.has_value();
    if (more) place = *step.next;
  }
  CHECK(removed == 100'000);
  CHECK(most <= 200);
  std::printf("retention: 100,000 rows in %d steps, at most %lld rows in one\n", steps, static_cast<long long>(most));
  storage::Query left = connection.query("SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM attempts)");
  REQUIRE(must(Result<bool>(*left.step())));
  CHECK(left.row().get<int>(0) == 0);
  CHECK(left.row().get<int>(1) == 0);
}

TEST_CASE("retention: every statement finds what is old by an index, and sorts nothing", "[storage]") {
  test::PlannedConnection connection;
  connection.fill(
      "PRAGMA foreign_keys = OFF; INSERT INTO events (id, account_id, project_id, type, created_at, snapshot) VALUES "
      "('evt_1', 'a', 'p', 'webhook.test', 1, 'x'), ('evt_2', 'a', 'p', 'webhook.test', 2, 'x'); "
      "INSERT INTO deliveries (id, account_id, project_id, webhook_id, event_id, type, status, attempts, created_at, "
      "finished_at) VALUES ('dlv_1', 'a', 'p', 'wh_1', 'evt_1', 'webhook.test', 'failed', 0, 1, 1); "
      "INSERT INTO jobs (id, account_id, project_id, kind, status, total, done, failed, version, created_at, "
      "updated_at, finished_at) VALUES ('job_1', 'a', 'p', 'publish', 'succeeded', 1, 1, 0, 1, 1, 1, 1);");
  storage::RetentionRepo repo(connection);
  const PurgePlace start{.time = Time::min(), .row = 0};
  connection.take_plans();
  CHECK(must(repo.purge_payloads(now, now, start, 10)).removed == 2);
  CHECK(must(repo.purge_deliveries(now, now, start, 10)).removed == 2);
  CHECK(must(repo.purge_jobs(now, now, start, 10)).removed == 1);
  const std::string plans = connection.take_plans();
  CHECK_THAT(plans, test::uses_indexes());
  CHECK_THAT(plans, Catch::Contains("events_kept (created_at>? AND created_at<?)"));
  CHECK_THAT(plans, Catch::Contains("deliveries_finished (finished_at>? AND finished_at<?)"));
  CHECK_THAT(plans, Catch::Contains("jobs_finished (finished_at>? AND finished_at<?)"));
}

}  // namespace
}  // namespace galley
