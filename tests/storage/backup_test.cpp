#include "storage/backup.hpp"

#include <sys/stat.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>
#include <thread>

#include "support/figure.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_store.hpp"

namespace galley::storage {
namespace {

using test::at;
using test::make_account;
using test::TempFolder;

const SystemClock wall;

auto inserting(std::int64_t number) {
  return [number](Transaction& transaction) { return transaction.accounts().insert(make_account(number)); };
}

// A name of some kilobytes, so that a database of many pages takes few accounts.
auto inserting_long(std::int64_t number) {
  return [number](Transaction& transaction) {
    Account account = make_account(number);
    account.name += std::string(3000, 'x');
    return transaction.accounts().insert(account);
  };
}

// Closes it: the folder must outlive what is looked at.
class Site {
 public:
  Site() { open(); }
  void open() { store_ = *SqliteStore::open(folder_.path() / "data", test::test_key(), at(0)); }
  void close() { store_.reset(); }
  SqliteStore& operator*() { return *store_; }
  SqliteStore* operator->() { return store_.get(); }
  std::filesystem::path target(const char* name = "copy.db") const { return folder_.path() / name; }
  std::filesystem::path data() const { return folder_.path() / "data"; }

 private:
  TempFolder folder_{};
  std::unique_ptr<SqliteStore> store_{};
};

std::int64_t count_accounts(const std::filesystem::path& file) {
  const auto connection = *SqliteConnection::open(file, SqliteConnection::Access::reader);
  Query query = connection->query("SELECT count(*) FROM accounts");
  REQUIRE(*query.step());
  return query.row().get<std::int64_t>(0);
}

std::string bytes_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

std::size_t files_beside(const std::filesystem::path& file) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(file.parent_path()))
    if (entry.path().filename().string().starts_with(file.filename().string())) ++count;
  return count;
}

TEST_CASE("backup: what was committed before is in it, in one file for its owner alone", "[storage]") {
  Site site;
  for (int i = 1; i <= 10; ++i)
    REQUIRE(site->write_and_wait(inserting(i)));
  const auto made = site->back_up(site.target(), IfThere::refuse, wall);
  REQUIRE(made);
  CHECK(made->bytes == std::filesystem::file_size(site.target()));
  CHECK(made->articles == 0);
  struct stat status{};
  REQUIRE(::stat(site.target().c_str(), &status) == 0);
  CHECK((status.st_mode & 0777u) == 0600u);
  CHECK(files_beside(site.target()) == 1);
  CHECK(count_accounts(site.target()) == 10);
  // Looking at it put nothing beside it either: it does not ask for a log.
  CHECK(files_beside(site.target()) == 1);
}

// Somebody writes at every step of the copy.
class WritingClock final : public Clock {
 public:
  WritingClock(SqliteStore& store, std::int64_t first) : store_(store), next_(first) {}
  Time now() const override { return wall.now(); }
  Instant instant() const override {
    if (store_.write_and_wait(inserting_long(next_)).has_value()) ++next_;
    return wall.instant();
  }
  std::int64_t next() const { return next_; }

 private:
  SqliteStore& store_;
  mutable std::int64_t next_;
};

TEST_CASE("backup: it is of the instant at which it began, however much is written meanwhile", "[storage]") {
  Site site;
  for (int i = 1; i <= 2000; ++i)
    REQUIRE(site->write_and_wait(inserting_long(i)));
  const WritingClock clock(*site, 2001);
  REQUIRE(site->back_up(site.target(), IfThere::refuse, clock));
  CHECK(clock.next() > 2010);
  CHECK(count_accounts(site.target()) == 2000);
}

TEST_CASE("backup: others write while it is made, and it is a state that was", "[storage]") {
  Site site;
  for (int i = 1; i <= 1000; ++i)
    REQUIRE(site->write_and_wait(inserting_long(i)));
  std::atomic<bool> done = false;
  std::atomic<int> written = 1000;
  std::thread writer([&] {
    while (!done)
      if (site->write_and_wait(inserting_long(written + 1)).has_value()) ++written;
  });
  while (written < 1010)
    std::this_thread::yield();
  const int before = written;
  const auto made = site->back_up(site.target(), IfThere::refuse, wall);
  const int after = written;
  done = true;
  writer.join();
  REQUIRE(made);
  CHECK(after > before);
  const auto count = count_accounts(site.target());
  CHECK(count >= before);
  CHECK(count <= after + 1);
  // Accounts were made one by one: a state of one instant has no gap.
  const auto connection = *SqliteConnection::open(site.target(), SqliteConnection::Access::reader);
  Query last = connection->query("SELECT max(row), count(*) FROM accounts");
  REQUIRE(*last.step());
  CHECK(last.row().get<std::int64_t>(0) == last.row().get<std::int64_t>(1));
  test::print_figure("backup: copied " + std::to_string(count) + " rows while " + std::to_string(after - before) +
                     " were written");
}

