#include "storage/retention_repo.hpp"

#include <vector>

namespace galley::storage {
namespace {

// Old rows of a table behind a place, in the order of an index over time alone. Rows of the place's own millisecond are
// met again and passed over: they are as many as one transaction wrote.
std::string old_rows(std::string_view columns, std::string_view table, std::string_view time,
                     std::string_view condition) {
  const std::string column(time);
  return "SELECT " + column + ", row, " + std::string(columns) + " FROM " + std::string(table) + " WHERE " +
         std::string(condition) + " AND " + column + " < $before AND " + column + " >= $after_time AND NOT (" + column +
         " = $after_time AND row <= $after_row) ORDER BY " + column + ", row LIMIT $limit";
}

template <class Old, class Read>
Result<std::vector<Old>> read_old(Connection& connection, const std::string& sql, Time before, const PurgePlace& after,
                                  int max, const Read& read) {
  Query query = connection.query(sql);
  query.bind("before", before).bind("after_time", after.time).bind("after_row", after.row).bind("limit", max);
  std::vector<Old> found;
  while (GALLEY_TRY(query.step())) {
    Old& old = found.emplace_back();
    query.row().into(old.place.time, old.place.row, old.id);
    read(query.row().from(3), old);
  }
  return found;
}

// The rows that refer to one id, so many at a time: each statement is bounded by itself.
std::string delete_some(std::string_view table, std::string_view column) {
  const std::string name(table);
  return "DELETE FROM " + name + " WHERE row IN (SELECT row FROM " + name + " WHERE " + std::string(column) +
         " = $id LIMIT $limit)";
}

}  // namespace

Result<std::int64_t> RetentionRepo::change(std::string_view sql, std::string_view id, std::int64_t limit) {
  Query query = connection_.query(sql);
  query.bind("id", id);
  if (limit >= 0) query.bind("limit", limit);
  GALLEY_TRY(query.run());
  return connection_.changes();
}

Result<bool> RetentionRepo::forget_payload(const Old& event, Time now) {
  if (event.needed) return false;
  const std::int64_t gone = GALLEY_TRY(change(
      "DELETE FROM events WHERE id = $id AND NOT EXISTS (SELECT 1 FROM deliveries WHERE event_id = $id)", event.id));
  if (gone > 0) return true;
  Query query = connection_.query("UPDATE events SET snapshot = '', purged_at = $now WHERE id = $id");
  query.bind("now", now).bind("id", event.id);
  GALLEY_TRY(query.run());
  return true;
}

Result<PurgeStep> RetentionRepo::purge_payloads(Time before, Time now, const PurgePlace& after, int max) {
  static const std::string sql =
      old_rows("id, EXISTS (SELECT 1 FROM deliveries WHERE event_id = events.id AND status = 'pending')", "events",
               "created_at", "purged_at IS NULL");
  const auto read = [](const Row& row, Old& old) { row.into(old.needed); };
  const std::vector<Old> found = GALLEY_TRY(read_old<Old>(connection_, sql, before, after, max, read));
  PurgeStep step;
  for (const Old& event : found)
    if (GALLEY_TRY(forget_payload(event, now))) ++step.removed;
  if (static_cast<int>(found.size()) == max) step.next = found.back().place;
  return step;
}

Result<PurgeStep> RetentionRepo::purge_deliveries(Time before, Time, const PurgePlace& after, int max) {
  static const std::string sql =
      old_rows("id, event_id, status = 'pending'", "deliveries", "finished_at", "finished_at IS NOT NULL");
  static const std::string delete_attempts = delete_some("attempts", "delivery_id");
  const auto read = [](const Row& row, Old& old) { row.into(old.event, old.needed); };
  const std::vector<Old> found = GALLEY_TRY(read_old<Old>(connection_, sql, before, after, max, read));
  PurgeStep step{.removed = 0, .next = after};
  for (const Old& delivery : found) {
    if (!delivery.needed) {
      // Room for itself and its event: what its attempts take beyond, the next step goes on with.
      const std::int64_t room = max - step.removed - 2;
      if (room <= 0) return step;
      const std::int64_t attempts = GALLEY_TRY(change(delete_attempts, delivery.id, room));
      step.removed += attempts;
      if (attempts == room) return step;
      step.removed += GALLEY_TRY(change("DELETE FROM deliveries WHERE id = $id", delivery.id));
      step.removed +=
          GALLEY_TRY(change("DELETE FROM events WHERE id = $id AND purged_at IS NOT NULL "
                            "AND NOT EXISTS (SELECT 1 FROM deliveries WHERE event_id = $id)",
                            delivery.event));
    }
    step.next = delivery.place;
  }
  if (static_cast<int>(found.size()) < max) step.next.reset();
  return step;
}

Result<bool> RetentionRepo::is_asked_for(const Old& job) const {
  Query query = connection_.query(
      "SELECT 1 FROM job_items CROSS JOIN articles ON articles.id = job_items.article_id "
      "WHERE job_items.job_id = $id AND job_items.status = 'failed' AND articles.status = 'error' LIMIT 1");
  query.bind("id", job.id);
  return GALLEY_TRY(query.step());
}

Result<PurgeStep> RetentionRepo::purge_jobs(Time before, Time, const PurgePlace& after, int max) {
  static const std::string sql = old_rows("id", "jobs", "finished_at", "finished_at IS NOT NULL");
  static const std::string delete_events = delete_some("job_events", "job_id");
  static const std::string delete_items = delete_some("job_items", "job_id");
  const std::vector<Old> found =
      GALLEY_TRY(read_old<Old>(connection_, sql, before, after, max, [](const Row&, Old&) {}));
  PurgeStep step{.removed = 0, .next = after};
  for (const Old& job : found) {
    if (step.removed + 1 >= max) return step;
    if (!GALLEY_TRY(is_asked_for(job))) {
      for (const std::string* delete_parts : {&delete_events, &delete_items}) {
        const std::int64_t room = max - step.removed - 1;
        const std::int64_t parts = GALLEY_TRY(change(*delete_parts, job.id, room));
        step.removed += parts;
        if (parts == room) return step;
      }
      step.removed += GALLEY_TRY(change("DELETE FROM jobs WHERE id = $id", job.id));
    }
    step.next = job.place;
  }
  if (static_cast<int>(found.size()) < max) step.next.reset();
  return step;
}

}  // namespace galley::storage
