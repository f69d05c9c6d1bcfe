// A row of keywords as the repo's parts read it.
#pragma once

#include <string>
#include <string_view>

#include "domain/keyword.hpp"
#include "storage/sql.hpp"

namespace galley::storage {

inline constexpr std::string_view keyword_columns =
    "id, account_id, project_id, text, volume, difficulty, intent, priority, cluster_id, status, article_id, version, "
    "created_at, updated_at, planning";

Keyword read_keyword(const Row& row);
// The rank is what is stored, so that an index can have the order of selection.
int rank_of(Priority priority);
// A part of a folded text, for LIKE … ESCAPE '\'.
std::string containing(std::string_view search);

}  // namespace galley::storage
