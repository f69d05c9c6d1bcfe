#include "service/quota.hpp"

#include <catch2/catch.hpp>

#include "service/generation_steps.hpp"

using namespace galley;
using namespace galley::test;
using service::QueuedGeneration;

TEST_CASE("quota: a call that would pass it is refused whole, with limit, used and the reset", "[service]") {
  ServiceBench bench;
  bench.plans.agency.articles_per_month = 3;
  bench.must(generate(bench, {.keywords = {"a", "b"}}));
  const auto refused = generate(bench, {.keywords = {"c", "d"}});
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == ErrorCode::quota_exceeded);
  CHECK(detail_of(refused.error(), "limit") == "3");
  CHECK(detail_of(refused.error(), "used") == "2");
  CHECK(detail_of(refused.error(), "resets_at") == "2026-04-01T00:00:00.000Z");
  CHECK(bench.usage().reserved == 2);
  CHECK(count_keywords(bench) == 2);
  CHECK(generate(bench, {.keywords = {"c"}}).has_value());
}

TEST_CASE("quota: of 200 calls at once at quota minus one exactly one passes", "[service]") {
  ServiceBench bench;
  bench.plans.agency.articles_per_month = 5;
  bench.must(generate(bench, {.keywords = {"1", "2", "3", "4"}}));
  int passed = 0, refused = 0, other = 0;
  for (int i = 0; i < 200; ++i) {
    boost::asio::co_spawn(
        bench.context,
        bench.generation.generate(bench.owner, bench.project.id, {.keywords = {"race " + std::to_string(i)}}),
        [&](std::exception_ptr thrown, Result<QueuedGeneration> queued) {
          if (thrown)
            ++other;
          else if (queued)
            ++passed;
          else
            ++(queued.error().code == ErrorCode::quota_exceeded ? refused : other);
        });
  }
  bench.run_until([&] { return passed + refused + other == 200; });
  CHECK(passed == 1);
  CHECK(refused == 199);
  CHECK(other == 0);
  CHECK(bench.usage().reserved == 5);
  CHECK(count_keywords(bench) == 5);
  CHECK(count_jobs(bench) == 2);
}

TEST_CASE("quota: a new month of the plan begins with nothing used", "[service]") {
  ServiceBench bench;
  bench.plans.agency.articles_per_month = 1;
  bench.clock.set(Time(std::chrono::sys_days(std::chrono::year(2026) / 3 / 31) + std::chrono::hours(24)) -
                  Milliseconds(1));
  bench.must(generate(bench, {.keywords = {"a"}}));
  CHECK(generate(bench, {.keywords = {"b"}}).error().code == ErrorCode::quota_exceeded);
  bench.clock.advance(Milliseconds(1));
  CHECK(bench.usage().reserved == 0);
  CHECK(generate(bench, {.keywords = {"b"}}).has_value());
  CHECK(generate(bench, {.keywords = {"c"}}).error().code == ErrorCode::quota_exceeded);
}

TEST_CASE("quota: a unit is spent in the month in which it was reserved", "[service]") {
  ServiceBench bench;
  bench.clock.set(Time(std::chrono::sys_days(std::chrono::year(2026) / 3 / 31) + std::chrono::hours(23)));
  bench.must(generate(bench, {.keywords = {"a"}}));
  const Time march = bench.clock.now();
  bench.clock.advance(std::chrono::hours(2));
  bench.work();
  CHECK(bench.usage().spent == 0);
  CHECK(bench.usage().reserved == 0);
  bench.clock.set(march);
  CHECK(bench.usage().spent == 1);
  CHECK(bench.usage().reserved == 0);
}

TEST_CASE("quota: a person's own article costs nothing", "[service]") {
  ServiceBench bench;
  bench.plans.agency.articles_per_month = 0;
  bench.make_article("Mine");
  CHECK(bench.usage().reserved + bench.usage().spent == 0);
}
