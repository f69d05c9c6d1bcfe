// The part of DeliveryRepo that keeps an endpoint's figures.
#include <algorithm>
#include <map>

#include "storage/delivery_repo.hpp"
#include "storage/paging.hpp"

namespace galley::storage {
namespace {

constexpr std::int64_t hours_shown = 24;

std::int64_t hour_of(Time time) {
  return std::chrono::floor<std::chrono::hours>(time).time_since_epoch().count();
}

// A duration rounded up to one of few, so that an hour has few rows: 12, 14 … 20, 25 … 50, 60 … 100, 120 and so on.
// Migration 0010 has the same in SQL.
std::int64_t rounded_up(Milliseconds duration) {
  const std::int64_t ms = std::max<std::int64_t>(duration.count(), 1);
  if (ms <= 10) return ms;
  std::int64_t decade = 10;
  while (ms > 10 * decade)
    decade *= 10;
  const std::int64_t step = ms <= 2 * decade ? decade / 5 : ms <= 5 * decade ? decade / 2 : decade;
  return (ms + step - 1) / step * step;
}

// The duration that so many of all took at most; of is sorted.
Milliseconds percentile(const std::map<std::int64_t, std::int64_t>& amounts, std::int64_t of, std::int64_t percent) {
  const std::int64_t wanted = (of * percent + 99) / 100;
  std::int64_t seen = 0;
  for (const auto& [up_to, amount] : amounts) {
    seen += amount;
    if (seen >= wanted) return Milliseconds(up_to);
  }
  return Milliseconds(amounts.empty() ? 0 : amounts.rbegin()->first);
}

}  // namespace

Result<void> DeliveryRepo::count_attempt(const WebhookId& webhook, const Attempt& attempt) {
  Query query = connection_.query(
      "INSERT INTO attempt_counts (webhook_id, hour, succeeded, up_to_ms, amount) "
      "VALUES ($webhook, $hour, $succeeded, $up_to, 1) "
      "ON CONFLICT (webhook_id, hour, succeeded, up_to_ms) DO UPDATE SET amount = amount + 1");
  query.bind("webhook", webhook).bind("hour", hour_of(attempt.started_at));
  query.bind("succeeded", attempt.error_class.empty()).bind("up_to", rounded_up(attempt.duration));
  GALLEY_TRY(query.run());
  return {};
}

Result<DeliveryStats> DeliveryRepo::stats(const AccountId& account, const WebhookId& webhook, Time now) const {
  DeliveryStats stats{.pending = GALLEY_TRY(pending(account, webhook))};
  std::map<std::int64_t, std::int64_t> durations;
  {
    Query query = connection_.query(
        "SELECT succeeded, up_to_ms, amount FROM attempt_counts WHERE webhook_id = $webhook AND hour > $before");
    query.bind("webhook", webhook).bind("before", hour_of(now) - hours_shown);
    while (GALLEY_TRY(query.step())) {
      bool succeeded = false;
      std::int64_t up_to = 0;
      std::int64_t amount = 0;
      query.row().into(succeeded, up_to, amount);
      (succeeded ? stats.succeeded : stats.failed_attempts) += amount;
      if (succeeded) durations[up_to] += amount;
    }
  }
  if (stats.succeeded > 0) {
    stats.p50 = percentile(durations, stats.succeeded, 50);
    stats.p99 = percentile(durations, stats.succeeded, 99);
  }
  Query query = connection_.query(
      "SELECT coalesce(next_attempt_at, created_at) FROM deliveries WHERE webhook_id = $webhook "
      "AND status = 'pending' ORDER BY coalesce(next_attempt_at, created_at) LIMIT 1");
  query.bind("webhook", webhook);
  if (GALLEY_TRY(query.step())) stats.backlog = std::max<Milliseconds>(now - query.row().get<Time>(0), Milliseconds(0));
  return stats;
}

Result<std::int64_t> DeliveryRepo::pending(const AccountId& account, const WebhookId& webhook) const {
  // The account is asked for once, not ten thousand times: the count reads its index alone.
  Query query = connection_.query(
      "SELECT (SELECT count(*) FROM (SELECT 1 FROM deliveries WHERE deliveries.webhook_id = webhooks.id "
      "AND deliveries.status = 'pending' LIMIT $limit) AS counted) "
      "FROM webhooks WHERE id = $webhook AND account_id = $account");
  query.bind("limit", counted_exactly).bind("webhook", webhook).bind("account", account);
  if (!GALLEY_TRY(query.step())) return not_found("webhook", webhook.text());
  return query.row().get<std::int64_t>(0);
}

Result<std::int64_t> DeliveryRepo::purge_figures(Time before, int max) {
  Query query = connection_.query(
      "DELETE FROM attempt_counts WHERE (webhook_id, hour, succeeded, up_to_ms) IN "
      "(SELECT webhook_id, hour, succeeded, up_to_ms FROM attempt_counts WHERE hour < $hour ORDER BY hour LIMIT $max)");
  query.bind("hour", hour_of(before)).bind("max", max);
  GALLEY_TRY(query.run());
  return connection_.changes();
}

}  // namespace galley::storage
