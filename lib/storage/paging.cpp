#include "storage/paging.hpp"

#include <charconv>

namespace galley::storage {
namespace detail {
namespace {

const std::string& order_column(const ListSql& list, SortField field) {
  switch (field) {
    case SortField::created_at:
      return list.created_at;
    case SortField::updated_at:
      return list.updated_at;
    case SortField::title:
      return list.title;
  }
  return list.created_at;
}

// Where the cursor's value already says from where to read, the time is compared as an expression, which no index has:
// SQLite may prefer the wider range, and then reads, and sorts, all that was listed on the pages before.
enum class Since : bool { looked_up, compared };

std::string where_of(const ListSql& list, Since since) {
  if (list.since.empty()) return list.where;
  return list.where + " AND " + (since == Since::compared ? "(" + list.since + " + 0)" : list.since) + " >= $since";
}

Result<void> take_cursor(PagePlan& plan, const Cursor& cursor, const Sort& sort) {
  if (cursor.sort != sort) return invalid("cursor", "belongs to a list in another order");
  if (sort.field != SortField::title) {
    std::int64_t number = 0;
    const char* end = cursor.value.data() + cursor.value.size();
    const auto [stop, problem] = std::from_chars(cursor.value.data(), end, number);
    if (problem != std::errc() || stop != end) return invalid("cursor", "is not a cursor of this list");
    plan.cursor_number = number;
  }
  plan.with_cursor = true;
  plan.cursor_text = cursor.value;
  plan.cursor_row = cursor.row;
  return {};
}

}  // namespace

Result<PagePlan> plan_page(const ListSql& list, const PageRequest& request) {
  const std::string& column = order_column(list, request.sort.field);
  if (column.empty()) return invalid("sort", "is not an order of this list");
  if (request.size < 1 || request.size > PageRequest::max_size)
    return invalid("page_size", "must be between 1 and " + std::to_string(PageRequest::max_size));
  if (!request.after && request.page < 1) return invalid("page", "must be at least 1");

  PagePlan plan;
  plan.sort = request.sort;
  plan.size = request.size;
  if (request.after) GALLEY_TRY(take_cursor(plan, *request.after, request.sort));

  const std::string select =
      "SELECT " + column + ", " + list.row + ", " + list.columns + " FROM " + list.from + " WHERE ";
  const std::string direction = request.sort.descending ? " DESC" : "";
  const std::string beyond = request.sort.descending ? " < " : " > ";
  // Where the order is that of the rows there are no ties, and naming it twice would have SQLite sort.
  const bool by_row = column == list.row;
  const std::string tie_break = by_row ? std::string() : ", " + list.row + direction;
  const std::string order = " ORDER BY " + column + direction + tie_break + " LIMIT $page_limit";
  if (plan.with_cursor) {
    // Two statements rather than (column, row) < ($value, $row): SQLite uses only the first of the pair, and an import
    // of ten thousand keywords gives them all one created_at.
    if (!by_row)
      plan.ties = select + where_of(list, Since::compared) + " AND " + column + " = $cursor_value AND " + list.row +
                  beyond + "$cursor_row ORDER BY " + list.row + direction + " LIMIT $page_limit";
    plan.rest = select + where_of(list, request.sort.descending ? Since::looked_up : Since::compared) + " AND " +
                column + beyond + "$cursor_value" + order;
  } else {
    plan.offset = static_cast<std::int64_t>(request.page - 1) * request.size;
    plan.rest = select + where_of(list, Since::looked_up) + order + " OFFSET $page_offset";
  }
  return plan;
}

void bind_page(Query& query, const PagePlan& plan, bool ties, std::int64_t limit) {
  query.bind("page_limit", limit);
  if (!plan.with_cursor) {
    query.bind("page_offset", plan.offset);
    return;
  }
  if (plan.cursor_number)
    query.bind("cursor_value", *plan.cursor_number);
  else
    query.bind("cursor_value", plan.cursor_text);
  if (ties) query.bind("cursor_row", plan.cursor_row);
}

Cursor cursor_at(const PagePlan& plan, const Row& row) {
  Cursor cursor{.sort = plan.sort, .value = {}, .row = row.get<std::int64_t>(1)};
  cursor.value =
      plan.sort.field == SortField::title ? row.get<std::string>(0) : std::to_string(row.get<std::int64_t>(0));
  return cursor;
}

std::string count_sql(const ListSql& list) {
  return "SELECT count(*) FROM (SELECT 1 FROM " + list.from + " WHERE " + where_of(list, Since::looked_up) +
         " LIMIT $count_limit) AS counted";
}

}  // namespace detail

std::string in_list(std::string_view column, std::string_view name, std::size_t count) {
  if (count == 0) return {};
  std::string text = " AND " + std::string(column) + " IN (";
  for (std::size_t i = 0; i < count; ++i)
    text += (i == 0 ? "$" : ", $") + std::string(name) + std::to_string(i);
  return text + ")";
}

}  // namespace galley::storage
