#include "storage/article_list.hpp"

#include <optional>
#include <string>
#include <utility>

#include "storage/article_row.hpp"
#include "storage/paging.hpp"

namespace galley::storage {
namespace {

// Where a filter and an order want different indexes: up to so many matches are fetched by the filter's and sorted;
// more lie so close in the order's that walking along it meets a page of them soon.
constexpr std::int64_t sorted_at_most = 4000;

// How a condition is written: by_index for the database to look up, by_expression to be compared row by row. An
// expression has no index: left to choose, SQLite may walk a whole account for the few rows of a project.
enum class Compare : bool { by_index, by_expression };

std::string equals(const std::string& column, const std::string& parameter, Compare compare) {
  return (compare == Compare::by_index ? column : "(" + column + " || '')") + " = $" + parameter;
}

// The narrowest scope by its index, the wider ones by expression.
std::string scope_of(const ArticleFilter& filter) {
  if (filter.keyword) {
    std::string where =
        "articles.keyword_id = $keyword AND " + equals("articles.account_id", "account", Compare::by_expression);
    if (filter.project) where += " AND " + equals("articles.project_id", "project", Compare::by_expression);
    return where;
  }
  if (filter.project)
    return "articles.project_id = $project AND " + equals("articles.account_id", "account", Compare::by_expression);
  return "articles.account_id = $account";
}

// The same for counting: the project is compared with its account once, so that the index alone is read.
std::string counted_scope_of(const ArticleFilter& filter) {
  if (!filter.project) return "articles.account_id = $account";
  return "articles.project_id = $project AND EXISTS (SELECT 1 FROM projects WHERE projects.id = $project "
         "AND projects.account_id = $account)";
}

std::string conditions_of(const ArticleFilter& filter, Compare compare) {
  std::string where;
  if (filter.statuses.size() == 1) where += " AND " + equals("articles.status", "status0", compare);
  if (filter.statuses.size() > 1)
    where += in_list(compare == Compare::by_index ? "articles.status" : "(articles.status || '')", "status",
                     filter.statuses.size());
  if (filter.updated_since)
    where += compare == Compare::by_index ? " AND articles.updated_at >= $since"
                                          : " AND (articles.updated_at + 0) >= $since";
  return where;
}

struct Binding {
  const AccountId& account;
  const ArticleFilter& filter;

