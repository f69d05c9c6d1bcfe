#include "storage/connection_repo.hpp"

#include <string>

#include "storage/paging.hpp"

namespace galley::storage {
namespace {

constexpr std::string_view columns =
    "id, account_id, project_id, name, type, settings, default_categories, default_tags, status, last_error, "
    "last_used_at, credentials_hint, version, created_at, updated_at";

galley::Connection read_connection(const Row& row) {
  galley::Connection connection;
  row.into(connection.id, connection.account, connection.project, connection.name, connection.type, connection.settings,
           connection.default_categories, connection.default_tags, connection.status, connection.last_error,
           connection.last_used_at, connection.credentials_hint, connection.version, connection.created_at,
           connection.updated_at);
  return connection;
}

// What an update writes too.
void bind_connection(Query& query, const galley::Connection& connection) {
  query.bind("id", connection.id).bind("account", connection.account).bind("name", connection.name);
  query.bind("settings", connection.settings).bind("default_categories", connection.default_categories);
  query.bind("default_tags", connection.default_tags).bind("status", connection.status);
  query.bind("last_error", connection.last_error).bind("last_used_at", connection.last_used_at);
  query.bind("credentials_hint", connection.credentials_hint).bind("version", connection.version);
  query.bind("updated_at", connection.updated_at);
}

SealedPlace place_of(const AccountId& account, const ConnectionId& id) {
  return {.table = "connections", .column = "credentials", .row = id.text(), .account = account};
}

}  // namespace

void ConnectionRepo::bind_credentials(Query& query, const AccountId& account, const ConnectionId& id,
                                      const Secret& credentials) const {
  if (credentials.empty())
    query.bind("credentials", std::optional<std::string>());
  else
    query.bind_bytes("credentials", sealer_.seal(credentials, place_of(account, id)));
}

Result<galley::Connection> ConnectionRepo::find(const AccountId& account, const ConnectionId& id) const {
  static const std::string sql =
      "SELECT " + std::string(columns) + " FROM connections WHERE id = $id AND account_id = $account";
  Query query = connection_.query(sql);
  query.bind("id", id).bind("account", account);
  if (!GALLEY_TRY(query.step())) return not_found("connection", id.text());
  return read_connection(query.row());
}

Result<Secret> ConnectionRepo::credentials(const AccountId& account, const ConnectionId& id) const {
  Query query = connection_.query("SELECT credentials FROM connections WHERE id = $id AND account_id = $account");
  query.bind("id", id).bind("account", account);
  if (!GALLEY_TRY(query.step())) return not_found("connection", id.text());
  const std::string_view sealed = query.row().bytes(0);
  if (sealed.empty()) return Secret();
  return sealer_.open(sealed, place_of(account, id));
}

Result<Page<galley::Connection>> ConnectionRepo::list(const AccountId& account, const ProjectId& project,
                                                      const PageRequest& page) const {
  const ListSql list{.columns = std::string(columns),
                     .from = "connections",
                     .where = "project_id = $project AND account_id = $account",
                     .title = "name"};
  const auto bind = [&](Query& query) { query.bind("project", project).bind("account", account); };
  return read_page<galley::Connection>(connection_, list, page, bind, read_connection);
}

Result<void> ConnectionRepo::insert(const galley::Connection& connection, const Secret& credentials) {
  Query query = connection_.query(
      "INSERT INTO connections (id, account_id, project_id, name, type, settings, default_categories, default_tags, "
      "status, last_error, last_used_at, credentials_hint, version, created_at, updated_at, credentials) "
      "VALUES ($id, $account, $project, $name, $type, $settings, $default_categories, $default_tags, $status, "
      "$last_error, $last_used_at, $credentials_hint, $version, $created_at, $updated_at, $credentials)");
  bind_connection(query, connection);
  query.bind("project", connection.project).bind("type", connection.type).bind("created_at", connection.created_at);
  bind_credentials(query, connection.account, connection.id, credentials);
  GALLEY_TRY(query.run());
  return {};
}

Result<void> ConnectionRepo::update(const galley::Connection& connection) {
  Query query = connection_.query(
      "UPDATE connections SET name = $name, settings = $settings, default_categories = $default_categories, "
      "default_tags = $default_tags, status = $status, last_error = $last_error, last_used_at = $last_used_at, "
      "credentials_hint = $credentials_hint, version = $version, updated_at = $updated_at "
      "WHERE id = $id AND account_id = $account");
  bind_connection(query, connection);
  GALLEY_TRY(query.run());
  return require_change(connection_, "connection", connection.id.text());
}

Result<void> ConnectionRepo::set_credentials(const AccountId& account, const ConnectionId& id,
                                             const Secret& credentials) {
  Query query =
      connection_.query("UPDATE connections SET credentials = $credentials WHERE id = $id AND account_id = $account");
  query.bind("id", id).bind("account", account);
  bind_credentials(query, account, id, credentials);
  GALLEY_TRY(query.run());
  return require_change(connection_, "connection", id.text());
}

Result<void> ConnectionRepo::remove(const AccountId& account, const ConnectionId& id) {
  Query query = connection_.query("DELETE FROM connections WHERE id = $id AND account_id = $account");
  query.bind("id", id).bind("account", account);
  GALLEY_TRY(query.run());
  return require_change(connection_, "connection", id.text());
}

}  // namespace galley::storage
