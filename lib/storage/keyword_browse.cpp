// Keywords of a whole account, of KeywordRepo.
#include "storage/keyword_repo.hpp"
#include "storage/keyword_row.hpp"

namespace galley::storage {
namespace {

// The narrowest scope by its index, everything else row by row: expressions have no index, and left to choose SQLite
// may walk an account for the few rows of a project.
std::string where_of(const KeywordBrowse& wanted) {
  std::string where = "account_id = $account";
  if (wanted.cluster)
    where = "cluster_id = $cluster AND (account_id || '') = $account";
  else if (wanted.project)
    where = "project_id = $project AND (account_id || '') = $account";
  if (wanted.cluster && wanted.project) where += " AND (project_id || '') = $project";
  if (wanted.planning) where += " AND planning = $planning";
  if (wanted.intent) where += " AND intent = $intent";
  if (wanted.difficulty_min) where += " AND difficulty >= $difficulty_min";
  if (wanted.difficulty_max) where += " AND difficulty <= $difficulty_max";
  if (wanted.volume_min) where += " AND volume >= $volume_min";
  if (wanted.volume_max) where += " AND volume <= $volume_max";
  if (!wanted.search.empty()) where += " AND folded LIKE $search ESCAPE '\\'";
  return where;
}

void bind_wanted(Query& query, const AccountId& account, const KeywordBrowse& wanted) {
  query.bind("account", account);
  if (wanted.cluster) query.bind("cluster", *wanted.cluster);
  if (wanted.project) query.bind("project", *wanted.project);
  if (wanted.planning) query.bind("planning", *wanted.planning);
  if (wanted.intent) query.bind("intent", *wanted.intent);
  if (wanted.difficulty_min) query.bind("difficulty_min", *wanted.difficulty_min);
  if (wanted.difficulty_max) query.bind("difficulty_max", *wanted.difficulty_max);
  if (wanted.volume_min) query.bind("volume_min", *wanted.volume_min);
  if (wanted.volume_max) query.bind("volume_max", *wanted.volume_max);
  if (!wanted.search.empty()) query.bind("search", containing(wanted.search));
}

std::string_view column_of(KeywordBrowse::Order order) {
  switch (order) {
    case KeywordBrowse::Order::created_at:
      return "created_at";
    case KeywordBrowse::Order::volume:
      return "coalesce(volume, -1)";
    case KeywordBrowse::Order::difficulty:
      return "coalesce(difficulty, -1)";
    case KeywordBrowse::Order::text:
      return "text";
  }
  return "created_at";
}

bool is_whole_account(const KeywordBrowse& wanted) {
  return !wanted.project && !wanted.cluster && !wanted.planning && !wanted.intent && !wanted.difficulty_min &&
         !wanted.difficulty_max && !wanted.volume_min && !wanted.volume_max && wanted.search.empty();
}

}  // namespace

Result<Counted<Keyword>> KeywordRepo::browse(const AccountId& account, const KeywordBrowse& wanted) const {
  Counted<Keyword> found;
  const std::string where = where_of(wanted);
  // The schema keeps count of a whole account; everything else is counted within the narrowest index.
  Query count = connection_.query(
      is_whole_account(wanted) ? "SELECT coalesce(sum(amount), 0) FROM keyword_counts WHERE account_id = $account"
                               : "SELECT count(*) FROM keywords WHERE " + where);
  bind_wanted(count, account, wanted);
  GALLEY_TRY(count.step());
  found.total = count.row().get<std::int64_t>(0);

  const std::string direction = wanted.descending ? " DESC" : "";
  Query query = connection_.query("SELECT " + std::string(keyword_columns) + " FROM keywords WHERE " + where +
                                  " ORDER BY " + std::string(column_of(wanted.order)) + direction + ", row" +
                                  direction + " LIMIT $limit OFFSET $offset");
  bind_wanted(query, account, wanted);
  query.bind("limit", wanted.size).bind("offset", std::int64_t{wanted.page - 1} * wanted.size);
  while (GALLEY_TRY(query.step()))
    found.rows.push_back(read_keyword(query.row()));
  return found;
}

}  // namespace galley::storage
