#include "service/authenticator.hpp"

#include <catch2/catch.hpp>

#include "service/api_key_form.hpp"
#include "service/service_bench.hpp"

using namespace galley;
using namespace galley::test;
using service::Authenticator;
using service::KeyDraft;
using service::MadeKey;
using service::make_api_key;

namespace {

MadeKey make(ServiceBench& bench, KeyDraft draft) {
  return bench.must(bench.keys.create(bench.owner, std::move(draft)));
}

}  // namespace

TEST_CASE("authenticator: a key is its account, role and project, and anything else is unauthorized", "[service]") {
  ServiceBench bench;
  service::TokenService tokens(bench.parts);
  Authenticator authenticator(bench.parts, tokens);
  const MadeKey made = make(bench, {.name = "k", .role = Role::viewer, .project = bench.project.id});
  for (int i = 0; i < 2; ++i) {
    const service::Actor actor = bench.must(authenticator.authenticate(made.secret.reveal()));
    CHECK(actor.account == bench.account.id);
    CHECK(actor.plan == Plan::agency);
    CHECK(actor.role == Role::viewer);
    CHECK(actor.project == bench.project.id);
    CHECK(actor.key == made.key.id);
    CHECK_FALSE(actor.user);
  }
  const Secret unknown = make_api_key();
  for (const std::string_view text : {std::string_view(), std::string_view("icf_live_x"), unknown.reveal()}) {
    const auto refused = authenticator.authenticate(text);
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == ErrorCode::unauthorized);
    CHECK(refused.error().details.empty());
  }
}

TEST_CASE("authenticator: a revoked key is refused on the very next call, the others are not", "[service]") {
  ServiceBench bench;
  service::TokenService tokens(bench.parts);
  Authenticator authenticator(bench.parts, tokens);
  const MadeKey revoked = make(bench, {.name = "k"});
  const MadeKey kept = make(bench, {.name = "k"});
  REQUIRE(authenticator.authenticate(revoked.secret.reveal()).has_value());
  REQUIRE(bench.run(bench.keys.revoke(bench.owner, revoked.key.id)).has_value());
  CHECK(authenticator.authenticate(revoked.secret.reveal()).error().code == ErrorCode::unauthorized);
  CHECK(authenticator.authenticate(kept.secret.reveal()).has_value());
  CHECK(bench.run(bench.keys.revoke(bench.owner, revoked.key.id)).error().code == ErrorCode::not_found);
}

TEST_CASE("authenticator: a key ends at its expiry, cached or not", "[service]") {
  ServiceBench bench;
  service::TokenService tokens(bench.parts);
  Authenticator authenticator(bench.parts, tokens);
  const MadeKey made = make(bench, {.name = "k", .expires_at = bench.clock.now() + std::chrono::hours(1)});
  REQUIRE(authenticator.authenticate(made.secret.reveal()).has_value());
  bench.clock.advance(std::chrono::hours(1) - Milliseconds(1));
  CHECK(authenticator.authenticate(made.secret.reveal()).has_value());
  bench.clock.advance(Milliseconds(1));
  CHECK(authenticator.authenticate(made.secret.reveal()).error().code == ErrorCode::unauthorized);
  Authenticator fresh(bench.parts, tokens);
  CHECK(fresh.authenticate(made.secret.reveal()).error().code == ErrorCode::unauthorized);
}

TEST_CASE("authenticator: after a rotation the old key holds for the grace, the new one is like it", "[service]") {
  ServiceBench bench;
  service::TokenService tokens(bench.parts);
  Authenticator authenticator(bench.parts, tokens);
  const MadeKey old = make(bench, {.name = "k", .role = Role::viewer, .project = bench.project.id});
  REQUIRE(authenticator.authenticate(old.secret.reveal()).has_value());
  const MadeKey next = bench.must(bench.keys.rotate(bench.owner, old.key.id, std::chrono::hours(1)));
  CHECK(next.key.id != old.key.id);
  CHECK(next.key.name == "k");
  const service::Actor actor = bench.must(authenticator.authenticate(next.secret.reveal()));
  CHECK(actor.role == Role::viewer);
  CHECK(actor.project == bench.project.id);
  CHECK(authenticator.authenticate(old.secret.reveal()).has_value());
  bench.clock.advance(std::chrono::hours(1));
  CHECK(authenticator.authenticate(old.secret.reveal()).error().code == ErrorCode::unauthorized);
  CHECK(authenticator.authenticate(next.secret.reveal()).has_value());
  CHECK(bench.run(bench.keys.rotate(bench.owner, old.key.id, std::chrono::hours(1))).error().code ==
        ErrorCode::conflict);
}

