#include "storage/upgrade.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>
#include <string>
#include <vector>

#include "base/encoding.hpp"
#include "storage/backup.hpp"
#include "storage/sqlite/sqlite_connection.hpp"
#include "support/figure.hpp"
#include "support/filled_tables.hpp"
#include "support/temp_store.hpp"

namespace galley::storage {
namespace {

using test::at;
using test::TempFolder;

constexpr Migration first{1, "0001_first.sql", "CREATE TABLE one (a INTEGER) STRICT; INSERT INTO one VALUES (1);"};
constexpr Migration second{2, "0002_second.sql", "CREATE TABLE two (a INTEGER) STRICT; INSERT INTO two VALUES (2);"};

// A data folder at some schema.
class Site {
 public:
  explicit Site(std::span<const Migration> migrations) {
    if (!migrations.empty()) {
      const auto connection = open();
      REQUIRE(Migrator(*connection, migrations).migrate(at(0)));
    }
  }
  std::unique_ptr<SqliteConnection> open() const {
    return *SqliteConnection::open(folder_.database(), SqliteConnection::Access::writer);
  }
  Result<Upgrade> to(std::span<const Migration> migrations) const {
    const auto connection = open();
    return upgrade(folder_, *connection, migrations, at(0));
  }
  std::vector<std::string> copies() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      const std::string name = entry.path().filename().string();
      if (name.starts_with("galley.db.")) names.push_back(name);
    }
    std::ranges::sort(names);
    return names;
  }
  std::filesystem::path file() const { return folder_.database(); }
  std::filesystem::path path() const { return folder_.path(); }

 private:
  TempFolder temporary_{};
  DataFolder folder_ = *DataFolder::open(temporary_.path() / "data");
};

using Text = std::vector<std::string>;

Text schema_of(Connection& connection) {
  Text lines;
  Query query = connection.query(
      "SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '') FROM sqlite_schema "
      // The planner's own figures, which come with use.
      "WHERE name NOT LIKE 'sqlite_stat%' ORDER BY 1");
  while (*query.step())
    lines.push_back(query.row().get<std::string>(0));
  return lines;
}

Text schema_in(const std::filesystem::path& file) {
  const auto connection = *SqliteConnection::open(file, SqliteConnection::Access::reader);
  return schema_of(*connection);
}

std::string without_comments(std::string_view sql) {
  std::string text;
  while (!sql.empty()) {
    const std::string_view line = sql.substr(0, sql.find('\n'));
    text += line.substr(0, line.find("--"));
    text += '\n';
    sql.remove_prefix(std::min(line.size() + 1, sql.size()));
  }
  return text;
}

// The statements of a schema file. A trigger's body holds semicolons of its own: what SQLite does not take alone goes
// on behind the next one.
std::vector<std::string> statements_of(const Migration& migration, std::span<const Migration> before) {
  const Site scratch(before);
  const auto connection = scratch.open();
  const std::string text = without_comments(migration.sql);
  std::vector<std::string> statements;
  std::string statement;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(';', begin), text.size() - 1);
    statement += text.substr(begin, end + 1 - begin);
    begin = end + 1;
    if (!connection->run_script(statement)) continue;
    if (statement.find(';') != std::string::npos) statements.push_back(statement);
    statement.clear();
  }
  // Nothing was left over, and all of it is there.
  CHECK(trim_ascii(statement).empty());
  CHECK(schema_of(*connection).size() > 1);
  return statements;
}

TEST_CASE("upgrade: a copy of what was there is kept before a change and is as it was", "[storage]") {
  const Migration both[] = {first, second};
  const Site site(std::span(both, 1));
  const auto upgraded = site.to(both);
  REQUIRE(upgraded);
  CHECK(upgraded->applied == 1);
  REQUIRE(upgraded->copy);
  CHECK(upgraded->copy->filename() == "galley.db.before-0002");
  CHECK(verify_database(*upgraded->copy, "It", both)->pending == Text{"0002_second.sql"});
  CHECK(schema_in(*upgraded->copy).size() + 1 == schema_in(site.file()).size());
  CHECK(site.to(both)->applied == 0);
  CHECK(site.copies() == Text{"galley.db.before-0002"});
}

TEST_CASE("upgrade: a new database needs no copy", "[storage]") {
  const Migration both[] = {first, second};
  const Site site({});
  const auto upgraded = site.to(both);
  REQUIRE(upgraded);
  CHECK(upgraded->applied == 2);
  CHECK_FALSE(upgraded->copy);
  CHECK(site.copies().empty());
}

TEST_CASE("upgrade: the newest three copies are kept and nothing else is touched", "[storage]") {
  std::vector<std::string> names, texts;
  for (int i = 1; i <= 7; ++i) {
    names.push_back("000" + std::to_string(i) + "_x.sql");
    texts.push_back("CREATE TABLE t" + std::to_string(i) + " (a INTEGER);");
  }
  std::vector<Migration> migrations;
  for (int i = 0; i < 7; ++i)
    migrations.push_back({i + 1, names[static_cast<std::size_t>(i)], texts[static_cast<std::size_t>(i)]});
  const Site site(std::span(migrations).first(1));
  std::ofstream(site.path() / "galley.db.before-lunch") << "mine";
  for (std::size_t i = 2; i <= 7; ++i)
    REQUIRE(site.to(std::span(migrations).first(i)));
  CHECK(site.copies() ==
        Text{"galley.db.before-0005", "galley.db.before-0006", "galley.db.before-0007", "galley.db.before-lunch"});
}

