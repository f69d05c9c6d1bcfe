#include "storage/upgrade.hpp"

#include <algorithm>
#include <cstdio>
#include <string>
#include <system_error>
#include <vector>

#include "storage/backup.hpp"

namespace galley::storage {
namespace {

constexpr std::size_t max_copies = 3;
constexpr std::string_view copy_prefix = "galley.db.before-";

std::filesystem::path copy_of(const DataFolder& folder, const Migration& next) {
  char number[16];
  std::snprintf(number, sizeof number, "%04d", next.number);
  return folder.path() / (std::string(copy_prefix) + number);
}

// Numbers have four digits: the names' order is theirs.
void drop_oldest(const std::filesystem::path& folder) {
  std::error_code problem;
  std::vector<std::filesystem::path> copies;
  for (const auto& entry : std::filesystem::directory_iterator(folder, problem)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(copy_prefix) && name.size() == copy_prefix.size() + 4) copies.push_back(entry.path());
  }
  std::ranges::sort(copies);
  for (std::size_t i = 0; i + max_copies < copies.size(); ++i)
    std::filesystem::remove(copies[i], problem);
}

// Nothing was applied yet, or the very first start was interrupted between two changes: without an account there is
// nothing that could be lost.
Result<bool> is_new(Connection& connection, bool nothing_applied) {
  if (nothing_applied) return true;
  {
    Query table = connection.query(connection.specific().find_table);
    if (!GALLEY_TRY(table.bind("table", "accounts").step())) return false;
  }
  return !GALLEY_TRY(connection.query("SELECT 1 FROM accounts LIMIT 1").step());
}

}  // namespace

Result<Upgrade> upgrade(const DataFolder& folder, Connection& connection, std::span<const Migration> migrations,
                        Time now) {
  Migrator migrator(connection, migrations);
  const std::vector<Migration> pending = GALLEY_TRY(migrator.check());
  Upgrade done;
  if (pending.empty()) return done;
  if (!GALLEY_TRY(is_new(connection, pending.size() == migrations.size()))) {
    const std::filesystem::path copy = copy_of(folder, pending.front());
    // One of that name is from an attempt that did not come to its end: the schema, and so the content, is the same.
    const Result<Backup> made = back_up(folder.database(), copy, IfThere::replace, {}, migrations);
    if (made.has_error()) {
      Error refused = conflict("The schema was not changed, because no copy of the database could be kept. " +
                               made.error().message);
      refused.cause = made.error().cause;
      return refused;
    }
    done.copy = copy;
    drop_oldest(folder.path());
  }
  done.applied = GALLEY_TRY(migrator.migrate(now));
  return done;
}

}  // namespace galley::storage
