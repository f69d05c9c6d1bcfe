#include "storage/article_list.hpp"

#include <optional>
#include <string>
#include <utility>

#include "storage/article_row.hpp"
#include "storage/counters.hpp"
#include "storage/paging.hpp"

namespace galley::storage {
namespace {

// Where a filter and an order want different indexes: up to so many matches are fetched by the filter's and sorted;
// more lie so close in the order's that walking along it meets a page of them soon.
constexpr std::int64_t sorted_at_most = 4000;

// Of a word that is in so many articles that a total of them is not exact anyway, so many of the newest are looked at
// for one that is filtered besides.
constexpr std::int64_t sampled = 1000;

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

std::string statuses_of(const ArticleFilter& filter, Compare compare) {
  if (filter.statuses.empty()) return {};
  if (filter.statuses.size() == 1) return " AND " + equals("articles.status", "status0", compare);
  return in_list(compare == Compare::by_index ? "articles.status" : "(articles.status || '')", "status",
                 filter.statuses.size());
}

std::string conditions_of(const ArticleFilter& filter, Compare compare) {
  std::string where = statuses_of(filter, compare);
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

Result<std::int64_t> read_article_counters(Connection& connection, const Binding& binding) {
  const std::string sql = binding.filter.project
                              ? "SELECT amount FROM article_counts WHERE project_id = $project AND status = $status "
                                "AND (account_id || '') = $account"
                              : "SELECT amount FROM article_counts WHERE account_id = $account AND status = $status "
                                "ORDER BY amount DESC";
  return read_counters(connection, sql, binding.filter.statuses, [&](Query& query) { binding.scope(query); });
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

Result<Total> count_filtered(Connection& connection, const Binding& binding) {
  return Total{.amount = binding.filter.updated_since ? GALLEY_TRY(count_by_index(connection, binding))
                                                      : GALLEY_TRY(read_article_counters(connection, binding))};
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
  } else if (has_index(filter, page.sort.field)) {
    list.where += statuses_of(filter, Compare::by_index);
    if (filter.updated_since) list.since = list.updated_at;
    list.count = [&] { return count_filtered(connection, binding); };
  } else {
    const Total total = GALLEY_TRY(count_filtered(connection, binding));
    list.count = [total]() -> Result<Total> { return total; };
    const bool few = total.amount <= sorted_at_most;
    list.where += conditions_of(filter, few ? Compare::by_index : Compare::by_expression);
    if (few) order_by_expression(list);
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

// Where to look for the words. Account and project are words of the same index: an article that has them is met in no
// time, and yet a word that all of the account's million articles have makes everything slower. It is left out where it
// says nothing: beside a project of the account, and where nobody else has articles.
Result<SearchScope> scope_of_search(Connection& connection, const Binding& binding) {
  SearchScope scope{.account = binding.account, .project = binding.filter.project};
  Query query = connection.query(
      scope.project ? "SELECT 1 FROM projects WHERE id = $project AND account_id = $account"
                    : "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM article_counts WHERE account_id < $account) "
                      "AND NOT EXISTS (SELECT 1 FROM article_counts WHERE account_id > $account)");
  binding.scope(query);
  if (GALLEY_TRY(query.step())) scope.account.reset();
  return scope;
}

// A search as it is run: for the words as they stand, or for the last one as a beginning.
class Search {
 public:
  // matching: how many articles have what is filtered by besides, counted to more than sorted_at_most; nothing where
  // nothing is.
  Search(Connection& connection, SearchTotals& totals, const Binding& binding, std::string terms,
         std::optional<std::int64_t> matching)
      : connection_(connection),
        totals_(totals),
        binding_(binding),
        terms_(std::move(terms)),
        filtered_(matching.has_value()),
        narrow_(matching && *matching <= sorted_at_most) {}

  Result<bool> finds_anything() const { return GALLEY_TRY(count_to(1, false)) > 0; }

  Result<Page<Article>> list(const PageRequest& page) const {
    const SpecificSql& specific = connection_.specific();
    ListSql list = plain_list(binding_.filter);
    if (page.sort.field == SortField::created_at) {
      // Rows are numbered as they are created, and the index of words lists them by number: nothing is sorted.
      list.from = specific.search_from;
      list.row = list.created_at = specific.search_row;
      list.where = std::string(specific.search_where) + among_filtered();
    } else {
      order_by_expression(list);
      list.where = "articles.row IN (" + newest_matches(counted_exactly) + ")";
    }
    list.where += found_conditions_of(binding_.filter);
    list.count = [this] { return count(); };
    return read_page<Article>(connection_, list, page, [this](Query& query) { bind_all(query); }, read_article);
  }

 private:
  // The few that the filter's index gives are looked for among the matches by their numbers: of a million matches none
  // has its row read.
  std::string among_filtered() const {
    if (!narrow_) return {};
    return " AND (" + std::string(connection_.specific().search_row) +
           " + 0) IN (SELECT articles.row FROM articles WHERE " + scope_of(binding_.filter) +
           conditions_of(binding_.filter, Compare::by_index) + ")";
  }
  std::string newest_matches(std::int64_t limit) const {
    const SpecificSql& specific = connection_.specific();
    return std::string(specific.matches) + among_filtered() + " ORDER BY " + std::string(specific.search_row) +
           " DESC LIMIT " + std::to_string(limit);
  }
  Result<std::int64_t> count_to(std::int64_t limit, bool among) const {
    Query query = connection_.query("SELECT count(*) FROM (" + std::string(connection_.specific().matches) +
                                    (among ? among_filtered() : std::string()) + " LIMIT $count_limit) AS counted");
    query.bind("search", terms_).bind("count_limit", limit);
    if (among) bind_filter(query);
    GALLEY_TRY(query.step());
    return query.row().get<std::int64_t>(0);
  }
  // All that it finds, whatever is filtered by.
  Result<std::int64_t> count_all() const {
    Query query = connection_.query("SELECT amount FROM search_removals WHERE row = 1");
    GALLEY_TRY(query.step());
    const auto removals = query.row().get<std::int64_t>(0);
    if (totals_.finds_many(terms_, removals)) return counted_exactly + 1;
    const std::int64_t matches = GALLEY_TRY(count_to(SearchTotals::count_to, false));
    totals_.remember(terms_, matches, removals);
    return matches;
  }
  Result<Total> count() const {
    if (narrow_) return Total{.amount = GALLEY_TRY(count_to(counted_exactly + 1, true))};
    const std::int64_t matches = GALLEY_TRY(count_all());
    if (!filtered_) return Total{.amount = matches};
    const bool all = matches <= counted_exactly;
    Query query =
        connection_.query("SELECT count(*) FROM articles WHERE articles.row IN (" +
                          newest_matches(all ? counted_exactly : sampled) + ")" + found_conditions_of(binding_.filter));
    bind_all(query);
    GALLEY_TRY(query.step());
    return Total{.amount = query.row().get<std::int64_t>(0), .is_exact = all};
  }
  void bind_filter(Query& query) const {
    binding_.scope(query);
    binding_.conditions(query);
    if (binding_.filter.keyword) query.bind("keyword", *binding_.filter.keyword);
  }
  void bind_all(Query& query) const {
    query.bind("search", terms_);
    bind_filter(query);
  }

  Connection& connection_;
  SearchTotals& totals_;
  const Binding& binding_;
  std::string terms_;
  bool filtered_;
  bool narrow_;
};

// What is filtered by besides the words.
Result<std::optional<std::int64_t>> count_for_search(Connection& connection, const Binding& binding) {
  const ArticleFilter& filter = binding.filter;
  if (filter.keyword) return std::optional<std::int64_t>(1);  // a keyword has few articles
  if (filter.statuses.empty() && !filter.updated_since) return std::optional<std::int64_t>();
  return std::optional(GALLEY_TRY(count_filtered(connection, binding)).amount);
}

}  // namespace

// The last word is looked for as it stands, and as a beginning only where that finds nothing: for a beginning all its
// words are merged first, which takes a tenth of a second when a million articles have them.
Result<Page<Article>> list_articles(Connection& connection, SearchTotals& totals, const AccountId& account,
                                    const ArticleFilter& filter, const PageRequest& page) {
  const Binding binding{.account = account, .filter = filter};
  const auto terms_with = [&](LastWord last, const SearchScope& scope) {
    return connection.specific().search_terms(filter.search, last, scope);
  };
  if (terms_with(LastWord::whole, {}).empty()) return list_by_filter(connection, binding, page);
  const SearchScope scope = GALLEY_TRY(scope_of_search(connection, binding));
  const std::optional<std::int64_t> matching = GALLEY_TRY(count_for_search(connection, binding));
  // What the filter alone does not find no words find.
  if (matching == 0) return list_by_filter(connection, binding, page);
  const Search whole(connection, totals, binding, terms_with(LastWord::whole, scope), matching);
  Page<Article> found = GALLEY_TRY(whole.list(page));
  std::string beginning = terms_with(LastWord::beginning, scope);
  if (!found.rows.empty() || beginning.empty() || GALLEY_TRY(whole.finds_anything())) return found;
  return Search(connection, totals, binding, std::move(beginning), matching).list(page);
}

}  // namespace galley::storage
