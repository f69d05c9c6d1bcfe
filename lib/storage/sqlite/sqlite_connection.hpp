// The driver for SQLite (3.40: one connection writes and checkpoints, all others are query_only).
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>

#include "storage/sql.hpp"
#include "storage/sqlite/sqlite_statement.hpp"

struct sqlite3;

namespace galley::storage {

class SqliteConnection final : public Connection, private StatementOwner {
 public:
  enum class Access : std::uint8_t { writer, reader };

  // The file must be there already; an empty one is a new database. unavailable when it cannot be opened, internal when
  // it is no database. After an error of memory, disk or file the next
  // transaction opens it anew.
  static Result<std::unique_ptr<SqliteConnection>> open(const std::filesystem::path& file, Access access);
  ~SqliteConnection() override;
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  SqlResult<void> run_script(std::string_view sql) override;
  SqlResult<void> begin_reading() override;
  SqlResult<void> begin_writing() override;
  SqlResult<void> commit() override;
  void rollback() noexcept override;
  SqlResult<void> set_savepoint() override;
  SqlResult<void> release_savepoint() override;
  SqlResult<void> undo_to_savepoint() override;
  bool in_transaction() const override;
  std::int64_t changes() const override;
  const SpecificSql& specific() const override;
  void tidy_after_commit() override;
  void tidy_at_rest() override;

  // In a transaction: its commit writes, though nothing is changed.
  SqlResult<void> touch();
  // While a read takes minutes, tidying does not wait for readers. Thread-safe.
  void expect_long_read(bool expected) { long_read_.store(expected); }

 private:
  // The next transaction begins on a new connection.
  SqlError failed(int code) override;
  SqlResult<void> require_transaction() const override;
  SqliteConnection(std::filesystem::path file, Access access) : file_(std::move(file)), access_(access) {}
  SqlResult<std::unique_ptr<Statement>> compile(std::string_view sql) override;
  SqlResult<void> connect();
  void disconnect();
  SqlResult<void> reconnect_where_suspect();
  SqlResult<void> configure();
  SqlResult<void> use_log();
  void note_wal(int pages);
  void checkpoint(int mode);
  void optimize();

  const std::filesystem::path file_;
  const Access access_;
  sqlite3* database_ = nullptr;  // null after it could not be opened anew
  bool suspect_ = false;
  bool begun_ = false;             // a transaction, which nobody has ended
  int pages_in_wal_ = 0;           // after the last commit
  int next_checkpoint_pages_ = 0;  // when the WAL has so many, it is time again
  int commits_ = 0;                // since the planner's figures were looked at
  std::atomic<bool> long_read_ = false;
};

// What SQLite said, as the ports say it. database may be null where there is none.
SqlError sqlite_error(sqlite3* database, int code);
const SpecificSql& sqlite_specific_sql();

}  // namespace galley::storage
