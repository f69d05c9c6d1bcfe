// From SQLite's codes and texts to SqlError: the only place that reads its messages.
#include <sqlite3.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "storage/sqlite/sqlite_connection.hpp"

namespace galley::storage {
namespace {

SqlFailure failure_of(int code) {
  if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY || code == SQLITE_CONSTRAINT_ROWID)
    return SqlFailure::unique_violation;
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return SqlFailure::busy;
    case SQLITE_FULL:
    case SQLITE_NOMEM:
      return SqlFailure::full;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:  // a file system that went read-only after an error
      return SqlFailure::io;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return SqlFailure::corrupt;
  }
  return SqlFailure::other;
}

// The unique index of the table over these columns, which are separated by commas; empty where it is the table's own
// key. Nothing where SQLite had no memory to say so.
std::optional<std::string> index_over(sqlite3* database, const std::string& table, const std::string& columns) {
  constexpr std::string_view sql =
      "SELECT l.name FROM pragma_index_list(?1) AS l WHERE l.\"unique\" AND "
      "(SELECT group_concat(i.name, ',') FROM pragma_index_info(l.name) AS i) = ?2";
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &statement, nullptr) != SQLITE_OK)
    return std::nullopt;
  const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> owned(statement, &sqlite3_finalize);
  sqlite3_bind_text(statement, 1, table.c_str(), -1, SQLITE_STATIC);
  sqlite3_bind_text(statement, 2, columns.c_str(), -1, SQLITE_STATIC);
  const int code = sqlite3_step(statement);
  if (code == SQLITE_DONE) return std::string();
  const unsigned char* name = code == SQLITE_ROW ? sqlite3_column_text(statement, 0) : nullptr;
  if (name == nullptr) return std::nullopt;
  return reinterpret_cast<const char*>(name);
}

// "UNIQUE constraint failed: articles.project_id, articles.slug", or "… failed: index 'publications_target'" for an
// index over expressions.
std::optional<std::string> constraint_of(sqlite3* database, std::string_view message) {
  constexpr std::string_view head = "constraint failed: ";
  const std::size_t start = message.find(head);
  if (start == std::string_view::npos) return std::string();
  std::string_view rest = message.substr(start + head.size());
  if (rest.starts_with("index '")) {
    rest.remove_prefix(7);
    return std::string(rest.substr(0, rest.find('\'')));
  }
  std::string table, columns;
  while (!rest.empty()) {
    const std::size_t comma = rest.find(", ");
    const std::string_view column = rest.substr(0, comma);
    const std::size_t dot = column.find('.');
    if (dot == std::string_view::npos) return std::string();
    table = column.substr(0, dot);
    if (!columns.empty()) columns += ',';
    columns += column.substr(dot + 1);
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 2);
  }
  return index_over(database, table, columns);
}

}  // namespace

SqlError sqlite_error(sqlite3* database, int code) {
  const std::string said = database == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(database);
  SqlError error{.kind = failure_of(code), .message = said + " (" + std::to_string(code) + ")"};
  if (error.kind != SqlFailure::unique_violation) return error;
  std::optional<std::string> constraint = constraint_of(database, said);
  if (constraint)
    error.constraint = *std::move(constraint);
  else
    error.kind = SqlFailure::full;  // which one it was decides what the caller is told
  return error;
}

}  // namespace galley::storage
