// Brings a database to this program's schema: numbered files, forward only, each applied once in one transaction and
// remembered with its hash in the table schema_migrations.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "storage/sql.hpp"

namespace galley::storage {

struct Migration {
  int number;
  std::string_view name;  // of the file
  std::string_view sql;
};

// schema/sqlite/*.sql as they were when the program was built, in order.
std::span<const Migration> sqlite_migrations();

class Migrator {
 public:
  // connection and what migrations refers to outlive this.
  Migrator(Connection& connection, std::span<const Migration> migrations)
      : connection_(connection), migrations_(migrations) {}

  // What is not applied yet; changes nothing. conflict, in words for the operator, when the database is newer than the
  // program or an applied file has changed since.
  Result<std::vector<Migration>> check();
  // Applies it and returns how many there were. One that fails is undone, and those before it stay.
  Result<int> migrate(Time now);

 private:
  Result<void> apply(const Migration& migration, Time now);

  Connection& connection_;
  std::span<const Migration> migrations_;
};

}  // namespace galley::storage
