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
