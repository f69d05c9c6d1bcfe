// The part of DeliveryRepo that the dispatcher works off.
#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "storage/delivery_repo.hpp"
#include "storage/delivery_row.hpp"
#include "storage/event_repo.hpp"
#include "storage/webhook_row.hpp"

namespace galley::storage {
namespace {

std::string lease_sql(const SpecificSql& specific) {
  return "UPDATE deliveries SET lease_until = $until WHERE row IN (SELECT row FROM deliveries "
         "WHERE webhook_id = $webhook AND status = 'pending' "
         "AND coalesce(lease_until, next_attempt_at, created_at) <= $now "
         "ORDER BY coalesce(lease_until, next_attempt_at, created_at), row LIMIT $limit " +
         std::string(specific.lock_rows) + ") RETURNING row, " + std::string(delivery_columns);
}

// What this row's own content caused, as opposed to the database's state.
bool is_unreadable(const Error& error) {
  return error.code == ErrorCode::internal;
}

}  // namespace

DeliveryRepo::DeliveryRepo(Connection& connection, const Sealer& sealer)
    : connection_(connection), sealer_(sealer), lease_sql_(lease_sql(connection.specific())) {}

Result<std::vector<DeliveryRepo::Endpoint>> DeliveryRepo::endpoints_due(Time now, int max,
                                                                        const std::set<WebhookId>& without) const {
  Query query = connection_.query(
      "SELECT id, max_in_flight - (SELECT count(*) FROM deliveries WHERE deliveries.webhook_id = webhooks.id "
      "AND deliveries.status = 'pending' AND deliveries.lease_until > $now) "
      "FROM webhooks WHERE status = 'active' AND next_due_at <= $now ORDER BY next_due_at, row");
  query.bind("now", now);
  std::vector<Endpoint> endpoints;
  // Those passed over are the busy ones and the full ones: not more than what is in flight.
  while (static_cast<int>(endpoints.size()) < max && GALLEY_TRY(query.step())) {
    Endpoint endpoint;
    query.row().into(endpoint.webhook, endpoint.room);
    if (endpoint.room > 0 && !without.contains(endpoint.webhook)) endpoints.push_back(std::move(endpoint));
  }
  return endpoints;
}

Result<std::int64_t> DeliveryRepo::lease_of(Endpoint& endpoint, Time now, Time until, std::int64_t limit,
                                            std::vector<Leased>& out) {
  Query query = connection_.query(lease_sql_);
  query.bind("until", until).bind("webhook", endpoint.webhook).bind("now", now).bind("limit", limit);
  std::int64_t count = 0;
  while (GALLEY_TRY(query.step())) {
    out.push_back({.row = query.row().get<std::int64_t>(0), .delivery = read_delivery(query.row().from(1))});
    ++count;
  }
  endpoint.room -= count;
  return count;
}

Result<void> DeliveryRepo::share_out(std::vector<Endpoint> endpoints, Time now, Time until, std::int64_t& left,
                                     std::vector<Leased>& out) {
  while (left > 0 && !endpoints.empty()) {
    const std::int64_t share = std::max<std::int64_t>(1, left / static_cast<std::int64_t>(endpoints.size()));
    std::vector<Endpoint> hungry;  // had more than their share
    for (Endpoint& endpoint : endpoints) {
      if (left == 0) break;
      const std::int64_t limit = std::min({share, endpoint.room, left});
      const std::int64_t count = GALLEY_TRY(lease_of(endpoint, now, until, limit, out));
      left -= count;
      if (count == limit && endpoint.room > 0) hungry.push_back(std::move(endpoint));
    }
    endpoints = std::move(hungry);
  }
  return {};
}

Result<std::vector<Deliveries::Due>> DeliveryRepo::lease(Time now, Time until, int max,
                                                         const std::vector<WebhookId>& busy) {
  std::set<WebhookId> without(busy.begin(), busy.end());
  std::vector<Leased> leased;
  std::int64_t left = std::max(max, 0);
  // More than one round only where endpoints were looked at in vain: what their next_due_at announced has been sent.
  for (bool more = true; more && left > 0;) {
    const std::vector<Endpoint> endpoints = GALLEY_TRY(endpoints_due(now, max, without));
    more = static_cast<int>(endpoints.size()) == max;
    GALLEY_TRY(share_out(endpoints, now, until, left, leased));
    for (const Endpoint& endpoint : endpoints) {
      GALLEY_TRY(correct_next_due(endpoint.webhook));
      without.insert(endpoint.webhook);
    }
  }
  std::ranges::sort(leased, {}, [](const Leased& one) { return std::tuple(due_time(one.delivery), one.row); });
  return complete(std::move(leased));
}

Result<std::vector<Deliveries::Due>> DeliveryRepo::complete(std::vector<Leased> leased) {
  std::map<WebhookId, std::pair<Webhook, Result<Projects::WebhookSecrets>>> webhooks;
  std::map<EventId, Result<Event>> events;
  const EventRepo event_repo(connection_);
  std::vector<Due> all;
  all.reserve(leased.size());
  for (Leased& one : leased) {
    const WebhookId& id = *one.delivery.webhook;
    auto webhook = webhooks.find(id);
    if (webhook == webhooks.end()) webhook = webhooks.emplace(id, GALLEY_TRY(find_endpoint(id))).first;
    auto event = events.find(one.delivery.event);
    if (event == events.end())
      event = events.emplace(one.delivery.event, event_repo.find(one.delivery.account, one.delivery.event)).first;

    const auto& [endpoint, secrets] = webhook->second;
    if (secrets.has_error()) {
      GALLEY_TRY(note_unreadable(one, "The endpoint's secret cannot be opened with this server's key."));
    } else if (event->second.has_error()) {
      if (!is_unreadable(event->second.error())) return event->second.error();
      GALLEY_TRY(note_unreadable(one, "The event's snapshot cannot be read."));
    } else {
      all.push_back(
          {.delivery = std::move(one.delivery), .webhook = endpoint, .event = *event->second, .secrets = *secrets});
    }
  }
  return all;
}

Result<std::pair<Webhook, Result<Projects::WebhookSecrets>>> DeliveryRepo::find_endpoint(const WebhookId& id) const {
  static const std::string sql = "SELECT " + std::string(webhook_columns) + ", " + std::string(webhook_secret_columns) +
                                 " FROM webhooks JOIN projects ON projects.id = webhooks.project_id "
                                 "WHERE webhooks.id = $id";
  Query query = connection_.query(sql);
  query.bind("id", id);
  if (!GALLEY_TRY(query.step())) return not_found("webhook", id.text());
  return std::pair(read_webhook(query.row()), open_webhook_secrets(sealer_, query.row().from(webhook_column_count)));
}

Result<void> DeliveryRepo::note_unreadable(const Leased& leased, std::string_view why) {
  Query query = connection_.query("UPDATE deliveries SET last_error = $why WHERE row = $row");
  query.bind("why", why).bind("row", leased.row);
  GALLEY_TRY(query.run());
  return {};
}

Result<std::optional<Time>> DeliveryRepo::next_due() const {
  // In the order of what each endpoint announces, which is never too late: as soon as an announcement lies behind what
  // was found, nothing earlier can follow.
  Query query = connection_.query(
      "SELECT next_due_at, "
      "(SELECT coalesce(lease_until, next_attempt_at, created_at) FROM deliveries "
      "WHERE deliveries.webhook_id = webhooks.id AND deliveries.status = 'pending' "
      "ORDER BY coalesce(lease_until, next_attempt_at, created_at) LIMIT 1), "
      "(SELECT count(*) FROM deliveries WHERE deliveries.webhook_id = webhooks.id "
      "AND deliveries.status = 'pending' AND deliveries.lease_until IS NOT NULL) >= max_in_flight, "
      "(SELECT min(lease_until) FROM deliveries WHERE deliveries.webhook_id = webhooks.id "
      "AND deliveries.status = 'pending' AND deliveries.lease_until IS NOT NULL) "
      "FROM webhooks WHERE status = 'active' AND next_due_at IS NOT NULL ORDER BY next_due_at");
  std::optional<Time> next;
  while (GALLEY_TRY(query.step())) {
    Time announced{};
    std::optional<Time> due;
    bool full = false;
    std::optional<Time> lease_ends;
    query.row().into(announced, due, full, lease_ends);
    if (next && announced >= *next) break;
    if (full && lease_ends) due = lease_ends;
    if (due && (!next || *due < *next)) next = due;
  }
  return next;
}

Result<std::int64_t> DeliveryRepo::recover(const AccountId& account, const WebhookId& webhook, Time since, Time now,
                                           int max) {
  std::int64_t recovered = 0;
  {
    const std::string sql =
        "UPDATE deliveries SET status = 'pending', next_attempt_at = $now, lease_until = NULL, finished_at = NULL "
        "WHERE row IN (SELECT row FROM deliveries WHERE webhook_id = $webhook AND account_id = $account "
        "AND status = 'failed' AND created_at >= $since AND EXISTS (SELECT 1 FROM events "
        "WHERE events.id = deliveries.event_id AND purged_at IS NULL) ORDER BY created_at, row LIMIT $limit " +
        std::string(connection_.specific().lock_rows) + ")";
    Query query = connection_.query(sql);
    query.bind("now", now).bind("webhook", webhook).bind("account", account).bind("since", since);
    query.bind("limit", std::max(max, 0));
    GALLEY_TRY(query.run());
    recovered = connection_.changes();
  }
  if (recovered > 0) GALLEY_TRY(lower_next_due(webhook, now));
  return recovered;
}

Result<void> DeliveryRepo::lower_next_due(const WebhookId& webhook, Time due) {
  // Writes nothing, and so locks nothing, where something is due before already: the case of every busy endpoint.
  Query query = connection_.query(
      "UPDATE webhooks SET next_due_at = $due WHERE id = $webhook AND (next_due_at IS NULL OR next_due_at > $due)");
  query.bind("due", due).bind("webhook", webhook);
  GALLEY_TRY(query.run());
  return {};
}

Result<void> DeliveryRepo::correct_next_due(const WebhookId& webhook) {
  Query query = connection_.query(
      "UPDATE webhooks SET next_due_at = (SELECT coalesce(lease_until, next_attempt_at, created_at) FROM deliveries "
      "WHERE deliveries.webhook_id = webhooks.id AND deliveries.status = 'pending' "
      "ORDER BY coalesce(lease_until, next_attempt_at, created_at) LIMIT 1) WHERE id = $webhook");
  query.bind("webhook", webhook);
  GALLEY_TRY(query.run());
  return {};
}

}  // namespace galley::storage
