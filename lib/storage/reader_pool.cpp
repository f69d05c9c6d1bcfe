#include "storage/reader_pool.hpp"

#include <algorithm>
#include <utility>

#include "storage/sqlite/sqlite_connection.hpp"

namespace galley::storage {

Reader::Reader(std::unique_ptr<Connection> connection, const Sealer& sealer)
    : connection_(std::move(connection)), transaction_(*connection_, sealer) {}

Result<std::unique_ptr<Reader>> Reader::open(const std::filesystem::path& database, const Sealer& sealer) {
  std::unique_ptr<Connection> connection =
      GALLEY_TRY(SqliteConnection::open(database, SqliteConnection::Access::reader));
  return std::unique_ptr<Reader>(new Reader(std::move(connection), sealer));
}

Result<void> Reader::run(const Body& body) {
  if (running_) return body(transaction_);
  struct End {
    Reader& reader;
    ~End() {
      reader.connection_->rollback();
      reader.running_ = false;
    }
  };
  GALLEY_TRY(connection_->begin_reading());
  running_ = true;
  const End end{*this};
  return body(transaction_);
}

// What a thread holds of one pool.
class ReaderPool::ThreadSlot {
 public:
  ThreadSlot(std::shared_ptr<ReaderPool> pool, Reader* reader) : pool_(std::move(pool)), reader_(reader) {}
  ThreadSlot(ThreadSlot&& other) noexcept
      : pool_(std::move(other.pool_)), reader_(std::exchange(other.reader_, nullptr)) {}
  ThreadSlot& operator=(ThreadSlot&& other) noexcept {
    std::swap(pool_, other.pool_);
    std::swap(reader_, other.reader_);
    return *this;
  }
  ~ThreadSlot() {
    if (reader_ != nullptr) pool_->give_back(reader_);
  }

  bool of(const ReaderPool& pool) const { return pool_.get() == &pool; }
  bool stale() const { return pool_->closed(); }
  Reader* reader() const { return reader_; }

 private:
  std::shared_ptr<ReaderPool> pool_;  // with the store: either may go first
  Reader* reader_;
};

ReaderPool::ReaderPool(std::filesystem::path database, const Sealer& sealer, std::size_t max_readers)
    : database_(std::move(database)), sealer_(sealer), max_readers_(max_readers) {}

Result<Reader*> ReaderPool::mine(const std::shared_ptr<ReaderPool>& pool) {
  // One for each store that is open in the process: one, but in tests.
  thread_local std::vector<ThreadSlot> slots;
  for (const ThreadSlot& slot : slots)
    if (slot.of(*pool)) return slot.reader();
  std::erase_if(slots, [](const ThreadSlot& slot) { return slot.stale(); });
  Reader* reader = GALLEY_TRY(pool->take());
  slots.emplace_back(pool, reader);
  return reader;
}

Result<Reader*> ReaderPool::take() {
  const std::lock_guard lock(mutex_);
  if (closed_) return unavailable("The server is shutting down. Please try again in a moment.");
  if (!idle_.empty()) {
    Reader* reader = idle_.back();
    idle_.pop_back();
    return reader;
  }
  if (readers_.size() >= max_readers_)
    return unavailable("Too many threads are reading. Please try again in a moment.");
  readers_.push_back(GALLEY_TRY(Reader::open(database_, sealer_)));
  return readers_.back().get();
}

void ReaderPool::give_back(Reader* reader) {
  const std::lock_guard lock(mutex_);
  if (!closed_) idle_.push_back(reader);
}

bool ReaderPool::closed() {
  const std::lock_guard lock(mutex_);
  return closed_;
}

void ReaderPool::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  idle_.clear();
  readers_.clear();
}

}  // namespace galley::storage
