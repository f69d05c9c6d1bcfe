// The part of DeliveryRepo that the dispatcher works off.
#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "base/variant.hpp"
#include "storage/delivery_repo.hpp"
#include "storage/delivery_row.hpp"
#include "storage/event_repo.hpp"
#include "storage/webhook_row.hpp"

namespace galley::storage {
namespace {

// What this row's own content caused, as opposed to the database's state.
bool is_unreadable(const Error& error) {
  return error.code == ErrorCode::internal;
}

std::size_t size_of(const Event& event) {
  const auto* const article = get_if<ArticleSnapshot>(&event.snapshot);
  return article == nullptr ? 0 : article->text.markdown.size();
}

}  // namespace

DeliveryRepo::DeliveryRepo(Connection& connection, const Sealer& sealer) : connection_(connection), sealer_(sealer) {}

bool DeliveryRepo::Endpoint::has(std::int64_t row) const {
  return taken.contains(row) || (in_hand != nullptr && std::ranges::find(in_hand->rows, row) != in_hand->rows.end());
}

Result<void> DeliveryRepo::end_leases_of_others(const LeaseTerms& terms) {
  Query query = connection_.query(
      "UPDATE webhooks SET lease_owner = NULL, lease_until = NULL, next_due_at = $now "
      "WHERE (lease_until <= $now OR lease_until > $latest) AND lease_owner <> $owner");
  query.bind("now", terms.now).bind("latest", terms.latest).bind("owner", terms.owner);
  GALLEY_TRY(query.run());
  return {};
}

Result<void> DeliveryRepo::announce_late(const LeaseTerms& terms) {
  Query query =
      connection_.query("UPDATE webhooks SET next_due_at = $now WHERE status = 'active' AND next_due_at > $latest");
  query.bind("now", terms.now).bind("latest", terms.latest);
  GALLEY_TRY(query.run());
  return {};
}

Result<std::vector<DeliveryRepo::Endpoint>> DeliveryRepo::endpoints_due(const LeaseTerms& terms,
                                                                        const std::set<WebhookId>& without) const {
  Query query = connection_.query(
      "SELECT id, lease_owner IS NOT NULL, next_due_at FROM webhooks WHERE status = 'active' AND next_due_at <= $now "
      "AND (lease_owner IS NULL OR lease_owner = $owner) ORDER BY next_due_at, row");
  query.bind("now", terms.now).bind("owner", terms.owner);
  std::vector<Endpoint> endpoints;
  // Those passed over are the busy ones: not more than what is in flight.
  while (static_cast<int>(endpoints.size()) < terms.max && GALLEY_TRY(query.step())) {
    Endpoint endpoint;
    query.row().into(endpoint.webhook, endpoint.leased, endpoint.announced);
    if (without.contains(endpoint.webhook)) continue;
    const auto in_hand = terms.in_hand.find(endpoint.webhook);
    if (in_hand != terms.in_hand.end()) endpoint.in_hand = &in_hand->second;
    endpoint.room = endpoint.in_hand == nullptr ? terms.first_room : endpoint.in_hand->room;
    if (endpoint.room > 0) endpoints.push_back(std::move(endpoint));
  }
  return endpoints;
}

Result<std::int64_t> DeliveryRepo::take(Endpoint& endpoint, const LeaseTerms& terms, std::int64_t limit,
                                        std::vector<Leased>& out) {
  static const std::string sql = "SELECT row, " + std::string(delivery_columns) +
                                 " FROM deliveries WHERE webhook_id = $webhook AND status = 'pending' "
                                 "ORDER BY coalesce(next_attempt_at, created_at), row";
  Query query = connection_.query(sql);
  query.bind("webhook", endpoint.webhook);
  endpoint.next.reset();
  std::int64_t count = 0;
  while (GALLEY_TRY(query.step())) {
    const auto row = query.row().get<std::int64_t>(0);
    if (endpoint.has(row)) continue;
    Delivery delivery = read_delivery(query.row().from(1));
    const Time due = due_time(delivery);
    if (count == limit || (due > terms.now && due <= terms.latest)) {
      endpoint.next = due;
      break;
    }
    endpoint.taken.insert(row);
    out.push_back({.row = row, .delivery = std::move(delivery)});
    ++count;
  }
  endpoint.room -= count;
  return count;
}

Result<void> DeliveryRepo::share_out(std::vector<Endpoint>& endpoints, const LeaseTerms& terms, std::int64_t& left,
                                     std::vector<Leased>& out) {
  std::vector<Endpoint*> hungry;
  for (Endpoint& endpoint : endpoints)
    hungry.push_back(&endpoint);
  for (bool first = true; !hungry.empty() && (left > 0 || first); first = false) {
    const std::int64_t share = std::max<std::int64_t>(1, left / static_cast<std::int64_t>(hungry.size()));
    std::vector<Endpoint*> had_more;
    for (Endpoint* const endpoint : hungry) {
      if (left == 0 && !first) break;
      left -= GALLEY_TRY(take(*endpoint, terms, std::min({share, endpoint->room, left}), out));
      if (endpoint->room > 0 && endpoint->next && *endpoint->next <= terms.now) had_more.push_back(endpoint);
    }
    hungry = std::move(had_more);
  }
  return {};
}

Result<void> DeliveryRepo::settle(const Endpoint& endpoint, const LeaseTerms& terms) {
  // What is in hand has a lease that is renewed; but it may have been lost, or be left from what was let go.
  const bool leases = !endpoint.leased || endpoint.in_hand == nullptr;
  if (!endpoint.taken.empty() && leases) {
    Query query = connection_.query(
        "UPDATE webhooks SET next_due_at = $next, lease_owner = $owner, lease_until = $until WHERE id = $webhook");
    query.bind("next", endpoint.next).bind("owner", terms.owner).bind("until", terms.until);
    query.bind("webhook", endpoint.webhook);
    GALLEY_TRY(query.run());
  } else if (endpoint.next != endpoint.announced) {
    Query query = connection_.query("UPDATE webhooks SET next_due_at = $next WHERE id = $webhook");
    query.bind("next", endpoint.next).bind("webhook", endpoint.webhook);
    GALLEY_TRY(query.run());
  }
  return {};
}

Result<std::vector<Deliveries::Due>> DeliveryRepo::lease(const LeaseTerms& terms) {
  GALLEY_TRY(end_leases_of_others(terms));
  GALLEY_TRY(announce_late(terms));
  std::set<WebhookId> without = terms.without;
  std::vector<Leased> leased;
  std::int64_t left = std::max(terms.max, 0);
  // More than one round only where endpoints were looked at in vain: what their next_due_at announced has been sent.
  for (bool more = true; more && left > 0;) {
    std::vector<Endpoint> endpoints = GALLEY_TRY(endpoints_due(terms, without));
    more = static_cast<int>(endpoints.size()) == terms.max;
    GALLEY_TRY(share_out(endpoints, terms, left, leased));
    for (const Endpoint& endpoint : endpoints) {
      GALLEY_TRY(settle(endpoint, terms));
      without.insert(endpoint.webhook);
    }
  }
  std::ranges::sort(leased, {}, [](const Leased& one) { return std::tuple(due_time(one.delivery), one.row); });
  return complete(std::move(leased), terms);
}

Result<std::vector<Deliveries::Due>> DeliveryRepo::complete(std::vector<Leased> leased, const LeaseTerms& terms) {
  std::map<WebhookId, Opened> endpoints;
  std::map<EventId, std::shared_ptr<const Event>> events;  // null: it cannot be read
  const EventRepo event_repo(connection_);
  std::set<WebhookId> closed;  // endpoints that nothing can be sent to
  std::size_t bytes = 0;
  std::vector<Due> all;
  all.reserve(leased.size());
  for (Leased& one : leased) {
    const WebhookId& id = *one.delivery.webhook;
    if (bytes > terms.max_bytes) {
      GALLEY_TRY(lower_next_due(id, due_time(one.delivery)));
      continue;
    }
    auto endpoint = endpoints.find(id);
    if (endpoint == endpoints.end()) endpoint = endpoints.emplace(id, GALLEY_TRY(open_endpoint(id))).first;
    auto event = events.find(one.delivery.event);
    if (event == events.end()) {
      Result<Event> found = event_repo.find(one.delivery.account, one.delivery.event);
      if (found.has_error() && !is_unreadable(found.error())) return std::move(found).error();
      if (found.has_value()) bytes += size_of(*found);
      std::shared_ptr<const Event> shared;
      if (found.has_value()) shared = std::make_shared<const Event>(*std::move(found));
      event = events.emplace(one.delivery.event, std::move(shared)).first;
    }
    if (!endpoint->second.secrets) {
      GALLEY_TRY(put_off(one, terms.until, "The endpoint's secret cannot be opened with this server's key."));
      closed.insert(id);
    } else if (!event->second) {
      GALLEY_TRY(put_off(one, terms.until, "The event's snapshot cannot be read."));
    } else {
      all.push_back({.row = one.row,
                     .delivery = std::move(one.delivery),
                     .webhook = endpoint->second.webhook,
                     .event = event->second,
                     .secrets = endpoint->second.secrets});
    }
  }
  for (const WebhookId& id : closed)
    GALLEY_TRY(hold_back(id, terms.until));
  return all;
}

Result<DeliveryRepo::Opened> DeliveryRepo::open_endpoint(const WebhookId& id) const {
  static const std::string sql = "SELECT " + std::string(webhook_columns) + ", " + std::string(webhook_secret_columns) +
                                 " FROM webhooks JOIN projects ON projects.id = webhooks.project_id "
                                 "WHERE webhooks.id = $id";
  Query query = connection_.query(sql);
  query.bind("id", id);
  if (!GALLEY_TRY(query.step())) return not_found("webhook", id.text());
  Opened opened{.webhook = std::make_shared<const Webhook>(read_webhook(query.row()))};
  Result<Projects::WebhookSecrets> secrets = open_webhook_secrets(sealer_, query.row().from(webhook_column_count));
  if (secrets.has_value()) opened.secrets = std::make_shared<const Projects::WebhookSecrets>(*std::move(secrets));
  return opened;
}

Result<void> DeliveryRepo::put_off(const Leased& leased, Time until, std::string_view why) {
  {
    Query query =
        connection_.query("UPDATE deliveries SET last_error = $why, next_attempt_at = $until WHERE row = $row");
    query.bind("why", why).bind("until", until).bind("row", leased.row);
    GALLEY_TRY(query.run());
  }
  return lower_next_due(*leased.delivery.webhook, until);
}

Result<void> DeliveryRepo::hold_back(const WebhookId& webhook, Time until) {
  Query query = connection_.query("UPDATE webhooks SET next_due_at = $until WHERE id = $webhook");
  query.bind("until", until).bind("webhook", webhook);
  GALLEY_TRY(query.run());
  return {};
}

Result<std::vector<WebhookId>> DeliveryRepo::renew(std::string_view owner, const std::vector<Lease>& leases,
                                                   Time until) {
  std::vector<WebhookId> given_up;
  for (const Lease& lease : leases) {
    bool holds = false;
    {
      Query query = connection_.query(
          "UPDATE webhooks SET lease_until = $until WHERE id = $webhook AND lease_owner = $owner "
          "RETURNING status = 'active' AND version = $version");
      query.bind("until", until).bind("webhook", lease.webhook).bind("owner", owner).bind("version", lease.version);
      while (GALLEY_TRY(query.step()))
        holds = query.row().get<bool>(0);
    }
    if (holds && !lease.gives_up) continue;
    GALLEY_TRY(correct_next_due(lease.webhook));
    given_up.push_back(lease.webhook);
  }
  return given_up;
}

Result<void> DeliveryRepo::release(std::string_view owner, const std::vector<WebhookId>& webhooks) {
  for (const WebhookId& webhook : webhooks) {
    {
      Query query = connection_.query(
          "UPDATE webhooks SET lease_owner = NULL, lease_until = NULL WHERE id = $webhook AND lease_owner = $owner");
      query.bind("webhook", webhook).bind("owner", owner);
      GALLEY_TRY(query.run());
    }
    GALLEY_TRY(correct_next_due(webhook));
  }
  return {};
}

Result<std::optional<Time>> DeliveryRepo::next_due(std::string_view owner) const {
  std::optional<Time> next;
  for (const std::string_view sql :
       {"SELECT next_due_at FROM webhooks WHERE status = 'active' AND next_due_at IS NOT NULL "
        "AND (lease_owner IS NULL OR lease_owner = $owner) ORDER BY next_due_at LIMIT 1",
        "SELECT lease_until FROM webhooks WHERE lease_until IS NOT NULL AND lease_owner <> $owner "
        "ORDER BY lease_until LIMIT 1"}) {
    Query query = connection_.query(sql);
    query.bind("owner", owner);
    if (!GALLEY_TRY(query.step())) continue;
    const Time time = query.row().get<Time>(0);
    if (!next || time < *next) next = time;
  }
  return next;
}

Result<bool> DeliveryRepo::conclude(const Due& due, const Delivery& after) {
  static const std::string sql = set_outcome("row = $row AND status = 'pending' AND attempts = $before");
  {
    Query query = connection_.query(sql);
    bind_outcome(query, after);
    query.bind("row", due.row).bind("before", due.delivery.attempts);
    GALLEY_TRY(query.run());
  }
  if (connection_.changes() == 0) return false;
  if (after.webhook && after.status == DeliveryStatus::pending)
    GALLEY_TRY(lower_next_due(*after.webhook, due_time(after)));
  return true;
}

Result<std::int64_t> DeliveryRepo::recover(const AccountId& account, const WebhookId& webhook, Time since, Time now,
                                           int max) {
  std::int64_t recovered = 0;
  {
    const std::string sql =
        "UPDATE deliveries SET status = 'pending', next_attempt_at = $now, finished_at = NULL "
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
      "UPDATE webhooks SET next_due_at = (SELECT coalesce(next_attempt_at, created_at) FROM deliveries "
      "WHERE deliveries.webhook_id = webhooks.id AND deliveries.status = 'pending' "
      "ORDER BY coalesce(next_attempt_at, created_at) LIMIT 1) WHERE id = $webhook");
  query.bind("webhook", webhook);
  GALLEY_TRY(query.run());
  return {};
}

}  // namespace galley::storage