  void scope(Query& query) const {
    query.bind("account", account);
    if (filter.project) query.bind("project", *filter.project);
  }
  void conditions(Query& query) const {
    bind_list(query, "status", filter.statuses);
    if (filter.updated_since) query.bind("since", *filter.updated_since);
  }
};

// From the counters that the schema keeps: no row is counted.
Result<std::int64_t> read_counters(Connection& connection, const Binding& binding) {
  std::string sql = "SELECT coalesce(sum(amount), 0) FROM article_counts WHERE account_id = $account";
  if (binding.filter.project)
    sql =
        "SELECT coalesce(sum(amount), 0) FROM article_counts WHERE project_id = $project "
        "AND (account_id || '') = $account";
  Query query = connection.query(sql + in_list("status", "status", binding.filter.statuses.size()));
  binding.scope(query);
  bind_list(query, "status", binding.filter.statuses);
  GALLEY_TRY(query.step());
  return query.row().get<std::int64_t>(0);
}

Result<std::int64_t> count_by_index(Connection& connection, const Binding& binding) {
  Query query =
      connection.query("SELECT count(*) FROM (SELECT 1 FROM articles WHERE " + counted_scope_of(binding.filter) +
                       conditions_of(binding.filter, Compare::by_index) + " LIMIT $count_limit) AS counted");
  binding.scope(query);
  binding.conditions(query);
  query.bind("count_limit", counted_exactly + 1);
  GALLEY_TRY(query.step());
  return query.row().get<std::int64_t>(0);
}

ListSql plain_list(const ArticleFilter& filter) {
  return {.columns = article_columns(filter.with_bodies ? Bodies::with : Bodies::without),
          .from = "articles",
          .where = {},
          .row = "articles.row",
          .created_at = "articles.created_at",
          .updated_at = "articles.updated_at",
          .title = "articles.title"};
}

void order_by_expression(ListSql& list) {
  list.created_at = "(articles.created_at + 0)";
  list.updated_at = "(articles.updated_at + 0)";
  list.title = "(articles.title || '')";
}

// One index serves filter and order: its columns are the scope, perhaps a status, and the order's time.
bool has_index(const ArticleFilter& filter, SortField sort) {
  if (filter.statuses.size() > 1) return false;
  if (filter.updated_since && sort != SortField::updated_at) return false;
  return filter.statuses.empty() || sort != SortField::title;
}

Result<Page<Article>> list_by_filter(Connection& connection, const Binding& binding, const PageRequest& page) {
  const ArticleFilter& filter = binding.filter;
  ListSql list = plain_list(filter);
  list.where = scope_of(filter);
  if (filter.keyword) {
    // A keyword has few articles: whatever the order, they are all looked at.
    list.where += conditions_of(filter, Compare::by_expression);
  } else {
    list.total = filter.updated_since ? GALLEY_TRY(count_by_index(connection, binding))
                                      : GALLEY_TRY(read_counters(connection, binding));
    if (has_index(filter, page.sort.field)) {
      list.where += conditions_of(filter, Compare::by_index);
    } else if (*list.total <= sorted_at_most) {
      list.where += conditions_of(filter, Compare::by_index);
      order_by_expression(list);
    } else {
      list.where += conditions_of(filter, Compare::by_expression);
    }
  }
  const auto bind = [&](Query& query) {
    binding.scope(query);
    binding.conditions(query);
    if (filter.keyword) query.bind("keyword", *filter.keyword);
  };
  return read_page<Article>(connection, list, page, bind, read_article);
}

// Conditions on the rows that the search found.
std::string found_conditions_of(const ArticleFilter& filter) {
  std::string where = " AND " + equals("articles.account_id", "account", Compare::by_expression);
  if (filter.project) where += " AND " + equals("articles.project_id", "project", Compare::by_expression);
  if (filter.keyword) where += " AND " + equals("articles.keyword_id", "keyword", Compare::by_expression);
  return where + conditions_of(filter, Compare::by_expression);
}

struct Search {
  std::string terms;         // empty: nothing was typed
  std::int64_t matches = 0;  // in account and project, counted to one more than counted_exactly
};

Result<std::int64_t> count_matches(Connection& connection, const std::string& terms) {
  Query query = connection.query(connection.specific().count_matches);
  query.bind("search", terms).bind("count_limit", counted_exactly + 1);
  GALLEY_TRY(query.step());
  return query.row().get<std::int64_t>(0);
}

// The last word is looked for as it stands, and as a beginning only where that finds nothing: for a beginning all its
// words are merged first, which takes a tenth of a second when a million articles have them.
Result<Search> plan_search(Connection& connection, const Binding& binding) {
  const ArticleFilter& filter = binding.filter;
  const auto terms_with = [&](LastWord last) {
    return connection.specific().search_terms(filter.search, last, binding.account, filter.project);
  };
  Search search{.terms = terms_with(LastWord::whole)};
  if (search.terms.empty()) return search;
  search.matches = GALLEY_TRY(count_matches(connection, search.terms));
  std::string beginning = terms_with(LastWord::beginning);
  if (search.matches > 0 || beginning.empty()) return search;
  search.terms = std::move(beginning);
  search.matches = GALLEY_TRY(count_matches(connection, search.terms));
  return search;
}

Result<Page<Article>> list_by_search(Connection& connection, const Binding& binding, const Search& search,
                                     const PageRequest& page) {
  const ArticleFilter& filter = binding.filter;
  const SpecificSql& specific = connection.specific();
  ListSql list = plain_list(filter);
  if (page.sort.field == SortField::created_at) {
    // Rows are numbered as they are created, and the index of words lists them by number: nothing is sorted.
    list.from = specific.search_from;
    list.row = list.created_at = specific.search_row;
    list.where = specific.search_where;
  } else {
    order_by_expression(list);
    list.where = "articles.row IN (SELECT " + std::string(specific.search_row) + " FROM " +
                 std::string(specific.search_from) + " WHERE " + std::string(specific.search_where) + " ORDER BY " +
                 std::string(specific.search_row) + " DESC LIMIT " + std::to_string(counted_exactly) + ")";
  }
  list.where += found_conditions_of(filter);
  // The index of words knows account and project too.
  if (filter.statuses.empty() && !filter.updated_since && !filter.keyword) list.total = search.matches;
  const auto bind = [&](Query& query) {
    query.bind("search", search.terms);
    binding.scope(query);
    binding.conditions(query);
    if (filter.keyword) query.bind("keyword", *filter.keyword);
  };
  return read_page<Article>(connection, list, page, bind, read_article);
}

}  // namespace

Result<Page<Article>> list_articles(Connection& connection, const AccountId& account, const ArticleFilter& filter,
                                    const PageRequest& page) {
  const Binding binding{.account = account, .filter = filter};
  const Search search = GALLEY_TRY(plan_search(connection, binding));
  if (search.terms.empty()) return list_by_filter(connection, binding, page);
  return list_by_search(connection, binding, search, page);
}

}  // namespace galley::storage
