#include "storage/idempotency_repo.hpp"

namespace galley::storage {
namespace {

// A record has no public id: its scope names it.
std::string name_of(const IdempotencyScope& scope) {
  return scope.credential + ' ' + scope.route + ' ' + scope.key;
}

SealedPlace place_of(const IdempotencyScope& scope, std::string_view name) {
  return {.table = "idempotency_records", .column = "answer", .row = name, .account = scope.account};
}

void bind_scope(Query& query, const IdempotencyScope& scope) {
  query.bind("account", scope.account).bind("credential", scope.credential);
  query.bind("route", scope.route).bind("key", scope.key);
}

}  // namespace

Result<std::optional<IdempotencyRecord>> IdempotencyRepo::find(const IdempotencyScope& scope) const {
  Query query = connection_.query(
      "SELECT request, awaited, created_at, answer FROM idempotency_records WHERE account_id = $account "
      "AND credential = $credential AND route = $route AND idempotency_key = $key");
  bind_scope(query, scope);
  if (!GALLEY_TRY(query.step())) return std::optional<IdempotencyRecord>();
  IdempotencyRecord record;
  query.row().into(record.request, record.awaited, record.created_at);
  const std::string_view sealed = query.row().bytes(3);
  if (!sealed.empty()) record.answer = GALLEY_TRY(sealer_.open(sealed, place_of(scope, name_of(scope))));
  return std::optional(std::move(record));
}

Result<void> IdempotencyRepo::put(const IdempotencyScope& scope, const IdempotencyRecord& record) {
  Query query = connection_.query(
      "INSERT INTO idempotency_records (account_id, credential, route, idempotency_key, request, awaited, created_at, "
      "answer) VALUES ($account, $credential, $route, $key, $request, $awaited, $created_at, $answer) "
      "ON CONFLICT (account_id, credential, route, idempotency_key) DO UPDATE SET request = excluded.request, "
      "awaited = excluded.awaited, created_at = excluded.created_at, answer = excluded.answer");
  bind_scope(query, scope);
  query.bind("request", record.request).bind("awaited", record.awaited).bind("created_at", record.created_at);
  if (record.answer)
    query.bind_bytes("answer", sealer_.seal(*record.answer, place_of(scope, name_of(scope))));
  else
    query.bind("answer", std::optional<std::string>());
  GALLEY_TRY(query.run());
  return {};
}

Result<std::int64_t> IdempotencyRepo::purge(Time before, int max) {
  Query query = connection_.query(
      "DELETE FROM idempotency_records WHERE row IN (SELECT row FROM idempotency_records "
      "WHERE created_at < $before ORDER BY created_at LIMIT $max)");
  GALLEY_TRY(query.bind("before", before).bind("max", max).run());
  return connection_.changes();
}

}  // namespace galley::storage