TEST_CASE("upgrade: without room for the copy nothing is changed", "[storage]") {
  const Migration both[] = {first, second};
  const Site site(std::span(both, 1));
  {
    const auto connection = site.open();
    REQUIRE(
        connection->execute("CREATE TABLE much AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                            "WHERE i < 500) SELECT i, hex(randomblob(2000)) AS text FROM n"));
  }
  const Text before = schema_in(site.file());
  // Stands in for a full disk: no file may become as large as the copy.
  rlimit room{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &room) == 0);
  const rlimit little{.rlim_cur = 100'000, .rlim_max = room.rlim_max};
  auto* const handler = std::signal(SIGXFSZ, SIG_IGN);
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &little) == 0);
  const auto refused = site.to(both);
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &room) == 0);
  std::signal(SIGXFSZ, handler);
  REQUIRE(refused.has_error());
  CHECK(refused.error().message.find("was not changed") != std::string::npos);
  CHECK(schema_in(site.file()) == before);
  CHECK(site.copies().empty());
  CHECK(site.to(both)->applied == 1);
}

TEST_CASE("upgrade: every released schema with content becomes what a fresh database is", "[storage]") {
  const std::span<const Migration> all = sqlite_migrations();
  const Site fresh(all);
  const Text wanted = schema_in(fresh.file());
  for (std::size_t released = 1; released <= all.size(); ++released) {
    INFO(all[released - 1].name);
    const Site site(all.first(released));
    std::map<std::string, std::vector<test::TableColumn>> before;
    {
      const auto connection = site.open();
      test::fill_tables(*connection, 3);
      before = test::tables_of(*connection);
    }
    const auto upgraded = site.to(all);
    REQUIRE(upgraded);
    CHECK(static_cast<std::size_t>(upgraded->applied) == all.size() - released);
    CHECK(schema_in(site.file()) == wanted);
    REQUIRE(verify_database(site.file(), "It"));
    // What both schemas have, has what it had.
    const auto connection = site.open();
    const auto after = test::tables_of(*connection);
    std::map<std::string, std::vector<test::TableColumn>> kept;
    for (const auto& [table, columns] : before)
      if (const auto found = after.find(table); found != after.end())
        for (const test::TableColumn& column : columns)
          if (std::ranges::find(found->second, column.name, &test::TableColumn::name) != found->second.end())
            kept[table].push_back(column);
    const Site untouched(all.first(released));
    const auto reference = untouched.open();
    test::fill_tables(*reference, 3);
    const auto rows = test::rows_of(*reference, kept);
    CHECK(rows.size() > 3 * 10);
    CHECK(test::rows_of(*connection, kept) == rows);
  }
}

TEST_CASE("upgrade: one that fails at any statement leaves the old schema and the next completes it", "[storage]") {
  const std::span<const Migration> all = sqlite_migrations();
  int failures = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::vector<std::string> statements = statements_of(all[i], all.first(i));
    REQUIRE_FALSE(statements.empty());
    const Site site(all.first(i));
    const Text before = schema_in(site.file());
    std::string text;
    for (std::size_t k = 0; k <= statements.size(); ++k) {
      INFO(all[i].name << " after statement " << k);
      std::vector<Migration> torn(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(i));
      const std::string broken = text + "; SELECT no_such_function();";
      torn.push_back({all[i].number, all[i].name, broken});
      CHECK(site.to(torn).has_error());
      // But for the list of what was applied, which is made first.
      Text after = schema_in(site.file());
      std::erase_if(after, [](const std::string& line) { return line.find("schema_migrations") != std::string::npos; });
      Text old = before;
      std::erase_if(old, [](const std::string& line) { return line.find("schema_migrations") != std::string::npos; });
      CHECK(after == old);
      ++failures;
      if (k < statements.size()) text += statements[k];
    }
    REQUIRE(site.to(all.first(i + 1)));
    CHECK(schema_in(site.file()) == schema_in(Site(all.first(i + 1)).file()));
  }
  test::print_figure("upgrade: " + std::to_string(failures) + " failures, each left the old schema");
}

// Runs part in a process that then ends as if killed: nothing is closed, rolled back or written.
template <class Part>
void in_a_killed_process(Part part) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    part();
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK((WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL));
}

TEST_CASE("upgrade: a process killed at any statement leaves the old or the new schema", "[storage]") {
  const std::span<const Migration> all = sqlite_migrations();
  int kills = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::vector<std::string> statements = statements_of(all[i], all.first(i));
    const Site site(all.first(i));
    if (i > 0) test::fill_tables(*site.open(), 2);
    const Text before = schema_in(site.file());
    for (std::size_t k = 0; k <= statements.size(); ++k) {
      INFO(all[i].name << " after statement " << k);
      in_a_killed_process([&] {
        // As Migrator::apply does, with so small a cache that the log has much of it before the commit.
        const auto connection = site.open();
        static_cast<void>(connection->execute("PRAGMA cache_size = 1"));
        static_cast<void>(connection->begin_writing());
        for (std::size_t done = 0; done < k; ++done)
          static_cast<void>(connection->run_script(statements[done]));
        // It must not be closed when the process is killed.
        static_cast<void>(const_cast<std::unique_ptr<SqliteConnection>&>(connection).release());
      });
      CHECK(schema_in(site.file()) == before);
      ++kills;
    }
    in_a_killed_process([&] {
      auto connection = site.open();
      static_cast<void>(Migrator(*connection, all.first(i + 1)).migrate(at(0)));
      static_cast<void>(connection.release());
    });
    ++kills;
    CHECK(schema_in(site.file()) == schema_in(Site(all.first(i + 1)).file()));
    CHECK(site.to(all.first(i + 1))->applied == 0);
    REQUIRE(verify_database(site.file(), "It", all.first(i + 1)));
  }
  test::print_figure("upgrade: " + std::to_string(kills) + " kills, each left the old or the new schema");
}

}  // namespace
}  // namespace galley::storage
