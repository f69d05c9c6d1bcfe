#include <iostream>

#include "app/commands/syntax.hpp"
#include "base/json.hpp"
#include "storage/data_folder.hpp"
#include "storage/inspection.hpp"
#include "storage/sqlite/sqlite_connection.hpp"
#include "storage/upgrade.hpp"

namespace galley::app {

namespace {

using Names = std::vector<std::string>;

void print(const Names& names, std::string_view verb, const std::optional<std::filesystem::path>& copy,
           Session& session) {
  std::ostream& out = session.terminal.out;
  if (session.json) {
    std::string text;
    json::Writer writer(text);
    writer.begin_object().key(verb).begin_array();
    for (const std::string& name : names)
      writer.value(name);
    writer.end_array();
    if (copy) writer.member("copy", copy->string());
    writer.end_object();
    out << text << '\n';
    return;
  }
  for (const std::string& name : names)
    out << verb << ' ' << name << '\n';
  if (copy) out << "what was there is in " << copy->string() << '\n';
  if (verb == "applied" || names.empty()) out << "up to date\n";
}

// Changes nothing, and may be asked while a server runs.
Exit check(Session& session, const Config& config) {
  Names pending;
  if (storage::has_database(config.data)) {
    const auto found = storage::pending_changes(config.data);
    if (!found) return report(found.error(), session.terminal);
    pending = *found;
  } else {
    for (const storage::Migration& migration : storage::sqlite_migrations())
      pending.emplace_back(migration.name);
  }
  print(pending, "pending", std::nullopt, session);
  return pending.empty() ? Exit::done : Exit::failed;
}

Exit migrate(Session& session, const Config& config) {
  Terminal& terminal = session.terminal;
  Result<storage::DataFolder> folder = storage::DataFolder::open(config.data);
  if (!folder) return report(folder.error(), terminal);
  auto connection = storage::SqliteConnection::open(folder->database(), storage::SqliteConnection::Access::writer);
  if (!connection) return report(connection.error(), terminal);
  const auto pending = storage::Migrator(**connection, storage::sqlite_migrations()).check();
  if (!pending) return report(pending.error(), terminal);
  const auto upgraded = storage::upgrade(*folder, **connection, storage::sqlite_migrations(), SystemClock().now());
  if (!upgraded) return report(upgraded.error(), terminal);
  Names applied;
  for (const storage::Migration& migration : *pending)
    applied.emplace_back(migration.name);
  print(applied, "applied", upgraded->copy, session);
  return Exit::done;
}

}  // namespace

void declare_migrate(Syntax syntax) {
  // Owners: the option on the command line and the function that runs.
  const auto check_only = std::make_shared<bool>(false);
  syntax.flag("--check", *check_only, "Only list what is pending; exit 1 where something is.");
  syntax.runs([check_only](Session& session) {
    const Result<Config> config = read_config(session.given, process_environment);
    if (!config) return report(config.error(), session.terminal);
    return *check_only ? check(session, *config) : migrate(session, *config);
  });
}

}  // namespace galley::app
