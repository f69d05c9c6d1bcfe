#include "storage/keyword_repo.hpp"

#include <catch2/catch.hpp>

#include "support/temp_store.hpp"

namespace galley {
namespace {

using test::at;
using test::make_account;
using test::make_keyword;
using test::make_project;
using test::numbered;
using test::TempStore;

struct Fixture {
  TempStore store;
  Account mine = make_account(1), other = make_account(2);
  Project project = make_project(1, mine.id), second = make_project(2, mine.id);
  Fixture() {
    store.write([&](Transaction& t) -> Result<void> {
      GALLEY_TRY(t.accounts().insert(mine));
      GALLEY_TRY(t.accounts().insert(other));
      GALLEY_TRY(t.projects().insert(project, Secret("s")));
      return t.projects().insert(second, Secret("s"));
    });
  }
  Keyword add(std::int64_t number, const std::function<void(Keyword&)>& shape = [](Keyword&) {}) {
    Keyword keyword = make_keyword(number, project);
    shape(keyword);
    store.write([&](Transaction& t) { return t.keywords().insert(keyword); });
    return keyword;
  }
  std::vector<std::string> texts(const KeywordFilter& filter, bool selected = false) {
    std::vector<std::string> found;
    store->read([&](const Transaction& t) -> Result<void> {
      if (selected) {
        const std::vector<Keyword> rows = GALLEY_TRY(t.keywords().select(mine.id, project.id, filter, 100));
        for (const Keyword& row : rows)
          found.push_back(row.text);
        return {};
      }
      const PageRequest by_text{.size = 100, .sort = {.field = SortField::title, .descending = false}};
      const Page<Keyword> page = GALLEY_TRY(t.keywords().list(mine.id, project.id, filter, by_text));
      CHECK(page.total == static_cast<std::int64_t>(page.rows.size()));
      for (const Keyword& row : page.rows)
        found.push_back(row.text);
      return {};
    });
    return found;
  }
};

using Texts = std::vector<std::string>;

TEST_CASE("keywords: every column comes back as it was written", "[storage]") {
  Fixture fixture;
  const Cluster cluster{.id = numbered<ClusterId>(1),
                        .account = fixture.mine.id,
                        .project = fixture.project.id,
                        .name = "Beds",
                        .created_at = at(1)};
  fixture.store.write([&](Transaction& t) { return t.keywords().insert_cluster(cluster); });
  Keyword keyword = fixture.add(1);
  keyword.text = "raised bed";
  keyword.volume = 1200;
  keyword.difficulty = 0;
  keyword.intent = Intent::commercial;
  keyword.priority = Priority::high;
  keyword.cluster = cluster.id;
  keyword.status = KeywordStatus::queued;
  keyword.version = 2;
  keyword.updated_at = at(5);
  fixture.store.write([&](Transaction& t) { return t.keywords().update(keyword); });
  const auto found =
      fixture.store->read([&](const Transaction& t) { return t.keywords().find(fixture.mine.id, keyword.id); });
  REQUIRE(found);
  CHECK(found->text == "raised bed");
  CHECK(found->volume == 1200);
  CHECK(found->difficulty == 0);
  CHECK(found->intent == Intent::commercial);
  CHECK(found->priority == Priority::high);
  CHECK(found->cluster == cluster.id);
  CHECK(found->status == KeywordStatus::queued);
  CHECK_FALSE(found->article);
  CHECK(found->version == 2);
  CHECK(found->created_at == at(1));
  CHECK(found->updated_at == at(5));
}

TEST_CASE("keywords: one that differs in case and spaces alone is there already", "[storage]") {
  Fixture fixture;
  fixture.add(1, [](Keyword& keyword) { keyword.text = "Straße im  Garten"; });
  Keyword same = make_keyword(2, fixture.project);
  same.text = " STRASSE im garten";
  const auto insert = [&](const Keyword& keyword) {
    return fixture.store->write_and_wait([&](Transaction& t) { return t.keywords().insert(keyword); });
  };
  REQUIRE(insert(same).has_error());
  CHECK(insert(same).error().code == ErrorCode::conflict);
  CHECK(insert(same).error().message == "The project has this keyword already.");
  same.project = fixture.second.id;
  CHECK(insert(same));
  const auto found = fixture.store->read([&](const Transaction& t) {
    return t.keywords().find_by_text(fixture.mine.id, fixture.project.id, "strasse IM garten");
  });
  REQUIRE(found);
  REQUIRE(*found);
  CHECK((*found)->id == numbered<KeywordId>(1));

  // Renaming into another one's text is refused the same way.
  Keyword third = fixture.add(3);
  third.text = "straße im garten";
  CHECK(fixture.store->write_and_wait([&](Transaction& t) { return t.keywords().update(third); }).error().code ==
        ErrorCode::conflict);
}

TEST_CASE("keywords: filters narrow the list together", "[storage]") {
  Fixture fixture;
  fixture.add(1, [](Keyword& k) {
    k.text = "alpha 100%";
    k.status = KeywordStatus::queued;
    k.priority = Priority::high;
  });
  fixture.add(2, [](Keyword& k) {
    k.text = "beta_one";
    k.status = KeywordStatus::generated;
    k.intent = Intent::commercial;
  });
  fixture.add(3, [](Keyword& k) {
    k.text = "betaXone";
    k.status = KeywordStatus::queued;
  });
  CHECK(fixture.texts({}) == Texts{"alpha 100%", "betaXone", "beta_one"});
  CHECK(fixture.texts({.statuses = {KeywordStatus::queued}}) == Texts{"alpha 100%", "betaXone"});
  CHECK(fixture.texts({.statuses = {KeywordStatus::queued, KeywordStatus::generated}}).size() == 3);
  CHECK(fixture.texts({.statuses = {KeywordStatus::published}}).empty());
  CHECK(fixture.texts({.priority = Priority::high}) == Texts{"alpha 100%"});
  CHECK(fixture.texts({.intent = Intent::commercial}) == Texts{"beta_one"});
  CHECK(fixture.texts({.statuses = {KeywordStatus::queued}, .priority = Priority::low}).empty());
  CHECK(fixture.texts({.search = "BETA"}) == Texts{"betaXone", "beta_one"});
  // LIKE's own signs are ordinary letters.
  CHECK(fixture.texts({.search = "a_o"}) == Texts{"beta_one"});
  CHECK(fixture.texts({.search = "100%"}) == Texts{"alpha 100%"});
  CHECK(fixture.texts({.search = "%%"}).empty());
  CHECK(fixture.texts({.search = "\\"}).empty());
}

TEST_CASE("keywords: selection takes high priority first, then volume, then age", "[storage]") {
  Fixture fixture;
  fixture.add(1, [](Keyword& k) {
    k.text = "low, much";
    k.priority = Priority::low;
    k.volume = 9000;
  });
  fixture.add(2, [](Keyword& k) {
    k.text = "high, unknown";
    k.priority = Priority::high;
  });
  fixture.add(3, [](Keyword& k) {
    k.text = "high, some";
    k.priority = Priority::high;
    k.volume = 10;
  });
  fixture.add(4, [](Keyword& k) {
    k.text = "high, none";
    k.priority = Priority::high;
    k.volume = 0;
  });
  fixture.add(5, [](Keyword& k) {
    k.text = "medium, old";
    k.volume = 5;
  });
  fixture.add(6, [](Keyword& k) {
    k.text = "medium, new";
    k.volume = 5;
  });
  fixture.add(7, [](Keyword& k) {
    k.text = "done";
    k.priority = Priority::high;
    k.status = KeywordStatus::generated;
  });
  const KeywordFilter open{.statuses = {KeywordStatus::not_generated}};
  CHECK(fixture.texts(open, true) ==
        Texts{"high, some", "high, none", "high, unknown", "medium, old", "medium, new", "low, much"});
}

TEST_CASE("keywords: a scan takes all in chunks, in the order of creation", "[storage]") {
  Fixture fixture;
  for (int i = 1; i <= 7; ++i)
    fixture.add(i);
  std::vector<std::string> seen;
  std::int64_t after = 0;
  int chunks = 0;
  for (;;) {
    const auto chunk = fixture.store->read(
        [&](const Transaction& t) { return t.keywords().scan(fixture.mine.id, fixture.project.id, after, 3); });
    REQUIRE(chunk);
    ++chunks;
    for (const Keyword& row : chunk->rows)
      seen.push_back(row.id.text());
    if (!chunk->next) break;
    after = *chunk->next;
  }
  CHECK(chunks == 3);
  REQUIRE(seen.size() == 7);
  for (int i = 1; i <= 7; ++i)
    CHECK(seen[static_cast<std::size_t>(i - 1)] == numbered<KeywordId>(i).text());
  CHECK(*fixture.store->read(
            [&](const Transaction& t) { return t.keywords().count(fixture.mine.id, fixture.project.id); }) == 7);
}

TEST_CASE("keywords: another account sees and changes none", "[storage]") {
  Fixture fixture;
  const AccountId& other = fixture.other.id;
  Keyword keyword = fixture.add(1);
  const Cluster cluster{.id = numbered<ClusterId>(1),
                        .account = fixture.mine.id,
                        .project = fixture.project.id,
                        .name = "Beds",
                        .created_at = at(1)};
  fixture.store.write([&](Transaction& t) { return t.keywords().insert_cluster(cluster); });
  fixture.store->read([&](const Transaction& t) -> Result<void> {
    const Keywords& keywords = t.keywords();
    CHECK(keywords.find(other, keyword.id).error().code == ErrorCode::not_found);
    CHECK_FALSE(*keywords.find_by_text(other, fixture.project.id, keyword.text));
    CHECK(keywords.list(other, fixture.project.id, {}, {})->rows.empty());
    CHECK(keywords.list(other, fixture.project.id, {}, {})->total == 0);
    CHECK(keywords.select(other, fixture.project.id, {}, 10)->empty());
    CHECK(keywords.scan(other, fixture.project.id, 0, 10)->rows.empty());
    CHECK(*keywords.count(other, fixture.project.id) == 0);
    CHECK(keywords.find_cluster(other, cluster.id).error().code == ErrorCode::not_found);
    CHECK_FALSE(*keywords.find_cluster_by_name(other, fixture.project.id, "beds"));
    CHECK(keywords.clusters(other, fixture.project.id)->empty());
    return {};
  });
  keyword.account = other;
  keyword.text = "stolen";
  const auto code = [&](auto body) { return fixture.store->write_and_wait(body).error().code; };
  CHECK(code([&](Transaction& t) { return t.keywords().update(keyword); }) == ErrorCode::not_found);
  CHECK(code([&](Transaction& t) { return t.keywords().remove(other, keyword.id); }) == ErrorCode::not_found);
  CHECK(fixture.texts({}) == Texts{"Keyword 1"});
}

TEST_CASE("clusters: a name is unique in its project after folding", "[storage]") {
  Fixture fixture;
  Cluster cluster{.id = numbered<ClusterId>(1),
                  .account = fixture.mine.id,
                  .project = fixture.project.id,
                  .name = "Raised Beds",
                  .created_at = at(1)};
  const auto insert = [&] {
    return fixture.store->write_and_wait([&](Transaction& t) { return t.keywords().insert_cluster(cluster); });
  };
  REQUIRE(insert());
  cluster.id = numbered<ClusterId>(2);
  cluster.name = "raised  BEDS";
  CHECK(insert().error().code == ErrorCode::conflict);
  const auto found = fixture.store->read([&](const Transaction& t) {
    return t.keywords().find_cluster_by_name(fixture.mine.id, fixture.project.id, "RAISED beds ");
  });
  REQUIRE(*found);
  CHECK((*found)->name == "Raised Beds");
  CHECK(fixture.store
            ->read([&](const Transaction& t) { return t.keywords().clusters(fixture.mine.id, fixture.project.id); })
            ->size() == 1);
}

}  // namespace
}  // namespace galley
