// What only SQLite says in these words. The PostgreSQL driver has a file of the same names.
#include <string>
#include <string_view>

#include "base/encoding.hpp"
#include "storage/sqlite/sqlite_connection.hpp"

namespace galley::storage {
namespace {

constexpr std::size_t max_search_words = 16;

bool is_space(char c) {
  return static_cast<unsigned char>(c) <= ' ';
}

// Every word quoted, so that nothing that is typed is FTS5's query language; the last one may be a beginning only.
// Words of marks alone match nothing by themselves and FTS5 ignores them.
std::string search_terms(std::string_view typed) {
  std::string terms;
  std::size_t words = 0;
  while (!typed.empty() && words < max_search_words) {
    std::size_t length = 0;
    while (length < typed.size() && !is_space(typed[length]))
      ++length;
    if (length > 0) {
      terms += terms.empty() ? "\"" : " \"";
      for (const char c : typed.substr(0, length))
        terms += c == '"' ? std::string("\"\"") : std::string(1, c);
      terms += '"';
      ++words;
    }
    typed.remove_prefix(length < typed.size() ? length + 1 : length);
  }
  if (!terms.empty()) terms += '*';
  return terms;
}

}  // namespace

const SpecificSql& sqlite_specific_sql() {
  static constexpr SpecificSql sql{
      .find_table = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = $table",
      // An index over content kept elsewhere forgets a row only when it is told the very words it learned.
      .unindex_article =
          "INSERT INTO article_search (article_search, rowid, title, keyword_text, markdown) "
          "SELECT 'delete', row, title, keyword_text, markdown FROM articles WHERE id = $id",
      .unindex_project_articles =
          "INSERT INTO article_search (article_search, rowid, title, keyword_text, markdown) "
          "SELECT 'delete', row, title, keyword_text, markdown FROM articles WHERE project_id = $project",
      .index_article =
          "INSERT INTO article_search (rowid, title, keyword_text, markdown) "
          "SELECT row, title, keyword_text, markdown FROM articles WHERE id = $id",
      .article_matches = "articles.row IN (SELECT rowid FROM article_search WHERE article_search MATCH $search)",
      .search_terms = &search_terms,
      .lock_rows = "",
  };
  return sql;
}

}  // namespace galley::storage
