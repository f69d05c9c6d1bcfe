#include "support/power_cut.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <future>
#include <span>
#include <thread>

#include "storage/sqlite/sqlite_connection.hpp"
#include "support/figure.hpp"
#include "support/store_workload.hpp"
#include "support/two_sites.hpp"

namespace galley::test {
namespace {

using storage::SqliteConnection;
using storage::SqliteStore;
using storage::StoreLimits;

constexpr std::int64_t all_sites = 100;
constexpr StoreLimits never_at_rest{.writer = {.rest = std::chrono::hours(1)}};
constexpr StoreLimits soon_at_rest{.writer = {.rest = std::chrono::milliseconds(1)}};

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::stoull(text);
}

// What a commit left, and how far the disk was when its callers could know of it.
struct Commit {
  std::size_t position;
  std::string digest;
};

// Runs a workload on a real store on a disk in memory and notes each of its commits.
class Recorder {
 public:
  explicit Recorder(MemoryDisk::Sync sync) : disk_(image_, sync) { run(); }

  const MemoryDisk::Image& before() const { return image_; }
  const std::vector<DiskEvent>& events() const { return disk_.events(); }
  const std::vector<Commit>& commits() const { return commits_; }

 private:
  void open(StoreLimits limits) {
    store_ = *SqliteStore::open(folder_.path(), test_key(), at(0), limits);
    note_commit();
    subscription_ = store_->changes().subscribe(std::string(workload_topic), [this] { note_commit(); });
  }
  void close() {
    subscription_ = {};
    store_.reset();
  }
  void note_commit() {
    const std::size_t position = disk_.position();
    auto reader = *SqliteConnection::open(folder_.path() / "galley.db", SqliteConnection::Access::reader);
    commits_.push_back({position, must(digest_of(*reader))});
  }
  template <class Body>
  void write(Body body) {
    must(store_->write_and_wait(std::move(body)));
  }
  void add(std::int64_t number, std::size_t size = 500) {
    write([=](Transaction& t) { return add_site(t, number, size); });
  }
  void rewrite(std::int64_t number, std::int64_t version, std::size_t size = 500) {
    write([=](Transaction& t) { return rewrite_site(t, number, version, size); });
  }

  void run() {
    open(never_at_rest);
    for (int number = 1; number <= 6; ++number)
      add(number);
    write_batch();
    rewrite(1, 2);
    write([](Transaction& t) { return lease_work(t, 3); });
    write([](Transaction& t) { return remove_site(t, 4); });
    // More than the length of log at which it is folded into the database; then with a reader in the way.
    rewrite_at_length(2);
    must(store_->read([&](const Transaction& before) -> Result<void> {
      GALLEY_TRY(before.accounts().all(1));
      rewrite_at_length(3);
      return {};
    }));
    rewrite_at_length(1);
    close();
    open(soon_at_rest);
    for (int number = 21; number <= 26; ++number) {
      add(number);
      await_rest();
      rewrite(number, 2);
    }
    close();
    commits_.push_back({disk_.position(), commits_.back().digest});
  }

