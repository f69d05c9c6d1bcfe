#include "service/sign_in_throttle.hpp"

#include <catch2/catch.hpp>

#include "support/manual_clock.hpp"

namespace galley {
namespace {

using service::SignInThrottle;
using test::ManualClock;

TEST_CASE("sign-in throttle: ten failures are free, each further one doubles the wait", "[service]") {
  ManualClock clock;
  SignInThrottle throttle(clock);
  for (int i = 0; i < 10; ++i)
    CHECK(throttle.admit("192.0.2.1", "a@example.com").has_value());
  for (const int wait : {1, 2, 4, 8}) {
    const Result<void> refused = throttle.admit("192.0.2.1", "a@example.com");
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == ErrorCode::rate_limited);
    CHECK(get<std::int64_t>(refused.error().details.at(0).value) == wait);
    // Whoever is refused waits no longer for having asked.
    CHECK(throttle.admit("192.0.2.1", "a@example.com").has_error());
    clock.advance(std::chrono::seconds(wait));
    CHECK(throttle.admit("192.0.2.1", "a@example.com").has_value());
  }
}

TEST_CASE("sign-in throttle: an address that guesses at many users is slowed down, and a user from many addresses",
          "[service]") {
  ManualClock clock;
  SignInThrottle throttle(clock);
  for (int i = 0; i < 10; ++i)
    CHECK(throttle.admit("192.0.2.1", "user" + std::to_string(i)).has_value());
  CHECK(throttle.admit("192.0.2.1", "another").has_error());
  CHECK(throttle.admit("192.0.2.2", "another").has_value());
  for (int i = 0; i < 10; ++i)
    CHECK(throttle.admit("198.51.100." + std::to_string(i), "victim").has_value());
  CHECK(throttle.admit("203.0.113.1", "victim").has_error());
  // For at most a minute: nobody is locked out by a stranger.
  clock.advance(std::chrono::minutes(1));
  CHECK(throttle.admit("203.0.113.1", "victim").has_value());
}

TEST_CASE("sign-in throttle: who signs in is forgiven, and after half an hour all is", "[service]") {
  ManualClock clock;
  SignInThrottle throttle(clock);
  for (int i = 0; i < 50; ++i) {
    REQUIRE(throttle.admit("192.0.2.1", "a@example.com").has_value());
    throttle.succeeded("192.0.2.1", "a@example.com");
  }
  for (int i = 0; i < 10; ++i)
    CHECK(throttle.admit("192.0.2.1", "b@example.com").has_value());
  CHECK(throttle.admit("192.0.2.1", "b@example.com").has_error());
  clock.advance(std::chrono::minutes(31));
  for (int i = 0; i < 10; ++i)
    CHECK(throttle.admit("192.0.2.1", "b@example.com").has_value());
}

}  // namespace
}  // namespace galley
