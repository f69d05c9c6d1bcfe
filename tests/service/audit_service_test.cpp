#include "service/audit_service.hpp"

#include <sqlite3.h>

#include <catch2/catch.hpp>

#include "service/audit.hpp"
#include "service/service_bench.hpp"

using namespace galley;
using namespace galley::test;
using service::AuditService;
using service::AuditVerdict;

namespace {

// A trail, as the program writes it; and somebody who writes past the program.
struct Trail {
  ServiceBench bench{};
  AuditService audits{bench.parts};

  Trail() {
    for (int i = 1; i <= 5; ++i)
      bench.make_article("Article " + std::to_string(i));
  }
  AuditVerdict verdict() { return bench.must(audits.verify(bench.account.id)); }
  std::int64_t length() { return bench.must(audits.list(bench.owner, {}, {})).total; }

  // What is found once somebody has changed the database without the program. The bench's own store is closed then.
  AuditVerdict verdict_after(const std::string& sql, std::int64_t number) {
    const std::filesystem::path folder = bench.store.folder();
    bench.store.close();
    sqlite3* database = nullptr;
    REQUIRE(sqlite3_open((folder / "galley.db").c_str(), &database) == SQLITE_OK);
    const std::string where =
        " WHERE account_id = '" + bench.account.id.text() + "' AND number = " + std::to_string(number);
    REQUIRE(sqlite3_exec(database, (sql + where).c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    REQUIRE(sqlite3_changes(database) == 1);
    sqlite3_close(database);
    const auto store = storage::SqliteStore::open(folder, test_key(), bench.clock.now());
    REQUIRE(store.has_value());
    const service::Context parts{**store, bench.clock, bench.ids, bench.plans};
    return bench.must(AuditService(parts).verify(bench.account.id));
  }
};

}  // namespace

TEST_CASE("audit: entries are numbered without gaps in each account, and the chain holds", "[service]") {
  Trail trail;
  const std::int64_t length = trail.length();
  REQUIRE(length >= 5);
  const AuditVerdict verdict = trail.verdict();
  CHECK_FALSE(verdict.fault);
  CHECK(verdict.entries == length);
  const auto page = trail.bench.must(trail.audits.list(trail.bench.owner, {}, {.size = 1}));
  CHECK(page.rows.front().hash == verdict.head);
  CHECK(page.rows.front().number == length);
}

TEST_CASE("audit: an empty trail is whole", "[service]") {
  Trail trail;
  const AuditVerdict verdict = trail.bench.must(trail.audits.verify(AccountId("acc_nobody000000")));
  CHECK(verdict.entries == 0);
  CHECK_FALSE(verdict.fault);
}

TEST_CASE("audit: an entry of which any column was changed shows", "[service]") {
  for (const std::string& change :
       {"note = 'nothing'", "actor = 'key key_somebodyelse'", "address = '10.0.0.1'", "request_id = 'another'",
        "action = 'article.deleted'", "subject = 'art_000000000000'", "created_at = created_at + 1",
        "project_id = NULL"}) {
    Trail trail;
    const std::int64_t number = trail.length() - 2;
    INFO(change);
    const AuditVerdict verdict = trail.verdict_after("UPDATE audit_entries SET " + change, number);
    REQUIRE(verdict.fault);
    CHECK(*verdict.fault == "Entry " + std::to_string(number) + " was changed.");
    CHECK(verdict.entries == number - 1);
  }
}

TEST_CASE("audit: an entry that was taken out, or put in place of another, shows", "[service]") {
  {
    Trail trail;
    const std::int64_t number = trail.length() - 2;
    CHECK(*trail.verdict_after("DELETE FROM audit_entries", number).fault ==
          "Entry " + std::to_string(number) + " is missing: the next is " + std::to_string(number + 1) + ".");
  }
  Trail trail;
  const std::int64_t number = trail.length() - 2;
  // With a hash of its own that is right, but of another past.
  const AuditVerdict verdict = trail.verdict_after("UPDATE audit_entries SET previous = zeroblob(32)", number);
  CHECK(verdict.fault->find("does not follow") != std::string::npos);
}

TEST_CASE("audit: the last entry's hash, kept elsewhere, shows a trail that was cut short", "[service]") {
  Trail trail;
  const AuditVerdict before = trail.verdict();
  const AuditVerdict after = trail.verdict_after("DELETE FROM audit_entries", before.entries);
  CHECK_FALSE(after.fault);
  CHECK(after.entries == before.entries - 1);
  CHECK(after.head != before.head);
}

TEST_CASE("audit: an entry is undone with the change that it tells of", "[service]") {
  Trail trail;
  const std::int64_t before = trail.length();
  const auto failed = trail.bench.store->write_and_wait([&](Transaction& transaction) -> Result<void> {
    GALLEY_TRY(service::audit(transaction, trail.bench.parts, trail.bench.owner,
                              {.action = AuditAction::article_created, .subject = "art_000000000000"}));
    return conflict("No.");
  });
  REQUIRE(failed.has_error());
  CHECK(trail.length() == before);
}

TEST_CASE("audit: a note is cut to its bound at a whole character", "[service]") {
  Trail trail;
  std::string note;
  for (int i = 0; i < 400; ++i)
    note += "é";
  const auto written = trail.bench.store->write_and_wait([&](Transaction& transaction) {
    return service::audit(transaction, trail.bench.parts, trail.bench.owner,
                          {.action = AuditAction::article_created, .subject = "art_000000000000", .note = note});
  });
  REQUIRE(written.has_value());
  const auto page = trail.bench.must(trail.audits.list(trail.bench.owner, {}, {.size = 1}));
  CHECK(page.rows.front().note.size() == 2 * AuditEntry::max_note);
  CHECK_FALSE(trail.verdict().fault);
}

TEST_CASE("audit: a key that is bound to a project sees what was done in it alone", "[service]") {
  Trail trail;
  trail.bench.must(trail.bench.projects.update(trail.bench.owner, trail.bench.other_project.id, std::nullopt,
                                               [](Project& project) -> Result<void> {
                                                 project.niche = "tea";
                                                 return {};
                                               }));
  const auto page = trail.bench.must(trail.audits.list(trail.bench.bound, {}, {.size = 100}));
  REQUIRE(page.total > 0);
  for (const AuditEntry& entry : page.rows)
    CHECK(entry.project == trail.bench.bound.project);
  const auto foreign = trail.audits.list(trail.bench.bound, {.project = trail.bench.other_project.id}, {});
  const bool other = trail.bench.bound.project != trail.bench.other_project.id;
  CHECK(foreign.has_error() == other);
}
