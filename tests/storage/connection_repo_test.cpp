#include "storage/connection_repo.hpp"

#include <catch2/catch.hpp>

#include "support/planned_connection.hpp"
#include "support/two_sites.hpp"

namespace galley {
namespace {

using test::at;
using test::make_connection;
using test::must;
using test::numbered;
using test::numbers;
using test::TwoSites;

struct Connected : TwoSites {
  void insert(const Connection& connection, const std::string& credentials = "") {
    must(write([&](Transaction& t) { return t.connections().insert(connection, Secret(credentials)); }));
  }
  Connection find(std::int64_t number) {
    return must(
        read([&](const Transaction& t) { return t.connections().find(mine.id, numbered<ConnectionId>(number)); }));
  }
  Result<Secret> credentials(const AccountId& account, std::int64_t number) {
    return read(
        [&](const Transaction& t) { return t.connections().credentials(account, numbered<ConnectionId>(number)); });
  }
};

TEST_CASE("connections: every field comes back as it was inserted and as it was updated", "[storage]") {
  Connected f;
  Connection connection = make_connection(1, f.site);
  connection.settings = json::Value(json::Object{{"url", json::Value(std::string("https://x.example/"))}});
  connection.default_categories = {"a"};
  connection.default_tags = {"b", "c"};
  connection.credentials_hint = "•••abcd";
  f.insert(connection);
  Connection found = f.find(1);
  CHECK(found.project == f.site.id);
  CHECK(found.name == "Connection 1");
  CHECK(found.type == ConnectionType::webhook);
  CHECK(found.settings == connection.settings);
  CHECK(found.default_categories == connection.default_categories);
  CHECK(found.default_tags == connection.default_tags);
  CHECK(found.status == ConnectionStatus::checking);
  CHECK(found.credentials_hint == "•••abcd");
  CHECK(found.created_at == at(1));

  connection.name = "Renamed";
  connection.status = ConnectionStatus::error;
  connection.last_error = "401";
  connection.last_used_at = at(5);
  connection.version = 2;
  connection.updated_at = at(6);
  must(f.write([&](Transaction& t) { return t.connections().update(connection); }));
  found = f.find(1);
  CHECK(found.name == "Renamed");
  CHECK(found.status == ConnectionStatus::error);
  CHECK(found.last_error == "401");
  CHECK(found.last_used_at == at(5));
  CHECK(found.version == 2);
  CHECK(found.updated_at == at(6));
}

TEST_CASE("connections: credentials are sealed, replaced, and may be none", "[storage]") {
  Connected f;
  f.insert(make_connection(1, f.site), "{\"token\":\"canary-4712\"}");
  f.insert(make_connection(2, f.site));
  CHECK(must(f.credentials(f.mine.id, 1)).reveal() == "{\"token\":\"canary-4712\"}");
  CHECK(must(f.credentials(f.mine.id, 2)).empty());
  f.store.close();
  {
    auto raw = must(
        storage::SqliteConnection::open(f.store.folder() / "galley.db", storage::SqliteConnection::Access::writer));
    storage::Query stored = raw->query("SELECT credentials FROM connections WHERE id = 'conn_000000000001'");
    REQUIRE(stored.step().value());
    CHECK(stored.row().bytes(0).find("canary-4712") == std::string_view::npos);
    REQUIRE(stored.run().has_value());
    REQUIRE(raw->run_script("UPDATE connections SET credentials = (SELECT credentials FROM connections "
                            "WHERE id = 'conn_000000000001') WHERE id = 'conn_000000000002';")
                .has_value());
  }
  f.store.reopen();
  CHECK(f.credentials(f.mine.id, 2).error().code == ErrorCode::internal);
  must(f.write([&](Transaction& t) {
    return t.connections().set_credentials(f.mine.id, numbered<ConnectionId>(2), Secret("new"));
  }));
  CHECK(must(f.credentials(f.mine.id, 2)).reveal() == "new");
  must(f.write(
      [&](Transaction& t) { return t.connections().set_credentials(f.mine.id, numbered<ConnectionId>(2), Secret()); }));
  CHECK(must(f.credentials(f.mine.id, 2)).empty());
}

TEST_CASE("connections: a list is of one project, in every order", "[storage]") {
  Connected f;
  for (int i = 1; i <= 3; ++i) {
    Connection connection = make_connection(i, f.site);
    connection.name = std::string(1, "bca"[i - 1]);
    connection.updated_at = at(10 - i);
    f.insert(connection);
  }
  f.insert(make_connection(4, f.second));
  const auto list = [&](const AccountId& account, const Sort& sort) {
    return numbers(must(f.read([&](const Transaction& t) {
                     return t.connections().list(account, f.site.id, {.sort = sort});
                   })).rows);
  };
  CHECK(list(f.mine.id, {}) == "3 2 1");
  CHECK(list(f.mine.id, {SortField::updated_at, true}) == "1 2 3");
  CHECK(list(f.mine.id, {SortField::title, false}) == "3 1 2");
  CHECK(list(f.other.id, {}).empty());
}

TEST_CASE("connections: another account neither sees nor changes one", "[storage]") {
  Connected f;
  f.insert(make_connection(1, f.site), "secret");
  const ConnectionId id = numbered<ConnectionId>(1);
  const AccountId& other = f.other.id;
  CHECK(f.read([&](const Transaction& t) { return t.connections().find(other, id); }).error().code ==
        ErrorCode::not_found);
  CHECK(f.credentials(other, 1).error().code == ErrorCode::not_found);
  CHECK(f.write([&](Transaction& t) { return t.connections().remove(other, id); }).error().code ==
        ErrorCode::not_found);
  CHECK(f.write([&](Transaction& t) { return t.connections().set_credentials(other, id, Secret("x")); }).error().code ==
        ErrorCode::not_found);
  Connection stolen = make_connection(1, f.site);
  stolen.account = other;
  CHECK(f.write([&](Transaction& t) { return t.connections().update(stolen); }).error().code == ErrorCode::not_found);
  CHECK(must(f.credentials(f.mine.id, 1)).reveal() == "secret");
}

TEST_CASE("connections: a removed one is no project's default any more, and its publications go", "[storage]") {
  Connected f;
  f.insert(make_connection(1, f.site));
  const Article article = test::make_article(1, f.site);
  Publication publication = test::make_publication(1, article);
  publication.connection = numbered<ConnectionId>(1);
  f.site.default_connection = numbered<ConnectionId>(1);
  must(f.write([&](Transaction& t) -> Result<void> {
    GALLEY_TRY(t.articles().insert(article, "user"));
    GALLEY_TRY(t.publications().insert(publication));
    return t.projects().update(f.site);
  }));
  must(f.write([&](Transaction& t) { return t.connections().remove(f.mine.id, numbered<ConnectionId>(1)); }));
  CHECK_FALSE(must(f.read([&](const Transaction& t) {
                return t.projects().find(f.mine.id, f.site.id);
              })).default_connection.has_value());
  CHECK(must(f.read([&](const Transaction& t) { return t.publications().of_article(f.mine.id, article.id); })).empty());
}

TEST_CASE("connections: no list walks or sorts a table", "[storage]") {
  test::PlannedConnection connection;
  const SealingKey key = test::test_key();
  const storage::Sealer sealer(key);
  const storage::ConnectionRepo repo(connection, sealer);
  for (const SortField field : {SortField::created_at, SortField::updated_at, SortField::title})
    must(repo.list(AccountId("acc_1"), ProjectId("proj_1"), {.sort = {field, true}}));
  CHECK_THAT(connection.take_plans(), test::uses_indexes());
}

}  // namespace
}  // namespace galley
