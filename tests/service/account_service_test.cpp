#include "service/account_service.hpp"

#include <catch2/catch.hpp>

#include "service/service_bench.hpp"

using namespace galley;
using namespace galley::test;
using service::AccountService;
using service::MadeUser;
using service::UserDraft;

namespace {

// An empty store and what account_service needs.
struct Fresh {
  TempStore store{};
  ManualClock clock{};
  SequenceIds ids{};
  PlanTable plans{};
  service::Context parts{*store, clock, ids, plans};
  service::KeyService keys{parts};
  service::TokenService tokens{parts};
  AccountService accounts{parts, keys};

  auto first_start(const std::string& email) {
    return store->write_and_wait(
        [&](Transaction& transaction) { return accounts.first_start(transaction, email, "hash"); });
  }
  Result<MadeUser> create(const UserDraft& draft) {
    return store->write_and_wait(
        [&](Transaction& transaction) { return accounts.create_user(transaction, draft, "hash"); });
  }
};

}  // namespace

TEST_CASE("accounts: the first start makes an owner with a key, once", "[service]") {
  Fresh fresh;
  service::Authenticator authenticator(fresh.parts, fresh.tokens);
  const auto first = fresh.first_start(" Ada@Example.COM ");
  REQUIRE(first.has_value());
  REQUIRE(*first);
  const AccountService::FirstStart& start = **first;
  CHECK(start.owner.user.email == "ada@example.com");
  CHECK(start.owner.user.role == Role::owner);
  CHECK(start.owner.account.plan == Plan::agency);
  CHECK(start.owner.account.unlimited_credits);
  const auto actor = authenticator.authenticate(start.key.secret.reveal());
  REQUIRE(actor.has_value());
  CHECK(actor->account == start.owner.account.id);
  CHECK(actor->role == Role::owner);
  const auto second = fresh.first_start("eve@example.com");
  REQUIRE(second.has_value());
  CHECK_FALSE(*second);
}

TEST_CASE("accounts: those that come after the first begin on the free plan, with credits that end", "[service]") {
  Fresh fresh;
  REQUIRE(fresh.first_start("ada@example.com").has_value());
  const MadeUser later = fresh.create({.email = "bob@example.com"}).value();
  CHECK(later.account.plan == Plan::free);
  CHECK_FALSE(later.account.unlimited_credits);
  CHECK(later.account.plan_since == fresh.clock.now());
  const MadeUser pro = fresh.create({.email = "eve@example.com", .plan = Plan::pro}).value();
  CHECK(pro.account.plan == Plan::pro);
}

TEST_CASE("accounts: a user joins an account that is named, and an address is used once", "[service]") {
  Fresh fresh;
  const MadeUser ada = fresh.create({.email = "ada@example.com"}).value();
  const MadeUser bob =
      fresh.create({.email = "bob@example.com", .role = Role::editor, .account = "ada@example.com"}).value();
  CHECK(bob.account.id == ada.account.id);
  CHECK(bob.user.role == Role::editor);
  CHECK(fresh.create({.email = "ADA@example.com"}).error().code == ErrorCode::conflict);
  CHECK(fresh.create({.email = "new@example.com", .account = "nobody"}).error().code == ErrorCode::not_found);
  for (const char* wrong : {"", "ada", "@example.com", "ada@", "a@b@c", "a b@c.d"})
    CHECK(fields_of(fresh.create({.email = wrong}).error()) == Texts{"email"});
}

TEST_CASE("accounts: its members see plan, limits, what is used and when it begins anew", "[service]") {
  ServiceBench bench;
  bench.plans.agency.articles_per_month = 7;
  bench.must(bench.generation.generate(bench.owner, bench.project.id, {.keywords = {"a", "b"}}));
  bench.generator.answers.push_back(ScriptedGenerator::article_about("a"));
  bench.generator.answers.push_back(conflict("No."));
  bench.must(bench.generation.generate(bench.owner, bench.project.id, {.keywords = {"c"}}));
  const auto before = bench.must(bench.accounts.get(bench.owner));
  CHECK(before.account.plan == Plan::agency);
  CHECK(before.limits.requests_per_minute == 1000);
  CHECK(before.quota.limit == 7);
  CHECK(before.quota.usage.reserved == 3);
  CHECK(to_date(before.quota.period.from) == "2026-03-01");
  CHECK(to_date(before.quota.period.until) == "2026-04-01");
  CHECK(before.projects == 2);
  bench.work();
  const auto after = bench.must(bench.accounts.get(bench.owner));
  CHECK(after.quota.usage.reserved == 0);
  CHECK(after.quota.usage.spent == 2);
  CHECK(bench.must(bench.accounts.get(bench.stranger)).quota.usage.spent == 0);
}

TEST_CASE("accounts: a new plan begins its months on the day on which it was set", "[service]") {
  ServiceBench bench;
  bench.store.write(
      [&](Transaction& transaction) { return bench.accounts.set_plan(transaction, "Account 1", Plan::free); });
  const auto detail = bench.must(bench.accounts.get(bench.owner));
  CHECK(detail.account.plan == Plan::free);
  CHECK(detail.quota.limit == 10);
  CHECK(to_date(detail.quota.period.from) == "2026-03-30");
  CHECK(to_date(detail.quota.period.until) == "2026-04-30");
}