  // Ends by removing it all, so that the database stays small and its pages are used again.
  void rewrite_at_length(std::int64_t number) {
    for (int version = 3; version <= 16; ++version)
      rewrite(number, version, 100'000);
    write([=](Transaction& t) { return remove_site(t, number); });
  }

  // Eight transactions in one commit, one of which fails.
  void write_batch() {
    boost::asio::io_context context;
    std::promise<void> gate;
    std::shared_future<void> opened = gate.get_future().share();
    const auto submit = [&](std::int64_t number) -> Task<> {
      auto body = [=](Transaction& t) -> Result<void> {
        if (number == 10) opened.wait();
        GALLEY_TRY(add_site(t, number, 500));
        if (number == 14) return conflict("No.");
        return {};
      };
      co_await store_->write(std::move(body));
    };
    for (std::int64_t number = 10; number < 18; ++number)
      boost::asio::co_spawn(context, submit(number), boost::asio::detached);
    context.poll();
    gate.set_value();
    context.restart();
    context.run();
  }

  // The log is folded into the database and cut.
  void await_rest() {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (disk_.size_of("galley.db-wal") > 0 && std::chrono::steady_clock::now() < end)
      std::this_thread::yield();
    REQUIRE(disk_.size_of("galley.db-wal") == 0);
  }

  MemoryDisk::Image image_{{"galley.db", ""}};
  MemoryDisk disk_;
  TempFolder folder_{};
  std::unique_ptr<SqliteStore> store_{};
  std::vector<Commit> commits_{};
  ChangeFeed::Subscription subscription_{};
};

struct Damage {
  int corrupt = 0;
  int lost = 0;
};

// What is wrong with a database after a power cut, once it was opened as a start does it. commits: the last one that
// was over, and those after it.
struct Finding {
  std::string corrupt{};
  bool lost = false;
};

// What the database holds; an error where it cannot be read or is not sound.
Result<std::string> open_again(const TempFolder& folder) {
  {
    const auto store = GALLEY_TRY(SqliteStore::open(folder.path(), test_key(), at(0), never_at_rest));
    GALLEY_TRY(store->read([](const Transaction& t) { return find_sites(t, all_sites); }));
  }
  const auto connection =
      GALLEY_TRY(SqliteConnection::open(folder.path() / "galley.db", SqliteConnection::Access::writer));
  std::string faults = GALLEY_TRY(faults_of(*connection));
  if (!faults.empty()) return internal_error(std::move(faults));
  return digest_of(*connection);
}

Finding examine(MemoryDisk::Image image, const TempFolder& folder, std::span<const Commit> commits) {
  const MemoryDisk disk(std::move(image));
  const Result<std::string> digest = open_again(folder);
  if (digest.has_error()) return {.corrupt = digest.error().message + " " + digest.error().cause};
  // What was being committed may be there or not.
  const auto possible = commits.first(std::min<std::size_t>(2, commits.size()));
  return {.lost = std::ranges::find(possible, *digest, &Commit::digest) == possible.end()};
}

// Within any commit: the long ones have most of the operations, and the short ones as many secrets.
std::size_t point_of(const Recorder& recorder, std::mt19937_64& random) {
  const std::vector<Commit>& commits = recorder.commits();
  const auto commit = std::uniform_int_distribution<std::size_t>(0, commits.size() - 1)(random);
  const std::size_t begin = commit == 0 ? 0 : commits[commit - 1].position;
  return std::uniform_int_distribution<std::size_t>(begin, commits[commit].position)(random);
}

Damage cut_power(MemoryDisk::Sync sync, std::uint64_t seed, std::size_t states) {
  const Recorder recorder(sync);
  std::mt19937_64 random(seed);
  std::vector<std::size_t> points(states);
  std::ranges::generate(points, [&] { return point_of(recorder, random); });
  std::ranges::sort(points);
  TempFolder folder;
  PowerCut cut(recorder.before(), recorder.events());
  std::span<const Commit> commits = recorder.commits();
  Damage damage;
  for (const std::size_t point : points) {
    while (commits.size() > 1 && commits[1].position <= point)
      commits = commits.subspan(1);
    cut.advance(point);
    const Finding found = examine(cut.strike(random), folder, commits);
    if (!found.corrupt.empty()) ++damage.corrupt;
    if (found.lost) ++damage.lost;
    if (!found.corrupt.empty() || found.lost)
      UNSCOPED_INFO("before operation " << point << ": "
                                        << (found.lost ? "a commit is lost or halved" : found.corrupt));
  }
  print_figure("power cuts: " + std::to_string(states) + " states of " + std::to_string(recorder.events().size()) +
               " disk operations and " + std::to_string(recorder.commits().size()) + " commits, seed " +
               std::to_string(seed) + ": " + std::to_string(damage.corrupt) + " corrupt, " +
               std::to_string(damage.lost) + " with a commit lost or halved");
  return damage;
}

std::uint64_t seed() {
  return number_from("GALLEY_SEED", std::random_device()());
}

TEST_CASE("power cut: every acknowledged write is there, and no half transaction", "[crash]") {
  const Damage damage = cut_power(MemoryDisk::Sync::honest, seed(), number_from("GALLEY_STATES", 1000));
  CHECK(damage.corrupt == 0);
  CHECK(damage.lost == 0);
}

TEST_CASE("power cut: a disk that only says that it synced is noticed", "[crash]") {
  const Damage damage = cut_power(MemoryDisk::Sync::lying, seed(), 100);
  CHECK(damage.corrupt + damage.lost > 0);
}

}  // namespace
}  // namespace galley::test
