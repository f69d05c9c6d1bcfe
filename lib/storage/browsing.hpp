// Lists by page number whose totals are exact, in one place for all repos: within an account, or a project or cluster
// of it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/identity.hpp"
#include "domain/page.hpp"
#include "storage/sql.hpp"

namespace galley::storage {

// What rows have to be. The narrowest scope is found by its index, everything else is looked at row by row: expressions
// have no index, and left to choose SQLite may walk an account for the few rows of a project.
class Wanted {
 public:
  // What is given outlives this.
  Wanted(const AccountId& account, const std::optional<ProjectId>& project,
         const std::optional<ClusterId>& cluster = no_cluster());

  // condition names the value as $name; nothing is asked where there is no value.
  template <class T>
  Wanted& with(std::string_view condition, std::string name, const std::optional<T>& value) {
    if (!value) return *this;
    narrow(condition);
    binders_.push_back([name = std::move(name), &value](Query& query) { query.bind(name, *value); });
    return *this;
  }
  // column LIKE '%search%', where there is something to look for.
  Wanted& containing(std::string_view column, const std::string& folded_search);
  // A condition without a value.
  Wanted& narrow(std::string_view condition);

  const std::string& where() const { return where_; }
  void bind(Query& query) const;
  // Whether nothing is asked but the account.
  bool is_whole_account() const { return whole_account_; }

 private:
  static const std::optional<ClusterId>& no_cluster();

  std::string where_;
  std::vector<std::function<void(Query&)>> binders_{};
  bool whole_account_ = true;
};

struct BrowseSql {
  std::string columns;
  std::string table;
  std::string order = "created_at DESC";  // what it begins with; the row's number follows in the same direction
  // In place of counting rows where the whole account is wanted, and the schema keeps count: "SELECT …" with $account.
  std::string count_of_account{};
};

// read(const Row&) makes one T.
template <class T, class Read>
Result<Counted<T>> browse_rows(Connection& connection, const BrowseSql& list, const Wanted& wanted,
                               const NumberedPage& page, const Read& read) {
  Counted<T> found;
  const bool kept = wanted.is_whole_account() && !list.count_of_account.empty();
  Query count = connection.query(kept ? list.count_of_account
                                      : "SELECT count(*) FROM " + list.table + " WHERE " + wanted.where());
  wanted.bind(count);
  GALLEY_TRY(count.step());
  found.total = count.row().template get<std::int64_t>(0);
  const std::string direction = list.order.ends_with(" DESC") ? " DESC" : "";
  Query query = connection.query("SELECT " + list.columns + " FROM " + list.table + " WHERE " + wanted.where() +
                                 " ORDER BY " + list.order + ", row" + direction + " LIMIT $limit OFFSET $offset");
  wanted.bind(query);
  query.bind("limit", page.size).bind("offset", std::int64_t{page.number - 1} * page.size);
  while (GALLEY_TRY(query.step()))
    found.rows.push_back(read(query.row()));
  return found;
}

struct ScanPlace {
  const AccountId& account;
  const ProjectId& project;
  std::int64_t after = 0;
  int max = 100;
};

// Rows of a project in the order of their numbers. read(const Row&) makes one T of the columns.
template <class T, class Read>
Result<Chunk<T>> scan_rows(Connection& connection, std::string_view columns, std::string_view table,
                           const ScanPlace& place, const Read& read) {
  Query query = connection.query("SELECT row, " + std::string(columns) + " FROM " + std::string(table) +
                                 " WHERE project_id = $project AND account_id = $account AND row > $after "
                                 "ORDER BY row LIMIT $max");
  query.bind("project", place.project).bind("account", place.account).bind("after", place.after);
  query.bind("max", std::int64_t{place.max} + 1);
  Chunk<T> chunk;
  std::int64_t last = place.after;
  while (GALLEY_TRY(query.step())) {
    if (static_cast<int>(chunk.rows.size()) == place.max) {
      chunk.next = last;
      break;
    }
    last = query.row().template get<std::int64_t>(0);
    chunk.rows.push_back(read(query.row().from(1)));
  }
  return chunk;
}

}  // namespace galley::storage
