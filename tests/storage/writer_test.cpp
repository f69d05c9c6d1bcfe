#include "storage/writer.hpp"

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <fstream>
#include <future>
#include <new>
#include <optional>

#include "storage/migrator.hpp"
#include "storage/sqlite/sqlite_connection.hpp"
#include "support/temp_store.hpp"

namespace galley::storage {
namespace {

using test::at;

// A writer over a table of its own: bodies use the connection itself.
class Bench {
 public:
  explicit Bench(WriterLimits limits = {}) {
    std::ofstream(file()).close();
    connection_ = *SqliteConnection::open(file(), SqliteConnection::Access::writer);
    REQUIRE(connection_->execute("CREATE TABLE notes (text TEXT UNIQUE) STRICT"));
    transaction_.emplace(*connection_, sealer_);
    writer_.emplace(*connection_, *transaction_, feed_, limits);
  }

  std::filesystem::path file() const { return folder_.path() / "galley.db"; }
  Writer& writer() { return *writer_; }
  ChangeFeed& feed() { return feed_; }
  Connection& connection() { return *connection_; }

  Writer::Body note(std::string text) {
    return [this, text = std::move(text)](Transaction&) -> Result<void> {
      Query query = connection_->query("INSERT INTO notes (text) VALUES ($text)");
      GALLEY_TRY(query.bind("text", text).run());
      return {};
    };
  }
  std::future<Result<void>> submit(Writer::Body body) {
    class Promise final : public Completion {
     public:
      explicit Promise(std::promise<Result<void>> promise) : promise_(std::move(promise)) {}
      void complete(Result<void> outcome) noexcept override { promise_.set_value(std::move(outcome)); }
      std::promise<Result<void>> promise_;
    };
    std::promise<Result<void>> promise;
    std::future<Result<void>> outcome = promise.get_future();
    writer_->submit(std::move(body), std::make_unique<Promise>(std::move(promise)));
    return outcome;
  }
  // Holds the writer in a batch of its own until the gate opens: what is submitted meanwhile becomes one batch.
  std::future<Result<void>> hold(std::shared_future<void> gate) {
    std::promise<void> inside;
    std::future<void> entered = inside.get_future();
    std::future<Result<void>> held = submit([gate, &inside](Transaction&) -> Result<void> {
      inside.set_value();
      gate.wait();
      return {};
    });
    entered.wait();
    return held;
  }

  // What another connection sees: the committed.
  std::vector<std::string> stored() {
    auto reader = *SqliteConnection::open(file(), SqliteConnection::Access::reader);
    Query query = reader->query("SELECT text FROM notes ORDER BY text");
    std::vector<std::string> texts;
    while (*query.step())
      texts.push_back(query.row().get<std::string>(0));
    return texts;
  }

