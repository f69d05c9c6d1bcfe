// How every list that the API offers is read: for each combination of filter, order, direction and cursor the plan
// walks an index in the order that is asked for. What may sort instead is named here, with what bounds it.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "storage/api_key_repo.hpp"
#include "storage/article_repo.hpp"
#include "storage/audit_repo.hpp"
#include "storage/connection_repo.hpp"
#include "storage/delivery_repo.hpp"
#include "storage/job_repo.hpp"
#include "storage/keyword_repo.hpp"
#include "storage/project_repo.hpp"
#include "storage/publication_repo.hpp"
#include "storage/webhook_repo.hpp"
#include "support/planned_connection.hpp"
#include "support/source_file.hpp"
#include "support/two_sites.hpp"

namespace galley {
namespace {

using test::at;
using test::must;
using test::PlannedConnection;

// Every list of the storage: a new one has to be tested here too.
const std::set<std::string> tested = {"ApiKey",  "AuditEntry",  "Article", "galley::Connection", "Delivery", "Job",
                                      "Keyword", "Publication", "Project", "Revision",           "Webhook"};

enum class Expected : std::uint8_t {
  in_order,  // an index has the rows in the order that is asked for
  sorted,    // what was found is sorted: a keyword's few articles, up to 4,000 matches, the newest 10,000 of a search
  refused,   // the list has no such order
};

const AccountId account("acc_1");
const ProjectId project("proj_1");

// Everything that a page can ask for.
std::vector<PageRequest> pages() {
  std::vector<PageRequest> all;
  for (const SortField field : {SortField::created_at, SortField::updated_at, SortField::title})
    for (const bool descending : {false, true})
      for (const bool behind : {false, true}) {
        PageRequest page{.sort = {field, descending}};
        if (behind) page.after = Cursor{.sort = page.sort, .value = "5", .row = 5};
        all.push_back(std::move(page));
      }
  return all;
}

std::string name_of(const PageRequest& page) {
  return std::string(to_text(page.sort.field)) + (page.sort.descending ? " falling" : " rising") +
         (page.after ? " behind a cursor" : "");
}

// Runs one combination with nothing remembered, so that each of its statements is planned.
template <class List>
void check_plans(PlannedConnection& connection, Expected expected, const List& list) {
  connection.forget();
  connection.take_plans();
  const auto page = list();
  const std::string plans = connection.take_plans();
  CAPTURE(plans);
  if (expected == Expected::refused) {
    REQUIRE(page.has_error());
    CHECK(page.error().fields.front().field == "sort");
    return;
  }
  REQUIRE(page.has_value());
  REQUIRE_FALSE(plans.empty());
  if (expected == Expected::in_order) CHECK_THAT(plans, test::uses_indexes());
  // Whatever is sorted was found by an index.
  CHECK(std::regex_search(plans, std::regex("(SEARCH|VIRTUAL TABLE)")));
  CHECK_FALSE(
      std::regex_search(plans, std::regex("SCAN (articles|keywords|publications|deliveries|jobs|revisions)\\b")));
}

Expected without_title(const PageRequest& page) {
  return page.sort.field == SortField::title ? Expected::refused : Expected::in_order;
}

template <class T>
std::vector<std::vector<T>> none_one_two(T first, T second) {
  return {{}, {first}, {first, second}};
}

// Articles.

std::vector<ArticleFilter> article_filters() {
  std::vector<ArticleFilter> all;
  for (const auto& statuses : none_one_two(ArticleStatus::draft, ArticleStatus::error))
    for (const bool of_project : {false, true})
      for (const bool of_keyword : {false, true})
        for (const bool since : {false, true})
          for (const char* words : {"", "two words"})
            for (const bool bodies : {false, true}) {
              ArticleFilter filter{.statuses = statuses, .search = words, .with_bodies = bodies};
              if (of_project) filter.project = project;
              if (of_keyword) filter.keyword = KeywordId("kw_1");
              if (since) filter.updated_since = at(1);
              all.push_back(std::move(filter));
            }
  return all;
}

// matches: how many articles the filter lets through.
Expected expected_of(const ArticleFilter& filter, const PageRequest& page, std::int64_t matches) {
  // A field more does not compile here, and has to be listed above too.
  const auto& [statuses, of_project, keyword, since, search, bodies] = filter;
  const bool found_without_words = matches == 0 && !keyword && (!statuses.empty() || since);
  if (!search.empty() && !found_without_words)
    return page.sort.field == SortField::created_at ? Expected::in_order : Expected::sorted;
  if (keyword) return Expected::sorted;
  const bool has_index = statuses.size() < 2 && (!since || page.sort.field == SortField::updated_at) &&
                         (statuses.empty() || page.sort.field != SortField::title);
  return has_index || matches > 4000 ? Expected::in_order : Expected::sorted;
}

std::string text_of(const ArticleFilter& filter) {
  std::ostringstream text;
  text << filter.statuses.size() << " states" << (filter.project ? ", project" : "")
       << (filter.keyword ? ", keyword" : "") << (filter.updated_since ? ", since" : "")
       << (filter.search.empty() ? "" : ", search");
  return text.str();
}

// So many drafts, changed after all that is asked for.
std::string drafts(std::int64_t count) {
  return "PRAGMA foreign_keys = OFF; INSERT INTO projects (id, account_id, name, language, tone_of_voice, avoid_words, "
         "permalink, sitemap_changefreq, sitemap_priority, version, created_at, updated_at, webhook_secret) "
         "VALUES ('proj_1', 'acc_1', 'P', 'en', 'x', '[]', '/{slug}', 'daily', 0.5, 1, 1, 1, x'00'); "
         "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
         std::to_string(count) +
         ") INSERT INTO articles (id, account_id, project_id, title, slug, status, stage, meta_keywords, categories, "
         "tags, word_count, revision, version, created_at, updated_at, markdown) SELECT 'art_' || i, 'acc_1', "
         "'proj_1', i, i, 'draft', 'none', '[]', '[]', '[]', 1, 1, 1, i, 9999999999999, '' FROM n;";
}

TEST_CASE("plans: articles by every filter, in every order, with no, few and many matches", "[storage]") {
  for (const std::int64_t matches : {0, 10, 4100}) {
    PlannedConnection connection;
    if (matches > 0) connection.fill(drafts(matches));
    const storage::ArticleRepo repo(connection);
    for (const ArticleFilter& filter : article_filters())
      for (const PageRequest& page : pages()) {
        INFO(matches << " matches: " << text_of(filter) << "; " << name_of(page));
        check_plans(connection, expected_of(filter, page, matches), [&] { return repo.list(account, filter, page); });
      }
  }
}

// Keywords.

TEST_CASE("plans: keywords by every filter, in every order", "[storage]") {
  PlannedConnection connection;
  const storage::KeywordRepo repo(connection);
  for (const auto& statuses : none_one_two(KeywordStatus::queued, KeywordStatus::generated))
    for (const bool by_priority : {false, true})
      for (const bool by_intent : {false, true})
        for (const bool by_cluster : {false, true})
          for (const char* words : {"", "part"})
            for (const PageRequest& page : pages()) {
              KeywordFilter filter{.statuses = statuses, .search = words};
              if (by_priority) filter.priority = Priority::high;
              if (by_intent) filter.intent = Intent::commercial;
              if (by_cluster) filter.cluster = ClusterId("clu_1");
              const auto& [s, p, i, c, w] = filter;
              INFO(s.size() << " states, " << p.has_value() << i.has_value() << c.has_value() << w << "; "
                            << name_of(page));
              check_plans(connection, Expected::in_order, [&] { return repo.list(account, project, filter, page); });
            }
}

// Publications, deliveries, jobs.

TEST_CASE("plans: publications by every filter, in every order", "[storage]") {
  PlannedConnection connection;
  const storage::PublicationRepo repo(connection);
  for (const auto& statuses : none_one_two(PublicationStatus::live, PublicationStatus::failed))
    for (const bool of_project : {false, true})
      for (const bool of_connection : {false, true})
        for (const PageRequest& page : pages()) {
          PublicationFilter filter{.statuses = statuses};
          if (of_project) filter.project = project;
          if (of_connection) filter.connection = ConnectionId("conn_1");
          const auto& [s, p, c] = filter;
          INFO(s.size() << " states, " << p.has_value() << c.has_value() << "; " << name_of(page));
          check_plans(connection, without_title(page), [&] { return repo.list(account, filter, page); });
        }
}

TEST_CASE("plans: deliveries by every filter, in every order", "[storage]") {
  PlannedConnection connection;
  const SealingKey key = test::test_key();
  const storage::Sealer sealer(key);
  const storage::DeliveryRepo repo(connection, sealer);
  for (const auto& statuses : none_one_two(DeliveryStatus::failed, DeliveryStatus::pending))
    for (const bool by_type : {false, true})
      for (const bool since : {false, true})
        for (const PageRequest& page : pages()) {
          DeliveryFilter filter{.statuses = statuses};
          if (by_type) filter.type = EventType::article_published;
          if (since) filter.since = at(1);
          const auto& [s, t, from] = filter;
          INFO(s.size() << " states, " << t.has_value() << from.has_value() << "; " << name_of(page));
          const Expected expected = page.sort.field == SortField::created_at ? Expected::in_order : Expected::refused;
          check_plans(connection, expected, [&] { return repo.list(account, WebhookId("wh_1"), filter, page); });
        }
}

TEST_CASE("plans: audit entries by every filter, in every order", "[storage]") {
  PlannedConnection connection;
  const storage::AuditRepo repo(connection);
  for (const bool of_project : {false, true})
    for (const bool of_subject : {false, true})
      for (const bool since : {false, true})
        for (const PageRequest& page : pages()) {
          AuditFilter filter;
          if (of_project) filter.project = project;
          if (of_subject) filter.subject = "art_1";
          if (since) filter.since = at(1);
          const auto& [p, s, from] = filter;
          INFO(p.has_value() << s.has_value() << from.has_value() << "; " << name_of(page));
          const Expected expected = page.sort.field == SortField::created_at ? Expected::in_order : Expected::refused;
          check_plans(connection, expected, [&] { return repo.list(account, filter, page); });
        }
}

TEST_CASE("plans: jobs, keys, webhooks, connections, projects and revisions in every order", "[storage]") {
  PlannedConnection connection;
  const SealingKey key = test::test_key();
  const storage::Sealer sealer(key);
  const storage::JobRepo jobs(connection);
  const storage::ApiKeyRepo keys(connection);
  const storage::WebhookRepo webhooks(connection, sealer);
  const storage::ConnectionRepo connections(connection, sealer);
  const storage::ProjectRepo projects(connection, sealer);
  const storage::ArticleRepo articles(connection);
  for (const PageRequest& page : pages()) {
    INFO(name_of(page));
    for (const std::optional<ProjectId>& of : {std::optional<ProjectId>(), std::optional(project)})
      check_plans(connection, without_title(page), [&] { return jobs.list(account, of, page); });
    check_plans(connection, page.sort.field == SortField::updated_at ? Expected::refused : Expected::in_order,
                [&] { return keys.list(account, page); });
    check_plans(connection, without_title(page), [&] { return webhooks.list(account, project, page); });
    check_plans(connection, Expected::in_order, [&] { return connections.list(account, project, page); });
    for (const std::optional<ProjectId>& only : {std::optional<ProjectId>(), std::optional(project)})
      check_plans(connection, Expected::in_order, [&] { return projects.list(account, page, only); });
    check_plans(connection, page.sort.field == SortField::created_at ? Expected::in_order : Expected::refused,
                [&] { return articles.revisions(account, ArticleId("art_1"), page); });
  }
}

TEST_CASE("plans: no list of the storage is left out", "[storage]") {
  std::set<std::string> lists;
  const std::regex use("read_page<([A-Za-z:]+)>\\(");
  for (const auto& file : std::filesystem::directory_iterator(test::source_file("lib/storage"))) {
    if (file.path().extension() != ".cpp") continue;
    std::ifstream stream(file.path());
    std::ostringstream text;
    text << stream.rdbuf();
    const std::string source = text.str();
    for (std::sregex_iterator found(source.begin(), source.end(), use), end; found != end; ++found)
      lists.insert((*found)[1]);
  }
  CHECK(lists == tested);
}

}  // namespace
}  // namespace galley
