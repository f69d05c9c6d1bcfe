#include "storage/sql.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "storage/sqlite/sqlite_connection.hpp"
#include "support/temp_store.hpp"

namespace galley::storage {
namespace {

using Access = SqliteConnection::Access;

struct Fixture {
  test::TempFolder folder;
  std::unique_ptr<SqliteConnection> connection;
  Fixture() {
    std::ofstream(file()).close();
    connection = *SqliteConnection::open(file(), Access::writer);
    REQUIRE(connection->run_script(
        "CREATE TABLE things (row INTEGER PRIMARY KEY, name TEXT, size INTEGER, share REAL, bytes BLOB) STRICT;"
        "CREATE UNIQUE INDEX things_name ON things (name, size);"
        "CREATE UNIQUE INDEX things_share ON things (coalesce(share, 0.0));"));
  }
  std::filesystem::path file() const { return folder.path() / "galley.db"; }
  SqlResult<void> insert(const std::string& name, std::optional<int> size, std::optional<double> share) {
    Query query = connection->query("INSERT INTO things (name, size, share) VALUES ($name, $size, $share)");
    return query.bind("name", name).bind("size", size).bind("share", share).run();
  }
  std::int64_t count() {
    Query query = connection->query("SELECT count(*) FROM things");
    REQUIRE(query.step());
    return query.row().get<std::int64_t>(0);
  }
};

TEST_CASE("sql: values come back as they were bound", "[storage]") {
  Fixture fixture;
  const std::string bytes("\0\xff\x01", 3);
  Query insert = fixture.connection->query(
      "INSERT INTO things (name, size, share, bytes) VALUES ($name, $size, $share, $bytes) "
      "RETURNING name, size, share, bytes");
  insert.bind("share", 0.1).bind("name", "Grüße \"x\"").bind("size", std::int64_t{-9007199254740993});
  REQUIRE(*insert.bind_bytes("bytes", bytes).step());
  std::string name;
  std::int64_t size = 0;
  double share = 0;
  insert.row().into(name, size, share);
  CHECK(name == "Grüße \"x\"");
  CHECK(size == -9007199254740993);
  CHECK(share == 0.1);
  CHECK(insert.row().bytes(3) == bytes);
}

TEST_CASE("sql: an empty text is not NULL, and nothing is", "[storage]") {
  Fixture fixture;
  Query query = fixture.connection->query("SELECT $a IS NULL, $b IS NULL, $c IS NULL, $d");
  query.bind("a", std::string_view()).bind("b", std::optional<std::string>()).bind("c", std::vector<std::string>());
  REQUIRE(*query.bind("d", std::optional<int>()).step());
  CHECK(query.row().get<int>(0) == 0);
  CHECK(query.row().get<int>(1) == 1);
  CHECK(query.row().get<int>(2) == 0);
  CHECK_FALSE(query.row().get<std::optional<int>>(3));
}

TEST_CASE("sql: lists survive quotes, controls and emptiness", "[storage]") {
  Fixture fixture;
  const std::vector<std::string> texts{"", "a\"b", "[]", "line\nbreak", "ü"};
  const std::vector<std::pair<std::string, std::string>> pairs{{"X-A", "1"}, {"X-A", "2, \"3\""}};
  Query query = fixture.connection->query("SELECT $texts, $pairs, $none");
  query.bind("texts", texts).bind("pairs", pairs);
  REQUIRE(*query.bind("none", std::vector<std::string>()).step());
  CHECK(query.row().get<std::vector<std::string>>(0) == texts);
  CHECK(query.row().get<std::vector<std::pair<std::string, std::string>>>(1) == pairs);
  CHECK(query.row().get<std::vector<std::string>>(2).empty());
}

TEST_CASE("sql: what this program never stored is an exception and not a guess", "[storage]") {
  Fixture fixture;
  Query query = fixture.connection->query("SELECT 'emperor', '{\"a\":1}', '[1]', 4294967296, 'not json'");
  REQUIRE(*query.step());
  CHECK_THROWS_AS(query.row().get<Role>(0), std::runtime_error);
  CHECK_THROWS_AS(query.row().get<std::vector<std::string>>(1), std::runtime_error);
  CHECK_THROWS_AS(query.row().get<std::vector<std::string>>(2), std::runtime_error);
  CHECK_THROWS_AS(query.row().get<int>(3), std::runtime_error);
  CHECK_THROWS_AS(query.row().get<json::Value>(4), std::runtime_error);
}

TEST_CASE("sql: a parameter that the statement does not have is a bug", "[storage]") {
  Fixture fixture;
  Query query = fixture.connection->query("SELECT $a");
  CHECK_THROWS_AS(query.bind("b", 1), std::logic_error);
  CHECK_THROWS_AS(fixture.connection->query("SELECT 1").bind("a", 1), std::logic_error);
}

TEST_CASE("sql: a statement that cannot be prepared fails at its first step", "[storage]") {
  Fixture fixture;
  Query query = fixture.connection->query("SELECT nothing FROM nowhere WHERE a = $a");
  const SqlResult<bool> outcome = query.bind("a", 1).step();
  REQUIRE(outcome.has_error());
  CHECK(outcome.error().kind == SqlFailure::other);
  CHECK(Error(outcome.error()).code == ErrorCode::internal);
  CHECK(Error(outcome.error()).message.find("nowhere") == std::string::npos);
}

TEST_CASE("sql: a finished statement does not run again when it is stepped once more", "[storage]") {
  Fixture fixture;
  Query query = fixture.connection->query("INSERT INTO things (name) VALUES ('a')");
  CHECK_FALSE(*query.step());
  CHECK_FALSE(*query.step());
  CHECK(fixture.count() == 1);
}

TEST_CASE("sql: bound values do not leak into the next use of a statement", "[storage]") {
  Fixture fixture;
  const std::string sql = "SELECT $a";
  REQUIRE(*fixture.connection->query(sql).bind("a", 7).step());
  Query again = fixture.connection->query(sql);
  REQUIRE(*again.step());
  CHECK_FALSE(again.row().get<std::optional<int>>(0));
}

TEST_CASE("sql: one text may be in use twice, and more texts than the cache holds may be used", "[storage]") {
  Fixture fixture;
  for (int i = 0; i < 3; ++i)
    REQUIRE(fixture.insert("n", i, i));
  const std::string sql = "SELECT size FROM things ORDER BY size";
  Query outer = fixture.connection->query(sql);
  int pairs = 0;
  while (*outer.step()) {
    Query inner = fixture.connection->query(sql);
    while (*inner.step())
      ++pairs;
  }
  CHECK(pairs == 9);
  Query held = fixture.connection->query("SELECT 'held'");
  REQUIRE(*held.step());
  for (std::size_t i = 0; i < 3 * Connection::max_cached_statements; ++i) {
    Query query = fixture.connection->query("SELECT " + std::to_string(i));
    REQUIRE(*query.step());
    REQUIRE(query.row().get<std::size_t>(0) == i);
  }
  CHECK(held.row().get<std::string>(0) == "held");
}

TEST_CASE("sql: a unique violation names its index, over columns and over expressions", "[storage]") {
  Fixture fixture;
  REQUIRE(fixture.insert("a", 1, 1.0));
  const SqlResult<void> columns = fixture.insert("a", 1, 2.0);
  REQUIRE(columns.has_error());
  CHECK(columns.error().violates("things_name"));
  CHECK_FALSE(columns.error().violates("things_share"));
  const SqlResult<void> expression = fixture.insert("b", 1, 1.0);
  REQUIRE(expression.has_error());
  CHECK(expression.error().violates("things_share"));
  CHECK(fixture.count() == 1);
}

TEST_CASE("sql: a savepoint undoes what came after it alone", "[storage]") {
  Fixture fixture;
  SqliteConnection& connection = *fixture.connection;
  REQUIRE(connection.begin_writing());
  REQUIRE(fixture.insert("a", 1, 1));
  REQUIRE(connection.set_savepoint());
  REQUIRE(fixture.insert("b", 2, 2));
  REQUIRE(connection.undo_to_savepoint());
  REQUIRE(connection.set_savepoint());
  REQUIRE(fixture.insert("c", 3, 3));
  REQUIRE(connection.release_savepoint());
  REQUIRE(connection.commit());
  CHECK(fixture.count() == 2);
  connection.rollback();  // of nothing
  CHECK(fixture.count() == 2);
}

TEST_CASE("sql: while another connection writes, one that wants to is told that it is busy", "[storage]") {
  Fixture fixture;
  auto other = *SqliteConnection::open(fixture.file(), Access::writer);
  REQUIRE(fixture.connection->begin_writing());
  const SqlResult<void> outcome = other->begin_writing();
  REQUIRE(outcome.has_error());
  CHECK(outcome.error().kind == SqlFailure::busy);
  CHECK(Error(outcome.error()).code == ErrorCode::unavailable);
}

TEST_CASE("sql: readers refuse every kind of writing", "[storage]") {
  Fixture fixture;
  auto reader = *SqliteConnection::open(fixture.file(), Access::reader);
  for (const std::string_view sql : {"INSERT INTO things (name) VALUES ('a')", "CREATE TABLE more (a INTEGER) STRICT",
                                     "DELETE FROM things", "DROP TABLE things"}) {
    INFO(sql);
    CHECK(reader->execute(sql).has_error());
  }
  CHECK(fixture.count() == 0);
}

TEST_CASE("sql: the log is folded into the database as it grows, and emptied at rest", "[storage]") {
  Fixture fixture;
  const std::filesystem::path log = fixture.file().string() + "-wal";
  const std::string bulk(100000, 'x');
  for (int i = 0; i < 150; ++i) {  // 15 MB
    REQUIRE(fixture.insert(bulk, i, i));
    fixture.connection->tidy_after_commit();
  }
  CHECK(std::filesystem::file_size(log) < (8u << 20));
  fixture.connection->tidy_at_rest();
  CHECK(std::filesystem::file_size(log) == 0);
  CHECK(fixture.count() == 150);
}

TEST_CASE("sql: a reader that stays does not stop writing, and the log shrinks when it goes", "[storage]") {
  Fixture fixture;
  const std::filesystem::path log = fixture.file().string() + "-wal";
  auto reader = *SqliteConnection::open(fixture.file(), Access::reader);
  REQUIRE(reader->begin_reading());
  {
    Query query = reader->query("SELECT count(*) FROM things");
    REQUIRE(*query.step());
  }
  const std::string bulk(100000, 'x');
  for (int i = 0; i < 100; ++i) {
    REQUIRE(fixture.insert(bulk, i, i));
    fixture.connection->tidy_after_commit();
  }
  CHECK(std::filesystem::file_size(log) > (8u << 20));
  reader->rollback();
  fixture.connection->tidy_at_rest();
  CHECK(std::filesystem::file_size(log) == 0);
}

}  // namespace
}  // namespace galley::storage
