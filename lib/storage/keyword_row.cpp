#include "storage/keyword_row.hpp"

#include "base/unicode.hpp"

namespace galley::storage {
namespace {

Priority priority_of(int rank) {
  return rank <= 0 ? Priority::high : rank == 1 ? Priority::medium : Priority::low;
}

}  // namespace

int rank_of(Priority priority) {
  switch (priority) {
    case Priority::high:
      return 0;
    case Priority::medium:
      return 1;
    case Priority::low:
      return 2;
  }
  return 1;
}

Keyword read_keyword(const Row& row) {
  Keyword keyword;
  int rank = 0;
  row.into(keyword.id, keyword.account, keyword.project, keyword.text, keyword.volume, keyword.difficulty,
           keyword.intent, rank, keyword.cluster, keyword.status, keyword.article, keyword.version, keyword.created_at,
           keyword.updated_at, keyword.planning);
  keyword.priority = priority_of(rank);
  return keyword;
}

std::string containing(std::string_view search) {
  std::string pattern = "%";
  for (const char c : fold_text(search)) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + "%";
}

}  // namespace galley::storage
