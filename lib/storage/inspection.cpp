#include "storage/inspection.hpp"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>

#include "storage/data_folder.hpp"
#include "storage/migrator.hpp"
#include "storage/sqlite/sqlite_connection.hpp"

namespace galley::storage {
namespace {

constexpr std::string_view quick_check = "PRAGMA quick_check(20)";

Result<std::vector<std::string>> check_quickly(Connection& connection) {
  std::vector<std::string> faults;
  Query query = connection.query(quick_check);
  while (GALLEY_TRY(query.step())) {
    auto line = query.row().get<std::string>(0);
    if (line != "ok") faults.push_back(std::move(line));
  }
  return faults;
}

Result<std::optional<Time>> last_migration(Connection& connection) {
  Query query = connection.query("SELECT max(applied_at) FROM schema_migrations");
  if (!GALLEY_TRY(query.step())) return std::optional<Time>();
  return query.row().get<std::optional<Time>>(0);
}

Result<std::vector<std::string>> pending_names(Connection& connection) {
  std::vector<std::string> names;
  for (const Migration& migration : GALLEY_TRY(Migrator(connection, sqlite_migrations()).check()))
    names.emplace_back(migration.name);
  return names;
}

Result<std::unique_ptr<SqliteConnection>> open_database(const std::filesystem::path& folder) {
  if (!has_database(folder)) return not_found("database", folder.string());
  return SqliteConnection::open(database_in(folder), SqliteConnection::Access::reader);
}

// "fe:00", hexadecimal.
dev_t device_of(const std::string& text) {
  char* rest = nullptr;
  const auto major_number = static_cast<unsigned>(std::strtoul(text.c_str(), &rest, 16));
  const auto minor_number = *rest == ':' ? static_cast<unsigned>(std::strtoul(rest + 1, nullptr, 16)) : 0;
  return makedev(major_number, minor_number);
}

}  // namespace

std::optional<long> holder_of(const std::filesystem::path& folder) {
  struct stat status{};
  if (::stat((folder / "galley.lock").c_str(), &status) != 0) return std::nullopt;
  // The kernel's list and not an attempt to lock: that would be in the way of a server which starts just then.
  // "1: FLOCK  ADVISORY  WRITE 4711 fe:00:123456 0 EOF"
  std::ifstream locks("/proc/locks");
  for (std::string line; std::getline(locks, line);) {
    std::istringstream words(line);
    std::string number, kind, mode, access, place;
    long process = 0;
    words >> number >> kind >> mode >> access >> process >> place;
    const std::size_t colon = place.rfind(':');
    if (!words || kind != "FLOCK" || colon == std::string::npos) continue;
    if (device_of(place.substr(0, colon)) == status.st_dev && place.substr(colon + 1) == std::to_string(status.st_ino))
      return process;
  }
  return std::nullopt;
}

Result<std::vector<std::string>> pending_changes(const std::filesystem::path& folder) {
  const auto connection = GALLEY_TRY(open_database(folder));
  return pending_names(*connection);
}

Result<Inspection> inspect(const std::filesystem::path& folder) {
  const auto connection = GALLEY_TRY(open_database(folder));
  Inspection inspection;
  inspection.faults = GALLEY_TRY(check_quickly(*connection));
  // A damaged file may well not tell its schema any more.
  if (!inspection.faults.empty()) return inspection;
  inspection.pending = GALLEY_TRY(pending_names(*connection));
  Query table = connection->query(connection->specific().find_table);
  if (GALLEY_TRY(table.bind("table", "schema_migrations").step()))
    inspection.last_migration = GALLEY_TRY(last_migration(*connection));
  return inspection;
}

}  // namespace galley::storage
