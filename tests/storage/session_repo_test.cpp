#include "storage/session_repo.hpp"

#include <catch2/catch.hpp>

#include "support/two_sites.hpp"

namespace galley {
namespace {

using test::at;
using test::must;
using test::numbered;
using test::TwoSites;

struct SignedIn : TwoSites {
  User user{.id = numbered<UserId>(1),
            .account = mine.id,
            .email = "a@example.com",
            .password_hash = {},
            .created_at = at(1)};

  SignedIn() {
    must(write([&](Transaction& t) { return t.accounts().insert_user(user); }));
  }
  RefreshToken insert(const std::string& text, const std::string& family) {
    const RefreshToken token{.digest = sha256(text),
                             .account = mine.id,
                             .user = user.id,
                             .family = family,
                             .created_at = at(2),
                             .expires_at = at(100)};
    must(write([&](Transaction& t) { return t.sessions().insert(token); }));
    return token;
  }
  RefreshToken find(const std::string& text) {
    return must(read([&](const Transaction& t) { return t.sessions().find(sha256(text)); }));
  }
};

TEST_CASE("sessions: a token comes back as it was kept, and its first use alone is noted", "[storage]") {
  SignedIn f;
  f.insert("one", "family");
  for (const int time : {5, 6})
    must(f.write([&](Transaction& t) { return t.sessions().mark_used(f.mine.id, sha256("one"), at(time)); }));
  const RefreshToken found = f.find("one");
  CHECK(found.user == f.user.id);
  CHECK(found.family == "family");
  CHECK(found.expires_at == at(100));
  CHECK(found.used_at == at(5));
  CHECK_FALSE(found.revoked_at);
  CHECK(f.read([&](const Transaction& t) { return t.sessions().find(sha256("two")); }).error().code ==
        ErrorCode::not_found);
  CHECK(f.write([&](Transaction& t) { return t.sessions().mark_used(f.other.id, sha256("one"), at(7)); }).has_error());
}

TEST_CASE("sessions: a family or a user is revoked, and nothing of another account", "[storage]") {
  SignedIn f;
  f.insert("one", "a");
  f.insert("two", "a");
  f.insert("three", "b");
  must(f.write([&](Transaction& t) { return t.sessions().revoke_family(f.other.id, "a", at(9)); }));
  CHECK_FALSE(f.find("one").revoked_at);
  must(f.write([&](Transaction& t) { return t.sessions().revoke_family(f.mine.id, "a", at(9)); }));
  CHECK(f.find("one").revoked_at == at(9));
  CHECK(f.find("two").revoked_at == at(9));
  CHECK_FALSE(f.find("three").revoked_at);
  must(f.write([&](Transaction& t) { return t.sessions().revoke_all(f.mine.id, f.user.id, at(10)); }));
  CHECK(f.find("one").revoked_at == at(9));
  CHECK(f.find("three").revoked_at == at(10));
}

TEST_CASE("sessions: what expired goes in steps", "[storage]") {
  SignedIn f;
  for (const char* const text : {"one", "two", "three"})
    f.insert(text, text);
  const auto purge = [&](Time before) {
    return must(f.write([&](Transaction& t) { return t.sessions().purge(before, 2); }));
  };
  CHECK(purge(at(100)) == 0);
  CHECK(purge(at(101)) == 2);
  CHECK(purge(at(101)) == 1);
}

TEST_CASE("sessions: signing keys come newest first, their secrets sealed", "[storage]") {
  SignedIn f;
  for (const int number : {1, 2})
    must(f.write([&](Transaction& t) -> Result<void> {
      GALLEY_TRY(t.sessions().retire_signing_keys(at(number), at(0)));
      return t.sessions().insert_signing_key({.id = numbered<SigningKeyId>(number),
                                              .secret = Secret("canary" + std::to_string(number)),
                                              .created_at = at(number)});
    }));
  const auto keys = must(f.read([](const Transaction& t) { return t.sessions().signing_keys(); }));
  REQUIRE(keys.size() == 2);
  CHECK(keys[0].secret.reveal() == "canary2");
  CHECK_FALSE(keys[0].retired_at);
  CHECK(keys[1].secret.reveal() == "canary1");
  CHECK(keys[1].retired_at == at(2));
  must(f.write([](Transaction& t) { return t.sessions().retire_signing_keys(at(9), at(3)); }));
  CHECK(must(f.read([](const Transaction& t) { return t.sessions().signing_keys(); })).size() == 1);
}

TEST_CASE("numbers: a row is found by its whole number within its account alone", "[storage]") {
  SignedIn f;
  f.read([&](const Transaction& t) -> Result<bool> {
    const std::int64_t number = must(t.accounts().number_of(f.mine.id, f.site.id));
    CHECK(must(t.accounts().id_of<ProjectTag>(f.mine.id, number)) == f.site.id);
    CHECK(t.accounts().id_of<ProjectTag>(f.other.id, number).error().code == ErrorCode::not_found);
    CHECK(t.accounts().number_of(f.other.id, f.site.id).error().code == ErrorCode::not_found);
    CHECK(t.accounts().id_of<ProjectTag>(f.mine.id, 999).error().code == ErrorCode::not_found);
    const std::int64_t account = must(t.accounts().number_of(f.mine.id, f.mine.id));
    CHECK(must(t.accounts().id_of<AccountTag>(f.mine.id, account)) == f.mine.id);
    return true;
  });
}

TEST_CASE("sessions: a token for a password is found by its digest, and goes with its user", "[storage]") {
  SignedIn f;
  const PasswordToken token{
      .digest = sha256("token"), .account = f.mine.id, .user = f.user.id, .created_at = at(1), .expires_at = at(100)};
  const auto find = [&] {
    return f.read([&](const Transaction& t) { return t.sessions().find_password_token(sha256("token")); });
  };
  const auto insert = [&] { must(f.write([&](Transaction& t) { return t.sessions().insert_password_token(token); })); };
  insert();
  CHECK(must(find()).user == f.user.id);
  CHECK(must(find()).expires_at == at(100));
  must(f.write([&](Transaction& t) { return t.sessions().remove_password_tokens(f.other.id, f.user.id); }));
  CHECK(find().has_value());
  must(f.write([&](Transaction& t) { return t.sessions().remove_password_tokens(f.mine.id, f.user.id); }));
  CHECK(find().error().code == ErrorCode::not_found);
  insert();
  const auto count = [&](const AccountId& account, Time now) {
    return must(
        f.read([&](const Transaction& t) { return t.sessions().count_password_tokens(account, f.user.id, now); }));
  };
  CHECK(count(f.mine.id, at(99)) == 1);
  CHECK(count(f.mine.id, at(100)) == 0);
  CHECK(count(f.other.id, at(99)) == 0);
  must(f.write([&](Transaction& t) { return t.sessions().remove_password_token(f.other.id, sha256("token")); }));
  CHECK(find().has_value());
  must(f.write([&](Transaction& t) { return t.sessions().remove_password_token(f.mine.id, sha256("token")); }));
  CHECK(find().error().code == ErrorCode::not_found);
  insert();
  CHECK(must(f.write([&](Transaction& t) { return t.sessions().purge_password_tokens(at(100), 10); })) == 0);
  CHECK(must(f.write([&](Transaction& t) { return t.sessions().purge_password_tokens(at(101), 10); })) == 1);
  insert();
  must(f.write([&](Transaction& t) { return t.accounts().remove_user(f.mine.id, f.user.id); }));
  CHECK(find().error().code == ErrorCode::not_found);
}

}  // namespace
}  // namespace galley
