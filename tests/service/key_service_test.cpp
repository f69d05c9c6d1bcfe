#include "service/key_service.hpp"

#include <catch2/catch.hpp>

#include "service/service_bench.hpp"

using namespace galley;
using namespace galley::test;
using service::KeyDraft;
using service::MadeKey;

namespace {

MadeKey make(ServiceBench& bench, KeyDraft draft) {
  return bench.must(bench.keys.create(bench.owner, std::move(draft)));
}

service::Actor with_role(service::Actor actor, Role role) {
  actor.role = role;
  return actor;
}

std::int64_t count_keys(ServiceBench& bench) {
  return bench.must(bench.keys.list(bench.owner, {})).total;
}

}  // namespace

TEST_CASE("keys: what is stored is the digest and a hint, not the key", "[service]") {
  ServiceBench bench;
  const MadeKey made = make(bench, {.name = "  CI \n server ", .role = Role::viewer});
  CHECK(made.key.name == "CI server");
  CHECK(made.key.role == Role::viewer);
  CHECK(made.key.digest == sha256(made.secret.reveal()));
  CHECK(made.secret.reveal().ends_with(made.key.hint));
  CHECK(made.key.hint.size() == 4);
  CHECK_FALSE(made.key.last_used_at);
  CHECK(bench.must(bench.keys.get(bench.owner, made.key.id)).hint == made.key.hint);
}

TEST_CASE("keys: nobody makes, revokes or rotates one with a higher role than his own", "[service]") {
  ServiceBench bench;
  const service::Actor editor = with_role(bench.owner, Role::editor);
  CHECK(bench.run(bench.keys.create(editor, {.name = "k", .role = Role::admin})).error().code == ErrorCode::forbidden);
  CHECK(count_keys(bench) == 0);
  CHECK(bench.run(bench.keys.create(editor, {.name = "k", .role = Role::editor})).has_value());
  const MadeKey owners = make(bench, {.name = "k", .role = Role::owner});
  const service::Actor admin = with_role(bench.owner, Role::admin);
  CHECK(bench.run(bench.keys.revoke(admin, owners.key.id)).error().code == ErrorCode::forbidden);
  CHECK(bench.run(bench.keys.rotate(admin, owners.key.id, std::chrono::hours(1))).error().code == ErrorCode::forbidden);
  CHECK_FALSE(bench.must(bench.keys.get(bench.owner, owners.key.id)).revoked_at);
}

TEST_CASE("keys: one that is bound to a project is of this account, and makes only such keys itself", "[service]") {
  ServiceBench bench;
  const MadeKey made = make(bench, {.name = "k", .role = Role::admin, .project = bench.other_project.id});
  CHECK(made.key.project == bench.other_project.id);
  CHECK(bench.run(bench.keys.create(bench.owner, {.name = "k", .project = bench.foreign.id})).error().code ==
        ErrorCode::not_found);
  CHECK(bench.run(bench.keys.create(bench.bound, {.name = "k"})).error().code == ErrorCode::forbidden);
  CHECK(bench.run(bench.keys.create(bench.bound, {.name = "k", .project = bench.project.id})).error().code ==
        ErrorCode::forbidden);
  CHECK(bench.run(bench.keys.create(bench.bound, {.name = "k", .project = bench.other_project.id})).has_value());
  CHECK(bench.keys.list(bench.bound, {}).error().code == ErrorCode::forbidden);
  const MadeKey whole = make(bench, {.name = "k", .role = Role::viewer});
  CHECK(bench.keys.get(bench.bound, whole.key.id).error().code == ErrorCode::not_found);
  CHECK(bench.run(bench.keys.revoke(bench.bound, whole.key.id)).error().code == ErrorCode::not_found);
  CHECK(bench.keys.get(bench.bound, made.key.id).has_value());
}

TEST_CASE("keys: an expiry lies in the future", "[service]") {
  ServiceBench bench;
  const auto refused = bench.run(bench.keys.create(bench.owner, {.name = "k", .expires_at = bench.clock.now()}));
  CHECK(fields_of(refused.error()) == Texts{"expires_at"});
  CHECK(count_keys(bench) == 0);
}
