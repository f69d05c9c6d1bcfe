// How a delivery lies in a row: for the log's and the queue's statements.
#pragma once

#include <string>
#include <string_view>

#include "domain/webhook.hpp"
#include "storage/sql.hpp"

namespace galley::storage {

// Of the table deliveries, in the order of read_delivery.
inline constexpr std::string_view delivery_columns =
    "id, account_id, project_id, webhook_id, connection_id, event_id, type, article_id, status, attempts, "
    "next_attempt_at, last_status, last_error, created_at, finished_at";

inline Delivery read_delivery(const Row& row) {
  Delivery delivery;
  row.into(delivery.id, delivery.account, delivery.project, delivery.webhook, delivery.connection, delivery.event,
           delivery.type, delivery.article, delivery.status, delivery.attempts, delivery.next_attempt_at,
           delivery.last_status, delivery.last_error, delivery.created_at, delivery.finished_at);
  return delivery;
}

// Writes what a try may change of a delivery of its account, where the condition holds.
inline std::string set_outcome(std::string_view condition) {
  return "UPDATE deliveries SET status = $status, attempts = $attempts, next_attempt_at = $next_attempt_at, "
         "last_status = $last_status, last_error = $last_error, finished_at = $finished_at "
         "WHERE id = $id AND account_id = $account AND " +
         std::string(condition);
}

// Its parameters, which an insertion has too.
inline void bind_outcome(Query& query, const Delivery& delivery) {
  query.bind("id", delivery.id).bind("account", delivery.account).bind("status", delivery.status);
  query.bind("attempts", delivery.attempts).bind("next_attempt_at", delivery.next_attempt_at);
  query.bind("last_status", delivery.last_status).bind("last_error", delivery.last_error);
  query.bind("finished_at", delivery.finished_at);
}

// When a pending one that nobody sends is due.
inline Time due_time(const Delivery& delivery) {
  return delivery.next_attempt_at.value_or(delivery.created_at);
}

}  // namespace galley::storage