TEST_CASE("backup: a file that is there stays, unless it may be replaced", "[storage]") {
  Site site;
  std::ofstream(site.target()) << "precious";
  const auto refused = site->back_up(site.target(), IfThere::refuse, wall);
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == ErrorCode::conflict);
  CHECK(bytes_of(site.target()) == "precious");
  REQUIRE(site->back_up(site.target(), IfThere::replace, wall));
  CHECK(count_accounts(site.target()) == 0);
}

TEST_CASE("backup: folders, links and a data folder's own files are never replaced", "[storage]") {
  Site site;
  std::filesystem::create_directory(site.target("folder"));
  std::filesystem::create_symlink(site.target("elsewhere"), site.target("link"));
  for (const auto& target : {site.target("folder"), site.target("link"), site.data() / "galley.db",
                             site.data() / "secret.key", site.data() / "galley.db-wal"}) {
    INFO(target);
    const auto refused = site->back_up(target, IfThere::replace, wall);
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == ErrorCode::conflict);
  }
  REQUIRE(site->write_and_wait(inserting(1)));
  CHECK(site->read([](const Transaction& t) { return t.accounts().all(10); })->size() == 1);
}

TEST_CASE("backup: one that cannot be made leaves nothing behind and what was there in place", "[storage]") {
  Site site;
  CHECK(site->back_up(site.target("nowhere") / "copy.db", IfThere::refuse, wall).has_error());
  std::ofstream(site.target()) << "precious";
  // Before its first step: as when the server is told to stop.
  for (int i = 1; i <= 500; ++i)
    REQUIRE(site->write_and_wait(inserting_long(i)));
  site->end_backup();
  const auto stopped = site->back_up(site.target(), IfThere::replace, wall);
  REQUIRE(stopped.has_error());
  CHECK(stopped.error().code == ErrorCode::unavailable);
  CHECK(bytes_of(site.target()) == "precious");
  CHECK(files_beside(site.target()) == 1);
}

TEST_CASE("backup: one that takes too long is given up", "[storage]") {
  Site site;
  for (int i = 1; i <= 500; ++i)
    REQUIRE(site->write_and_wait(inserting_long(i)));
  // A clock on which every look is ten minutes later.
  class Hurrying final : public Clock {
   public:
    Time now() const override { return at(0); }
    Instant instant() const override { return Instant(std::chrono::minutes(10) * ++looks_); }

   private:
    mutable int looks_ = 0;
  };
  const Hurrying hurrying;
  const auto given_up = back_up(site.data() / "galley.db", site.target(), IfThere::refuse,
                                {.clock = &hurrying, .longest = std::chrono::minutes(5)});
  REQUIRE(given_up.has_error());
  CHECK(given_up.error().message.find("5 minutes") != std::string::npos);
  CHECK(files_beside(site.target()) == 0);
}

TEST_CASE("backup: the log is tidied again afterwards", "[storage]") {
  Site site;
  for (int i = 1; i <= 500; ++i)
    REQUIRE(site->write_and_wait(inserting_long(i)));
  REQUIRE(site->back_up(site.target(), IfThere::refuse, wall));
  site.close();
  CHECK_FALSE(std::filesystem::exists(site.data() / "galley.db-wal"));
}

TEST_CASE("backup: damage, a foreign database and a newer schema are told of in words", "[storage]") {
  Site site;
  for (int i = 1; i <= 50; ++i)
    REQUIRE(site->write_and_wait(inserting_long(i)));
  REQUIRE(site->back_up(site.target(), IfThere::refuse, wall));
  REQUIRE(verify_database(site.target(), "It"));
  const auto fault_of = [&](const std::filesystem::path& file) {
    const auto verified = verify_database(file, "It");
    REQUIRE(verified.has_error());
    CHECK(verified.error().code == ErrorCode::conflict);
    return verified.error().message;
  };
  {
    const auto copy = site.target("newer.db");
    std::filesystem::copy_file(site.target(), copy);
    const auto connection = *SqliteConnection::open(copy, SqliteConnection::Access::writer);
    REQUIRE(connection->execute("INSERT INTO schema_migrations VALUES (9999, '9999_x.sql', '', 0)"));
  }
  CHECK(fault_of(site.target("newer.db")).find("newer version") != std::string::npos);
  {
    const auto copy = site.target("orphan.db");
    std::filesystem::copy_file(site.target(), copy);
    const auto connection = *SqliteConnection::open(copy, SqliteConnection::Access::writer);
    REQUIRE(connection->execute("PRAGMA foreign_keys = OFF"));
    REQUIRE(
        connection->execute("INSERT INTO users (id, account_id, email, role, password_hash, disabled, created_at) "
                            "VALUES ('usr_1', 'acc_none', 'e', 'owner', '', 0, 0)"));
  }
  CHECK(fault_of(site.target("orphan.db")).find("users") != std::string::npos);
  {
    std::fstream file(site.target(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096);
    file << std::string(16384, '\xAA');
  }
  CHECK(fault_of(site.target()).find("damaged") != std::string::npos);
  std::ofstream(site.target("text.db")) << std::string(5000, 'x');
  fault_of(site.target("text.db"));
  std::ofstream(site.target("empty.db")).close();
  CHECK(fault_of(site.target("empty.db")).find("no database of Galley") != std::string::npos);
}

}  // namespace
}  // namespace galley::storage
