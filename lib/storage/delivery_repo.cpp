#include "storage/delivery_repo.hpp"

#include "storage/delivery_row.hpp"
#include "storage/paging.hpp"

namespace galley::storage {
namespace {

Attempt read_attempt(const Row& row) {
  Attempt attempt;
  row.into(attempt.delivery, attempt.number, attempt.started_at, attempt.duration, attempt.status,
           attempt.response_headers, attempt.response_body, attempt.error_class, attempt.error, attempt.peer,
           attempt.request_headers, attempt.phases.dns_us, attempt.phases.connect_us, attempt.phases.tls_us,
           attempt.phases.first_byte_us, attempt.next_reason);
  return attempt;
}

std::string where_of(const DeliveryFilter& filter) {
  // The account is asked for once, of the webhook, so that the total is counted from an index alone.
  std::string where =
      "webhook_id = $webhook AND EXISTS (SELECT 1 FROM webhooks WHERE webhooks.id = $webhook "
      "AND webhooks.account_id = $account)";
  if (filter.statuses.size() == 1) where += " AND status = $status0";
  // Several states at once follow the order's index, as expressions that no index has; one has an index of its own.
  if (filter.statuses.size() > 1) where += in_list("(status || '')", "status", filter.statuses.size());
  if (filter.type) where += " AND type = $type";
  return where;
}

}  // namespace

Result<DeliveryCounts> DeliveryRepo::counts(const AccountId& account) const {
  const auto count = [&](DeliveryStatus status) -> Result<std::int64_t> {
    Query query = connection_.query(
        "SELECT count(*) FROM (SELECT 1 FROM webhooks CROSS JOIN deliveries ON deliveries.webhook_id = webhooks.id "
        "WHERE webhooks.project_id IN (SELECT id FROM projects WHERE account_id = $account) "
        "AND deliveries.status = $status LIMIT $most)");
    GALLEY_TRY(query.bind("account", account).bind("status", status).bind("most", most_counted).step());
    return query.row().get<std::int64_t>(0);
  };
  return DeliveryCounts{.pending = GALLEY_TRY(count(DeliveryStatus::pending)),
                        .failed = GALLEY_TRY(count(DeliveryStatus::failed))};
}

Result<Delivery> DeliveryRepo::find(const AccountId& account, const DeliveryId& id) const {
  static const std::string sql =
      "SELECT " + std::string(delivery_columns) + " FROM deliveries WHERE id = $id AND account_id = $account";
  Query query = connection_.query(sql);
  query.bind("id", id).bind("account", account);
  if (!GALLEY_TRY(query.step())) return not_found("delivery", id.text());
  return read_delivery(query.row());
}

Result<Page<Delivery>> DeliveryRepo::list(const AccountId& account, const WebhookId& webhook,
                                          const DeliveryFilter& filter, const PageRequest& page) const {
  ListSql list{
      .columns = std::string(delivery_columns), .from = "deliveries", .where = where_of(filter), .updated_at = {}};
  if (filter.since) list.since = list.created_at;
  const auto bind = [&](Query& query) {
    query.bind("webhook", webhook).bind("account", account);
    bind_list(query, "status", filter.statuses);
    if (filter.type) query.bind("type", *filter.type);
    if (filter.since) query.bind("since", *filter.since);
  };
  return read_page<Delivery>(connection_, list, page, bind, read_delivery);
}

Result<std::vector<Attempt>> DeliveryRepo::attempts(const AccountId& account, const DeliveryId& id) const {
  Query query = connection_.query(
      "SELECT delivery_id, number, started_at, duration, status, response_headers, response_body, error_class, error, "
      "peer, request_headers, dns_us, connect_us, tls_us, first_byte_us, next_reason "
      "FROM attempts WHERE delivery_id = $delivery AND account_id = $account ORDER BY number");
  query.bind("delivery", id).bind("account", account);
  std::vector<Attempt> attempts;
  while (GALLEY_TRY(query.step()))
    attempts.push_back(read_attempt(query.row()));
  return attempts;
}

Result<void> DeliveryRepo::insert(const Delivery& delivery) {
  {
    Query query = connection_.query(
        "INSERT INTO deliveries (id, account_id, project_id, webhook_id, connection_id, event_id, type, article_id, "
        "status, attempts, next_attempt_at, last_status, last_error, created_at, finished_at) "
        "VALUES ($id, $account, $project, $webhook, $connection, $event, $type, $article, $status, $attempts, "
        "$next_attempt_at, $last_status, $last_error, $created_at, $finished_at)");
    bind_outcome(query, delivery);
    query.bind("project", delivery.project).bind("webhook", delivery.webhook);
    query.bind("connection", delivery.connection).bind("event", delivery.event).bind("type", delivery.type);
    query.bind("article", delivery.article).bind("created_at", delivery.created_at);
    GALLEY_TRY(query.run());
  }
  if (delivery.webhook && delivery.status == DeliveryStatus::pending)
    return lower_next_due(*delivery.webhook, due_time(delivery));
  return {};
}

Result<void> DeliveryRepo::update(const Delivery& delivery) {
  static const std::string sql = set_outcome("TRUE");
  {
    Query query = connection_.query(sql);
    bind_outcome(query, delivery);
    GALLEY_TRY(query.run());
    GALLEY_TRY(require_change(connection_, "delivery", delivery.id.text()));
  }
  if (delivery.webhook && delivery.status == DeliveryStatus::pending)
    return lower_next_due(*delivery.webhook, due_time(delivery));
  return {};
}

Result<void> DeliveryRepo::insert_attempt(const Delivery& delivery, const Attempt& attempt) {
  // From the delivery's row, so that no attempt lands in another account's log.
  {
    Query query = connection_.query(
        "INSERT INTO attempts (account_id, delivery_id, webhook_id, number, started_at, duration, status, error_class, "
        "error, peer, response_headers, response_body, request_headers, dns_us, connect_us, tls_us, first_byte_us, "
        "next_reason) "
        "SELECT account_id, id, webhook_id, $number, $started_at, $duration, $status, $error_class, $error, $peer, "
        "$response_headers, $response_body, $request_headers, $dns, $connect, $tls, $first_byte, $next_reason "
        "FROM deliveries WHERE id = $delivery AND account_id = $account");
    query.bind("number", attempt.number).bind("started_at", attempt.started_at).bind("duration", attempt.duration);
    query.bind("status", attempt.status).bind("error_class", attempt.error_class).bind("error", attempt.error);
    query.bind("peer", attempt.peer).bind("response_headers", attempt.response_headers);
    query.bind("request_headers", attempt.request_headers).bind("dns", attempt.phases.dns_us);
    query.bind("connect", attempt.phases.connect_us).bind("tls", attempt.phases.tls_us);
    query.bind("first_byte", attempt.phases.first_byte_us).bind("next_reason", attempt.next_reason);
    query.bind("response_body", attempt.response_body).bind("delivery", delivery.id).bind("account", delivery.account);
    GALLEY_TRY(query.run());
    GALLEY_TRY(require_change(connection_, "delivery", delivery.id.text()));
  }
  return delivery.webhook ? count_attempt(*delivery.webhook, attempt) : Result<void>();
}

}  // namespace galley::storage
