#include "storage/keyword_repo.hpp"

#include "base/unicode.hpp"
#include "storage/browsing.hpp"
#include "storage/keyword_row.hpp"
#include "storage/paging.hpp"

namespace galley::storage {
namespace {

void bind_changeable(Query& query, const Keyword& keyword) {
  query.bind("id", keyword.id).bind("account", keyword.account).bind("text", keyword.text);
  query.bind("folded", fold_text(keyword.text)).bind("volume", keyword.volume).bind("difficulty", keyword.difficulty);
  query.bind("intent", keyword.intent).bind("priority", rank_of(keyword.priority)).bind("cluster", keyword.cluster);
  query.bind("status", keyword.status).bind("article", keyword.article).bind("version", keyword.version);
  query.bind("updated_at", keyword.updated_at).bind("planning", keyword.planning);
}

Result<void> run_keyword(Query& query) {
  const SqlResult<void> done = query.run();
  if (done.has_value()) return {};
  if (done.error().violates("keywords_folded")) return conflict("The project has this keyword already.");
  return Error(done.error());
}

std::string select_where(std::string_view condition) {
  return "SELECT " + std::string(keyword_columns) + " FROM keywords WHERE " + std::string(condition);
}

// Filters in SQL, all within one project of the account.
class Condition {
 public:
  Condition(const AccountId& account, const ProjectId& project, const KeywordFilter& filter)
      : account_(account), project_(project), filter_(filter) {}

  std::string text() const {
    std::string where = "project_id = $project AND account_id = $account";
    where += in_list("status", "status", filter_.statuses.size());
    if (filter_.priority) where += " AND priority = $priority";
    if (filter_.intent) where += " AND intent = $intent";
    if (filter_.cluster) where += " AND cluster_id = $cluster";
    if (!filter_.search.empty()) where += " AND folded LIKE $search ESCAPE '\\'";
    return where;
  }
  void bind(Query& query) const {
    query.bind("project", project_).bind("account", account_);
    bind_list(query, "status", filter_.statuses);
    if (filter_.priority) query.bind("priority", rank_of(*filter_.priority));
    if (filter_.intent) query.bind("intent", *filter_.intent);
    if (filter_.cluster) query.bind("cluster", *filter_.cluster);
    if (!filter_.search.empty()) query.bind("search", containing(filter_.search));
  }
  bool by_status_at_most() const {
    return !filter_.priority && !filter_.intent && !filter_.cluster && filter_.search.empty();
  }

