#include "storage/migrator.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "storage/sqlite/sqlite_connection.hpp"
#include "support/temp_store.hpp"

namespace galley::storage {
namespace {

using test::at;

class Database {
 public:
  Database() {
    const std::filesystem::path file = folder_.path() / "galley.db";
    std::ofstream(file).close();
    connection_ = *SqliteConnection::open(file, SqliteConnection::Access::writer);
  }
  Connection& operator*() { return *connection_; }

  bool has_table(std::string_view name) {
    Query query = connection_->query(connection_->specific().find_table);
    return *query.bind("table", name).step();
  }

 private:
  test::TempFolder folder_{};
  std::unique_ptr<SqliteConnection> connection_;
};

constexpr Migration first{1, "0001_first.sql", "CREATE TABLE one (a INTEGER) STRICT; INSERT INTO one VALUES (1);"};
constexpr Migration second{2, "0002_second.sql", "CREATE TABLE two (a INTEGER) STRICT;"};

TEST_CASE("migrator: a fresh database gets every schema change once", "[storage]") {
  Database database;
  Migrator migrator(*database, sqlite_migrations());
  const auto pending = migrator.check();
  REQUIRE(pending);
  REQUIRE_FALSE(pending->empty());
  CHECK(pending->front().number == 1);
  CHECK(*migrator.migrate(at(0)) == static_cast<int>(pending->size()));
  CHECK(database.has_table("articles"));
  CHECK(*migrator.migrate(at(1)) == 0);
  CHECK(migrator.check()->empty());
}

TEST_CASE("migrator: looking for pending changes makes none", "[storage]") {
  Database database;
  Migrator migrator(*database, sqlite_migrations());
  REQUIRE(migrator.check());
  CHECK_FALSE(database.has_table("schema_migrations"));
  CHECK_FALSE(database.has_table("articles"));
}

TEST_CASE("migrator: only what is missing is applied", "[storage]") {
  Database database;
  const Migration both[] = {first, second};
  REQUIRE(*Migrator(*database, std::span(both, 1)).migrate(at(0)) == 1);
  Migrator later(*database, both);
  REQUIRE(later.check()->size() == 1);
  CHECK(later.check()->front().number == 2);
  CHECK(*later.migrate(at(0)) == 1);
  CHECK(database.has_table("two"));
}

TEST_CASE("migrator: a schema change that was edited after it was applied is refused", "[storage]") {
  Database database;
  const Migration before[] = {first};
  REQUIRE(Migrator(*database, before).migrate(at(0)));
  const Migration edited[] = {{1, "0001_first.sql", "CREATE TABLE one (a INTEGER, b TEXT) STRICT;"}, second};
  const auto outcome = Migrator(*database, edited).migrate(at(0));
  REQUIRE(outcome.has_error());
  CHECK(outcome.error().code == ErrorCode::conflict);
  CHECK(outcome.error().message.find("0001_first.sql") != std::string::npos);
  CHECK_FALSE(database.has_table("two"));
}

TEST_CASE("migrator: a database of a newer version is refused and left alone", "[storage]") {
  Database database;
  const Migration newer[] = {first, second};
  REQUIRE(Migrator(*database, newer).migrate(at(0)));
  const Migration ours[] = {first};
  const auto outcome = Migrator(*database, ours).migrate(at(0));
  REQUIRE(outcome.has_error());
  CHECK(outcome.error().code == ErrorCode::conflict);
  CHECK(outcome.error().message.find("newer version") != std::string::npos);
  CHECK(outcome.error().message.find("0002_second.sql") != std::string::npos);
}

TEST_CASE("migrator: a change that fails in its middle leaves nothing of itself", "[storage]") {
  Database database;
  const Migration torn[] = {
      first, {2, "0002_second.sql", "CREATE TABLE two (a INTEGER) STRICT; INSERT INTO nowhere VALUES (1);"}};
  const auto outcome = Migrator(*database, torn).migrate(at(0));
  REQUIRE(outcome.has_error());
  CHECK(database.has_table("one"));
  CHECK_FALSE(database.has_table("two"));
  CHECK_FALSE((*database).in_transaction());

  const Migration mended[] = {first, second};
  CHECK(*Migrator(*database, mended).migrate(at(0)) == 1);
  CHECK(database.has_table("two"));
}

TEST_CASE("migrator: the embedded files are numbered from one without gaps", "[storage]") {
  int expected = 1;
  for (const Migration& migration : sqlite_migrations()) {
    CHECK(migration.number == expected++);
    CHECK(migration.name.ends_with(".sql"));
  }
}

}  // namespace
}  // namespace galley::storage
