#include "webhook/retry_schedule.hpp"

#include <catch2/catch.hpp>
#include <chrono>

using namespace galley;
using namespace galley::webhook;
using namespace std::chrono_literals;

namespace {

constexpr Time now = std::chrono::sys_days(std::chrono::year(2026) / 3 / 30) + std::chrono::hours(15);

std::vector<Milliseconds> waits_of(std::string_view text) {
  return RetrySchedule::parse(text).value().waits();
}

}  // namespace

TEST_CASE("schedule: nine tries follow the first one", "[webhook]") {
  const RetrySchedule schedule;
  const std::vector<Milliseconds> expected = {5s, 5min, 30min, 2h, 5h, 10h, 14h, 20h, 24h};
  CHECK(schedule.waits() == expected);
  for (int tries = 1; tries <= 9; ++tries)
    CHECK(schedule.wait_after(tries, 0.5) == expected[static_cast<std::size_t>(tries - 1)]);
  CHECK_FALSE(schedule.wait_after(10, 0.5).has_value());
  CHECK_FALSE(schedule.wait_after(1000, 0.5).has_value());
}

TEST_CASE("schedule: waits vary by a fifth", "[webhook]") {
  const RetrySchedule schedule;
  CHECK(schedule.wait_after(1, 0.0) == 4000ms);
  CHECK(schedule.wait_after(1, 0.25) == 4500ms);
  CHECK(schedule.wait_after(1, 0.999999) == 6000ms);
}

TEST_CASE("schedule: no try waits for longer than the longest wait or Retry-After", "[webhook]") {
  CHECK(RetrySchedule().longest_wait() == 28h + 48min);
  CHECK(RetrySchedule::parse("1s,2s").value().longest_wait() == 24h);
  CHECK(RetrySchedule::parse("1s,7d,2s").value().longest_wait() == 201h + 36min);
}

TEST_CASE("schedule: a text gives the waits", "[webhook]") {
  CHECK(waits_of("1s,2s,5m,2h") == std::vector<Milliseconds>{1s, 2s, 5min, 2h});
  CHECK(waits_of(" 100ms , 1d ") == std::vector<Milliseconds>{100ms, 24h});
  CHECK(waits_of("0s") == std::vector<Milliseconds>{0s});
  CHECK(waits_of("7d") == std::vector<Milliseconds>{168h});
}

TEST_CASE("schedule: a text that is no list of waits is refused", "[webhook]") {
  for (const std::string_view text : {"", ",", "1s,", ",1s", "1", "s", "1 s", "-1s", "+1s", "1.5s", "1w", "1S", "8d",
                                      "99999999999999999999s", "9223372036854775807d", "1s 2s", "1s;2s"}) {
    CAPTURE(text);
    const auto schedule = RetrySchedule::parse(text);
    REQUIRE(schedule.has_error());
    CHECK(schedule.error().code == ErrorCode::validation_failed);
    CHECK(schedule.error().fields.at(0).field == "webhook_schedule");
  }
  std::string long_text = "1s";
  for (int i = 0; i < 50; ++i)
    long_text += ",1s";
  CHECK(RetrySchedule::parse(long_text).has_error());
}

TEST_CASE("schedule: Retry-After is seconds or a date, a day at most", "[webhook]") {
  CHECK(parse_retry_after("0", now) == 0ms);
  CHECK(parse_retry_after("120", now) == 120s);
  CHECK(parse_retry_after(" 120 ", now) == 120s);
  CHECK(parse_retry_after("86401", now) == 24h);
  CHECK(parse_retry_after("99999999999999999999999999", now) == 24h);
  CHECK(parse_retry_after("Mon, 30 Mar 2026 15:01:00 GMT", now) == 60s);
  CHECK(parse_retry_after("Monday, 30-Mar-26 15:01:00 GMT", now) == 60s);
  CHECK(parse_retry_after("Mon Mar 30 15:01:00 2026", now) == 60s);
  CHECK(parse_retry_after("Mon, 30 Mar 2026 14:00:00 GMT", now) == 0ms);
  CHECK(parse_retry_after("Sat, 30 Mar 2030 15:00:00 GMT", now) == 24h);
  for (const std::string_view text : {"", " ", "-1", "+1", "1.5", "soon", "1s", "2026-03-30T15:01:00Z", "0x10"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_retry_after(text, now).has_value());
  }
}
