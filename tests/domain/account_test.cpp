#include "domain/account.hpp"

#include <catch2/catch.hpp>

using namespace galley;

namespace {

Time at(std::string_view text) {
  return parse_rfc3339(text).value();
}

void check_period(std::string_view since, std::string_view now, std::string_view from, std::string_view until) {
  CAPTURE(since, now);
  const QuotaPeriod period = quota_period(at(since), at(now));
  CHECK(to_rfc3339(period.from) == from);
  CHECK(to_rfc3339(period.until) == until);
}

}  // namespace

TEST_CASE("plans: the reference's limits are the defaults", "[domain]") {
  CHECK(default_limits(Plan::free) ==
        PlanLimits{.requests_per_minute = 60, .burst = 10, .articles_per_month = 10, .projects = 1});
  CHECK(default_limits(Plan::pro) ==
        PlanLimits{.requests_per_minute = 300, .burst = 30, .articles_per_month = 250, .credits_per_month = 5000});
  CHECK(default_limits(Plan::agency) ==
        PlanLimits{.requests_per_minute = 1000, .burst = 100, .credits_per_month = 50000});
}

TEST_CASE("plans: the table gives each plan its own limits", "[domain]") {
  PlanTable table;
  table.pro.burst = 77;
  CHECK(table.of(Plan::pro).burst == 77);
  CHECK(table.of(Plan::free) == default_limits(Plan::free));
  CHECK(table.of(Plan::agency) == default_limits(Plan::agency));
}

TEST_CASE("quota: a month runs from the day on which the plan began", "[domain]") {
  check_period("2026-01-15T13:45:00Z", "2026-03-20T00:00:00Z", "2026-03-15T00:00:00.000Z", "2026-04-15T00:00:00.000Z");
  check_period("2026-01-15T13:45:00Z", "2026-03-14T23:59:59.999Z", "2026-02-15T00:00:00.000Z",
               "2026-03-15T00:00:00.000Z");
  check_period("2026-01-15T13:45:00Z", "2026-03-15T00:00:00Z", "2026-03-15T00:00:00.000Z", "2026-04-15T00:00:00.000Z");
  check_period("2026-01-15T13:45:00Z", "2026-01-15T13:45:00Z", "2026-01-15T00:00:00.000Z", "2026-02-15T00:00:00.000Z");
}

TEST_CASE("quota: a plan of the 31st turns on the last day of shorter months and on the 31st again", "[domain]") {
  check_period("2026-01-31T10:00:00Z", "2026-02-27T23:00:00Z", "2026-01-31T00:00:00.000Z", "2026-02-28T00:00:00.000Z");
  check_period("2026-01-31T10:00:00Z", "2026-02-28T00:00:00Z", "2026-02-28T00:00:00.000Z", "2026-03-31T00:00:00.000Z");
  check_period("2026-01-31T10:00:00Z", "2026-03-30T12:00:00Z", "2026-02-28T00:00:00.000Z", "2026-03-31T00:00:00.000Z");
  check_period("2026-01-31T10:00:00Z", "2026-04-30T00:00:00Z", "2026-04-30T00:00:00.000Z", "2026-05-31T00:00:00.000Z");
}

TEST_CASE("quota: the 29th of February exists in leap years", "[domain]") {
  check_period("2027-12-30T00:00:00Z", "2028-02-29T05:00:00Z", "2028-02-29T00:00:00.000Z", "2028-03-30T00:00:00.000Z");
  check_period("2028-02-29T00:00:00Z", "2029-02-28T05:00:00Z", "2029-02-28T00:00:00.000Z", "2029-03-29T00:00:00.000Z");
}

TEST_CASE("quota: months follow each other without gap over years and turns of the year", "[domain]") {
  for (const std::string_view since : {"2025-08-31T08:00:00Z", "2025-12-01T00:00:00Z", "2024-02-29T23:59:59Z"}) {
    Time now = at(since);
    for (int month = 0; month < 60; ++month) {
      const QuotaPeriod period = quota_period(at(since), now);
      REQUIRE(period.from <= now);
      REQUIRE(now < period.until);
      REQUIRE(quota_period(at(since), period.until - Milliseconds(1)).from == period.from);
      REQUIRE(quota_period(at(since), period.until).from == period.until);
      now = period.until;
    }
  }
}

TEST_CASE("quota: a clock set back before the plan began still finds a month", "[domain]") {
  check_period("2026-03-15T00:00:00Z", "2026-02-01T00:00:00Z", "2026-01-15T00:00:00.000Z", "2026-02-15T00:00:00.000Z");
}

TEST_CASE("keys: revoked and expired ones are not valid", "[domain]") {
  ApiKey key;
  const Time now = at("2026-01-01T00:00:00Z");
  CHECK(key.valid_at(now));
  key.expires_at = now;
  CHECK_FALSE(key.valid_at(now));
  CHECK(key.valid_at(now - Milliseconds(1)));
  key.revoked_at = now;
  CHECK_FALSE(key.valid_at(now - Milliseconds(1)));
}

TEST_CASE("prices: each block that is begun is paid for", "[domain]") {
  const CreditPrices prices;
  CHECK(prices.clustering(1) == 1);
  CHECK(prices.clustering(5) == 1);
  CHECK(prices.clustering(6) == 2);
  CHECK(prices.clustering(0) == 0);
  CHECK(prices.content(300) == 5);
  CHECK(prices.content(2500) == 5);
  CHECK(prices.content(2501) == 10);
}
