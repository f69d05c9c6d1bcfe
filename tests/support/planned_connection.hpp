// A connection to a database in memory that asks SQLite for the plan of every statement that it prepares.
#pragma once

#include <sqlite3.h>

#include <catch2/catch.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "storage/migrator.hpp"
#include "storage/sqlite/sqlite_connection.hpp"
#include "storage/sqlite/sqlite_statement.hpp"

namespace galley::test {

class PlannedConnection final : public storage::Connection, private storage::StatementOwner {
 public:
  PlannedConnection() {
    if (sqlite3_open(":memory:", &database_) != SQLITE_OK) throw std::runtime_error("no database");
    for (const storage::Migration& migration : storage::sqlite_migrations())
      fill(migration.sql);
  }
  PlannedConnection(const PlannedConnection&) = delete;
  PlannedConnection& operator=(const PlannedConnection&) = delete;
  ~PlannedConnection() override {
    forget_statements();
    sqlite3_close(database_);
  }

  // Lines of all plans since the last call, those that read a table from end to end or sort first marked "BAD ".
  std::string take_plans() { return std::exchange(plans_, {}); }

  // What is asked next is planned anew, though it was asked before.
  void forget() { forget_statements(); }

  // A script that must succeed.
  void fill(std::string_view sql) {
    if (run_script(sql).has_error()) throw std::runtime_error(sqlite3_errmsg(database_));
  }

  storage::SqlResult<void> run_script(std::string_view sql) override {
    const std::string text(sql);
    const int code = sqlite3_exec(database_, text.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return storage::sqlite_error(database_, code);
    return {};
  }
  storage::SqlResult<void> begin_reading() override { return execute("BEGIN"); }
  storage::SqlResult<void> begin_writing() override { return execute("BEGIN IMMEDIATE"); }
  storage::SqlResult<void> commit() override { return execute("COMMIT"); }
  void rollback() noexcept override { sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr); }
  storage::SqlResult<void> set_savepoint() override { return execute("SAVEPOINT body"); }
  storage::SqlResult<void> release_savepoint() override { return execute("RELEASE body"); }
  storage::SqlResult<void> undo_to_savepoint() override { return execute("ROLLBACK TO body"); }
  bool in_transaction() const override { return sqlite3_get_autocommit(database_) == 0; }
  std::int64_t changes() const override { return sqlite3_changes64(database_); }
  const storage::SpecificSql& specific() const override { return storage::sqlite_specific_sql(); }
  void tidy_after_commit() override {}
  void tidy_at_rest() override {}

 private:
  storage::SqlError failed(int code) override { return storage::sqlite_error(database_, code); }
  storage::SqlResult<void> require_transaction() const override { return {}; }
  storage::SqlResult<std::unique_ptr<storage::Statement>> compile(std::string_view sql) override {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v2(database_, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
    if (code != SQLITE_OK) return storage::sqlite_error(database_, code);
    storage::SqliteStatement::OwnedStatement owned(statement, &sqlite3_finalize);
    storage::StatementOwner& owner = *this;
    auto made = std::make_unique<storage::SqliteStatement>(owner, std::move(owned));
    note_plan(sql);
    return std::unique_ptr<storage::Statement>(std::move(made));
  }

  void note_plan(std::string_view sql) {
    const std::string text = "EXPLAIN QUERY PLAN " + std::string(sql);
    sqlite3_stmt* plan = nullptr;
    if (sqlite3_prepare_v2(database_, text.c_str(), -1, &plan, nullptr) != SQLITE_OK) return;
    while (sqlite3_step(plan) == SQLITE_ROW) {
      const std::string line = reinterpret_cast<const char*>(sqlite3_column_text(plan, 3));
      const bool sorts = line.find("TEMP B-TREE") != std::string::npos;
      // An index of words is always "scanned": for what is searched. A subquery's rows are what it found.
      const bool scans = line.starts_with("SCAN ") && line.find("VIRTUAL TABLE") == std::string::npos &&
                         line.find("SCAN counted") == std::string::npos && line.find("SCAN (") == std::string::npos &&
                         line.find("CONSTANT ROW") == std::string::npos;
      plans_ += (sorts || scans ? "BAD " : "") + line + "\n";
    }
    sqlite3_finalize(plan);
  }

  sqlite3* database_ = nullptr;
  std::string plans_;
};

// CHECK_THAT(connection.take_plans(), uses_indexes()): something was asked, and nothing read from end to end or sorted.
class UsesIndexes final : public Catch::MatcherBase<std::string> {
 public:
  bool match(const std::string& plans) const override {
    return !plans.empty() && plans.find("BAD ") == std::string::npos;
  }
  std::string describe() const override { return "uses indexes alone"; }
};
inline UsesIndexes uses_indexes() {
  return {};
}

}  // namespace galley::test
