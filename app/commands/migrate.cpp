#include <iostream>

#include "app/commands/syntax.hpp"
#include "storage/data_folder.hpp"
#include "storage/migrator.hpp"
#include "storage/sqlite/sqlite_connection.hpp"

namespace galley::app {

namespace {

Exit migrate(Session& session, bool check_only) {
  Terminal& terminal = session.terminal;
  const Result<Config> config = read_config(session.given, process_environment);
  if (!config) return report(config.error(), terminal);
  if (Result<void> made = storage::make_data_folder(config->data); !made) return report(made.error(), terminal);
  Result<storage::DataFolder> folder = storage::DataFolder::open(config->data);
  if (!folder) return report(folder.error(), terminal);
  auto connection = storage::SqliteConnection::open(folder->database(), storage::SqliteConnection::Access::writer);
  if (!connection) return report(connection.error(), terminal);
  storage::Migrator migrator(**connection, storage::sqlite_migrations());
  const auto pending = migrator.check();
  if (!pending) return report(pending.error(), terminal);
  for (const storage::Migration& migration : *pending)
    terminal.out << (check_only ? "pending " : "applying ") << migration.name << '\n';
  if (check_only) {
    if (pending->empty()) terminal.out << "up to date\n";
    return pending->empty() ? Exit::done : Exit::failed;
  }
  const auto applied = migrator.migrate(SystemClock().now());
  if (!applied) return report(applied.error(), terminal);
  terminal.out << "up to date\n";
  return Exit::done;
}

}  // namespace

void declare_migrate(Syntax syntax) {
  // Owners: the option on the command line and the function that runs.
  const auto check_only = std::make_shared<bool>(false);
  syntax.flag("--check", *check_only, "Only list what is pending; exit 1 where something is.");
  syntax.runs([check_only](Session& session) { return migrate(session, *check_only); });
}

}  // namespace galley::app
