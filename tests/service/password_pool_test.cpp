#include "service/password_pool.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "support/run_task.hpp"

namespace galley {
namespace {

using service::PasswordPool;
using test::run_task;

TEST_CASE("password pool: hashes and checks off the caller's thread", "[service]") {
  boost::asio::io_context context;
  PasswordPool pool(1);
  const Result<std::string> hash = run_task(context, pool.hash(Secret("correct horse")));
  REQUIRE(hash.has_value());
  CHECK(hash->starts_with("$scrypt$ln=14,r=8,p=5$"));
  CHECK(run_task(context, pool.check(Secret("correct horse"), *hash)).value());
  CHECK_FALSE(run_task(context, pool.check(Secret("correct horse "), *hash)).value());
  // Users who cannot sign in with a password, and those whom there is not.
  for (const char* const none : {"", "no password", "x"})
    CHECK_FALSE(run_task(context, pool.check(Secret("correct horse"), none)).value());
}

TEST_CASE("password pool: refuses what it could not do in time, and all that comes after its end", "[service]") {
  boost::asio::io_context context;
  PasswordPool pool(1);
  std::size_t hashed = 0;
  std::size_t refused = 0;
  // One is at work at most by the time that the last of them comes.
  for (std::size_t i = 0; i < PasswordPool::max_waiting + 5; ++i)
    boost::asio::co_spawn(context, pool.check(Secret("password"), ""),
                          [&](std::exception_ptr, const Result<bool>& right) { ++(right ? hashed : refused); });
  context.poll();
  CHECK(refused >= 1);
  CHECK(refused <= 5);
  context.restart();
  context.run();
  CHECK(hashed + refused == PasswordPool::max_waiting + 5);
  pool.stop();
  CHECK(run_task(context, pool.hash(Secret("password"))).error().code == ErrorCode::unavailable);
}

}  // namespace
}  // namespace galley
