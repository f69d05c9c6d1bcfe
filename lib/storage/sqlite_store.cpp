#include "storage/sqlite_store.hpp"

#include <utility>
#include <vector>

#include "storage/orphaned_leases.hpp"
#include "storage/upgrade.hpp"

namespace galley::storage {
namespace {

// In words for the operator: which file, what about it, what to do.
Error cannot_use(const std::filesystem::path& file, Error error) {
  if (error.code == ErrorCode::unavailable)
    error.message = "The database " + file.string() + " cannot be opened at present. " + error.message;
  else if (error.code == ErrorCode::internal)
    error.message =
        "The database " + file.string() +
        " is damaged or is none of Galley's. Keep a copy of its folder and restore the latest backup (galley restore).";
  return error;
}

Result<std::unique_ptr<SqliteConnection>> open_database(const DataFolder& folder, Time now) {
  std::unique_ptr<SqliteConnection> connection =
      GALLEY_TRY(SqliteConnection::open(folder.database(), SqliteConnection::Access::writer));
  GALLEY_TRY(upgrade(folder, *connection, sqlite_migrations(), now));
  // The folder's lock is ours: whoever held a lease is gone, and nobody need wait for its end.
  GALLEY_TRY(end_orphaned_leases(*connection, now));
  return connection;
}

}  // namespace

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::filesystem::path& folder, KeyRing keys, Time now,
                                                       StoreLimits limits) {
  DataFolder opened = GALLEY_TRY(DataFolder::open(folder));
  const std::filesystem::path file = opened.database();
  Result<std::unique_ptr<SqliteConnection>> connection = open_database(opened, now);
  if (connection.has_error()) return cannot_use(file, std::move(connection).error());
  std::unique_ptr<SqliteStore> store(
      new SqliteStore(std::move(opened), std::move(keys), *std::move(connection), limits));
  const Result<void> reading = store->start_reading(limits);
  if (reading.has_error()) return cannot_use(file, reading.error());
  return store;
}

SqliteStore::SqliteStore(DataFolder folder, KeyRing keys, std::unique_ptr<SqliteConnection> connection,
                         StoreLimits limits)
    : folder_(std::move(folder)),
      sealer_(std::move(keys)),
      connection_(std::move(connection)),
      transaction_(*connection_, sealer_),
      readers_(std::make_shared<ReaderPool>(folder_.database(), sealer_, limits.max_readers)),
      writer_(*connection_, transaction_, feed_, limits.writer) {}

Result<void> SqliteStore::start_reading(StoreLimits limits) {
  std::vector<std::unique_ptr<Reader>> readers;
  for (std::size_t i = 0; i < limits.slow_read_threads; ++i)
    readers.push_back(GALLEY_TRY(Reader::open(folder_.database(), sealer_)));
  slow_reads_ = std::make_unique<SlowReads>(std::move(readers), limits.max_slow_reads);
  return {};
}

SqliteStore::~SqliteStore() {
  // Readers first: the writer's last checkpoint then finds nobody in its way.
  slow_reads_.reset();
  readers_->close();
  writer_.stop();
}

void SqliteStore::stop() {
  slow_reads_->stop();
  writer_.stop();
}

Task<Result<void>> SqliteStore::prove_writable() {
  std::function<Result<void>(Transaction&)> body = [this](Transaction&) -> Result<void> {
    GALLEY_TRY(connection_->touch());
    return {};
  };
  co_return co_await run_write(std::move(body));
}

Result<Backup> SqliteStore::back_up(const std::filesystem::path& target, IfThere if_there, const Clock& clock) {
  const std::unique_lock alone(backing_up_, std::try_to_lock);
  if (!alone) return conflict("Another backup is being made. Wait for its end.");
  // The writer must not wait for the end of this read before it tidies its log.
  struct LongRead {
    SqliteConnection& connection;
    explicit LongRead(SqliteConnection& writing) : connection(writing) { connection.expect_long_read(true); }
    ~LongRead() { connection.expect_long_read(false); }
  };
  const LongRead reading(*connection_);
  return storage::back_up(folder_.database(), target, if_there, {.clock = &clock, .stop = backup_stop_.get_token()});
}

Result<Rotation> SqliteStore::rotate_key(KeyOrigin origin, const KeyRotation::Watch& watch) {
  const std::unique_lock alone(rotating_, std::try_to_lock);
  if (!alone) return conflict("The key is being rotated already. Wait for the end of that.");
  const auto write = [this](KeyRotation::Body body) { return run_write_and_wait(std::move(body)); };
  return KeyRotation(folder_.path(), *connection_, sealer_, write, watch).run(origin);
}

Task<Result<void>> SqliteStore::run_write(std::function<Result<void>(Transaction&)> body) {
  if (writer_.joins()) co_return writer_.write_within(body);
  std::function<void(std::unique_ptr<Completion>)> submit = [this, &body](std::unique_ptr<Completion> completion) {
    writer_.submit(std::move(body), std::move(completion));
  };
  Result<void> outcome = co_await await_completion(std::move(submit));
  co_return outcome;
}

Task<Result<void>> SqliteStore::run_write_together(std::function<Result<void>(Transaction&)> body) {
  if (writer_.joins()) co_return writer_.write_within(body);
  std::function<void(std::unique_ptr<Completion>)> submit = [this, &body](std::unique_ptr<Completion> completion) {
    writer_.submit_together(std::move(body), std::move(completion));
  };
  Result<void> outcome = co_await await_completion(std::move(submit));
  co_return outcome;
}

Result<void> SqliteStore::run_write_and_wait(std::function<Result<void>(Transaction&)> body) {
  return wait_for_completion([this, &body](std::unique_ptr<Completion> completion) {
    writer_.submit(std::move(body), std::move(completion));
  });
}

Result<void> SqliteStore::run_read(const std::function<Result<void>(const Transaction&)>& body) {
  if (writer_.joins()) return body(writer_.joined());
  Reader* reader = GALLEY_TRY(ReaderPool::mine(readers_));
  return reader->run(body);
}

Task<Result<void>> SqliteStore::run_read_slowly(std::function<Result<void>(const Transaction&)> body) {
  if (writer_.joins()) co_return body(writer_.joined());
  std::function<void(std::unique_ptr<Completion>)> submit = [this, &body](std::unique_ptr<Completion> completion) {
    slow_reads_->submit(std::move(body), std::move(completion));
  };
  Result<void> outcome = co_await await_completion(std::move(submit));
  co_return outcome;
}

}  // namespace galley::storage
