#include "storage/publication_repo.hpp"

#include <string>

#include "storage/counters.hpp"
#include "storage/paging.hpp"

namespace galley::storage {
namespace {

constexpr std::string_view target_index = "publications_target";
constexpr std::string_view columns =
    "id, account_id, project_id, article_id, connection_id, status, external_id, external_url, last_error, attempts, "
    "published_at, version, created_at, updated_at";

Publication read_publication(const Row& row) {
  Publication publication;
  row.into(publication.id, publication.account, publication.project, publication.article, publication.connection,
           publication.status, publication.external_id, publication.external_url, publication.last_error,
           publication.attempts, publication.published_at, publication.version, publication.created_at,
           publication.updated_at);
  return publication;
}

// What an update writes too.
void bind_publication(Query& query, const Publication& publication) {
  query.bind("id", publication.id).bind("account", publication.account).bind("status", publication.status);
  query.bind("external_id", publication.external_id).bind("external_url", publication.external_url);
  query.bind("last_error", publication.last_error).bind("attempts", publication.attempts);
  query.bind("published_at", publication.published_at).bind("version", publication.version);
  query.bind("updated_at", publication.updated_at);
}

// The narrowest scope is looked up in its index. Whose it is, is asked for once, of the connection or the project.
std::string where_of(const PublicationFilter& filter) {
  std::string where;
  if (filter.connection) {
    where =
        "connection_id = $connection AND EXISTS (SELECT 1 FROM connections WHERE connections.id = $connection "
        "AND connections.account_id = $account";
    where += filter.project ? " AND connections.project_id = $project)" : ")";
  } else if (filter.project) {
    where =
        "project_id = $project AND EXISTS (SELECT 1 FROM projects WHERE projects.id = $project "
        "AND projects.account_id = $account)";
  } else {
    where = "account_id = $account";
  }
  // Several states at once follow the order's index; one has an index of its own.
  if (filter.statuses.size() == 1) where += " AND status = $status0";
  if (filter.statuses.size() > 1) where += in_list("(status || '')", "status", filter.statuses.size());
  return where;
}

std::string counters_of(const PublicationFilter& filter) {
  std::string sql = "SELECT amount FROM publication_counts WHERE status = $status AND ";
  if (filter.connection) {
    sql += "connection_id = $connection AND (account_id || '') = $account";
    if (filter.project) sql += " AND (project_id || '') = $project";
  } else if (filter.project) {
    sql += "project_id = $project AND (account_id || '') = $account";
  } else {
    sql += "account_id = $account ORDER BY amount DESC";
  }
  return sql;
}

}  // namespace

Result<Publication> PublicationRepo::find(const AccountId& account, const PublicationId& id) const {
  static const std::string sql =
      "SELECT " + std::string(columns) + " FROM publications WHERE id = $id AND account_id = $account";
  Query query = connection_.query(sql);
  query.bind("id", id).bind("account", account);
  if (!GALLEY_TRY(query.step())) return not_found("publication", id.text());
  return read_publication(query.row());
}

Result<std::optional<Publication>> PublicationRepo::find_for(const AccountId& account, const ArticleId& article,
                                                             const std::optional<ConnectionId>& connection) const {
  static const std::string sql = "SELECT " + std::string(columns) +
                                 " FROM publications WHERE article_id = $article "
                                 "AND coalesce(connection_id, '') = $connection AND account_id = $account";
  Query query = connection_.query(sql);
  query.bind("article", article).bind("account", account);
  query.bind("connection", connection ? connection->text() : std::string());
  if (!GALLEY_TRY(query.step())) return std::optional<Publication>();
  return std::optional<Publication>(read_publication(query.row()));
}

Result<std::vector<Publication>> PublicationRepo::of_article(const AccountId& account, const ArticleId& article) const {
  // An article has a publication for each connection of its project, and they are few. The account is compared as an
  // expression: it has an index, by which SQLite would as soon walk all that the account ever published.
  static const std::string sql = "SELECT " + std::string(columns) +
                                 " FROM publications WHERE article_id = $article AND (account_id || '') = $account "
                                 "ORDER BY row";
  Query query = connection_.query(sql);
  query.bind("article", article).bind("account", account);
  std::vector<Publication> publications;
  while (GALLEY_TRY(query.step()))
    publications.push_back(read_publication(query.row()));
  return publications;
}

Result<Page<Publication>> PublicationRepo::list(const AccountId& account, const PublicationFilter& filter,
                                                const PageRequest& page) const {
  ListSql list{.columns = std::string(columns), .from = "publications", .where = where_of(filter)};
  const auto bind_scope = [&](Query& query) {
    query.bind("account", account);
    if (filter.connection) query.bind("connection", *filter.connection);
    if (filter.project) query.bind("project", *filter.project);
  };
  list.count = [&]() -> Result<Total> {
    return Total{.amount = GALLEY_TRY(read_counters(connection_, counters_of(filter), filter.statuses, bind_scope))};
  };
  const auto bind = [&](Query& query) {
    bind_scope(query);
    bind_list(query, "status", filter.statuses);
  };
  return read_page<Publication>(connection_, list, page, bind, read_publication);
}

Result<void> PublicationRepo::insert(const Publication& publication) {
  Query query = connection_.query(
      "INSERT INTO publications (id, account_id, project_id, article_id, connection_id, status, external_id, "
      "external_url, last_error, attempts, published_at, version, created_at, updated_at) "
      "VALUES ($id, $account, $project, $article, $connection, $status, $external_id, $external_url, $last_error, "
      "$attempts, $published_at, $version, $created_at, $updated_at)");
  bind_publication(query, publication);
  query.bind("project", publication.project).bind("article", publication.article);
  query.bind("connection", publication.connection).bind("created_at", publication.created_at);
  const SqlResult<void> done = query.run();
  if (done.has_error() && done.error().violates(target_index)) {
    Error error = conflict(publication.connection ? "The article already has a publication on this connection."
                                                  : "The article already has a native publication.");
    error.details.push_back({"article_id", publication.article.text()});
    if (publication.connection) error.details.push_back({"connection_id", publication.connection->text()});
    return error;
  }
  GALLEY_TRY(done);
  return {};
}

Result<void> PublicationRepo::update(const Publication& publication) {
  Query query = connection_.query(
      "UPDATE publications SET status = $status, external_id = $external_id, external_url = $external_url, "
      "last_error = $last_error, attempts = $attempts, published_at = $published_at, version = $version, "
      "updated_at = $updated_at WHERE id = $id AND account_id = $account");
  bind_publication(query, publication);
  GALLEY_TRY(query.run());
  return require_change(connection_, "publication", publication.id.text());
}

}  // namespace galley::storage
