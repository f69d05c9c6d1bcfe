#include "storage/orphaned_leases.hpp"

namespace galley::storage {
namespace {

Result<void> end_leases(Connection& connection, Time now) {
  GALLEY_TRY(connection.begin_writing());
  // They stay "running" with a lease that is over, as after any crash: the runner takes those before all others.
  Query items = connection.query("UPDATE job_items SET lease_until = $now WHERE status = 'running'");
  GALLEY_TRY(items.bind("now", now).run());
  Query endpoints = connection.query(
      "UPDATE webhooks SET lease_owner = NULL, lease_until = NULL, next_due_at = $now WHERE lease_until IS NOT NULL");
  GALLEY_TRY(endpoints.bind("now", now).run());
  GALLEY_TRY(connection.commit());
  return {};
}

}  // namespace

Result<void> end_orphaned_leases(Connection& connection, Time now) {
  Result<void> ended = end_leases(connection, now);
  if (ended.has_error()) connection.rollback();
  return ended;
}

}  // namespace galley::storage
