#include "net/resolver.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "support/run_task.hpp"

namespace galley::net {
namespace {

using Answer = Result<std::vector<Address>>;
using std::chrono::seconds;

}  // namespace

TEST_CASE("resolver: localhost is found in the hosts file", "[net]") {
  boost::asio::io_context context{1};
  SystemResolver resolver;
  const Answer answer = test::run_task(context, resolver.resolve("localhost", seconds(5)));
  REQUIRE(answer.has_value());
  REQUIRE_FALSE(answer->empty());
  CHECK(std::ranges::all_of(*answer, [](const Address& address) { return address.is_loopback(); }));
}

TEST_CASE("resolver: a literal is its own answer", "[net]") {
  boost::asio::io_context context{1};
  SystemResolver resolver;
  const Answer answer = test::run_task(context, resolver.resolve("127.0.0.1", seconds(5)));
  REQUIRE(answer.has_value());
  CHECK(*answer == std::vector<Address>{boost::asio::ip::make_address("127.0.0.1")});
}

TEST_CASE("resolver: a name that cannot exist is unavailable, within the limit", "[net]") {
  boost::asio::io_context context{1};
  SystemResolver resolver;
  // Longer than DNS allows, so that no server is asked.
  const std::string name(300, 'x');
  const Answer answer = test::run_task(context, resolver.resolve(name, seconds(5)));
  REQUIRE(answer.has_error());
  CHECK(answer.error().code == ErrorCode::unavailable);
  CHECK_THAT(answer.error().message, Catch::Contains(name));
}

TEST_CASE("resolver: no time means no answer", "[net]") {
  boost::asio::io_context context{1};
  SystemResolver resolver({.threads = 0, .waiting = 10});
  const Answer answer = test::run_task(context, resolver.resolve("localhost", std::chrono::milliseconds(1)));
  REQUIRE(answer.has_error());
}

TEST_CASE("resolver: names beyond its queue are refused at once", "[net]") {
  boost::asio::io_context context{1};
  SystemResolver resolver({.waiting = 0});
  const Answer answer = test::run_task(context, resolver.resolve("localhost", seconds(20)));
  REQUIRE(answer.has_error());
  CHECK_THAT(answer.error().message, Catch::Contains("Too many names"));
}

TEST_CASE("resolver: many callers on several contexts all get their answer", "[net]") {
  SystemResolver resolver({.threads = 2});
  boost::asio::io_context first{1};
  boost::asio::io_context second{1};
  std::size_t answered = 0;
  const auto count = [&answered](std::exception_ptr thrown, const Answer& answer) {
    if (!thrown && answer.has_value()) ++answered;
  };
  for (int i = 0; i < 100; ++i) {
    const std::string name = i % 2 == 0 ? "localhost" : "127.0.0." + std::to_string(i);
    boost::asio::co_spawn(i % 3 == 0 ? first : second, resolver.resolve(name, seconds(20)), count);
  }
  first.run();
  second.run();
  CHECK(answered == 100);
}

TEST_CASE("resolver: it and the contexts of its callers may go in any order", "[net]") {
  for (const bool context_first : {true, false}) {
    auto resolver = std::make_unique<SystemResolver>(ResolverLimits{.threads = 2, .limit = seconds(20)});
    auto context = std::make_unique<boost::asio::io_context>(1);
    std::size_t ended = 0;
    for (int i = 0; i < 50; ++i)
      boost::asio::co_spawn(*context, resolver->resolve("127.0.0." + std::to_string(i), seconds(20)),
                            [&ended](std::exception_ptr, const Answer&) { ++ended; });
    context->poll();  // all have asked; some may have their answer
    if (context_first) context.reset();
    resolver.reset();
    if (!context) continue;
    context->restart();
    context->run();
    CHECK(ended == 50);
  }
}

TEST_CASE("resolver: callers are told when it goes", "[net]") {
  auto resolver = std::make_unique<SystemResolver>(ResolverLimits{.threads = 0});
  boost::asio::io_context context{1};
  std::string message;
  // A first look-up needs a thread; with none allowed it is kept waiting.
  boost::asio::co_spawn(context, resolver->resolve("localhost", seconds(20)),
                        [&message](std::exception_ptr, const Answer& answer) { message = answer.error().message; });
  context.poll();
  resolver.reset();
  context.restart();
  context.run();
  CHECK_THAT(message, Catch::Contains("shutting down"));
}

}  // namespace galley::net
