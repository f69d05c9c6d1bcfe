#include "storage/api_key_repo.hpp"

#include "storage/paging.hpp"

namespace galley::storage {
namespace {

constexpr std::string_view columns =
    "id, account_id, name, role, project_id, digest, hint, created_at, expires_at, revoked_at, last_used_at";

ApiKey read_key(const Row& row) {
  ApiKey key;
  row.into(key.id, key.account, key.name, key.role, key.project, key.digest, key.hint, key.created_at, key.expires_at,
           key.revoked_at, key.last_used_at);
  return key;
}

std::string select_where(std::string_view condition) {
  return "SELECT " + std::string(columns) + " FROM api_keys WHERE " + std::string(condition);
}

void bind_changeable(Query& query, const ApiKey& key) {
  query.bind("id", key.id).bind("account", key.account).bind("name", key.name).bind("role", key.role);
  query.bind("project", key.project).bind("digest", key.digest).bind("hint", key.hint);
  query.bind("expires_at", key.expires_at).bind("revoked_at", key.revoked_at).bind("last_used_at", key.last_used_at);
}

}  // namespace

Result<ApiKey> ApiKeyRepo::find_by_digest(const Digest& digest) const {
  Query query = connection_.query(select_where("digest = $digest"));
  // No id in the error: a digest is nothing to show.
  if (!GALLEY_TRY(query.bind("digest", digest).step())) return not_found(ApiKeyTag::noun, "");
  return read_key(query.row());
}

Result<ApiKey> ApiKeyRepo::find(const AccountId& account, const ApiKeyId& id) const {
  Query query = connection_.query(select_where("id = $id AND account_id = $account"));
  if (!GALLEY_TRY(query.bind("id", id).bind("account", account).step())) return not_found(ApiKeyTag::noun, id.text());
  return read_key(query.row());
}

Result<Page<ApiKey>> ApiKeyRepo::list(const AccountId& account, const PageRequest& page) const {
  ListSql list;
  list.columns = columns;
  list.from = "api_keys";
  list.where = "account_id = $account";
  list.updated_at = "";
  list.title = "name";
  return read_page<ApiKey>(connection_, list, page, [&](Query& query) { query.bind("account", account); }, read_key);
}

Result<void> ApiKeyRepo::insert(const ApiKey& key) {
  Query query = connection_.query(
      "INSERT INTO api_keys (id, account_id, name, role, project_id, digest, hint, created_at, expires_at, revoked_at, "
      "last_used_at) VALUES ($id, $account, $name, $role, $project, $digest, $hint, $created_at, $expires_at, "
      "$revoked_at, $last_used_at)");
  bind_changeable(query, key);
  GALLEY_TRY(query.bind("created_at", key.created_at).run());
  return {};
}

Result<void> ApiKeyRepo::update(const ApiKey& key) {
  Query query = connection_.query(
      "UPDATE api_keys SET name = $name, role = $role, project_id = $project, digest = $digest, hint = $hint, "
      "expires_at = $expires_at, revoked_at = $revoked_at, last_used_at = $last_used_at "
      "WHERE id = $id AND account_id = $account");
  bind_changeable(query, key);
  GALLEY_TRY(query.run());
  return require_change(connection_, ApiKeyTag::noun, key.id.text());
}

Result<void> ApiKeyRepo::touch(const AccountId& account, const ApiKeyId& id, Time used_at) {
  Query query =
      connection_.query("UPDATE api_keys SET last_used_at = $used_at WHERE id = $id AND account_id = $account");
  GALLEY_TRY(query.bind("used_at", used_at).bind("id", id).bind("account", account).run());
  return require_change(connection_, ApiKeyTag::noun, id.text());
}

}  // namespace galley::storage
