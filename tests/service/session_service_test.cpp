#include "service/session_service.hpp"

#include <catch2/catch.hpp>

#include "service/service_bench.hpp"

using namespace galley;
using namespace galley::test;
using service::Authenticator;
using service::Registration;
using service::SessionService;
using service::SignedIn;
using service::TokenPair;
using service::TokenType;
using service::Visitor;

namespace {

const Visitor visitor{.address = "192.0.2.1", .request_id = "request"};

struct SignIns : ServiceBench {
  service::TokenService tokens{parts};
  service::PasswordPool passwords{1};
  SessionService sessions{parts, accounts, projects, tokens, passwords, Registration::open};
  Authenticator authenticator{parts, tokens};

  SignedIn sign_up(const std::string& email = "new@example.com") {
    service::SignUp wanted{.email = email, .password = Secret("password"), .account_name = "Küche & Café"};
    return must(sessions.sign_up(std::move(wanted), visitor));
  }
  Result<SignedIn> sign_in(const std::string& email, const std::string& password) {
    return run(sessions.sign_in(email, Secret(password), visitor));
  }
  Result<TokenPair> refresh(const Secret& token) { return run(sessions.refresh(token, visitor)); }
  bool holds(const Secret& access) { return authenticator.authenticate(access.reveal()).has_value(); }
  service::Actor actor_of(const Secret& access) { return must(authenticator.authenticate(access.reveal())); }
};

}  // namespace

TEST_CASE("sessions: whoever signs up gets an account on the plan free, its owner, a project and tokens", "[service]") {
  SignIns f;
  const SignedIn made = f.sign_up(" New@Example.com ");
  CHECK(made.profile.user.email == "new@example.com");
  CHECK(made.profile.user.role == Role::owner);
  CHECK(made.profile.account.plan == Plan::free);
  CHECK(made.profile.account.name == "Küche & Café");
  CHECK_FALSE(made.profile.account.unlimited_credits);
  CHECK(service::slug_of(made.profile.account) == "kuche-and-cafe");
  const service::Actor actor = f.actor_of(made.tokens.access);
  CHECK(actor.user == made.profile.user.id);
  CHECK(actor.account == made.profile.account.id);
  CHECK(actor.role == Role::owner);
  CHECK(f.must(f.projects.list(actor, {})).total == 1);
  CHECK(f.must(f.sessions.profile(actor)).user.number == made.profile.user.number);
  CHECK(made.tokens.access_expires_at == f.clock.now() + std::chrono::minutes(15));
  CHECK(made.tokens.refresh_expires_at == f.clock.now() + std::chrono::hours(24 * 7));

  service::SignUp again{.email = "new@example.com", .password = Secret("password")};
  const Result<SignedIn> taken = f.run(f.sessions.sign_up(std::move(again), visitor));
  REQUIRE(taken.has_error());
  CHECK(taken.error().code == ErrorCode::conflict);
  CHECK(taken.error().fields.at(0).field == "email");
}

TEST_CASE("sessions: a closed server makes no accounts, and no password is too short", "[service]") {
  SignIns f;
  SessionService closed(f.parts, f.accounts, f.projects, f.tokens, f.passwords, Registration::closed);
  service::SignUp wanted{.email = "new@example.com", .password = Secret("password")};
  CHECK(f.run(closed.sign_up(wanted, visitor)).error().code == ErrorCode::forbidden);
  wanted.password = Secret("passwor");
  const Error refused = f.run(f.sessions.sign_up(wanted, visitor)).error();
  CHECK(refused.fields.at(0).field == "password");
  CHECK(refused.fields.at(0).reason == "must be at least 8 characters long");
}

TEST_CASE("sessions: an unknown address, a wrong password and a disabled user are told the same", "[service]") {
  SignIns f;
  f.sign_up();
  CHECK(f.sign_in("new@example.com", "password").has_value());
  CHECK(f.sign_in(" NEW@example.com", "password").has_value());
  for (const auto& [email, password] :
       {std::pair{"new@example.com", "Password"}, std::pair{"nobody@example.com", "password"}, std::pair{"", ""}}) {
    const Result<SignedIn> refused = f.sign_in(email, password);
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == ErrorCode::sign_in_refused);
    CHECK(refused.error().message == "Invalid email or password.");
  }
  f.must(f.run(f.store->write([&](Transaction& t) {
    return f.accounts.change_user(t, "new@example.com", [](User& user) { user.disabled = true; }, "disabled");
  })));
  CHECK(f.sign_in("new@example.com", "password").error().code == ErrorCode::sign_in_refused);
}

TEST_CASE("sessions: a refresh token works once, and used again later it ends the whole sign-in", "[service]") {
  SignIns f;
  const SignedIn made = f.sign_up();
  const SignedIn elsewhere = f.must(f.sign_in("new@example.com", "password"));
  const TokenPair second = f.must(f.refresh(made.tokens.refresh));
  CHECK(second.refresh.reveal() != made.tokens.refresh.reveal());
  CHECK(f.holds(second.access));
  // Two tabs at once, or an answer that was lost.
  f.clock.advance(std::chrono::seconds(30));
  const TokenPair twin = f.must(f.refresh(made.tokens.refresh));
  f.clock.advance(std::chrono::milliseconds(1));
  CHECK(f.refresh(made.tokens.refresh).error().code == ErrorCode::unauthorized);
  CHECK(f.refresh(second.refresh).error().code == ErrorCode::unauthorized);
  CHECK(f.refresh(twin.refresh).error().code == ErrorCode::unauthorized);
  // Another sign-in of the same user goes on.
  CHECK(f.refresh(elsewhere.tokens.refresh).has_value());
}

