#include "storage/publication_repo.hpp"

#include <catch2/catch.hpp>

#include "support/planned_connection.hpp"
#include "support/two_sites.hpp"

namespace galley {
namespace {

using test::at;
using test::make_article;
using test::make_publication;
using test::must;
using test::numbered;
using test::numbers;
using test::TwoSites;

struct Press : TwoSites {
  Article article = make_article(1, site);

  Press() {
    must(write([&](Transaction& t) -> Result<void> {
      GALLEY_TRY(t.articles().insert(article, "user"));
      GALLEY_TRY(t.connections().insert(test::make_connection(1, site), Secret()));
      return t.connections().insert(test::make_connection(2, site), Secret());
    }));
  }
  Result<void> insert(const Publication& publication) {
    return write([&](Transaction& t) { return t.publications().insert(publication); });
  }
  Page<Publication> list(const PublicationFilter& filter, const PageRequest& page = {}) {
    return must(read([&](const Transaction& t) { return t.publications().list(mine.id, filter, page); }));
  }
};

TEST_CASE("publications: every field comes back as it was inserted and as it was updated", "[storage]") {
  Press f;
  Publication publication = make_publication(1, f.article);
  publication.connection = numbered<ConnectionId>(1);
  must(f.insert(publication));
  publication.status = PublicationStatus::live;
  publication.external_id = "17";
  publication.external_url = "https://cms.example/17";
  publication.last_error = "earlier";
  publication.attempts = 2;
  publication.published_at = at(8);
  publication.version = 3;
  publication.updated_at = at(9);
  must(f.write([&](Transaction& t) { return t.publications().update(publication); }));
  const Publication found =
      must(f.read([&](const Transaction& t) { return t.publications().find(f.mine.id, publication.id); }));
  CHECK(found.project == f.site.id);
  CHECK(found.article == f.article.id);
  CHECK(found.connection == publication.connection);
  CHECK(found.status == PublicationStatus::live);
  CHECK(found.external_id == "17");
  CHECK(found.external_url == "https://cms.example/17");
  CHECK(found.last_error == "earlier");
  CHECK(found.attempts == 2);
  CHECK(found.published_at == at(8));
  CHECK(found.version == 3);
  CHECK(found.created_at == at(1));
  CHECK(found.updated_at == at(9));
}

TEST_CASE("publications: one for each article and connection, the native one included", "[storage]") {
  Press f;
  must(f.insert(make_publication(1, f.article)));
  const Result<void> native = f.insert(make_publication(2, f.article));
  REQUIRE(native.has_error());
  CHECK(native.error().code == ErrorCode::conflict);
  CHECK(native.error().message == "The article already has a native publication.");
  Publication first = make_publication(3, f.article);
  first.connection = numbered<ConnectionId>(1);
  must(f.insert(first));
  first.id = numbered<PublicationId>(4);
  const Result<void> twice = f.insert(first);
  REQUIRE(twice.has_error());
  CHECK(twice.error().message == "The article already has a publication on this connection.");
  CHECK(twice.error().details.at(1) == Detail{"connection_id", "conn_000000000001"});

  const auto find_for = [&](const AccountId& account, const std::optional<ConnectionId>& connection) {
    return must(
        f.read([&](const Transaction& t) { return t.publications().find_for(account, f.article.id, connection); }));
  };
  CHECK(find_for(f.mine.id, std::nullopt).value().id == numbered<PublicationId>(1));
  CHECK(find_for(f.mine.id, numbered<ConnectionId>(1)).value().id == numbered<PublicationId>(3));
  CHECK_FALSE(find_for(f.mine.id, numbered<ConnectionId>(2)).has_value());
  CHECK_FALSE(find_for(f.other.id, std::nullopt).has_value());
  CHECK(numbers(must(f.read(
            [&](const Transaction& t) { return t.publications().of_article(f.mine.id, f.article.id); }))) == "1 3");
}

TEST_CASE("publications: the hub filters by status, project and connection", "[storage]") {
  Press f;
  for (int i = 2; i <= 5; ++i) {
    const Article article = make_article(i, i == 5 ? f.second : f.site);
    Publication publication = make_publication(i, article);
    if (i <= 3) publication.connection = numbered<ConnectionId>(i - 1);
    publication.status = i % 2 == 0 ? PublicationStatus::live : PublicationStatus::failed;
    publication.updated_at = at(100 - i);
    must(f.write([&](Transaction& t) { return t.articles().insert(article, "user"); }));
    must(f.insert(publication));
  }
  CHECK(numbers(f.list({}).rows) == "5 4 3 2");
  CHECK(f.list({}).total == 4);
  CHECK(numbers(f.list({}, {.sort = {SortField::updated_at, true}}).rows) == "2 3 4 5");
  CHECK(numbers(f.list({.statuses = {PublicationStatus::live}}).rows) == "4 2");
  CHECK(numbers(f.list({.statuses = {PublicationStatus::live, PublicationStatus::failed}}).rows) == "5 4 3 2");
  CHECK(numbers(f.list({.project = f.second.id}).rows) == "5");
  CHECK(numbers(f.list({.statuses = {PublicationStatus::failed}, .project = f.site.id}).rows) == "3");
  CHECK(numbers(f.list({.connection = numbered<ConnectionId>(1)}).rows) == "2");
  CHECK(f.list({.project = f.second.id, .connection = numbered<ConnectionId>(1)}).rows.empty());
}

TEST_CASE("publications: totals follow every change and are of what is asked for", "[storage]") {
  Press f;
  std::vector<Publication> publications;
  for (int i = 2; i <= 9; ++i) {
    const Article article = make_article(i, i == 9 ? f.second : f.site);
    Publication publication = make_publication(i, article);
    if (i <= 5) publication.connection = numbered<ConnectionId>(i <= 3 ? 1 : 2);
    publication.status = i % 2 == 0 ? PublicationStatus::live : PublicationStatus::failed;
    must(f.write([&](Transaction& t) { return t.articles().insert(article, "user"); }));
    must(f.insert(publication));
    publications.push_back(publication);
  }
  // Of a page that holds less than there is: a whole list would tell its own length.
  const auto total = [&](const PublicationFilter& filter) { return f.list(filter, {.size = 1}).total; };
  const ConnectionId first = numbered<ConnectionId>(1), second = numbered<ConnectionId>(2);
  CHECK(total({}) == 8);
  CHECK(total({.project = f.site.id}) == 7);
  CHECK(total({.statuses = {PublicationStatus::live}}) == 4);
  CHECK(total({.statuses = {PublicationStatus::live}, .project = f.site.id}) == 4);
  CHECK(total({.statuses = {PublicationStatus::failed, PublicationStatus::live}, .connection = second}) == 2);
  CHECK(total({.connection = first}) == 2);
  CHECK(total({.project = f.site.id, .connection = first}) == 2);
  CHECK(f.list({.project = f.second.id, .connection = first}, {.page = 2, .size = 1}).total == 0);

  publications[0].status = PublicationStatus::failed;
  must(f.write([&](Transaction& t) { return t.publications().update(publications[0]); }));
  CHECK(total({.statuses = {PublicationStatus::live}}) == 3);
  CHECK(total({.statuses = {PublicationStatus::failed}, .connection = first}) == 2);
  must(f.write([&](Transaction& t) { return t.articles().remove(f.mine.id, publications[0].article); }));
  CHECK(f.list({.connection = first}, {.page = 2, .size = 1}).total == 1);
  CHECK(total({.project = f.site.id}) == 6);
  must(f.write([&](Transaction& t) { return t.connections().remove(f.mine.id, second); }));
  CHECK(f.list({.connection = second}, {.page = 2, .size = 1}).total == 0);
  CHECK(total({}) == 5);
}

TEST_CASE("publications: another account neither sees nor changes one", "[storage]") {
  Press f;
  Publication publication = make_publication(1, f.article);
  must(f.insert(publication));
  const AccountId& other = f.other.id;
  CHECK(f.read([&](const Transaction& t) { return t.publications().find(other, publication.id); }).error().code ==
        ErrorCode::not_found);
  CHECK(must(f.read([&](const Transaction& t) { return t.publications().of_article(other, f.article.id); })).empty());
  for (const PublicationFilter& filter :
       {PublicationFilter{}, {.project = f.site.id}, {.statuses = {PublicationStatus::pending}}})
    CHECK(must(f.read([&](const Transaction& t) { return t.publications().list(other, filter, {}); })).rows.empty());
  publication.account = other;
  CHECK(f.write([&](Transaction& t) { return t.publications().update(publication); }).error().code ==
        ErrorCode::not_found);
}

TEST_CASE("publications: they go with their article and with their project", "[storage]") {
  Press f;
  must(f.insert(make_publication(1, f.article)));
  must(f.write([&](Transaction& t) { return t.articles().remove(f.mine.id, f.article.id); }));
  CHECK(f.list({}).rows.empty());
}

TEST_CASE("publications: no statement walks or sorts a table", "[storage]") {
  test::PlannedConnection connection;
  const storage::PublicationRepo repo(connection);
  const AccountId account("acc_1");
  const std::vector<PublicationStatus> one = {PublicationStatus::live};
  const std::vector<PublicationStatus> two = {PublicationStatus::live, PublicationStatus::failed};
  const ProjectId project("proj_1");
  const ConnectionId on("conn_1");
  for (const PublicationFilter& filter : {PublicationFilter{},
                                          {.statuses = one},
                                          {.statuses = two},
                                          {.project = project},
                                          {.statuses = one, .project = project},
                                          {.statuses = two, .project = project},
                                          {.connection = on},
                                          {.statuses = one, .project = project, .connection = on}})
    must(repo.list(account, filter, {}));
  must(repo.list(account, {}, {.sort = {SortField::updated_at, true}}));
  must(repo.list(account, {.project = project}, {.sort = {SortField::updated_at, true}}));
  must(repo.find_for(account, ArticleId("art_1"), std::nullopt));
  CHECK_THAT(connection.take_plans(), test::uses_indexes());
}

TEST_CASE("publications: those of an article are found by the article and not among all of the account's",
          "[storage]") {
  test::PlannedConnection connection;
  const storage::PublicationRepo repo(connection);
  must(repo.of_article(AccountId("acc_1"), ArticleId("art_1")));
  must(repo.find_for(AccountId("acc_1"), ArticleId("art_1"), std::nullopt));
  const std::string plans = connection.take_plans();
  CHECK_THAT(plans, Catch::Contains("publications_target (article_id=?)"));
  CHECK_THAT(plans, Catch::Contains("publications_target (article_id=? AND <expr>=?)"));
  CHECK_THAT(plans, !Catch::Contains("(account_id=?)"));
}

}  // namespace
}  // namespace galley
