// Store::write_together: use cases that write and read by themselves, in one transaction.
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>

#include "support/run_task.hpp"
#include "support/temp_store.hpp"

namespace galley::test {
namespace {

auto inserting(std::int64_t number) {
  return [number](Transaction& transaction) { return transaction.accounts().insert(make_account(number)); };
}

struct Together {
  boost::asio::io_context context{};
  TempStore store{};

  template <class T>
  Result<T> run(std::function<Task<Result<T>>(Transaction&)> work) {
    return run_task(context, store->write_together(std::move(work)));
  }
  std::int64_t accounts() {
    const auto all = store->read([](const Transaction& t) { return t.accounts().all(100); });
    return all ? static_cast<std::int64_t>(all->size()) : -1;
  }
};

TEST_CASE("together: several writes are one transaction, and reads within see them", "[storage]") {
  Together bench;
  std::int64_t seen = -1;
  const Result<int> done = bench.run<int>([&](Transaction&) -> Task<Result<int>> {
    GALLEY_CO_TRY(co_await bench.store->write(inserting(1)));
    GALLEY_CO_TRY(co_await bench.store->write(inserting(2)));
    seen = bench.accounts();
    auto slow = [](const Transaction& t) { return t.accounts().all(100); };
    const auto slowly = GALLEY_CO_TRY(co_await bench.store->read_slowly(std::move(slow)));
    co_return static_cast<int>(slowly.size());
  });
  REQUIRE(done.has_value());
  CHECK(*done == 2);
  CHECK(seen == 2);
  CHECK(bench.accounts() == 2);
}

TEST_CASE("together: an error at the end undoes all of them, and nobody is told", "[storage]") {
  Together bench;
  int told = 0;
  const auto subscription = bench.store->changes().subscribe("topic", [&] { ++told; });
  const Result<int> done = bench.run<int>([&](Transaction& transaction) -> Task<Result<int>> {
    GALLEY_CO_TRY(co_await bench.store->write(inserting(1)));
    transaction.announce("topic");
    co_return conflict("No.");
  });
  REQUIRE(done.has_error());
  CHECK(done.error().message == "No.");
  CHECK(bench.accounts() == 0);
  CHECK(told == 0);
}

TEST_CASE("together: a write that fails undoes itself and its announcements alone", "[storage]") {
  Together bench;
  int told = 0;
  int lost = 0;
  const auto one = bench.store->changes().subscribe("kept", [&] { ++told; });
  const auto two = bench.store->changes().subscribe("undone", [&] { ++lost; });
  const Result<bool> done = bench.run<bool>([&](Transaction&) -> Task<Result<bool>> {
    auto kept = [](Transaction& transaction) {
      transaction.announce("kept");
      return transaction.accounts().insert(make_account(1));
    };
    GALLEY_CO_TRY(co_await bench.store->write(std::move(kept)));
    auto undone = [](Transaction& transaction) -> Result<void> {
      transaction.announce("undone");
      GALLEY_TRY(transaction.accounts().insert(make_account(2)));
      return conflict("Too late.");
    };
    const Result<void> failed = co_await bench.store->write(std::move(undone));
    co_return failed.has_error();
  });
  REQUIRE(done.has_value());
  CHECK(*done);
  CHECK(bench.accounts() == 1);
  CHECK(told == 1);
  CHECK(lost == 0);
}

TEST_CASE("together: one within another joins it, and undoes itself alone where it fails", "[storage]") {
  Together bench;
  const Result<bool> done = bench.run<bool>([&](Transaction&) -> Task<Result<bool>> {
    GALLEY_CO_TRY(co_await bench.store->write(inserting(1)));
    std::function<Task<Result<int>>(Transaction&)> good = [&](Transaction&) -> Task<Result<int>> {
      GALLEY_CO_TRY(co_await bench.store->write(inserting(2)));
      co_return 2;
    };
    std::function<Task<Result<int>>(Transaction&)> bad = [&](Transaction&) -> Task<Result<int>> {
      GALLEY_CO_TRY(co_await bench.store->write(inserting(3)));
      co_return conflict("No.");
    };
    GALLEY_CO_TRY(co_await bench.store->write_together(std::move(good)));
    const Result<int> refused = co_await bench.store->write_together(std::move(bad));
    co_return refused.has_error();
  });
  REQUIRE(done.has_value());
  CHECK(*done);
  CHECK(bench.accounts() == 2);
}

TEST_CASE("together: what throws or waits for the outside is undone and is nobody's success", "[storage]") {
  Together bench;
  const Result<int> thrown = bench.run<int>([&](Transaction&) -> Task<Result<int>> {
    GALLEY_CO_TRY(co_await bench.store->write(inserting(1)));
    throw std::runtime_error("broken");
  });
  REQUIRE(thrown.has_error());
  CHECK(thrown.error().cause == "broken");
  const Result<int> waits = bench.run<int>([&](Transaction&) -> Task<Result<int>> {
    GALLEY_CO_TRY(co_await bench.store->write(inserting(1)));
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, std::chrono::hours(1));
    co_await timer.async_wait(boost::asio::use_awaitable);
    co_return 1;
  });
  REQUIRE(waits.has_error());
  CHECK(waits.error().code == ErrorCode::internal);
  CHECK(bench.accounts() == 0);
  // The writer goes on.
  CHECK(bench.store->write_and_wait(inserting(3)).has_value());
}

}  // namespace
}  // namespace galley::test
