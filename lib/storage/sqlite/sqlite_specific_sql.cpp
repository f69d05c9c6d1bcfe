// What only SQLite says in these words. The PostgreSQL driver has a file of the same names.
#include <optional>
#include <string>
#include <string_view>

#include "base/encoding.hpp"
#include "storage/sqlite/sqlite_connection.hpp"

namespace galley::storage {
namespace {

constexpr std::size_t max_search_words = 16;
// A shorter last word is no beginning: half the language begins with "s", and FTS5 merges all that a beginning stands
// for.
constexpr std::size_t shortest_beginning = 3;  // bytes: one letter of a script whose words are as short

bool is_space(char c) {
  return static_cast<unsigned char>(c) <= ' ';
}

void append_quoted(std::string& terms, std::string_view word) {
  if (!terms.empty()) terms += ' ';
  terms += '"';
  for (const char c : word)
    terms += c == '"' ? std::string("\"\"") : std::string(1, c);
  terms += '"';
}

// An id as the tokenizer sees it: what follows the prefix, which all ids have in common.
std::string quoted_id(std::string_view id) {
  std::string quoted;
  append_quoted(quoted, id.substr(id.find('_') + 1));
  return quoted;
}

// Every word quoted, so that nothing that is typed is FTS5's query language.
// Words of marks alone are no words to FTS5, which ignores them, and finds nothing where there are no others. Account
// and project are looked up in the same index: found by the words alone, another account's million articles would be
// met and dropped one by one.
std::string search_terms(std::string_view typed, LastWord last, const SearchScope& scope) {
  std::string words;
  std::size_t last_length = 0;
  for (std::size_t count = 0; !typed.empty() && count < max_search_words;) {
    std::size_t length = 0;
    while (length < typed.size() && !is_space(typed[length]))
      ++length;
    if (length > 0) {
      append_quoted(words, typed.substr(0, length));
      last_length = length;
      ++count;
    }
    typed.remove_prefix(length < typed.size() ? length + 1 : length);
  }
  if (words.empty()) return {};
  if (last == LastWord::beginning) {
    if (last_length < shortest_beginning) return {};
    words += '*';
  }
  std::string terms = "{title keyword_text markdown} : (" + words + ")";
  if (scope.account) terms += " AND account_id : " + quoted_id(scope.account->text());
  if (scope.project) terms += " AND project_id : " + quoted_id(scope.project->text());
  return terms;
}

}  // namespace

const SpecificSql& sqlite_specific_sql() {
  static constexpr SpecificSql sql{
      .find_table = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = $table",
      // An index over content kept elsewhere forgets a row only when it is told the very words it learned.
      .unindex_article =
          "INSERT INTO article_search (article_search, rowid, account_id, project_id, title, keyword_text, markdown) "
          "SELECT 'delete', row, account_id, project_id, title, keyword_text, markdown FROM articles WHERE id = $id",
      .unindex_project_articles =
          "INSERT INTO article_search (article_search, rowid, account_id, project_id, title, keyword_text, markdown) "
          "SELECT 'delete', row, account_id, project_id, title, keyword_text, markdown FROM articles WHERE project_id "
          "= $project",
      .index_article =
          "INSERT INTO article_search (rowid, account_id, project_id, title, keyword_text, markdown) "
          "SELECT row, account_id, project_id, title, keyword_text, markdown FROM articles WHERE id = $id",
      // CROSS: the index of words first, whose rows come in the order of their numbers.
      .search_from = "article_search CROSS JOIN articles",
      .search_where = "article_search MATCH $search AND articles.row = article_search.rowid",
      .search_row = "article_search.rowid",
      .matches = "SELECT article_search.rowid FROM article_search WHERE article_search MATCH $search",
      .search_terms = &search_terms,
      .lock_rows = "",
  };
  return sql;
}

}  // namespace galley::storage
