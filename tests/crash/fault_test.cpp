// Each operation of the disk and each allocation of SQLite fails once, and from then on: the store answers an error
// that says so, keeps no half transaction and works again once the fault is gone.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <functional>
#include <random>
#include <set>

#include "storage/sqlite/sqlite_connection.hpp"
#include "support/figure.hpp"
#include "support/memory_disk.hpp"
#include "support/scarce_memory.hpp"
#include "support/store_workload.hpp"
#include "support/two_sites.hpp"

namespace galley::test {
namespace {

using storage::SqliteConnection;
using storage::SqliteStore;

constexpr std::int64_t all_sites = 100;
constexpr storage::StoreLimits limits{.writer = {.rest = std::chrono::hours(1)}, .slow_read_threads = 1};

using Sites = std::set<std::int64_t>;

// What a workload heard.
struct Heard {
  Sites stored{};     // acknowledged
  Sites attempted{};  // and the others
  int refusals = 0;
  int unread = 0;       // refusals of reads
  std::string wrong{};  // an error that is none of the machine's, or that shows what its reader need not know

  void hear(const Error& error) {
    ++refusals;
    if (error.code != ErrorCode::unavailable) wrong += error.message + " (" + error.cause + ") ";
    if (error.message.find("SQL") != std::string::npos || error.message.empty()) wrong += "says " + error.message + " ";
  }
};

Result<Sites> sites_of(Store& store) {
  const auto found = GALLEY_TRY(store.read([](const Transaction& t) { return find_sites(t, all_sites); }));
  return Sites(found.begin(), found.end());
}

class Workload {
 public:
  Workload() {
    MemoryDisk disk({{"galley.db", ""}});
    {
      auto store = *SqliteStore::open(folder_.path(), test_key(), at(0), limits);
      must(store->write_and_wait([](Transaction& t) { return add_site(t, 1, 20'000); }));
    }
    begin_ = disk.image();
  }

  const MemoryDisk::Image& begin() const { return begin_; }

  // Starts, writes alone and in a batch, reads, closes and starts again. heal ends the fault, which is there.
  Heard run(const std::function<void()>& heal, bool heal_before_close) {
    Heard heard;
    for (const std::int64_t first : {10, 20}) {
      Result<std::unique_ptr<SqliteStore>> opened = SqliteStore::open(folder_.path(), test_key(), at(0), limits);
      if (opened.has_error()) {
        heard.hear(opened.error());
        continue;
      }
      SqliteStore& store = **opened;
      use(store, first, heard);
      if (!heal_before_close) continue;
      heal();
      must(store.write_and_wait([&](Transaction& t) { return add_site(t, first + 9, 500); }));
      heard.stored.insert(first + 9);
      must(sites_of(store));
    }
    return heard;
  }

  // What is there after all, once the fault is gone.
  Sites open_again() {
    Sites sites;
    {
      auto store = must(SqliteStore::open(folder_.path(), test_key(), at(0), limits));
      must(store->write_and_wait([](Transaction& t) { return add_site(t, 50, 500); }));
      sites = must(sites_of(*store));
    }
    auto connection = must(SqliteConnection::open(folder_.path() / "galley.db", SqliteConnection::Access::writer));
    CHECK(must(faults_of(*connection)) == "");
    CHECK(sites.erase(50) == 1);
    return sites;
  }

 private:
  static void use(SqliteStore& store, std::int64_t first, Heard& heard) {
    for (std::int64_t number = first; number < first + 2; ++number)
      hear_write(store.write_and_wait([&](Transaction& t) { return add_site(t, number, 500); }), number, heard);
    const Result<Sites> seen = sites_of(store);
    if (seen.has_error()) {
      ++heard.unread;
      heard.hear(seen.error());
    }
    const Result<void> rewritten =
        store.write_and_wait([&](Transaction& t) { return rewrite_site(t, 1, first, 20'000); });
    if (rewritten.has_error()) heard.hear(rewritten.error());
    boost::asio::io_context context;
    const auto add = [&](std::int64_t number) -> Task<> {
      auto body = [=](Transaction& t) { return add_site(t, number, 500); };
      const Result<void> outcome = co_await store.write(std::move(body));
      hear_write(outcome, number, heard);
    };
    for (std::int64_t number = first + 2; number < first + 5; ++number)
      boost::asio::co_spawn(context, add(number), boost::asio::detached);
    context.run();
  }

  static void hear_write(const Result<void>& outcome, std::int64_t number, Heard& heard) {
    heard.attempted.insert(number);
    if (outcome.has_error())
      heard.hear(outcome.error());
    else
      heard.stored.insert(number);
  }

  TempFolder folder_{};
  MemoryDisk::Image begin_{};
};

// What the workload heard is what is there.
void compare(const Heard& heard, Sites found) {
  CHECK(heard.wrong == "");
  CHECK(found.erase(1) == 1);
  CHECK(std::ranges::includes(found, heard.stored));
  // Whoever heard of a failure to store may find it stored all the same, but nobody finds what was never asked for.
  Sites possible = heard.attempted;
  possible.insert(heard.stored.begin(), heard.stored.end());
  CHECK(std::ranges::includes(possible, found));
}

struct Mode {
  bool lasts;
  bool heal_before_close;
};
constexpr Mode modes[] = {{false, true}, {true, true}, {true, false}};

// A run takes every so many of the operations that are many, from anywhere.
int step_of(int otherwise) {
  const char* every = std::getenv("GALLEY_EVERY");
  return every == nullptr ? otherwise : std::stoi(every);
}
int first_of(int step) {
  return 1 + static_cast<int>(std::random_device()() % static_cast<unsigned>(step));
}

void try_operations(const std::string& name, DiskOperation operation, int code, int step = 1) {
  Workload workload;
  int tried = 0;
  int refusals = 0;
  int unread = 0;
  for (const Mode mode : modes) {
    for (int nth = first_of(step);; nth += step) {
      INFO(name << " " << nth << (mode.lasts ? " and those after it" : "") << ", code " << code);
      MemoryDisk disk(workload.begin());
      disk.fail({.operation = operation, .nth = nth, .code = code, .lasts = mode.lasts});
      const Heard heard = workload.run([&] { disk.heal(); }, mode.heal_before_close);
      const bool struck = disk.struck();
      disk.heal();
      compare(heard, workload.open_again());
      ++tried;
      refusals += heard.refusals;
      unread += heard.unread;
      if (!struck) break;
    }
  }
  print_figure("disk faults: " + std::to_string(tried) + " runs, each with one " + name +
               " or all from it on failing with code " + std::to_string(code) + ": " + std::to_string(refusals) +
               " refusals");
  // Whoever only reads does not hear of a disk that takes nothing.
  if (operation != DiskOperation::open && operation != DiskOperation::read && operation != DiskOperation::share_memory)
    CHECK(unread == 0);
}

TEST_CASE("faults: a write that fails is answered, undone and forgotten", "[crash]") {
  try_operations("write", DiskOperation::write, SQLITE_FULL, step_of(19));
  try_operations("write", DiskOperation::write, SQLITE_IOERR_WRITE, step_of(19));
}

TEST_CASE("faults: a sync that fails is answered and forgotten", "[crash]") {
  try_operations("sync", DiskOperation::sync, SQLITE_IOERR_FSYNC);
}

TEST_CASE("faults: a file that cannot be cut or removed is answered and forgotten", "[crash]") {
  try_operations("truncation", DiskOperation::truncate, SQLITE_IOERR_TRUNCATE);
  try_operations("removal", DiskOperation::remove, SQLITE_IOERR_DELETE);
}

TEST_CASE("faults: a file that cannot be opened is answered and forgotten", "[crash]") {
  try_operations("opening", DiskOperation::open, SQLITE_CANTOPEN);
}

TEST_CASE("faults: a read that fails is answered and forgotten", "[crash]") {
  try_operations("read", DiskOperation::read, SQLITE_IOERR_READ, step_of(19));
}

TEST_CASE("faults: shared memory that cannot be had is answered and forgotten", "[crash]") {
  try_operations("sharing of memory", DiskOperation::share_memory, SQLITE_IOERR_SHMMAP);
}

TEST_CASE("faults: memory that SQLite cannot have is answered and forgotten", "[crash]") {
  ScarceMemory::install();
  Workload workload;
  const int step = step_of(307);
  int refusals = 0;
  int tried = 0;
  int all = 0;
  for (const Mode mode : modes) {
    for (int nth = first_of(step);; nth += step) {
      INFO("allocation " << nth << (mode.lasts ? " and those after it" : ""));
      MemoryDisk disk(workload.begin());
      ScarceMemory::fail(nth, mode.lasts);
      const Heard heard = workload.run([] { ScarceMemory::heal(); }, mode.heal_before_close);
      const bool struck = ScarceMemory::struck();
      ScarceMemory::heal();
      compare(heard, workload.open_again());
      refusals += heard.refusals;
      ++tried;
      all = std::max(all, ScarceMemory::allocations());
      if (!struck) break;
    }
  }
  print_figure("allocations: " + std::to_string(tried) + " runs, each with one of about " + std::to_string(all) +
               " failing: " + std::to_string(refusals) + " refusals");
}

}  // namespace
}  // namespace galley::test
