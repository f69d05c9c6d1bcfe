#include <catch2/catch.hpp>

#include "support/two_sites.hpp"

namespace galley {
namespace {

using test::at;
using test::must;

struct Outbox : test::TwoSites {
  User user{.id = test::numbered<UserId>(1), .account = mine.id, .email = "user@example.com", .password_hash = {}};

  Outbox() {
    must(write([&](Transaction& t) { return t.accounts().insert_user(user); }));
  }
  void put(Time due_at, MailPurpose purpose = MailPurpose::password_reset) {
    const Mail mail{.account = mine.id,
                    .user = user.id,
                    .purpose = purpose,
                    .due_at = due_at,
                    .expires_at = due_at + Milliseconds(1000),
                    .created_at = at(1)};
    must(write([&](Transaction& t) { return t.mails().insert(mail); }));
  }
  std::optional<Mail> take(Time now, Time until) {
    return must(write([&](Transaction& t) { return t.mails().take_due(now, until); }));
  }
  std::optional<Time> next_due() {
    return must(read([](const Transaction& t) { return t.mails().next_due(); }));
  }
};

TEST_CASE("mails: the oldest that is due is taken, and is due again later", "[storage]") {
  Outbox f;
  CHECK_FALSE(f.next_due());
  f.put(at(20));
  f.put(at(10), MailPurpose::invitation);
  CHECK_FALSE(f.take(at(9), at(50)));
  CHECK(f.next_due() == at(10));
  const std::optional<Mail> first = f.take(at(30), at(50));
  REQUIRE(first);
  CHECK(first->purpose == MailPurpose::invitation);
  CHECK(first->account == f.mine.id);
  CHECK(first->user == f.user.id);
  CHECK(first->attempts == 1);
  CHECK(first->created_at == at(1));
  CHECK(first->expires_at == at(10) + Milliseconds(1000));
  REQUIRE(f.take(at(30), at(60)));
  CHECK_FALSE(f.take(at(30), at(70)));
  const std::optional<Mail> again = f.take(at(50), at(80));
  REQUIRE(again);
  CHECK(again->number == first->number);
  CHECK(again->attempts == 2);
}

TEST_CASE("mails: they are counted by purpose, put off and removed within their account", "[storage]") {
  Outbox f;
  f.put(at(10));
  f.put(at(10), MailPurpose::invitation);
  const auto waiting = [&](const AccountId& account) {
    return must(f.read(
        [&](const Transaction& t) { return t.mails().waiting(account, f.user.id, MailPurpose::password_reset); }));
  };
  CHECK(waiting(f.mine.id) == 1);
  CHECK(waiting(f.other.id) == 0);
  const std::int64_t number = f.take(at(10), at(11))->number;
  must(f.write([&](Transaction& t) { return t.mails().postpone(f.other.id, number, at(99)); }));
  must(f.write([&](Transaction& t) { return t.mails().remove(f.other.id, number); }));
  CHECK(f.take(at(10), at(12)));
  CHECK(f.next_due() == at(11));
  must(f.write([&](Transaction& t) { return t.mails().postpone(f.mine.id, number, at(99)); }));
  CHECK(f.next_due() == at(12));
  must(f.write([&](Transaction& t) { return t.mails().remove(f.mine.id, number); }));
  CHECK(waiting(f.mine.id) == 0);
}

TEST_CASE("mails: they go with their user, and when they are too old", "[storage]") {
  Outbox f;
  f.put(at(10));
  CHECK(must(f.write([&](Transaction& t) { return t.mails().purge(at(10) + Milliseconds(1000), 10); })) == 0);
  CHECK(must(f.write([&](Transaction& t) { return t.mails().purge(at(10) + Milliseconds(1001), 10); })) == 1);
  f.put(at(10));
  must(f.write([&](Transaction& t) { return t.accounts().remove_user(f.mine.id, f.user.id); }));
  CHECK_FALSE(f.next_due());
}

}  // namespace
}  // namespace galley
