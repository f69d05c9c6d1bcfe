#include "domain/account.hpp"

#include <algorithm>

namespace galley {

PlanLimits default_limits(Plan plan) {
  switch (plan) {
    case Plan::free:
      return {
          .requests_per_minute = 60, .burst = 10, .articles_per_month = 10, .projects = 1, .credits_per_month = 100};
    case Plan::pro:
      return {.requests_per_minute = 300, .burst = 30, .articles_per_month = 250, .credits_per_month = 5'000};
    case Plan::agency:
      return {.requests_per_minute = 1000, .burst = 100, .credits_per_month = 50'000};
  }
  return {};
}

std::int64_t CreditPrices::clustering(std::int64_t keywords) const {
  return (keywords + keywords_for_one - 1) / keywords_for_one;
}

std::int64_t CreditPrices::content(std::int64_t words) const {
  return content_block * ((words + words_of_block - 1) / words_of_block);
}

const PlanLimits& PlanTable::of(Plan plan) const {
  switch (plan) {
    case Plan::free:
      return free;
    case Plan::pro:
      return pro;
    case Plan::agency:
      return agency;
  }
  return free;
}

namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::sys_days;
using std::chrono::year_month;
using std::chrono::year_month_day;
using std::chrono::year_month_day_last;

// Always from the day on which the plan began, never from the last edge: January 31st, February 28th, March 31st.
Time edge_of(year_month month, std::chrono::day wanted) {
  const std::chrono::day last = year_month_day_last(month.year(), month.month() / std::chrono::last).day();
  return sys_days(month / std::min(wanted, last));
}

}  // namespace

QuotaPeriod quota_period(Time plan_since, Time now) {
  const std::chrono::day wanted = year_month_day(floor<days>(plan_since)).day();
  const year_month_day today(floor<days>(now));
  const year_month month = today.year() / today.month();
  const Time edge = edge_of(month, wanted);
  if (now < edge) return {.from = edge_of(month - std::chrono::months(1), wanted), .until = edge};
  return {.from = edge, .until = edge_of(month + std::chrono::months(1), wanted)};
}

void set_password(User& user, std::string hash, Time now) {
  user.password_hash = std::move(hash);
  user.signed_in_since = std::chrono::floor<std::chrono::seconds>(now) + std::chrono::seconds(1);
}

}  // namespace galley
