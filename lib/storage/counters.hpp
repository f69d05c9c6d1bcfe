// Totals from the counters that the schema keeps by state (article_counts, publication_counts): no row is counted.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "base/names.hpp"
#include "domain/page.hpp"
#include "storage/sql.hpp"

namespace galley::storage {

// How many are in one of the wanted states, or in any where none is named: exact up to counted_exactly, else something
// beyond it. sql selects the amounts of one $status; bind(Query&) binds its other parameters. Of an account's thousand
// projects it should give those with the most first ("ORDER BY amount DESC"): adding ends beyond the bound.
template <class Status, class Bind>
Result<std::int64_t> read_counters(Connection& connection, const std::string& sql, const std::vector<Status>& wanted,
                                   const Bind& bind) {
  std::int64_t total = 0;
  for (const auto& [status, name] : Names<Status>::all) {
    if (!wanted.empty() && std::ranges::find(wanted, status) == wanted.end()) continue;
    Query query = connection.query(sql);
    bind(query);
    query.bind("status", status);
    while (total <= counted_exactly && GALLEY_TRY(query.step()))
      total += query.row().get<std::int64_t>(0);
  }
  return total;
}

}  // namespace galley::storage