 private:
  test::TempFolder folder_{};
  SealingKey key_ = test::test_key();
  Sealer sealer_{key_};
  ChangeFeed feed_{};
  std::unique_ptr<SqliteConnection> connection_;
  std::optional<SqlTransaction> transaction_;
  std::optional<Writer> writer_;
};

using Texts = std::vector<std::string>;

Result<void> refuse() {
  return conflict("No.");
}

TEST_CASE("writer: a body that fails undoes only itself", "[storage]") {
  Bench bench;
  std::promise<void> gate;
  auto held = bench.hold(gate.get_future().share());
  auto a = bench.submit(bench.note("a"));
  auto b = bench.submit([&](Transaction& transaction) -> Result<void> {
    GALLEY_TRY(bench.note("b")(transaction));
    return refuse();
  });
  auto c = bench.submit(bench.note("c"));
  gate.set_value();
  CHECK(a.get());
  const Result<void> outcome = b.get();
  REQUIRE(outcome.has_error());
  CHECK(outcome.error().code == ErrorCode::conflict);
  CHECK(c.get());
  CHECK(bench.stored() == Texts{"a", "c"});
}

TEST_CASE("writer: a body that fails alone is undone too", "[storage]") {
  Bench bench;
  const Result<void> outcome = bench
                                   .submit([&](Transaction& transaction) -> Result<void> {
                                     GALLEY_TRY(bench.note("a")(transaction));
                                     return refuse();
                                   })
                                   .get();
  CHECK(outcome.has_error());
  CHECK(bench.stored().empty());
  CHECK(bench.submit(bench.note("b")).get());
  CHECK(bench.stored() == Texts{"b"});
}

TEST_CASE("writer: an exception in a body is that body's internal error", "[storage]") {
  Bench bench;
  std::promise<void> gate;
  auto held = bench.hold(gate.get_future().share());
  auto a = bench.submit(bench.note("a"));
  auto b = bench.submit([&](Transaction& transaction) -> Result<void> {
    GALLEY_TRY(bench.note("b")(transaction));
    throw std::runtime_error("a bug");
  });
  auto c = bench.submit([](Transaction&) -> Result<void> { throw 7; });
  auto d = bench.submit(bench.note("d"));
  gate.set_value();
  CHECK(a.get());
  const Result<void> outcome = b.get();
  REQUIRE(outcome.has_error());
  CHECK(outcome.error().code == ErrorCode::internal);
  CHECK(outcome.error().cause == "a bug");
  CHECK(outcome.error().message.find("bug") == std::string::npos);
  CHECK(c.get().has_error());
  CHECK(d.get());
  CHECK(bench.stored() == Texts{"a", "d"});
}

TEST_CASE("writer: a body that has no memory is told to come again", "[storage]") {
  Bench bench;
  const Result<void> outcome = bench
                                   .submit([&](Transaction& transaction) -> Result<void> {
                                     GALLEY_TRY(bench.note("a")(transaction));
                                     throw std::bad_alloc();
                                   })
                                   .get();
  REQUIRE(outcome.has_error());
  CHECK(outcome.error().code == ErrorCode::unavailable);
  CHECK(outcome.error().message == "Out of memory.");
  CHECK(bench.stored().empty());
  CHECK(bench.submit(bench.note("b")).get());
}

TEST_CASE("writer: a body that goes on after SQLite rolled it back stores nothing", "[storage]") {
  Bench bench;
  std::promise<void> gate;
  auto held = bench.hold(gate.get_future().share());
  auto first = bench.submit(bench.note("a"));
  bool rolled_back = false;
  bool stored = true;
  auto careless = bench.submit([&](Transaction& transaction) -> Result<void> {
    // As it does by itself where the disk or memory fails it.
    rolled_back = bench.connection().run_script("ROLLBACK").has_value();
    stored = bench.note("b")(transaction).has_value();
    return {};
  });
  gate.set_value();
  CHECK(first.get().error().code == ErrorCode::unavailable);
  CHECK(careless.get().error().code == ErrorCode::unavailable);
  CHECK(rolled_back);
  CHECK_FALSE(stored);
  CHECK(bench.stored().empty());
  CHECK(bench.submit(bench.note("c")).get());
  CHECK(bench.stored() == Texts{"c"});
}

TEST_CASE("writer: a unique violation names its constraint and spoils nothing else", "[storage]") {
  Bench bench;
  REQUIRE(bench.submit(bench.note("a")).get());
  std::promise<void> gate;
  auto held = bench.hold(gate.get_future().share());
  auto again = bench.submit(bench.note("a"));
  auto other = bench.submit(bench.note("b"));
  gate.set_value();
  const Result<void> outcome = again.get();
  REQUIRE(outcome.has_error());
  CHECK(outcome.error().code == ErrorCode::conflict);
  CHECK(other.get());
  CHECK(bench.stored() == Texts{"a", "b"});
}

TEST_CASE("writer: beyond its bound it refuses instead of waiting", "[storage]") {
  Bench bench({.max_waiting = 2});
  std::promise<void> gate;
  auto held = bench.hold(gate.get_future().share());
  auto a = bench.submit(bench.note("a"));
  auto b = bench.submit(bench.note("b"));
  const Result<void> refused = bench.submit(bench.note("c")).get();
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == ErrorCode::unavailable);
  gate.set_value();
  CHECK(a.get());
  CHECK(b.get());
  CHECK(bench.stored() == Texts{"a", "b"});
  CHECK(bench.submit(bench.note("d")).get());
}

TEST_CASE("writer: a commit that fails fails all of its batch, and the next one works", "[storage]") {
  Bench bench;
  REQUIRE(bench
              .submit([&](Transaction&) -> Result<void> {
                GALLEY_TRY(bench.connection().execute("CREATE TABLE parents (id INTEGER PRIMARY KEY) STRICT"));
                // Checked by COMMIT alone.
                GALLEY_TRY(bench.connection().execute(
                    "CREATE TABLE children (parent INTEGER REFERENCES parents DEFERRABLE INITIALLY DEFERRED) STRICT"));
                return {};
              })
              .get());
  std::promise<void> gate;
  auto held = bench.hold(gate.get_future().share());
  int told = 0;
  auto subscription = bench.feed().subscribe("notes", [&] { ++told; });
  auto a = bench.submit([&](Transaction& transaction) -> Result<void> {
    transaction.announce("notes");
    return bench.note("a")(transaction);
  });
  auto own = bench.submit([](Transaction&) { return refuse(); });
  auto orphan = bench.submit([&](Transaction&) -> Result<void> {
    GALLEY_TRY(bench.connection().execute("INSERT INTO children VALUES (1)"));
    return {};
  });
  gate.set_value();
  const Result<void> lost = a.get();
  REQUIRE(lost.has_error());
  CHECK(lost.error().code == ErrorCode::unavailable);
  CHECK(own.get().error().code == ErrorCode::conflict);
  CHECK(orphan.get().error().code == ErrorCode::unavailable);
  CHECK(bench.stored().empty());
  CHECK(told == 0);
  CHECK(bench.submit(bench.note("b")).get());
  CHECK(bench.stored() == Texts{"b"});
}

TEST_CASE("writer: a full database answers unavailable and recovers by itself", "[storage]") {
  Bench bench;
  const auto limit = [&](const std::string& pages) {
    return bench.submit([&bench, pages](Transaction&) -> Result<void> {
      GALLEY_TRY(bench.connection().execute("PRAGMA max_page_count = " + pages));
      return {};
    });
  };
  REQUIRE(limit("8").get());
  std::promise<void> gate;
  auto held = bench.hold(gate.get_future().share());
  auto small = bench.submit(bench.note("small"));
  auto big = bench.submit(bench.note(std::string(1 << 16, 'x')));
  gate.set_value();
  // Whether SQLite undoes the statement or all of the transaction is its own choice; a half is never kept.
  const bool kept = small.get().has_value();
  const Result<void> refused = big.get();
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == ErrorCode::unavailable);
  CHECK(bench.stored() == (kept ? Texts{"small"} : Texts{}));
  REQUIRE(limit("100000").get());
  CHECK(bench.submit(bench.note(std::string(1 << 16, 'y'))).get());
}