TEST_CASE("sessions: tokens end when they expire, and one type is not taken for the other", "[service]") {
  SignIns f;
  const SignedIn made = f.sign_up();
  CHECK_FALSE(f.holds(made.tokens.refresh));
  CHECK(f.refresh(made.tokens.access).error().code == ErrorCode::unauthorized);
  f.clock.advance(std::chrono::minutes(15) - std::chrono::milliseconds(1));
  CHECK(f.holds(made.tokens.access));
  f.clock.advance(std::chrono::milliseconds(1));
  CHECK_FALSE(f.holds(made.tokens.access));
  f.clock.advance(std::chrono::hours(24 * 7));
  CHECK(f.refresh(made.tokens.refresh).error().code == ErrorCode::unauthorized);
}

TEST_CASE("sessions: a changed password ends all sign-ins but the new one, at once", "[service]") {
  SignIns f;
  const SignedIn made = f.sign_up();
  const service::Actor actor = f.actor_of(made.tokens.access);
  const auto change = [&](const char* old_one, const char* new_one) {
    return f.run(f.sessions.change_password(actor, Secret(old_one), Secret(new_one)));
  };
  CHECK(change("wrong password", "a new password").error().fields.at(0).field == "old_password");
  CHECK(change("password", "short").error().fields.at(0).field == "new_password");
  CHECK(f.holds(made.tokens.access));
  const TokenPair fresh = f.must(change("password", "a new password"));
  CHECK_FALSE(f.holds(made.tokens.access));
  CHECK(f.refresh(made.tokens.refresh).error().code == ErrorCode::unauthorized);
  CHECK(f.holds(fresh.access));
  CHECK(f.refresh(fresh.refresh).has_value());
  CHECK(f.sign_in("new@example.com", "password").has_error());
  CHECK(f.sign_in("new@example.com", "a new password").has_value());
}

TEST_CASE("sessions: signing out ends one sign-in or all, and never another user's", "[service]") {
  SignIns f;
  const SignedIn made = f.sign_up();
  const SignedIn second = f.must(f.sign_in("new@example.com", "password"));
  const SignedIn stranger = f.sign_up("other@example.com");
  const service::Actor actor = f.actor_of(made.tokens.access);
  f.must(f.run([&]() -> Task<Result<bool>> {
    Secret theirs = stranger.tokens.refresh;
    GALLEY_CO_TRY(co_await f.sessions.sign_out(actor, std::move(theirs)));
    co_return true;
  }()));
  CHECK(f.refresh(stranger.tokens.refresh).has_value());
  REQUIRE(f.run(f.sessions.sign_out(actor, made.tokens.refresh)).has_value());
  CHECK(f.refresh(made.tokens.refresh).has_error());
  CHECK(f.refresh(second.tokens.refresh).has_value());
  REQUIRE(f.run(f.sessions.sign_out(actor, std::nullopt)).has_value());
  const SignedIn third = f.must(f.sign_in("new@example.com", "password"));
  CHECK(f.refresh(third.tokens.refresh).has_value());
}

TEST_CASE("sessions: signing keys are exchanged without ending a sign-in", "[service]") {
  SignIns f;
  const SignedIn made = f.sign_up();
  f.must(f.run(f.store->write([&](Transaction& t) { return f.tokens.rotate_key(t); })));
  CHECK(f.holds(made.tokens.access));
  const TokenPair next = f.must(f.refresh(made.tokens.refresh));
  CHECK(f.holds(next.access));
  const auto keys = f.must(f.store->read([](const Transaction& t) { return t.sessions().signing_keys(); }));
  REQUIRE(keys.size() == 2);
  CHECK_FALSE(keys[0].retired_at);
  CHECK(keys[1].retired_at);
}

TEST_CASE("sessions: many guesses are slowed down", "[service]") {
  SignIns f;
  f.sign_up();
  for (int i = 0; i < 10; ++i)
    CHECK(f.sign_in("new@example.com", "guess").error().code == ErrorCode::sign_in_refused);
  const Result<SignedIn> slowed = f.sign_in("new@example.com", "password");
  REQUIRE(slowed.has_error());
  CHECK(slowed.error().code == ErrorCode::rate_limited);
  f.clock.advance(std::chrono::seconds(1));
  CHECK(f.sign_in("new@example.com", "password").has_value());
}

TEST_CASE("sessions: a role that changes holds for tokens that were given before", "[service]") {
  SignIns f;
  const SignedIn made = f.sign_up();
  f.must(f.run(f.store->write([&](Transaction& t) -> Result<User> {
    User user = GALLEY_TRY(t.accounts().find_user("new@example.com"));
    user.role = Role::viewer;
    GALLEY_TRY(t.accounts().update_user(user));
    t.announce(service::credentials_topic);
    return user;
  })));
  CHECK(f.actor_of(made.tokens.access).role == Role::viewer);
}
