#include "api/rate_limiter.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <string>
#include <thread>
#include <vector>

#include "support/manual_clock.hpp"

namespace galley::api {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::ManualClock;

std::int64_t unix_seconds(Time time) {
  return std::chrono::floor<seconds>(time).time_since_epoch().count();
}

int passed_of(RateLimiter& limiter, std::string_view key, int tries, int limit, int burst) {
  int passed = 0;
  for (int i = 0; i < tries; ++i)
    passed += limiter.take(key, limit, burst).passed ? 1 : 0;
  return passed;
}

}  // namespace

TEST_CASE("rate limiter: exactly limit and burst pass within the window", "[api]") {
  ManualClock clock;
  RateLimiter limiter(clock);
  CHECK(passed_of(limiter, "key_a", 200, 60, 10) == 70);
  CHECK(passed_of(limiter, "key_a", 1, 60, 10) == 0);
}

TEST_CASE("rate limiter: remaining counts down to zero at the limit and stays there in the burst", "[api]") {
  ManualClock clock;
  RateLimiter limiter(clock);
  CHECK(limiter.take("key_a", 3, 2).remaining == 2);
  CHECK(limiter.take("key_a", 3, 2).remaining == 1);
  CHECK(limiter.take("key_a", 3, 2).remaining == 0);
  const RateVerdict in_burst = limiter.take("key_a", 3, 2);
  CHECK(in_burst.passed);
  CHECK(in_burst.limit == 3);
  CHECK(in_burst.remaining == 0);
  CHECK(in_burst.retry_after == 0);
  CHECK(limiter.take("key_a", 3, 2).passed);
  CHECK_FALSE(limiter.take("key_a", 3, 2).passed);
}

TEST_CASE("rate limiter: the window slides, so that each request leaves after a minute of its own", "[api]") {
  ManualClock clock;
  RateLimiter limiter(clock);
  CHECK(limiter.take("key_a", 2, 0).passed);
  clock.advance(seconds(30));
  CHECK(limiter.take("key_a", 2, 0).passed);
  clock.advance(milliseconds(29'999));
  CHECK_FALSE(limiter.take("key_a", 2, 0).passed);
  clock.advance(milliseconds(1));
  CHECK(limiter.take("key_a", 2, 0).passed);
  CHECK_FALSE(limiter.take("key_a", 2, 0).passed);
  clock.advance(seconds(30));
  CHECK(limiter.take("key_a", 2, 0).passed);
}

TEST_CASE("rate limiter: a refused request costs nothing", "[api]") {
  ManualClock clock;
  RateLimiter limiter(clock);
  CHECK(passed_of(limiter, "key_a", 500, 5, 0) == 5);
  clock.advance(seconds(60));
  CHECK(passed_of(limiter, "key_a", 500, 5, 0) == 5);
}

TEST_CASE("rate limiter: reset is the second, rounded up, in which the oldest request leaves", "[api]") {
  ManualClock clock;
  RateLimiter limiter(clock);
  clock.advance(milliseconds(250));
  CHECK(limiter.take("key_a", 1, 0).reset == unix_seconds(ManualClock::start) + 61);
  clock.advance(seconds(20));
  const RateVerdict refused = limiter.take("key_a", 1, 0);
  CHECK_FALSE(refused.passed);
  CHECK(refused.reset == unix_seconds(ManualClock::start) + 61);
  CHECK(refused.retry_after == 40);
  clock.advance(milliseconds(39'999));
  CHECK(limiter.take("key_a", 1, 0).retry_after == 1);
}

TEST_CASE("rate limiter: keys do not share a limit", "[api]") {
  ManualClock clock;
  RateLimiter limiter(clock);
  CHECK(passed_of(limiter, "key_a", 10, 4, 0) == 4);
  CHECK(passed_of(limiter, "key_b", 10, 4, 0) == 4);
}

TEST_CASE("rate limiter: a plan that changes counts at once", "[api]") {
  ManualClock clock;
  RateLimiter limiter(clock);
  CHECK(passed_of(limiter, "key_a", 20, 12, 0) == 12);
  CHECK_FALSE(limiter.take("key_a", 4, 0).passed);
  CHECK(passed_of(limiter, "key_a", 100, 30, 0) == 18);
}

TEST_CASE("rate limiter: many keys are forgotten rather than kept", "[api]") {
  ManualClock clock;
  RateLimiter limiter(clock);
  CHECK(limiter.take("first", 1, 0).passed);
  clock.advance(seconds(61));
  for (std::size_t i = 0; i < RateLimiter::max_keys + 1000; ++i)
    if (!limiter.take("key " + std::to_string(i), 1, 0).passed) FAIL("a new key was refused");
  CHECK(limiter.take("first", 1, 0).passed);
}

TEST_CASE("rate limiter: at one below the bound exactly one of many threads passes", "[api]") {
  constexpr int limit = 60;
  constexpr int burst = 10;
  constexpr int callers = 8;
  for (int round = 0; round < 50; ++round) {
    ManualClock clock;
    RateLimiter limiter(clock);
    REQUIRE(passed_of(limiter, "key_a", limit + burst - 1, limit, burst) == limit + burst - 1);
    std::atomic<int> passed = 0;
    std::atomic<int> waiting = callers;
    std::vector<std::thread> threads;
    for (int i = 0; i < callers; ++i)
      threads.emplace_back([&] {
        --waiting;
        while (waiting.load() > 0)
          std::this_thread::yield();
        for (int j = 0; j < 25; ++j)
          if (limiter.take("key_a", limit, burst).passed) ++passed;
      });
    for (std::thread& thread : threads)
      thread.join();
    REQUIRE(passed == 1);
  }
}

}  // namespace galley::api
