#include "storage/sqlite/sqlite_connection.hpp"

#include <sqlite3.h>

#include <utility>

namespace galley::storage {
namespace {

// 4 MiB in pages of 4 KiB: long enough for batches to share pages, short enough for a checkpoint of some milliseconds.
constexpr int checkpoint_pages = 1024;
// Where readers kept the log from being reset so long, it is worth waiting for them.
constexpr int overlong_pages = 16 * checkpoint_pages;
constexpr int busy_milliseconds = 250;
// At rest the planner's figures are looked at where so much has changed since.
constexpr int commits_between_looks = 1000;

constexpr const char* common_pragmas =
    "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 0;";
// FULL: a commit is on the disk before anybody hears of it.
// The log's file shrinks to four times its usual length when it begins anew after a reader was in the way for long.
constexpr const char* writer_pragmas =
    "PRAGMA synchronous = FULL; PRAGMA cache_size = -16384; PRAGMA journal_size_limit = 16777216;";
// Some hundred rows of each index are enough, so this takes milliseconds however large a table is.
constexpr const char* optimize_pragmas = "PRAGMA analysis_limit = 400; PRAGMA optimize;";

// Readers share the machine's page cache through the mapping and keep little of their own.
constexpr const char* reader_pragmas =
    "PRAGMA query_only = ON; PRAGMA cache_size = -2048; PRAGMA mmap_size = 134217728;";

}  // namespace

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(const std::filesystem::path& file, Access access) {
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(file, access));
  GALLEY_TRY(connection->connect());
  return connection;
}

