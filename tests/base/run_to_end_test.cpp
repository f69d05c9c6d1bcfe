#include "base/run_to_end.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>
#include <stdexcept>
#include <thread>

using namespace galley;

namespace {

Task<int> three() {
  co_return 3;
}

}  // namespace

TEST_CASE("run to end: a coroutine and those that it awaits run on the calling thread before it returns", "[base]") {
  int sum = 0;
  std::thread::id where;
  const auto task = [&]() -> Task<void> {
    const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
    sum += co_await three();
    co_await boost::asio::post(executor, boost::asio::use_awaitable);
    sum += co_await three();
    where = std::this_thread::get_id();
  };
  run_to_end(task());
  CHECK(sum == 6);
  CHECK(where == std::this_thread::get_id());
}

TEST_CASE("run to end: what is thrown within is thrown", "[base]") {
  const auto task = []() -> Task<void> {
    co_await three();
    throw std::runtime_error("broken");
  };
  CHECK_THROWS_WITH(run_to_end(task()), "broken");
}

TEST_CASE("run to end: one that waits for the outside is given up, and what it holds is destroyed", "[base]") {
  struct Held {
    explicit Held(bool& gone_) : gone(gone_) {}
    ~Held() { gone = true; }
    bool& gone;
  };
  bool gone = false;
  const auto task = [&]() -> Task<void> {
    const Held held(gone);
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, std::chrono::hours(1));
    co_await timer.async_wait(boost::asio::use_awaitable);
  };
  CHECK_THROWS_AS(run_to_end(task()), std::logic_error);
  CHECK(gone);
}
