#include "storage/sqlite/sqlite_copy.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "storage/file_descriptor.hpp"
#include "storage/sqlite/sqlite_connection.hpp"

// The backup API and not VACUUM INTO. Beside a writer of 150 commits a second, with a database of 150 MB on the same
// disk, the writer's p99 was 20 to 30 ms alone, 25 ms beside this copy with its pauses, 40 ms beside one without and
// 44 ms beside VACUUM INTO, whose single step can neither pause nor be stopped, and builds every index anew. A source
// that others change makes the API begin again, but not within one read transaction: it is held from first to last.

namespace galley::storage {
namespace {

constexpr int pages_at_once = 256;  // 1 MiB
// So that the pauses stay short and SIGTERM is heard soon.
constexpr Milliseconds longest_pause{250};
// A log of this size is worse than a busy disk: from here on without pauses.
constexpr std::uintmax_t overlong_log = std::uintmax_t{256} << 20;

constexpr const char* source_pragmas = "PRAGMA query_only = ON; PRAGMA wal_autocheckpoint = 0; BEGIN; ";
// The file is nobody's before it is complete: no journal. sync_file() is what makes it durable.
constexpr const char* target_pragmas =
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -2048;";
// The header says WAL, as the source's does; a file that is to be carried about has no log beside it.
constexpr const char* one_file = "PRAGMA journal_mode = DELETE;";

class Database {
 public:
  static Result<Database> open(const std::filesystem::path& file) {
    Database opened;
    const int code =
        sqlite3_open_v2(file.c_str(), &opened.handle_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    if (code != SQLITE_OK) return Error(sqlite_error(opened.handle_, code));
    sqlite3_extended_result_codes(opened.handle_, 1);
    // Only the writer checkpoints (the WAL-reset bug).
    sqlite3_db_config(opened.handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    return opened;
  }
  Database(Database&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Database& operator=(Database&&) = delete;
  ~Database() { sqlite3_close(handle_); }

  sqlite3* get() const { return handle_; }
  Result<void> run(const char* sql) {
    const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return Error(sqlite_error(handle_, code));
    return {};
  }

 private:
  Database() = default;
  sqlite3* handle_ = nullptr;
};

// As long as the last step took: the disk belongs to the others half of the time.
class Pauses {
 public:
  Pauses(const CopyPace& pace, std::filesystem::path log)
      : pace_(pace), log_(std::move(log)), begun_(pace.clock->instant()), step_begun_(begun_) {}

  Result<void> pause() {
    const Instant now = pace_.clock->instant();
    if (now - begun_ > pace_.longest)
      return unavailable("The copy was given up: it took longer than " +
                         std::to_string(std::chrono::ceil<std::chrono::minutes>(pace_.longest).count()) +
                         " minutes, and the log grows meanwhile.");
    std::error_code none;
    const std::uintmax_t log_size = std::filesystem::file_size(log_, none);
    if (none || log_size < overlong_log) {
      const Milliseconds took = std::chrono::ceil<Milliseconds>(now - step_begun_);
      std::unique_lock lock(mutex_);
      stopped_.wait_for(lock, pace_.stop, std::min(took, longest_pause), [] { return false; });
    }
    if (pace_.stop.stop_requested()) return unavailable("The copy was given up: the server is shutting down.");
    step_begun_ = pace_.clock->instant();
    return {};
  }

 private:
  const CopyPace& pace_;
  const std::filesystem::path log_;
  const Instant begun_;
  Instant step_begun_;
  std::mutex mutex_{};
  std::condition_variable_any stopped_{};
};

struct EndBackup {
  void operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); }
};

Result<void> copy_pages(Database& source, Database& target, const std::filesystem::path& file, Pauses* pauses) {
  const std::unique_ptr<sqlite3_backup, EndBackup> backup(
      sqlite3_backup_init(target.get(), "main", source.get(), "main"));
  if (!backup) return Error(sqlite_error(target.get(), sqlite3_errcode(target.get())));
  for (;;) {
    const int code = sqlite3_backup_step(backup.get(), pauses != nullptr ? pages_at_once : -1);
    if (code == SQLITE_DONE) return {};
    // Of a step's failure neither connection tells: it is the code alone that says what it was.
    if (code != SQLITE_OK) return Error(sqlite_error(nullptr, code));
    if (pauses == nullptr) continue;
    // Bit by bit: one fsync of everything at the end would keep the writer's waiting behind it.
    GALLEY_TRY(sync_file(file));
    GALLEY_TRY(pauses->pause());
  }
}

}  // namespace

Result<void> copy_database(const std::filesystem::path& source, const std::filesystem::path& target,
                           const CopyPace& pace) {
  {
    Database from = GALLEY_TRY(Database::open(source));
    Database to = GALLEY_TRY(Database::open(target));
    GALLEY_TRY(from.run(source_pragmas));
    // The first read is what fixes the state that the transaction sees.
    GALLEY_TRY(from.run("SELECT count(*) FROM sqlite_schema"));
    GALLEY_TRY(to.run(target_pragmas));
    std::optional<Pauses> pauses;
    if (pace.clock != nullptr) pauses.emplace(pace, source.string() + "-wal");
    GALLEY_TRY(copy_pages(from, to, target, pauses ? &*pauses : nullptr));
  }
  GALLEY_TRY(fold_log(target));
  return sync_file(target);
}

Result<void> fold_log(const std::filesystem::path& file) {
  Database database = GALLEY_TRY(Database::open(file));
  return database.run(one_file);
}

}  // namespace galley::storage