TEST_CASE("writer: topics are told once a batch, after the commit and before the callers resume", "[storage]") {
  Bench bench;
  std::promise<void> gate;
  auto held = bench.hold(gate.get_future().share());
  std::vector<Texts> seen;
  std::atomic<bool> resumed = false;
  std::vector<bool> before;
  auto subscription = bench.feed().subscribe("notes", [&] {
    seen.push_back(bench.stored());
    before.push_back(!resumed);
  });
  int others = 0;
  auto unwanted = bench.feed().subscribe("failed", [&] { ++others; });

  class Flag final : public Completion {
   public:
    Flag(std::atomic<bool>& flag, std::promise<void> done) : flag_(flag), done_(std::move(done)) {}
    void complete(Result<void>) noexcept override {
      flag_ = true;
      done_.set_value();
    }
    std::atomic<bool>& flag_;
    std::promise<void> done_;
  };
  std::promise<void> done;
  auto finished = done.get_future();
  bench.writer().submit(
      [&](Transaction& transaction) -> Result<void> {
        transaction.announce("notes");
        transaction.announce("notes");
        return bench.note("a")(transaction);
      },
      std::make_unique<Flag>(resumed, std::move(done)));
  auto b = bench.submit([&](Transaction& transaction) -> Result<void> {
    transaction.announce("notes");
    return bench.note("b")(transaction);
  });
  auto c = bench.submit([&](Transaction& transaction) -> Result<void> {
    transaction.announce("failed");
    return refuse();
  });
  gate.set_value();
  finished.wait();
  b.get();
  c.get();
  CHECK(seen == std::vector<Texts>{{"a", "b"}});
  CHECK(before == std::vector<bool>{true});
  CHECK(others == 0);
}

TEST_CASE("writer: a subscriber that throws takes nobody's answer away", "[storage]") {
  Bench bench;
  auto subscription = bench.feed().subscribe("notes", [] { throw std::runtime_error("a bug"); });
  CHECK(bench
            .submit([&](Transaction& transaction) -> Result<void> {
              transaction.announce("notes");
              return bench.note("a")(transaction);
            })
            .get());
  CHECK(bench.submit(bench.note("b")).get());
}

TEST_CASE("writer: stopping finishes what waits and refuses the rest", "[storage]") {
  Bench bench;
  std::promise<void> gate;
  auto held = bench.hold(gate.get_future().share());
  std::vector<std::future<Result<void>>> waiting;
  for (int i = 0; i < 600; ++i)
    waiting.push_back(bench.submit(bench.note(std::to_string(i))));
  gate.set_value();
  bench.writer().stop();
  for (auto& outcome : waiting)
    CHECK(outcome.get());
  CHECK(bench.stored().size() == 600);
  CHECK(bench.submit(bench.note("late")).get().error().code == ErrorCode::unavailable);
}

TEST_CASE("writer: a body that writes again is told so instead of waiting for itself", "[storage]") {
  Bench bench;
  const Result<void> outcome = bench
                                   .submit([&](Transaction&) -> Result<void> {
                                     bench.submit(bench.note("a"));
                                     return {};
                                   })
                                   .get();
  REQUIRE(outcome.has_error());
  CHECK(outcome.error().code == ErrorCode::internal);
  CHECK(bench.stored().empty());
}

}  // namespace
}  // namespace galley::storage
