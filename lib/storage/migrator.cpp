#include "storage/migrator.hpp"

#include <algorithm>

#include "base/crypto.hpp"

namespace galley::storage {
namespace {

constexpr std::string_view create_table =
    "CREATE TABLE IF NOT EXISTS schema_migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, "
    "sha256 TEXT NOT NULL, applied_at BIGINT NOT NULL)";

std::string hash_of(const Migration& migration) {
  return to_hex(sha256(migration.sql));
}

struct Applied {
  int number = 0;
  std::string name;
  std::string sha256;
};

Result<std::vector<Applied>> read_applied(Connection& connection) {
  std::vector<Applied> applied;
  Query table = connection.query(connection.specific().find_table);
  if (!GALLEY_TRY(table.bind("table", "schema_migrations").step())) return applied;
  Query query = connection.query("SELECT number, name, sha256 FROM schema_migrations ORDER BY number");
  while (GALLEY_TRY(query.step())) {
    Applied one;
    query.row().into(one.number, one.name, one.sha256);
    applied.push_back(std::move(one));
  }
  return applied;
}

}  // namespace

Result<std::vector<Migration>> Migrator::check() {
  const std::vector<Applied> applied = GALLEY_TRY(read_applied(connection_));
  for (const Applied& one : applied) {
    const auto known = std::ranges::find(migrations_, one.number, &Migration::number);
    if (known == migrations_.end())
      return conflict("The database was written by a newer version: it has schema change " +
                      std::to_string(one.number) + " (" + one.name +
                      "), which this program does not know. Start that version or a later one.");
    if (hash_of(*known) != one.sha256)
      return conflict("Schema change " + std::string(known->name) +
                      " is not the one that was applied to this database.");
  }
  std::vector<Migration> pending;
  for (const Migration& migration : migrations_)
    if (std::ranges::find(applied, migration.number, &Applied::number) == applied.end()) pending.push_back(migration);
  return pending;
}

Result<int> Migrator::migrate(Time now) {
  const std::vector<Migration> pending = GALLEY_TRY(check());
  if (pending.empty()) return 0;
  GALLEY_TRY(connection_.execute(create_table));
  for (const Migration& migration : pending) {
    Result<void> applied = apply(migration, now);
    if (applied.has_value()) continue;
    connection_.rollback();
    return std::move(applied).error();
  }
  return static_cast<int>(pending.size());
}

Result<void> Migrator::apply(const Migration& migration, Time now) {
  GALLEY_TRY(connection_.begin_writing());
  GALLEY_TRY(connection_.run_script(migration.sql));
  Query query = connection_.query(
      "INSERT INTO schema_migrations (number, name, sha256, applied_at) VALUES ($number, $name, $sha256, $now)");
  query.bind("number", migration.number).bind("name", migration.name).bind("sha256", hash_of(migration));
  GALLEY_TRY(query.bind("now", now).run());
  GALLEY_TRY(connection_.commit());
  return {};
}

}  // namespace galley::storage