 private:
  const AccountId& account_;
  const ProjectId& project_;
  const KeywordFilter& filter_;
};

// Without counting rows: the schema keeps count by status.
Result<std::int64_t> counted(Connection& connection, const AccountId& account, const ProjectId& project,
                             const std::vector<KeywordStatus>& statuses) {
  Query query = connection.query(
      "SELECT coalesce(sum(amount), 0) FROM keyword_counts WHERE project_id = $project AND account_id = $account" +
      in_list("status", "status", statuses.size()));
  query.bind("project", project).bind("account", account);
  bind_list(query, "status", statuses);
  GALLEY_TRY(query.step());
  return query.row().get<std::int64_t>(0);
}

}  // namespace

Result<Keyword> KeywordRepo::find(const AccountId& account, const KeywordId& id) const {
  Query query = connection_.query(select_where("id = $id AND account_id = $account"));
  if (!GALLEY_TRY(query.bind("id", id).bind("account", account).step())) return not_found(KeywordTag::noun, id.text());
  return read_keyword(query.row());
}

Result<std::optional<Keyword>> KeywordRepo::find_by_text(const AccountId& account, const ProjectId& project,
                                                         const std::string& text) const {
  Query query = connection_.query(select_where("project_id = $project AND folded = $folded AND account_id = $account"));
  query.bind("project", project).bind("folded", fold_text(text)).bind("account", account);
  std::optional<Keyword> keyword;
  if (GALLEY_TRY(query.step())) keyword = read_keyword(query.row());
  return keyword;
}

Result<Page<Keyword>> KeywordRepo::list(const AccountId& account, const ProjectId& project, const KeywordFilter& filter,
                                        const PageRequest& page) const {
  const Condition condition(account, project, filter);
  ListSql list;
  list.columns = keyword_columns;
  list.from = "keywords";
  list.where = condition.text();
  list.title = "text";
  if (condition.by_status_at_most())
    list.count = [&]() -> Result<Total> {
      return Total{.amount = GALLEY_TRY(counted(connection_, account, project, filter.statuses))};
    };
  return read_page<Keyword>(connection_, list, page, [&](Query& query) { condition.bind(query); }, read_keyword);
}

Result<std::vector<Keyword>> KeywordRepo::unclustered(const AccountId& account, const ProjectId& project,
                                                      int max) const {
  Query query = connection_.query(
      select_where("project_id = $project AND account_id = $account AND cluster_id IS NULL AND planning <> 'archived' "
                   "ORDER BY coalesce(volume, -1) DESC, row LIMIT $max"));
  query.bind("project", project).bind("account", account).bind("max", max);
  std::vector<Keyword> keywords;
  while (GALLEY_TRY(query.step()))
    keywords.push_back(read_keyword(query.row()));
  return keywords;
}

Result<std::vector<Keyword>> KeywordRepo::select(const AccountId& account, const ProjectId& project,
                                                 const KeywordFilter& filter, int max) const {
  const Condition condition(account, project, filter);
  Query query = connection_.query(select_where(
      condition.text() + " AND planning <> 'archived' ORDER BY priority, coalesce(volume, -1) DESC, row LIMIT $max"));
  condition.bind(query);
  query.bind("max", max);
  std::vector<Keyword> keywords;
  while (GALLEY_TRY(query.step()))
    keywords.push_back(read_keyword(query.row()));
  return keywords;
}

Result<Chunk<Keyword>> KeywordRepo::scan(const AccountId& account, const ProjectId& project, std::int64_t after,
                                         int max) const {
  return scan_rows<Keyword>(connection_, keyword_columns, "keywords", {account, project, after, max}, read_keyword);
}

Result<std::int64_t> KeywordRepo::count(const AccountId& account, const ProjectId& project) const {
  return counted(connection_, account, project, {});
}

Result<void> KeywordRepo::insert(const Keyword& keyword) {
  Query query = connection_.query(
      "INSERT INTO keywords (id, account_id, project_id, text, folded, volume, difficulty, intent, priority, "
      "cluster_id, "
      "status, article_id, version, created_at, updated_at, planning) VALUES ($id, $account, $project, $text, $folded, "
      "$volume, "
      "$difficulty, $intent, $priority, $cluster, $status, $article, $version, $created_at, $updated_at, $planning)");
  bind_changeable(query, keyword);
  query.bind("project", keyword.project).bind("created_at", keyword.created_at);
  return run_keyword(query);
}

Result<void> KeywordRepo::update(const Keyword& keyword) {
  Query query = connection_.query(
      "UPDATE keywords SET text = $text, folded = $folded, volume = $volume, difficulty = $difficulty, intent = "
      "$intent, "
      "priority = $priority, cluster_id = $cluster, status = $status, article_id = $article, version = $version, "
      "updated_at = $updated_at, planning = $planning WHERE id = $id AND account_id = $account");
  bind_changeable(query, keyword);
  GALLEY_TRY(run_keyword(query));
  return require_change(connection_, KeywordTag::noun, keyword.id.text());
}

Result<void> KeywordRepo::remove(const AccountId& account, const KeywordId& id) {
  Query query = connection_.query("DELETE FROM keywords WHERE id = $id AND account_id = $account");
  GALLEY_TRY(query.bind("id", id).bind("account", account).run());
  return require_change(connection_, KeywordTag::noun, id.text());
}

}  // namespace galley::storage
