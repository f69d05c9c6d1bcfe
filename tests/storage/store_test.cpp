#include <sys/stat.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <fstream>
#include <future>
#include <sstream>
#include <thread>

#include "storage/sqlite/sqlite_connection.hpp"
#include "support/run_task.hpp"
#include "support/temp_store.hpp"

namespace galley {
namespace {

using test::at;
using test::make_account;
using test::make_project;
using test::TempStore;

auto inserting(Account account) {
  return [account = std::move(account)](Transaction& transaction) { return transaction.accounts().insert(account); };
}

unsigned mode_of(const std::filesystem::path& path) {
  struct stat status{};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777u;
}

std::string bytes_of(const std::filesystem::path& folder) {
  std::ostringstream all;
  for (const auto& file : std::filesystem::directory_iterator(folder))
    all << std::ifstream(file.path()).rdbuf();
  return all.str();
}

TEST_CASE("store: what was written is there after it is opened again", "[storage]") {
  TempStore store;
  store.write(inserting(make_account(1)));
  store.reopen();
  const auto account = store->read([](const Transaction& t) { return t.accounts().find(make_account(1).id); });
  REQUIRE(account);
  CHECK(account->name == "Account 1");
  CHECK(account->created_at == at(1));
}

TEST_CASE("store: whoever resumes after a write reads it", "[storage]") {
  boost::asio::io_context context;
  TempStore store;
  const auto task = [](Store& store) -> Task<int> {
    int seen = 0;
    for (int i = 1; i <= 50; ++i) {
      auto body = inserting(make_account(i));
      const Result<void> written = co_await store.write(std::move(body));
      if (written.has_error()) co_return -1;
      const auto all = store.read([](const Transaction& t) { return t.accounts().all(100); });
      if (all && static_cast<int>(all->size()) == i) ++seen;
    }
    co_return seen;
  };
  CHECK(test::run_task(context, task(*store)) == 50);
}

TEST_CASE("store: many writers on two threads lose nothing and never change their thread", "[storage]") {
  boost::asio::io_context contexts[2];
  TempStore store;
  std::atomic<int> written = 0;
  std::atomic<int> strayed = 0;
  const auto task = [&](Store& target, int writer) -> Task<> {
    const std::thread::id home = std::this_thread::get_id();
    for (int i = 0; i < 20; ++i) {
      auto body = inserting(make_account(writer * 1000 + i));
      const Result<void> outcome = co_await target.write(std::move(body));
      if (outcome.has_value()) ++written;
      if (std::this_thread::get_id() != home) ++strayed;
    }
  };
  for (int writer = 0; writer < 64; ++writer)
    boost::asio::co_spawn(contexts[writer % 2], task(*store, writer + 1), boost::asio::detached);
  std::thread other([&] { contexts[1].run(); });
  contexts[0].run();
  other.join();
  CHECK(written == 64 * 20);
  CHECK(strayed == 0);
  store.reopen();
  const auto all = store->read([](const Transaction& t) { return t.accounts().all(10000); });
  CHECK(all->size() == 64 * 20);
}

TEST_CASE("store: a body's error is the caller's and nothing stays", "[storage]") {
  TempStore store;
  const auto outcome = store->write_and_wait([](Transaction& t) -> Result<int> {
    GALLEY_TRY(t.accounts().insert(make_account(1)));
    return conflict("No.");
  });
  REQUIRE(outcome.has_error());
  CHECK(outcome.error().message == "No.");
  CHECK(store->read([](const Transaction& t) { return t.accounts().all(10); })->empty());
}

TEST_CASE("store: a read cannot write, whatever it tries", "[storage]") {
  boost::asio::io_context context;
  TempStore store;
  const auto outcome =
      store->read([](const Transaction& t) { return const_cast<Transaction&>(t).accounts().insert(make_account(1)); });
  CHECK(outcome.has_error());
  CHECK(store->read([](const Transaction& t) { return t.accounts().all(10); })->empty());
  const auto task = [](Store& target) -> Task<Result<void>> {
    auto body = [](const Transaction& t) { return const_cast<Transaction&>(t).accounts().insert(make_account(1)); };
    Result<void> slow = co_await target.read_slowly(body);
    co_return slow;
  };
  CHECK(test::run_task(context, task(*store)).has_error());
  CHECK(store->read([](const Transaction& t) { return t.accounts().all(10); })->empty());
}

TEST_CASE("store: a read sees one state, also while others write", "[storage]") {
  TempStore store;
  store.write(inserting(make_account(1)));
  const auto sizes = store->read([&](const Transaction& t) -> Result<std::vector<std::size_t>> {
    std::vector<std::size_t> seen{GALLEY_TRY(t.accounts().all(10)).size()};
    store.write(inserting(make_account(2)));
    seen.push_back(GALLEY_TRY(t.accounts().all(10)).size());
    // A read within a read joins it.
    const auto inner = store->read([](const Transaction& joined) { return joined.accounts().all(10); });
    seen.push_back(inner->size());
    return seen;
  });
  CHECK(*sizes == std::vector<std::size_t>{1, 1, 1});
  CHECK(store->read([](const Transaction& t) { return t.accounts().all(10); })->size() == 2);
}

TEST_CASE("store: a read that throws leaves its connection usable", "[storage]") {
  TempStore store;
  CHECK_THROWS_AS(store->read([](const Transaction&) -> Result<int> { throw std::runtime_error("a bug"); }),
                  std::runtime_error);
  store.write(inserting(make_account(1)));
  CHECK(store->read([](const Transaction& t) { return t.accounts().all(10); })->size() == 1);
}

TEST_CASE("store: threads that read in place are bounded and give their connection back", "[storage]") {
  TempStore store({.max_readers = 1});
  const auto read_elsewhere = [&] {
    return std::async(
               std::launch::async,
               [&] { return store->read([](const Transaction& t) { return t.accounts().all(10); }).has_value(); })
        .get();
  };
  CHECK(read_elsewhere());
  CHECK(read_elsewhere());  // with the connection of the thread that ended
  REQUIRE(store->read([](const Transaction& t) { return t.accounts().all(10); }));
  CHECK_FALSE(read_elsewhere());
}

TEST_CASE("store: long reads run elsewhere and resume here", "[storage]") {
  boost::asio::io_context context;
  TempStore store;
  store.write(inserting(make_account(1)));
  const auto task = [](Store& target) -> Task<bool> {
    const std::thread::id home = std::this_thread::get_id();
    std::thread::id there;
    auto body = [&there](const Transaction& t) {
      there = std::this_thread::get_id();
      return t.accounts().all(10);
    };
    const auto accounts = co_await target.read_slowly(std::move(body));
    auto throwing = [](const Transaction&) -> Result<int> { throw std::runtime_error("a bug"); };
    const auto failed = co_await target.read_slowly(std::move(throwing));
    co_return accounts->size() == 1 &&
        there != home&& std::this_thread::get_id() == home&& failed.error().code == ErrorCode::internal;
  };
  CHECK(test::run_task(context, task(*store)));
}

TEST_CASE("store: long reads that wait are bounded", "[storage]") {
  boost::asio::io_context context;
  TempStore store({.slow_read_threads = 1, .max_slow_reads = 1});
  std::promise<void> gate;
  std::shared_future<void> opened = gate.get_future().share();
  std::atomic<bool> entered = false;
  int refused = 0, done = 0;
  const auto task = [&](Store& target) -> Task<> {
    auto body = [&](const Transaction&) -> Result<int> {
      entered = true;
      opened.wait();
      return 1;
    };
    const Result<int> outcome = co_await target.read_slowly(std::move(body));
    if (outcome.has_value()) ++done;
    if (outcome.has_error() && outcome.error().code == ErrorCode::unavailable) ++refused;
  };
  boost::asio::co_spawn(context, task(*store), boost::asio::detached);
  context.poll();
  while (!entered)
    std::this_thread::yield();
  for (int i = 0; i < 3; ++i)
    boost::asio::co_spawn(context, task(*store), boost::asio::detached);
  context.restart();
  while (refused < 2)
    context.run_one();
  gate.set_value();
  context.restart();
  context.run();
  CHECK(done == 2);
  CHECK(refused == 2);
}

TEST_CASE("store: a folder in use is refused, naming the process, until that one closes", "[storage]") {
  TempStore store;
  const auto second = storage::SqliteStore::open(store.folder(), test::test_key(), at(0));
  REQUIRE(second.has_error());
  CHECK(second.error().message.find(std::to_string(::getpid())) != std::string::npos);
  CHECK(second.error().message.find(store.folder().string()) != std::string::npos);
  store.close();
  CHECK(storage::SqliteStore::open(store.folder(), test::test_key(), at(0)));
}

TEST_CASE("store: nobody else may read its files", "[storage]") {
  test::TempFolder parent;
  const std::filesystem::path folder = parent.path() / "deep" / "store";
  auto store = *storage::SqliteStore::open(folder, test::test_key(), at(0));
  REQUIRE(store->write_and_wait(inserting(make_account(1))));
  CHECK(mode_of(folder) == 0700);
  int files = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    INFO(file.path());
    CHECK(mode_of(file.path()) == 0600);
    ++files;
  }
  CHECK(files >= 3);
}

TEST_CASE("store: closing leaves no log behind", "[storage]") {
  TempStore store;
  store.write(inserting(make_account(1)));
  CHECK(std::filesystem::exists(store.folder() / "galley.db-wal"));
  REQUIRE(store->read([](const Transaction& t) { return t.accounts().all(1); }));
  store.close();
  CHECK_FALSE(std::filesystem::exists(store.folder() / "galley.db-wal"));
}

TEST_CASE("store: secrets are sealed on the disk and open in their own row alone", "[storage]") {
  TempStore store;
  const Account account = make_account(1);
  const Project one = make_project(1, account.id), two = make_project(2, account.id);
  const Projects::WebhookSecrets rotated{
      .current = Secret("canary-two-8c1d"), .previous = Secret("canary-one-77aa"), .previous_until = at(5)};
  store.write([&](Transaction& t) -> Result<void> {
    GALLEY_TRY(t.accounts().insert(account));
    GALLEY_TRY(t.projects().insert(one, Secret("canary-zero-51be")));
    GALLEY_TRY(t.projects().insert(two, Secret("canary-other-02f3")));
    return t.projects().set_webhook_secrets(account.id, one.id, rotated);
  });
  CHECK(bytes_of(store.folder()).find("canary") == std::string::npos);
  const auto secrets =
      store->read([&](const Transaction& t) { return t.projects().webhook_secrets(account.id, one.id); });
  REQUIRE(secrets);
  CHECK(secrets->current.reveal() == "canary-two-8c1d");
  REQUIRE(secrets->previous);
  CHECK(secrets->previous->reveal() == "canary-one-77aa");
  CHECK(secrets->previous_until == at(5));

  store.close();
  CHECK(bytes_of(store.folder()).find("canary") == std::string::npos);
  {
    auto raw =
        *storage::SqliteConnection::open(store.folder() / "galley.db", storage::SqliteConnection::Access::writer);
    auto copy = raw->query(
        "UPDATE projects SET webhook_secret = (SELECT webhook_secret FROM projects WHERE id = $from) WHERE id = $to");
    REQUIRE(copy.bind("from", one.id).bind("to", two.id).run());
  }
  store.reopen();
  const auto moved =
      store->read([&](const Transaction& t) { return t.projects().webhook_secrets(account.id, two.id); });
  CHECK(moved.has_error());
  CHECK(store->read([&](const Transaction& t) { return t.projects().webhook_secrets(account.id, one.id); }));
}

TEST_CASE("store: a database that is none is refused and not overwritten", "[storage]") {
  test::TempFolder folder;
  const std::string text(8192, 'x');
  std::ofstream(folder.path() / "galley.db") << text;
  CHECK(storage::SqliteStore::open(folder.path(), test::test_key(), at(0)).has_error());
  std::ostringstream after;
  after << std::ifstream(folder.path() / "galley.db").rdbuf();
  CHECK(after.str() == text);
}

}  // namespace
}  // namespace galley
