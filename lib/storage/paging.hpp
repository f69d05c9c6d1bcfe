// Lists by page number or cursor, in one place for all repos. A cursor is the sort value and row number of the last row
// of a page: rows that are inserted meanwhile neither repeat nor hide one.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/page.hpp"
#include "storage/sql.hpp"

namespace galley::storage {

// How many there are: counted to one more than counted_exactly at most.
struct Total {
  std::int64_t amount = 0;
  bool is_exact = true;  // beyond counted_exactly it never is
};

// A list: what is selected, from where, and what each order sorts by. The table that pages is named in row
// ("articles.row").
struct ListSql {
  std::string columns;      // "articles.id, articles.title, …": what read() gets, from column 0 of its Row
  std::string from;         // "articles" or a join
  std::string where;        // with $parameters; never empty: a tenant's list names its account
  std::string row = "row";  // the row number's column
  std::string created_at = "created_at";
  std::string updated_at = "updated_at";  // empty: the list has no such order
  std::string title{};                    // empty: the list has no such order
  std::string since{};                    // a time's column; rows from before $since are left out. Empty: none are
  // Where the total is known or counted in another way than by the rows of where. Asked only when the page does not
  // tell.
  std::function<Result<Total>()> count{};
};

namespace detail {
// Statement texts and position of one page.
struct PagePlan {
  std::string ties;  // with a cursor: rows of the cursor's own sort value, behind its row; else empty
  std::string rest;  // all others
  Sort sort;
  std::optional<std::int64_t> cursor_number{};  // the cursor's value where the order is by time
  std::string cursor_text;
  std::int64_t cursor_row = 0;
  bool with_cursor = false;
  std::int64_t offset = 0;
  int size = 0;
};
Result<PagePlan> plan_page(const ListSql& list, const PageRequest& request);
void bind_page(Query& query, const PagePlan& plan, bool ties, std::int64_t limit);
Cursor cursor_at(const PagePlan& plan, const Row& row);
std::string count_sql(const ListSql& list);
}  // namespace detail

// bind(Query&) binds the parameters of list.where; read(const Row&) makes one T.
// validation_failed for an order that the list does not have, a page or size out of range and a cursor that is not
// ours.
template <class T, class Bind, class Read>
Result<Page<T>> read_page(Connection& connection, const ListSql& list, const PageRequest& request, const Bind& bind,
                          const Read& read) {
  const detail::PagePlan plan = GALLEY_TRY(detail::plan_page(list, request));
  Page<T> page;
  page.rows.reserve(static_cast<std::size_t>(plan.size));
  std::optional<Cursor> last;
  for (const bool ties : {true, false}) {
    const std::string& sql = ties ? plan.ties : plan.rest;
    if (sql.empty() || page.next) continue;
    Query query = connection.query(sql);
    bind(query);
    // One more than the page holds tells whether there is a next page.
    detail::bind_page(query, plan, ties, plan.size + 1 - static_cast<std::int64_t>(page.rows.size()));
    while (GALLEY_TRY(query.step())) {
      if (static_cast<int>(page.rows.size()) == plan.size) {
        page.next = last;
        break;
      }
      // Only the last row that fits can be the one that the next page begins behind.
      if (static_cast<int>(page.rows.size()) + 1 == plan.size) last = detail::cursor_at(plan, query.row());
      page.rows.push_back(read(query.row().from(2)));
    }
  }
  Total total{.amount = plan.offset + static_cast<std::int64_t>(page.rows.size())};
  // The last page says itself how many there are; one behind a cursor or behind the end does not.
  const bool told = !plan.with_cursor && !page.next && (plan.offset == 0 || !page.rows.empty());
  if (!told && list.count) {
    total = GALLEY_TRY(list.count());
  } else if (!told) {
    Query query = connection.query(detail::count_sql(list));
    bind(query);
    query.bind("count_limit", counted_exactly + 1);
    if (GALLEY_TRY(query.step())) total.amount = query.row().template get<std::int64_t>(0);
  }
  // What an inexact total does not know of the page itself does.
  if (!total.is_exact) total.amount = std::max(total.amount, plan.offset + static_cast<std::int64_t>(page.rows.size()));
  page.total = std::min(total.amount, counted_exactly);
  page.total_is_exact = total.is_exact && total.amount <= counted_exactly;
  return page;
}

// " AND status IN ($status0, $status1)" for filters with a list of enums, and nothing for an empty list. name is the
// parameter's; the column is of the table that the list names.
std::string in_list(std::string_view column, std::string_view name, std::size_t count);
template <class E>
void bind_list(Query& query, std::string_view name, const std::vector<E>& values) {
  for (std::size_t i = 0; i < values.size(); ++i)
    query.bind(std::string(name) + std::to_string(i), values[i]);
}

}  // namespace galley::storage