TEST_CASE("authenticator: a rotation without grace ends the old key at once, and never prolongs one", "[service]") {
  ServiceBench bench;
  service::TokenService tokens(bench.parts);
  Authenticator authenticator(bench.parts, tokens);
  const MadeKey first = make(bench, {.name = "k"});
  bench.must(bench.keys.rotate(bench.owner, first.key.id, std::chrono::seconds(0)));
  CHECK(authenticator.authenticate(first.secret.reveal()).error().code == ErrorCode::unauthorized);
  const Time soon = bench.clock.now() + std::chrono::minutes(5);
  const MadeKey second = make(bench, {.name = "k", .expires_at = soon});
  bench.must(bench.keys.rotate(bench.owner, second.key.id, std::chrono::hours(1)));
  CHECK(bench.must(bench.keys.get(bench.owner, second.key.id)).expires_at == soon);
}

TEST_CASE("authenticator: a removed project takes its keys with it at once", "[service]") {
  ServiceBench bench;
  service::TokenService tokens(bench.parts);
  Authenticator authenticator(bench.parts, tokens);
  const MadeKey made = make(bench, {.name = "k", .project = bench.other_project.id});
  REQUIRE(authenticator.authenticate(made.secret.reveal()).has_value());
  REQUIRE(bench.run(bench.projects.remove(bench.owner, bench.other_project.id, std::nullopt, "Project 2")).has_value());
  CHECK(authenticator.authenticate(made.secret.reveal()).error().code == ErrorCode::unauthorized);
}

TEST_CASE("authenticator: an operator's new plan holds for the next call", "[service]") {
  ServiceBench bench;
  service::TokenService tokens(bench.parts);
  Authenticator authenticator(bench.parts, tokens);
  const MadeKey made = make(bench, {.name = "k"});
  REQUIRE(bench.must(authenticator.authenticate(made.secret.reveal())).plan == Plan::agency);
  bench.store.write([&](Transaction& transaction) {
    return bench.accounts.set_plan(transaction, bench.account.id.text(), Plan::free);
  });
  CHECK(bench.must(authenticator.authenticate(made.secret.reveal())).plan == Plan::free);
}

TEST_CASE("authenticator: last use is written by the flush, once, and survives a change of another key", "[service]") {
  ServiceBench bench;
  service::TokenService tokens(bench.parts);
  Authenticator authenticator(bench.parts, tokens);
  const MadeKey used = make(bench, {.name = "k"});
  const MadeKey unused = make(bench, {.name = "k"});
  const auto last_used = [&](const MadeKey& key) {
    return bench.must(bench.keys.get(bench.owner, key.key.id)).last_used_at;
  };
  bench.must(authenticator.authenticate(used.secret.reveal()));
  const Time when = bench.clock.now();
  CHECK_FALSE(last_used(used));
  make(bench, {.name = "another"});
  REQUIRE(bench.run(bench.keys.revoke(bench.owner, make(bench, {.name = "gone"}).key.id)).has_value());
  bench.clock.advance(std::chrono::minutes(1));
  REQUIRE(bench.run(authenticator.flush_last_used()).has_value());
  CHECK(last_used(used) == when);
  CHECK_FALSE(last_used(unused));
  REQUIRE(bench.run(authenticator.flush_last_used()).has_value());
  CHECK(last_used(used) == when);
  bench.must(authenticator.authenticate(used.secret.reveal()));
  REQUIRE(bench.run(authenticator.flush_last_used()).has_value());
  CHECK(last_used(used) == bench.clock.now());
}

TEST_CASE("authenticator: a key that went with its project does not keep the others' use from being written",
          "[service]") {
  ServiceBench bench;
  service::TokenService tokens(bench.parts);
  Authenticator authenticator(bench.parts, tokens);
  const MadeKey gone = make(bench, {.name = "k", .project = bench.other_project.id});
  const MadeKey kept = make(bench, {.name = "k"});
  bench.must(authenticator.authenticate(gone.secret.reveal()));
  bench.must(authenticator.authenticate(kept.secret.reveal()));
  REQUIRE(bench.run(bench.projects.remove(bench.owner, bench.other_project.id, std::nullopt, "Project 2")).has_value());
  CHECK(bench.run(authenticator.flush_last_used()).has_value());
  CHECK(bench.must(bench.keys.get(bench.owner, kept.key.id)).last_used_at == bench.clock.now());
}
