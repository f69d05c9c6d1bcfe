#include "base/clock.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "support/manual_clock.hpp"

using namespace galley;
using galley::test::ManualClock;

namespace {

Time at(std::int64_t milliseconds) {
  return Time(Milliseconds(milliseconds));
}

constexpr std::int64_t start = 1774882800000;  // 2026-03-30T15:00:00Z

}  // namespace

TEST_CASE("clock: times are written in their three forms", "[base]") {
  CHECK(to_rfc3339(at(start + 7)) == "2026-03-30T15:00:00.007Z");
  CHECK(to_date(at(start)) == "2026-03-30");
  CHECK(to_http_date(at(start + 999)) == "Mon, 30 Mar 2026 15:00:00 GMT");
  CHECK(to_http_date(at(784111777000)) == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(to_rfc3339(at(0)) == "1970-01-01T00:00:00.000Z");
  CHECK(to_rfc3339(at(951782400000)) == "2000-02-29T00:00:00.000Z");
  CHECK(to_rfc3339(at(2147483648000)) == "2038-01-19T03:14:08.000Z");
  CHECK(to_rfc3339(at(-1)) == "1969-12-31T23:59:59.999Z");
  CHECK(to_rfc3339(at(253402300799999)) == "9999-12-31T23:59:59.999Z");
}

TEST_CASE("clock: a time beyond four digits of a year is shown as the last that has them", "[base]") {
  CHECK(to_rfc3339(Time::max()) == "9999-12-31T23:59:59.999Z");
  CHECK(to_http_date(Time::min()) == "Sat, 01 Jan 0000 00:00:00 GMT");
}

TEST_CASE("clock: every day of a leap year and its neighbours survives writing and reading", "[base]") {
  for (std::int64_t day = 0; day < 1500; ++day) {
    const Time time = at(1672531200000 + day * 86'400'000 + day * 41'003 % 86'400'000);
    const auto second = std::chrono::floor<std::chrono::seconds>(time);
    CHECK(parse_rfc3339(to_rfc3339(time)) == time);
    CHECK(parse_http_date(to_http_date(time)) == Time(second));
    CHECK(parse_date(to_date(time)) == Time(std::chrono::floor<std::chrono::days>(time)));
  }
}

TEST_CASE("clock: RFC 3339 is read with offsets and fractions", "[base]") {
  CHECK(parse_rfc3339("2026-03-30T15:00:00Z") == at(start));
  CHECK(parse_rfc3339("2026-03-30t15:00:00z") == at(start));
  CHECK(parse_rfc3339("2026-03-30T17:00:00+02:00") == at(start));
  CHECK(parse_rfc3339("2026-03-30T09:30:00-05:30") == at(start));
  CHECK(parse_rfc3339("2026-03-30T15:00:00-00:00") == at(start));
  CHECK(parse_rfc3339("2026-03-30T15:00:00.5Z") == at(start + 500));
  CHECK(parse_rfc3339("2026-03-30T15:00:00.1239999999999Z") == at(start + 123));
  CHECK(parse_rfc3339("1970-01-01T00:00:00Z") == at(0));
  CHECK(parse_rfc3339("2024-02-29T00:00:00Z").has_value());
}

TEST_CASE("clock: a leap second becomes the next second, and exists only at a month's end in UTC", "[base]") {
  CHECK(parse_rfc3339("2016-12-31T23:59:60Z") == parse_rfc3339("2017-01-01T00:00:00Z"));
  CHECK(parse_rfc3339("2017-01-01T00:59:60.25+01:00") == parse_rfc3339("2017-01-01T00:00:00.25Z"));
  CHECK_FALSE(parse_rfc3339("2016-12-30T23:59:60Z"));
  CHECK_FALSE(parse_rfc3339("2016-12-31T12:00:60Z"));
  CHECK_FALSE(parse_rfc3339("2016-12-31T23:59:61Z"));
  CHECK_FALSE(parse_rfc3339("9999-12-31T23:59:60Z"));
}

TEST_CASE("clock: what is not RFC 3339 is refused", "[base]") {
  for (const std::string text : {"",
                                 "2026-03-30",
                                 "2026-03-30T15:00:00",
                                 "2026-03-30 15:00:00Z",
                                 "2026-3-30T15:00:00Z",
                                 "2026-02-29T00:00:00Z",
                                 "2026-13-01T00:00:00Z",
                                 "2026-00-01T00:00:00Z",
                                 "2026-01-00T00:00:00Z",
                                 "2026-04-31T00:00:00Z",
                                 "2026-03-30T24:00:00Z",
                                 "2026-03-30T15:60:00Z",
                                 "2026-03-30T15:00:00.Z",
                                 "2026-03-30T15:00:00.1.2Z",
                                 "2026-03-30T15:00:00+0200",
                                 "2026-03-30T15:00:00+24:00",
                                 "2026-03-30T15:00:00+02:60",
                                 "2026-03-30T15:00:00+02",
                                 "2026-03-30T15:00:00Z ",
                                 " 2026-03-30T15:00:00Z",
                                 "2026-03-30T15:00:00ZZ",
                                 "+2026-03-30T15:00:00Z",
                                 "-026-03-30T15:00:00Z",
                                 "1969-12-31T23:59:59Z",
                                 "1970-01-01T00:00:00+01:00",
                                 "9999-12-31T23:59:59-01:00",
                                 "12026-03-30T15:00:00Z",
                                 "2026-03-30T15:00Z",
                                 "2026-03-30T1a:00:00Z",
                                 "2026-03-30T15:00:00,5Z"}) {
    INFO(text);
    CHECK_FALSE(parse_rfc3339(text));
  }
}

TEST_CASE("clock: the three forms of HTTP dates are read", "[base]") {
  CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT") == at(784111777000));
  CHECK(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT") == at(784111777000));
  CHECK(parse_http_date("Sun Nov  6 08:49:37 1994") == at(784111777000));
  CHECK(parse_http_date("Wed Nov 16 08:49:37 1994") == at(784111777000 + 10LL * 86'400'000));
  CHECK(parse_http_date("Monday, 30-Mar-26 15:00:00 GMT") == at(start));
  CHECK(parse_http_date("Thu, 01 Jan 1970 00:00:00 GMT") == at(0));
}

TEST_CASE("clock: what is no HTTP date is refused", "[base]") {
  for (const std::string text : {"",
                                 "0",
                                 "-1",
                                 "120",
                                 "Mon, 06 Nov 1994 08:49:37 GMT",
                                 "Sun, 6 Nov 1994 08:49:37 GMT",
                                 "Sun, 06 Nov 1994 08:49:37 UTC",
                                 "Sun, 06 Nov 1994 08:49:37 +0000",
                                 "Sun, 06 Nov 1994 08:49:37",
                                 "Sun, 06 nov 1994 08:49:37 GMT",
                                 "Sun, 06 Nov 94 08:49:37 GMT",
                                 "Sunday, 06-Nov-1994 08:49:37 GMT",
                                 "Sun, 06-Nov-94 08:49:37 GMT",
                                 "Sun, 31 Nov 1994 08:49:37 GMT",
                                 "Sun, 06 Nov 1994 24:49:37 GMT",
                                 "Sun, 06 Nov 1994 08:49:60 GMT",
                                 "Sun Nov 6 08:49:37 1994",
                                 "Sun Nov  6 08:49:37 1994 GMT",
                                 "Sun, 06 Nov 1994 08:49:37 GMT ",
                                 "Sun,",
                                 ",",
                                 "Sun"}) {
    INFO(text);
    CHECK_FALSE(parse_http_date(text));
  }
}

TEST_CASE("clock: dates are strict", "[base]") {
  CHECK(parse_date("2026-03-30") == at(start - 15LL * 3'600'000));
  for (const std::string text :
       {"", "2026-3-30", "2026-03-30T", "2026-02-30", "20260330", "1969-12-31", "2026-03-3 "}) {
    INFO(text);
    CHECK_FALSE(parse_date(text));
  }
}

TEST_CASE("clock: the system's clock runs, and its monotonic time never backwards", "[base]") {
  const SystemClock clock;
  CHECK(clock.now() > at(start - 365LL * 86'400'000));
  const Instant before = clock.instant();
  CHECK(clock.instant() >= before);
}

TEST_CASE("clock: a manual clock moves only when it is turned", "[base]") {
  ManualClock clock;
  const Instant instant = clock.instant();
  CHECK(clock.now() == at(start));
  clock.advance(std::chrono::seconds(90));
  CHECK(clock.now() == at(start + 90'000));
  CHECK(clock.instant() - instant == std::chrono::seconds(90));
  clock.set(at(0));
  CHECK(clock.now() == at(0));
  CHECK(clock.instant() - instant == std::chrono::seconds(90));
}
