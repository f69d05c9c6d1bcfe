#include "support/store_workload.hpp"

#include <sstream>

#include "base/crypto.hpp"
#include "base/encoding.hpp"
#include "support/two_sites.hpp"

namespace galley::test {
namespace {

struct Site {
  std::int64_t number;
  Account account = make_account(number);
  Project project = make_project(number, account.id);
  Keyword keyword = make_keyword(number, project);
  Connection connection = make_connection(number, project);
  Webhook webhook = make_webhook(number, project);
  Event event = make_event(number, project);
  Delivery delivery = make_delivery(number, webhook, event);
  Job job = make_job(number, project);
  Article large = make_article(2 * number, project);
  Article small = make_article(2 * number + 1, project);
  Publication publication = make_publication(number, large);
};

// Words, and no two texts alike.
std::string text_of(std::int64_t number, std::int64_t version, std::size_t size) {
  std::string text = "Text " + std::to_string(number) + " in version " + std::to_string(version) + ".";
  while (text.size() < size)
    text += " word" + std::to_string(text.size() * 7 % 1013 + static_cast<std::size_t>(version));
  return text;
}

ApiKey key_of(const Site& site) {
  ApiKey key;
  key.id = numbered<ApiKeyId>(site.number);
  key.account = site.account.id;
  key.name = "Key";
  key.digest = sha256(site.account.id.text());
  key.hint = "abcd";
  key.created_at = at(site.number);
  return key;
}

User user_of(const Site& site) {
  User user;
  user.id = numbered<UserId>(site.number);
  user.account = site.account.id;
  user.email = "user" + std::to_string(site.number) + "@example.com";
  user.password_hash = "hash";
  user.created_at = at(site.number);
  return user;
}

Cluster cluster_of(const Site& site) {
  return {.id = numbered<ClusterId>(site.number),
          .account = site.account.id,
          .project = site.project.id,
          .name = "Cluster",
          .created_at = at(site.number)};
}

Result<void> add_owner(Transaction& t, const Site& site) {
  GALLEY_TRY(t.accounts().insert(site.account));
  GALLEY_TRY(t.accounts().insert_user(user_of(site)));
  GALLEY_TRY(t.accounts().add_usage(site.account.id, quota_period(at(0), at(1)), 2, 1));
  GALLEY_TRY(t.projects().insert(site.project, Secret("secret")));
  return t.api_keys().insert(key_of(site));
}

Result<void> add_content(Transaction& t, Site& site, std::size_t text_size) {
  const Cluster cluster = cluster_of(site);
  GALLEY_TRY(t.keywords().insert_cluster(cluster));
  site.keyword.cluster = cluster.id;
  GALLEY_TRY(t.keywords().insert(site.keyword));
  site.large.text.markdown = text_of(site.number, 1, text_size);
  site.large.keyword = site.keyword.id;
  site.large.sitemap_page = GALLEY_TRY(t.sitemap_pages().give_place(site.project.id, at(site.number)));
  GALLEY_TRY(t.articles().insert(site.large, "user"));
  return t.articles().insert(site.small, "user");
}

Result<void> add_work(Transaction& t, const Site& site) {
  GALLEY_TRY(t.connections().insert(site.connection, Secret("credentials")));
  GALLEY_TRY(t.publications().insert(site.publication));
  GALLEY_TRY(t.webhooks().insert(site.webhook, Secret("own secret")));
  GALLEY_TRY(t.events().insert(site.event));
  GALLEY_TRY(t.deliveries().insert(site.delivery));
  GALLEY_TRY(t.jobs().insert(site.job));
  GALLEY_TRY(t.jobs().insert_item(make_item(2 * site.number, site.job, at(site.number))));
  return t.jobs().append_event(site.account.id, site.job.id, "progress", "{}", at(site.number));
}

// The first column of all rows, a line each.
Result<std::string> lines_of(storage::Connection& connection, const std::string& sql) {
  std::string lines;
  storage::Query query = connection.query(sql);
  while (GALLEY_TRY(query.step()))
    lines += query.row().get<std::string>(0) + "\n";
  return lines;
}

// A statement that makes one text of each row of the table.
Result<std::string> rows_of(storage::Connection& connection, const std::string& table) {
  const std::string columns = GALLEY_TRY(
      lines_of(connection, "SELECT group_concat('quote(\"' || name || '\")', '||'',''||') FROM pragma_table_info('" +
                               table + "') WHERE name NOT IN ('lease_owner', 'lease_until', 'next_due_at')"));
  return "SELECT " + columns + " FROM \"" + table + "\" ORDER BY 1";
}

}  // namespace

Result<void> add_site(Transaction& transaction, std::int64_t number, std::size_t text_size) {
  Site site{.number = number};
  transaction.announce(workload_topic);
  GALLEY_TRY(add_owner(transaction, site));
  GALLEY_TRY(add_content(transaction, site, text_size));
  return add_work(transaction, site);
}

Result<void> rewrite_site(Transaction& transaction, std::int64_t number, std::int64_t version, std::size_t text_size) {
  const Site known{.number = number};
  transaction.announce(workload_topic);
  Article article = GALLEY_TRY(transaction.articles().find(known.account.id, known.large.id));
  article.text.markdown = text_of(number, version, text_size);
  article.text.title = "Title in version " + std::to_string(version);
  article.status = ArticleStatus::published;
  article.published_at = article.last_updated_at = at(version);
  article.revision = article.version = version;
  GALLEY_TRY(transaction.articles().update(article, "provider outline"));
  GALLEY_TRY(transaction.sitemap_pages().bump(known.project.id, 1, at(version)));
  Keyword keyword = GALLEY_TRY(transaction.keywords().find(known.account.id, known.keyword.id));
  keyword.article = article.id;
  keyword.version = version;
  GALLEY_TRY(transaction.keywords().update(keyword));
  GALLEY_TRY(transaction.api_keys().touch(known.account.id, numbered<ApiKeyId>(number), at(version)));
  return transaction.accounts().add_usage(known.account.id, quota_period(at(0), at(1)), -1, 1);
}

Result<void> lease_work(Transaction& transaction, std::int64_t number) {
  transaction.announce(workload_topic);
  GALLEY_TRY(transaction.jobs().lease(JobKind::generate, at(number), at(number + 1000), 1));
  const std::vector<Deliveries::Due> due = GALLEY_TRY(transaction.deliveries().lease({.owner = "workload",
                                                                                      .now = at(number),
                                                                                      .until = at(number + 1000),
                                                                                      .max = 1,
                                                                                      .max_bytes = 1 << 20,
                                                                                      .first_room = 1}));
  for (const Deliveries::Due& one : due) {
    Attempt attempt;
    attempt.delivery = one.delivery.id;
    attempt.number = one.delivery.attempts + 1;
    attempt.started_at = at(number);
    attempt.error_class = "timeout";
    GALLEY_TRY(transaction.deliveries().insert_attempt(one.delivery, attempt));
  }
  return {};
}

Result<void> remove_site(Transaction& transaction, std::int64_t number) {
  const Site site{.number = number};
  transaction.announce(workload_topic);
  return transaction.projects().remove(site.account.id, site.project.id);
}

Result<std::vector<std::int64_t>> find_sites(const Transaction& transaction, std::int64_t bound) {
  std::vector<std::int64_t> sites;
  for (std::int64_t number = 1; number < bound; ++number) {
    const Site site{.number = number};
    const Result<Project> project = transaction.projects().find(site.account.id, site.project.id);
    if (project.has_error() && project.error().code == ErrorCode::not_found) continue;
    GALLEY_TRY(project);
    const Article article = GALLEY_TRY(transaction.articles().find(site.account.id, site.large.id));
    const Keyword keyword = GALLEY_TRY(transaction.keywords().find(site.account.id, site.keyword.id));
    const Page<Revision> revisions =
        GALLEY_TRY(transaction.articles().revisions(site.account.id, article.id, PageRequest{}));
    GALLEY_TRY(transaction.articles().find(site.account.id, site.small.id));
    GALLEY_TRY(transaction.deliveries().find(site.account.id, site.delivery.id));
    const auto events = GALLEY_TRY(transaction.jobs().events(site.account.id, site.job.id, 0, 10));
    if (article.version != keyword.version || revisions.rows.empty() ||
        revisions.rows.front().number != article.revision || events.size() != 1)
      return internal_error("site " + std::to_string(number) + " is there in part");
    sites.push_back(number);
  }
  return sites;
}

Result<std::string> digest_of(storage::Connection& connection) {
  std::istringstream tables(
      GALLEY_TRY(lines_of(connection,
                          "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' "
                          "AND name NOT LIKE 'sqlite_stat%' ORDER BY name")));
  std::string all;
  for (std::string table; std::getline(tables, table);) {
    const std::string rows = GALLEY_TRY(rows_of(connection, table));
    all += table + "\n" + GALLEY_TRY(lines_of(connection, rows));
  }
  return to_hex(sha256(all));
}

Result<std::string> faults_of(storage::Connection& connection) {
  const std::string faults = GALLEY_TRY(lines_of(connection, "PRAGMA integrity_check(5)"));
  const std::string orphans = GALLEY_TRY(lines_of(connection, "PRAGMA foreign_key_check"));
  GALLEY_TRY(connection.execute("INSERT INTO article_search (article_search, rank) VALUES ('integrity-check', 1)"));
  if (!orphans.empty()) return "rows that refer to nothing are in " + orphans;
  return faults == "ok\n" ? std::string() : faults;
}

}  // namespace galley::test
