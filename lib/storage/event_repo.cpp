#include "storage/event_repo.hpp"

#include <string>
#include <utility>

namespace galley::storage {

namespace {

Result<std::vector<EventMark>> read_marks(Query& query) {
  std::vector<EventMark> events;
  while (GALLEY_TRY(query.step())) {
    EventMark& event = events.emplace_back();
    query.row().into(event.id, event.type, event.article, event.place.created_at, event.place.row);
  }
  return events;
}

}  // namespace

Result<Event> EventRepo::find(const AccountId& account, const EventId& id) const {
  Query query = connection_.query(
      "SELECT id, account_id, project_id, type, article_id, created_at, snapshot FROM events "
      "WHERE id = $id AND account_id = $account");
  query.bind("id", id).bind("account", account);
  if (!GALLEY_TRY(query.step())) return not_found("event", id.text());
  Event event;
  std::string snapshot;
  query.row().into(event.id, event.account, event.project, event.type, event.article, event.created_at, snapshot);
  event.snapshot = GALLEY_TRY(decode_snapshot(snapshot));
  return event;
}

Result<std::vector<EventMark>> EventRepo::walk(const AccountId& account, const ProjectId& project,
                                               const EventPlace& after, Time until, int max) const {
  // created_at >= lets the index begin where the walk is; what follows drops those of the same instant that were seen.
  Query query = connection_.query(
      "SELECT id, type, article_id, created_at, row FROM events WHERE project_id = $project "
      "AND (account_id || '') = $account AND created_at >= $after AND (created_at > $after OR row > $row) "
      "AND created_at < $until AND purged_at IS NULL ORDER BY created_at, row LIMIT $max");
  query.bind("project", project).bind("account", account).bind("after", after.created_at).bind("row", after.row);
  query.bind("until", until).bind("max", max);
  return read_marks(query);
}

Result<std::vector<EventMark>> EventRepo::behind(const AccountId& account, const ProjectId& project, std::int64_t row,
                                                 int max) const {
  Query query = connection_.query(
      "SELECT id, type, article_id, created_at, row FROM events WHERE project_id = $project "
      "AND (account_id || '') = $account AND row > $row AND purged_at IS NULL ORDER BY row LIMIT $max");
  query.bind("project", project).bind("account", account).bind("row", row).bind("max", max);
  return read_marks(query);
}

Result<std::int64_t> EventRepo::last_row(const AccountId& account, const ProjectId& project) const {
  Query query = connection_.query(
      "SELECT row FROM events WHERE project_id = $project AND (account_id || '') = $account ORDER BY row DESC LIMIT 1");
  query.bind("project", project).bind("account", account);
  return GALLEY_TRY(query.step()) ? query.row().get<std::int64_t>(0) : 0;
}

Result<std::int64_t> EventRepo::row_before(const AccountId& account, const ProjectId& project, Time since) const {
  // The first by time is not always the first by row: the clock may have been put back. So many are looked at.
  Query query = connection_.query(
      "SELECT min(row) FROM (SELECT row FROM events WHERE project_id = $project AND (account_id || '') = $account "
      "AND created_at >= $since ORDER BY created_at, row LIMIT 1000)");
  query.bind("project", project).bind("account", account).bind("since", since);
  std::optional<std::int64_t> first;
  if (GALLEY_TRY(query.step())) query.row().into(first);
  if (!first) return last_row(account, project);
  return *first - 1;
}

Result<std::optional<EventId>> EventRepo::last_until(const AccountId& account, const ProjectId& project,
                                                     std::int64_t row) const {
  Query query = connection_.query(
      "SELECT id FROM events WHERE project_id = $project AND (account_id || '') = $account AND row <= $row "
      "ORDER BY row DESC LIMIT 1");
  query.bind("project", project).bind("account", account).bind("row", row);
  std::optional<EventId> id;
  if (GALLEY_TRY(query.step())) query.row().into(id);
  return id;
}

Result<std::optional<std::int64_t>> EventRepo::row_of(const AccountId& account, const ProjectId& project,
                                                      const EventId& id) const {
  Query query = connection_.query(
      "SELECT row FROM events WHERE id = $id AND (project_id || '') = $project AND (account_id || '') = $account");
  query.bind("id", id).bind("project", project).bind("account", account);
  if (!GALLEY_TRY(query.step())) return std::optional<std::int64_t>();
  return std::optional(query.row().get<std::int64_t>(0));
}

Result<bool> EventRepo::has_payload(const AccountId& account, const EventId& id) const {
  Query query =
      connection_.query("SELECT 1 FROM events WHERE id = $id AND account_id = $account AND purged_at IS NULL");
  query.bind("id", id).bind("account", account);
  return GALLEY_TRY(query.step());
}

Result<void> EventRepo::insert(const Event& event) {
  Query query = connection_.query(
      "INSERT INTO events (id, account_id, project_id, type, article_id, created_at, snapshot) "
      "VALUES ($id, $account, $project, $type, $article, $created_at, $snapshot)");
  query.bind("id", event.id).bind("account", event.account).bind("project", event.project).bind("type", event.type);
  query.bind("article", event.article).bind("created_at", event.created_at);
  query.bind("snapshot", encode_snapshot(event.snapshot));
  GALLEY_TRY(query.run());
  return {};
}

}  // namespace galley::storage
