#include "service/retention_service.hpp"

#include <catch2/catch.hpp>

#include "service/webhook_steps.hpp"

namespace galley {
namespace {

using namespace std::chrono_literals;
using test::deliveries_of;
using test::finish;
using test::ServiceBench;

constexpr auto day = std::chrono::hours(24);

// No pauses: a pass is over before the clock moves.
constexpr service::RetentionPace at_once{
    .rows_a_step = 200, .between_steps = 0ms, .before_first = 0ms, .between_passes = std::chrono::hours(1)};

struct Kept : ServiceBench {
  service::RetentionService retention{parts, log, context.get_executor(), {}, at_once};

  // A published article's events are delivered to the probe; the newest of them has ended.
  Delivery deliver() {
    make_article("An article");
    const Delivery delivery = deliveries_of(*this, probe).back();
    finish(*this, delivery.id, DeliveryStatus::failed);
    return delivery;
  }
  void pass_after(std::chrono::steady_clock::duration time) {
    clock.advance(time);
    must_pass();
  }
  void must_pass() {
    const Result<void> done = run(retention.pass());
    if (!done) throw std::runtime_error(done.error().message + " " + done.error().cause);
  }
  bool has_payload(const Delivery& delivery) {
    return must(store->read([&](const Transaction& t) { return t.events().has_payload(account.id, delivery.event); }));
  }
  bool has_delivery(const Delivery& delivery) { return webhooks.delivery(owner, delivery.id).has_value(); }
};

TEST_CASE("retention: payloads go after 30 days and deliveries after 90", "[service]") {
  Kept f;
  const Delivery delivery = f.deliver();
  f.pass_after(30 * day);
  CHECK(f.has_payload(delivery));
  f.pass_after(1ms);
  CHECK_FALSE(f.has_payload(delivery));
  CHECK(f.has_delivery(delivery));
  f.pass_after(60 * day - 1ms);
  CHECK(f.has_delivery(delivery));
  f.pass_after(1ms);
  CHECK_FALSE(f.has_delivery(delivery));
}

TEST_CASE("retention: what can no longer be sent is refused in words when it is retried", "[service]") {
  Kept f;
  const Delivery delivery = f.deliver();
  f.pass_after(31 * day);
  const auto retried = f.run(f.webhooks.retry(f.owner, delivery.id));
  REQUIRE(retried.has_error());
  CHECK(retried.error().code == ErrorCode::conflict);
  CHECK(f.must(f.webhooks.delivery(f.owner, delivery.id)).delivery.status == DeliveryStatus::failed);
  CHECK(f.must(f.webhooks.recover(f.owner, f.probe, Time{})) == 0);
}

TEST_CASE("retention: a delivery that is pending is kept with its payload, however old", "[service]") {
  Kept f;
  f.make_article("An article");
  const Delivery delivery = deliveries_of(f, f.probe).back();
  f.pass_after(1000 * day);
  CHECK(f.has_payload(delivery));
  CHECK(f.has_delivery(delivery));
}

TEST_CASE("retention: articles, revisions and publications stay, and so do keys that are no longer valid",
          "[service]") {
  Kept f;
  const Article article = f.make_article("An article");
  f.must(f.publishing.publish(f.owner, article.id, {}));
  f.work();
  f.pass_after(1000 * day);
  CHECK(f.article(article.id).status == ArticleStatus::published);
  CHECK(f.publications_of(article.id).size() == 1);
  CHECK(f.must(f.articles.revisions(f.owner, article.id, {})).total == 1);
}

TEST_CASE("retention: a job is there for 30 days after its end", "[service]") {
  Kept f;
  const Article article = f.make_article("An article");
  const JobId job = f.must(f.publishing.publish_many(f.owner, {article.id}, {})).id;
  f.work();
  f.pass_after(30 * day);
  CHECK(f.jobs.get(f.owner, job).has_value());
  f.pass_after(1ms);
  CHECK_FALSE(f.jobs.get(f.owner, job).has_value());
}

TEST_CASE("retention: what was answered under an Idempotency-Key is there for a day", "[service]") {
  Kept f;
  // More than a step removes.
  constexpr int keys = 450;
  f.must(f.store->write_and_wait([&](Transaction& transaction) -> Result<int> {
    for (int i = 0; i < keys; ++i)
      GALLEY_TRY(transaction.idempotency_records().put(
          {.account = f.account.id, .credential = "key_1", .route = "createArticle", .key = std::to_string(i)},
          {.answer = Secret("{}"), .created_at = f.clock.now()}));
    return keys;
  }));
  const auto kept = [&] {
    return f.must(f.store->read([&](const Transaction& transaction) -> Result<int> {
      int found = 0;
      for (int i = 0; i < keys; ++i)
        found += GALLEY_TRY(transaction.idempotency_records().find({.account = f.account.id,
                                                                    .credential = "key_1",
                                                                    .route = "createArticle",
                                                                    .key = std::to_string(i)}))
                         .has_value()
                     ? 1
                     : 0;
      return found;
    }));
  };
  f.pass_after(day);
  CHECK(kept() == keys);
  f.pass_after(1ms);
  CHECK(kept() == 0);
}

TEST_CASE("retention: once it is stopped nothing more is removed", "[service]") {
  Kept f;
  const Delivery delivery = f.deliver();
  f.clock.advance(31 * day);
  bool ended = false;
  f.retention.stop();
  boost::asio::co_spawn(f.context, f.retention.run(), [&](const std::exception_ptr&) { ended = true; });
  f.run_until([&] { return ended; });
  f.must_pass();
  CHECK(f.has_payload(delivery));
}

TEST_CASE("retention: it runs by itself until it is stopped", "[service]") {
  Kept f;
  const Delivery delivery = f.deliver();
  f.clock.advance(31 * day);
  bool ended = false;
  boost::asio::co_spawn(f.context, f.retention.run(), [&](const std::exception_ptr&) { ended = true; });
  f.run_until([&] { return !f.has_payload(delivery); });
  CHECK_FALSE(ended);
  f.retention.stop();
  f.run_until([&] { return ended; });
}

}  // namespace
}  // namespace galley
