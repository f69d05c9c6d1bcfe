#include "storage/event_repo.hpp"

#include <string>
#include <utility>

namespace galley::storage {

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
  std::vector<EventMark> events;
  while (GALLEY_TRY(query.step())) {
    EventMark& event = events.emplace_back();
    query.row().into(event.id, event.type, event.article, event.place.created_at, event.place.row);
  }
  return events;
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
