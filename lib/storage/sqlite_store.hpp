// The store in one folder on one machine: SQLite.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <stop_token>

#include "base/clock.hpp"
#include "domain/store.hpp"
#include "storage/backup.hpp"
#include "storage/data_folder.hpp"
#include "storage/key_rotation.hpp"
#include "storage/reader_pool.hpp"
#include "storage/slow_reads.hpp"
#include "storage/sqlite/sqlite_connection.hpp"
#include "storage/writer.hpp"

namespace galley::storage {

struct StoreLimits {
  WriterLimits writer{};
  std::size_t max_readers = 64;  // threads that read in place
  std::size_t slow_read_threads = 2;
  std::size_t max_slow_reads = 256;  // that wait
};

class SqliteStore final : public Store {
 public:
  // Takes the folder's lock, opens or makes DIR/galley.db and brings it to this program's schema (see upgrade.hpp); now
  // is what the migrations are dated with. Errors are in words for the operator.
  static Result<std::unique_ptr<SqliteStore>> open(const std::filesystem::path& folder, KeyRing keys, Time now,
                                                   StoreLimits limits = {});
  // Finishes the writes that wait, then closes. No thread reads any more. Every io_context whose coroutines use the
  // store outlives it: declare the context first.
  ~SqliteStore() override;

  // Refuses what comes from now on and finishes what waits, so that nothing posts to an executor any more. Before the
  // executors go; not thread-safe.
  void stop();

  // Commits something that changes nothing: whether writes are taken now.
  Task<Result<void>> prove_writable();

  ChangeFeed& changes() override { return feed_; }
  std::string_view backend() const override { return "sqlite"; }

  // See back_up() of backup.hpp. Thread-safe; blocks the calling thread, minutes where there is much, and no writer.
  // conflict while another one is being made.
  Result<Backup> back_up(const std::filesystem::path& target, IfThere if_there, const Clock& clock);
  // See KeyRotation. Thread-safe; blocks the calling thread. conflict while another one runs.
  Result<Rotation> rotate_key(KeyOrigin origin, const KeyRotation::Watch& watch);
  // A backup that is being made ends soon, with an error. Thread-safe.
  void end_backup() { backup_stop_.request_stop(); }

 private:
  SqliteStore(DataFolder folder, KeyRing keys, std::unique_ptr<SqliteConnection> connection, StoreLimits limits);
  Result<void> start_reading(StoreLimits limits);
  Task<Result<void>> run_write(std::function<Result<void>(Transaction&)> body) override;
  Task<Result<void>> run_write_together(std::function<Result<void>(Transaction&)> body) override;
  Result<void> run_write_and_wait(std::function<Result<void>(Transaction&)> body) override;
  Result<void> run_read(const std::function<Result<void>(const Transaction&)>& body) override;
  Task<Result<void>> run_read_slowly(std::function<Result<void>(const Transaction&)> body) override;

  DataFolder folder_;
  Sealer sealer_;
  ChangeFeed feed_{};
  std::unique_ptr<SqliteConnection> connection_;
  SqlTransaction transaction_;
  std::shared_ptr<ReaderPool> readers_;  // with the threads that read: see ReaderPool::mine
  std::unique_ptr<SlowReads> slow_reads_{};
  std::mutex backing_up_{};
  std::stop_source backup_stop_{};
  std::mutex rotating_{};
  Writer writer_;  // last: its thread uses what is above
};

}  // namespace galley::storage
