// Reading connections: one for each thread that reads in place, made when it first does and given back when it ends.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "storage/sealer.hpp"
#include "storage/sql_transaction.hpp"

namespace galley::storage {

// A connection that only reads. Used by one thread at a time.
class Reader {
 public:
  using Body = std::function<Result<void>(const Transaction&)>;

  // sealer outlives this.
  static Result<std::unique_ptr<Reader>> open(const std::filesystem::path& database, const Sealer& sealer);

  // Runs body in a transaction that sees one state. A read within a read joins it. What body throws passes through.
  Result<void> run(const Body& body);

 private:
  Reader(std::unique_ptr<Connection> connection, const Sealer& sealer);
  std::unique_ptr<Connection> connection_;
  SqlTransaction transaction_;
  bool running_ = false;
};

// Thread-safe.
class ReaderPool {
 public:
  // sealer outlives this, or the call of close().
  ReaderPool(std::filesystem::path database, const Sealer& sealer, std::size_t max_readers);

  // The calling thread's own reader; the pool owns it. unavailable when all max_readers are other threads'.
  // pool: shared by the store and by every thread that holds a reader, which gives it back when it ends.
  static Result<Reader*> mine(const std::shared_ptr<ReaderPool>& pool);
  // Closes all connections. No thread reads any more.
  void close();

 private:
  class ThreadSlot;
  Result<Reader*> take();
  void give_back(Reader* reader);
  bool closed();

  const std::filesystem::path database_;
  const Sealer& sealer_;
  const std::size_t max_readers_;
  std::mutex mutex_{};
  std::vector<std::unique_ptr<Reader>> readers_{};
  std::vector<Reader*> idle_{};
  bool closed_ = false;
};

}  // namespace galley::storage
