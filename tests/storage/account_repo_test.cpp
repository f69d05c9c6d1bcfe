#include "storage/account_repo.hpp"

#include <catch2/catch.hpp>

#include "support/temp_store.hpp"

namespace galley {
namespace {

using test::at;
using test::make_account;
using test::make_project;
using test::numbered;
using test::TempStore;

User make_user(std::int64_t number, const AccountId& account) {
  return {.id = numbered<UserId>(number),
          .account = account,
          .email = "user" + std::to_string(number) + "@example.com",
          .role = Role::editor,
          .password_hash = "$scrypt$x",
          .created_at = at(number)};
}

ApiKey make_key(std::int64_t number, const AccountId& account) {
  return {.id = numbered<ApiKeyId>(number),
          .account = account,
          .name = "Key " + std::to_string(number),
          .role = Role::admin,
          .digest = sha256("key " + std::to_string(number)),
          .hint = "abcd",
          .created_at = at(number)};
}

struct Fixture {
  TempStore store;
  Account mine = make_account(1), other = make_account(2);
  Fixture() {
    store.write([&](Transaction& t) -> Result<void> {
      GALLEY_TRY(t.accounts().insert(mine));
      return t.accounts().insert(other);
    });
  }
};

TEST_CASE("accounts: are found by id, name and a user's e-mail", "[storage]") {
  Fixture fixture;
  fixture.store.write([&](Transaction& t) { return t.accounts().insert_user(make_user(1, fixture.other.id)); });
  const auto find = [&](const std::string& text) {
    return fixture.store->read([&](const Transaction& t) { return t.accounts().find_by_any(text); });
  };
  CHECK(find(fixture.mine.id.text())->id == fixture.mine.id);
  CHECK(find("Account 1")->id == fixture.mine.id);
  CHECK(find("User1@Example.com")->id == fixture.other.id);
  CHECK(find("nobody").error().code == ErrorCode::not_found);

  Account namesake = make_account(3);
  namesake.name = "Account 1";
  fixture.store.write([&](Transaction& t) { return t.accounts().insert(namesake); });
  CHECK(find("Account 1").error().code == ErrorCode::conflict);
  CHECK(find(namesake.id.text())->id == namesake.id);
}

TEST_CASE("accounts: a plan is changed with its beginning", "[storage]") {
  Fixture fixture;
  const auto set = [&](const AccountId& id) {
    return fixture.store->write_and_wait(
        [&](Transaction& t) { return t.accounts().set_plan(id, Plan::agency, at(9)); });
  };
  REQUIRE(set(fixture.mine.id));
  const auto account = fixture.store->read([&](const Transaction& t) { return t.accounts().find(fixture.mine.id); });
  CHECK(account->plan == Plan::agency);
  CHECK(account->plan_since == at(9));
  CHECK(set(numbered<AccountId>(99)).error().code == ErrorCode::not_found);
}

TEST_CASE("users: an e-mail belongs to one user, in whatever case", "[storage]") {
  Fixture fixture;
  User user = make_user(1, fixture.mine.id);
  fixture.store.write([&](Transaction& t) { return t.accounts().insert_user(user); });
  User same = make_user(2, fixture.other.id);
  same.email = "USER1@example.COM";
  const auto taken = fixture.store->write_and_wait([&](Transaction& t) { return t.accounts().insert_user(same); });
  REQUIRE(taken.has_error());
  CHECK(taken.error().code == ErrorCode::conflict);
  CHECK(taken.error().message.find("e-mail") != std::string::npos);

  user.role = Role::owner;
  user.disabled = true;
  user.password_hash = "$scrypt$y";
  fixture.store.write([&](Transaction& t) { return t.accounts().update_user(user); });
  const auto found =
      fixture.store->read([&](const Transaction& t) { return t.accounts().find_user("user1@EXAMPLE.com"); });
  REQUIRE(found);
  CHECK(found->role == Role::owner);
  CHECK(found->disabled);
  CHECK(found->password_hash == "$scrypt$y");
  CHECK(fixture.store->read([&](const Transaction& t) { return t.accounts().users(fixture.other.id); })->empty());
}

TEST_CASE("users: are not changed through another account", "[storage]") {
  Fixture fixture;
  User user = make_user(1, fixture.mine.id);
  fixture.store.write([&](Transaction& t) { return t.accounts().insert_user(user); });
  user.account = fixture.other.id;
  user.role = Role::owner;
  const auto outcome = fixture.store->write_and_wait([&](Transaction& t) { return t.accounts().update_user(user); });
  CHECK(outcome.error().code == ErrorCode::not_found);
  CHECK(fixture.store->read([&](const Transaction& t) { return t.accounts().find_user(user.email); })->role ==
        Role::editor);
}

TEST_CASE("quota: usage adds up within a period and an account", "[storage]") {
  Fixture fixture;
  const QuotaPeriod march{.from = at(0), .until = at(100)}, april{.from = at(100), .until = at(200)};
  fixture.store.write([&](Transaction& t) -> Result<void> {
    GALLEY_TRY(t.accounts().add_usage(fixture.mine.id, march, 3, 0));
    GALLEY_TRY(t.accounts().add_usage(fixture.mine.id, march, -1, 1));
    return t.accounts().add_usage(fixture.mine.id, april, 5, 0);
  });
  const auto usage = [&](const AccountId& account, const QuotaPeriod& period) {
    return *fixture.store->read([&](const Transaction& t) { return t.accounts().usage(account, period); });
  };
  CHECK(usage(fixture.mine.id, march).reserved == 2);
  CHECK(usage(fixture.mine.id, march).spent == 1);
  CHECK(usage(fixture.mine.id, april).reserved == 5);
  CHECK(usage(fixture.other.id, march).reserved == 0);
}

TEST_CASE("keys: are found by digest, with all that they hold", "[storage]") {
  Fixture fixture;
  const Project project = make_project(1, fixture.mine.id);
  ApiKey key = make_key(1, fixture.mine.id);
  key.project = project.id;
  key.expires_at = at(50);
  fixture.store.write([&](Transaction& t) -> Result<void> {
    GALLEY_TRY(t.projects().insert(project, Secret("s")));
    return t.api_keys().insert(key);
  });
  const auto by_digest = [&](const std::string& text) {
    return fixture.store->read([&](const Transaction& t) { return t.api_keys().find_by_digest(sha256(text)); });
  };
  const auto found = by_digest("key 1");
  REQUIRE(found);
  CHECK(found->id == key.id);
  CHECK(found->role == Role::admin);
  CHECK(found->project == project.id);
  CHECK(found->digest == key.digest);
  CHECK(found->expires_at == at(50));
  CHECK_FALSE(found->revoked_at);
  CHECK(by_digest("key 2").error().code == ErrorCode::not_found);

  // A key bound to a project goes with it.
  fixture.store.write([&](Transaction& t) { return t.projects().remove(fixture.mine.id, project.id); });
  CHECK(by_digest("key 1").has_error());
}

TEST_CASE("keys: another account's key is not there", "[storage]") {
  Fixture fixture;
  const ApiKey key = make_key(1, fixture.mine.id);
  fixture.store.write([&](Transaction& t) { return t.api_keys().insert(key); });
  ApiKey stolen = key;
  stolen.account = fixture.other.id;
  stolen.revoked_at = at(1);
  const auto outcomes = {fixture.store->write_and_wait([&](Transaction& t) { return t.api_keys().update(stolen); }),
                         fixture.store->write_and_wait(
                             [&](Transaction& t) { return t.api_keys().touch(fixture.other.id, key.id, at(1)); })};
  for (const Result<void>& outcome : outcomes)
    CHECK(outcome.error().code == ErrorCode::not_found);
  CHECK(fixture.store->read([&](const Transaction& t) { return t.api_keys().find(fixture.other.id, key.id); })
            .error()
            .code == ErrorCode::not_found);
  CHECK(
      fixture.store->read([&](const Transaction& t) { return t.api_keys().list(fixture.other.id, {}); })->rows.empty());
  const auto still =
      fixture.store->read([&](const Transaction& t) { return t.api_keys().find(fixture.mine.id, key.id); });
  CHECK_FALSE(still->revoked_at);
  CHECK_FALSE(still->last_used_at);

  fixture.store.write([&](Transaction& t) { return t.api_keys().touch(fixture.mine.id, key.id, at(7)); });
  CHECK(fixture.store->read([&](const Transaction& t) { return t.api_keys().find(fixture.mine.id, key.id); })
            ->last_used_at == at(7));
}

TEST_CASE("accounts: whose an id is shows nothing else of a foreign row", "[storage][tenants]") {
  TempStore store;
  const Account mine = make_account(1);
  const Account other = make_account(2);
  const Project project = make_project(1, mine.id);
  store.write([&](Transaction& t) -> Result<void> {
    GALLEY_TRY(t.accounts().insert(mine));
    GALLEY_TRY(t.accounts().insert(other));
    return t.projects().insert(project, Secret("s"));
  });
  const auto seen_by = [&](const Account& account, const ProjectId& id) {
    return store->read([&](const Transaction& t) { return t.accounts().ownership(account.id, id); }).value();
  };
  CHECK(seen_by(mine, project.id) == Ownership::own);
  CHECK(seen_by(other, project.id) == Ownership::foreign);
  CHECK(seen_by(other, numbered<ProjectId>(2)) == Ownership::nobodys);
  const auto of_all = store->read([&](const Transaction& t) -> Result<int> {
    GALLEY_TRY(t.accounts().ownership(mine.id, numbered<ClusterId>(1)));
    GALLEY_TRY(t.accounts().ownership(mine.id, numbered<KeywordId>(1)));
    GALLEY_TRY(t.accounts().ownership(mine.id, numbered<ConnectionId>(1)));
    GALLEY_TRY(t.accounts().ownership(mine.id, numbered<WebhookId>(1)));
    GALLEY_TRY(t.accounts().ownership(mine.id, numbered<ArticleId>(1)));
    GALLEY_TRY(t.accounts().ownership(mine.id, numbered<PublicationId>(1)));
    return 0;
  });
  CHECK(of_all.has_value());
  CHECK(store->read([&](const Transaction& t) { return t.accounts().ownership(mine.id, numbered<EventId>(1)); })
            .has_error());
}

}  // namespace
}  // namespace galley