SqlResult<void> SqliteConnection::connect() {
  // NOMUTEX: a connection belongs to one thread at a time. Not CREATE: the store makes the file, with its mode.
  const int code = sqlite3_open_v2(file_.c_str(), &database_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  if (code != SQLITE_OK) return failed(code);
  GALLEY_TRY(configure());
  suspect_ = false;
  return {};
}

SqlResult<void> SqliteConnection::reconnect_where_suspect() {
  if (!suspect_) return {};
  disconnect();
  SqlResult<void> connected = connect();
  if (connected.has_error()) disconnect();
  return connected;
}

void SqliteConnection::disconnect() {
  forget_statements();
  sqlite3_close(database_);
  database_ = nullptr;
}

SqlResult<void> SqliteConnection::configure() {
  sqlite3_extended_result_codes(database_, 1);
  sqlite3_busy_timeout(database_, busy_milliseconds);
  sqlite3_db_config(database_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(database_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(database_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  GALLEY_TRY(run_script(common_pragmas));
  if (access_ == Access::reader) {
    // Only the writer checkpoints (the WAL-reset bug), so not even the last reader to close may.
    sqlite3_db_config(database_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    return run_script(reader_pragmas);
  }
  GALLEY_TRY(use_log());
  GALLEY_TRY(run_script(writer_pragmas));
  next_checkpoint_pages_ = checkpoint_pages;
  const auto count_pages = [](void* self, sqlite3*, const char*, int pages) {
    static_cast<SqliteConnection*>(self)->note_wal(pages);
    return SQLITE_OK;
  };
  sqlite3_wal_hook(database_, count_pages, this);
  return {};
}

SqlResult<void> SqliteConnection::use_log() {
  // Where it cannot, SQLite says the old mode and no error.
  Query query(*this, "PRAGMA journal_mode = WAL");
  if (!GALLEY_TRY(query.step()) || query.row().get<std::string>(0) != "wal")
    return SqlError{.kind = SqlFailure::io, .message = "The database does not take a write-ahead log"};
  return query.run();
}

SqliteConnection::~SqliteConnection() {
  if (commits_ > 0 && !suspect_) optimize();
  disconnect();
}

SqlError SqliteConnection::failed(int code) {
  SqlError error = sqlite_error(database_, code);
  switch (error.kind) {
    case SqlFailure::full:
    case SqlFailure::io:
    case SqlFailure::corrupt:
      // FTS5 of 3.40, for one, may go on with words of a transaction that memory was too short for, and writes them.
      suspect_ = true;
      break;
    case SqlFailure::unique_violation:
    case SqlFailure::busy:
    case SqlFailure::other:
      break;
  }
  return error;
}

SqlResult<std::unique_ptr<Statement>> SqliteConnection::compile(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(database_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &statement, nullptr);
  if (code != SQLITE_OK) return failed(code);
  SqliteStatement::OwnedStatement owned(statement, &sqlite3_finalize);
  StatementOwner& owner = *this;
  return std::unique_ptr<Statement>(std::make_unique<SqliteStatement>(owner, std::move(owned)));
}

SqlResult<void> SqliteConnection::run_script(std::string_view sql) {
  const std::string text(sql);
  const int code = sqlite3_exec(database_, text.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return failed(code);
  return {};
}

SqlResult<void> SqliteConnection::require_transaction() const {
  if (!begun_ || in_transaction()) return {};
  return SqlError{.kind = SqlFailure::io, .message = "The database has rolled the transaction back"};
}

SqlResult<void> SqliteConnection::begin_reading() {
  GALLEY_TRY(reconnect_where_suspect());
  GALLEY_TRY(execute("BEGIN"));
  begun_ = true;
  return {};
}
SqlResult<void> SqliteConnection::begin_writing() {
  GALLEY_TRY(reconnect_where_suspect());
  GALLEY_TRY(execute("BEGIN IMMEDIATE"));
  begun_ = true;
  return {};
}
SqlResult<void> SqliteConnection::commit() {
  GALLEY_TRY(execute("COMMIT"));
  begun_ = false;
  return {};
}

void SqliteConnection::rollback() noexcept {
  begun_ = false;
  // Where not even this can be done, closing the connection does it.
  if (in_transaction() && sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr) != SQLITE_OK) suspect_ = true;
}

SqlResult<void> SqliteConnection::set_savepoint() {
  return execute("SAVEPOINT body");
}
SqlResult<void> SqliteConnection::release_savepoint() {
  return execute("RELEASE body");
}
SqlResult<void> SqliteConnection::undo_to_savepoint() {
  GALLEY_TRY(execute("ROLLBACK TO body"));
  return release_savepoint();
}

bool SqliteConnection::in_transaction() const {
  return database_ != nullptr && sqlite3_get_autocommit(database_) == 0;
}
std::int64_t SqliteConnection::changes() const {
  return sqlite3_changes64(database_);
}
const SpecificSql& SqliteConnection::specific() const {
  return sqlite_specific_sql();
}

SqlResult<void> SqliteConnection::touch() {
  // Nobody reads this number, but it is in the file, and is written also where it was the same.
  return execute("PRAGMA user_version = 0");
}

void SqliteConnection::note_wal(int pages) {
  // The log began anew: all of it was in the database and no reader needed it.
  if (pages < pages_in_wal_) next_checkpoint_pages_ = checkpoint_pages;
  pages_in_wal_ = pages;
  ++commits_;
}

void SqliteConnection::checkpoint(int mode) {
  // A failure costs nothing but the log's length: the next attempt comes after as many pages again.
  const int code = sqlite3_wal_checkpoint_v2(database_, nullptr, mode, nullptr, nullptr);
  if (code == SQLITE_OK && mode == SQLITE_CHECKPOINT_TRUNCATE) pages_in_wal_ = 0;
  next_checkpoint_pages_ = pages_in_wal_ + checkpoint_pages;
}

void SqliteConnection::tidy_after_commit() {
  if (suspect_ || pages_in_wal_ < next_checkpoint_pages_) return;
  const bool wait = pages_in_wal_ >= overlong_pages && !long_read_.load();
  checkpoint(wait ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE);
}

void SqliteConnection::tidy_at_rest() {
  if (suspect_ || pages_in_wal_ == 0) return;
  if (commits_ >= commits_between_looks) optimize();
  checkpoint(long_read_.load() ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE);
}

void SqliteConnection::optimize() {
  // A failure costs nothing but a plan that may be slower.
  sqlite3_exec(database_, optimize_pragmas, nullptr, nullptr, nullptr);
  commits_ = 0;
}

}  // namespace galley::storage
