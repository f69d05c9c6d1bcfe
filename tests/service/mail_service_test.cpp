// Mails that bring links: sent once, tried again, given up.
#include "service/mail_service.hpp"

#include <catch2/catch.hpp>

#include "service/audit_service.hpp"
#include "service/service_bench.hpp"
#include "service/user_service.hpp"

using namespace galley;
using namespace galley::test;

namespace {

class ScriptedRelay final : public MailRelay {
 public:
  Result<void> send(const Letter& letter) override {
    letters.push_back(letter);
    if (refusals.empty()) return {};
    Error refusal = refusals.front();
    refusals.erase(refusals.begin());
    return refusal;
  }

  std::vector<Letter> letters{};
  std::vector<Error> refusals{};
};

Error not_now() {
  return unavailable("the mail server did not take the letter (451)");
}

struct Office {
  ServiceBench bench{};
  ScriptedRelay relay{};
  service::PasswordPool passwords{1};
  service::UserService users{bench.parts, bench.accounts, passwords, service::Mailing::by_relay};
  service::MailService mails{bench.parts, relay, "https://galley.example", bench.log, bench.context.get_executor()};
  service::AuditService audits{bench.parts};

  ~Office() { mails.stop_sending(); }

  service::InvitedUser invite(const std::string& email) {
    return bench.must(users.invite(bench.owner, {.email = email, .first_name = "Ed"}));
  }
  void ask(const std::string& email) { bench.must(bench.run(users.ask_for_reset(email, {}))); }
  bool send() { return bench.must(mails.send_next()); }
  int send_all() {
    int sent = 0;
    while (send())
      ++sent;
    return sent;
  }
  // What stands behind "#" in the last letter.
  Secret token() {
    const std::string text(relay.letters.back().text.reveal());
    const std::size_t begin = text.find("https://galley.example/password/#") + 33;
    return Secret(text.substr(begin, text.find('\n', begin) - begin));
  }
  bool choose(const Secret& token) {
    return bench.run(users.choose_password(token, Secret("a password"), {})).has_value();
  }
  std::vector<std::string> trail() {
    std::vector<std::string> actions;
    for (const AuditEntry& entry : bench.must(audits.list(bench.owner, {}, {.size = 20})).rows)
      actions.emplace_back(std::string(to_text(entry.action)) + " " + entry.note);
    return actions;
  }
};

}  // namespace

TEST_CASE("mail: an invitation brings a link that chooses a password, once", "[service]") {
  Office f;
  const service::InvitedUser invited = f.invite("ed@example.com");
  CHECK_FALSE(invited.token.has_value());
  CHECK(f.send_all() == 1);
  const Letter& letter = f.relay.letters.at(0);
  CHECK(letter.to == "ed@example.com");
  CHECK(letter.subject == "Your invitation to Galley");
  CHECK(letter.date == f.bench.clock.now());
  CHECK_FALSE(letter.id.empty());
  const std::string text(letter.text.reveal());
  CHECK(text.starts_with("Hello Ed,\n\n"));
  CHECK(text.find(to_rfc3339(invited.expires_at).substr(0, 10)) != std::string::npos);
  CHECK(f.choose(f.token()));
  CHECK_FALSE(f.choose(f.token()));
  CHECK(f.send_all() == 0);
}

TEST_CASE("mail: whoever asks for a new password gets it, at most three times, and nobody else does", "[service]") {
  Office f;
  f.invite("ed@example.com");
  CHECK(f.send_all() == 1);
  REQUIRE(f.choose(f.token()));
  f.ask("nobody@example.com");
  CHECK(f.send_all() == 0);
  for (int i = 0; i < 5; ++i)
    f.ask("Ed@Example.com");
  CHECK(f.send_all() == 3);
  CHECK(f.relay.letters.back().subject == "Choose a new password for Galley");
  f.ask("ed@example.com");
  CHECK(f.send_all() == 0);
  // Once the links are too old there may be more.
  f.bench.clock.advance(service::reset_life);
  f.ask("ed@example.com");
  CHECK(f.send_all() == 1);
  CHECK(f.choose(f.token()));
}

TEST_CASE("mail: somebody who was disabled gets none", "[service]") {
  Office f;
  const service::InvitedUser invited = f.invite("ed@example.com");
  f.bench.must(f.users.update(f.bench.owner, invited.user.number, [](service::UserChanges& changes) -> Result<void> {
    changes.active = false;
    return {};
  }));
  f.ask("ed@example.com");
  CHECK(f.send_all() == 0);
  CHECK(f.relay.letters.empty());
}

TEST_CASE("mail: what the relay does not take now is tried again, later and later, with another link", "[service]") {
  Office f;
  f.relay.refusals = {not_now(), not_now()};
  f.invite("ed@example.com");
  CHECK(f.send_all() == 1);
  const Secret first = f.token();
  CHECK_FALSE(f.choose(first));
  f.bench.clock.advance(std::chrono::seconds(14));
  CHECK(f.send_all() == 0);
  f.bench.clock.advance(std::chrono::seconds(1));
  CHECK(f.send_all() == 1);
  f.bench.clock.advance(std::chrono::seconds(59));
  CHECK(f.send_all() == 0);
  f.bench.clock.advance(std::chrono::seconds(1));
  CHECK(f.send_all() == 1);
  CHECK(f.token().reveal() != first.reveal());
  CHECK(f.choose(f.token()));
}

TEST_CASE("mail: what is refused for good is given up, and the trail says so", "[service]") {
  Office f;
  f.relay.refusals = {{.code = ErrorCode::connection_rejected, .message = "the mail server refused the letter (550)"}};
  f.invite("ed@example.com");
  CHECK(f.send_all() == 1);
  CHECK(f.trail().front() == "mail.failed invitation: the mail server refused the letter (550)");
  f.bench.clock.advance(std::chrono::hours(48));
  CHECK(f.send_all() == 0);
}

TEST_CASE("mail: a relay that stays away is given up after a day", "[service]") {
  Office f;
  f.relay.refusals.assign(100, not_now());
  f.invite("ed@example.com");
  int tries = 0;
  for (int minutes = 0; minutes < 48 * 60; ++minutes) {
    tries += f.send_all();
    f.bench.clock.advance(std::chrono::minutes(1));
  }
  CHECK(tries == 28);  // at once, after 15 s, 1, 5 and 15 minutes, then each hour of the day
  CHECK(f.trail().front().starts_with("mail.failed invitation: "));
}

TEST_CASE("mail: a try that nobody ended is begun again, and both links hold", "[service]") {
  Office f;
  f.invite("ed@example.com");
  const Time now = f.bench.clock.now();
  const auto taken = f.bench.store->write_and_wait(
      [&](Transaction& transaction) { return transaction.mails().take_due(now, now + std::chrono::minutes(2)); });
  REQUIRE(taken->has_value());
  CHECK(f.send_all() == 0);
  f.bench.clock.advance(std::chrono::minutes(2));
  CHECK(f.send_all() == 1);
  CHECK(f.choose(f.token()));
}

TEST_CASE("mail: the sender wakes for what is queued, and ends when it is told to", "[service]") {
  Office f;
  bool ended = false;
  boost::asio::co_spawn(f.bench.context, f.mails.run(), [&](const std::exception_ptr&) { ended = true; });
  f.invite("ed@example.com");
  f.bench.run_until([&] { return f.relay.letters.size() == 1; });
  f.mails.stop();
  f.bench.run_until([&] { return ended; });
  CHECK(f.relay.letters.size() == 1);
}
