#include "storage/sqlite/sqlite_statement.hpp"

#include <sqlite3.h>

#include "storage/sqlite/sqlite_connection.hpp"

namespace galley::storage {

SqliteStatement::SqliteStatement(sqlite3* database, sqlite3_stmt* statement)
    : Statement(1), database_(database), statement_(statement) {
  const int count = sqlite3_bind_parameter_count(statement_);
  for (int i = 1; i <= count; ++i) {
    const char* name = sqlite3_bind_parameter_name(statement_, i);
    names_.emplace_back(name == nullptr ? "" : name + 1);
  }
}

SqliteStatement::~SqliteStatement() {
  sqlite3_finalize(statement_);
}

void SqliteStatement::note(int code) {
  if (code != SQLITE_OK && failure_ == SQLITE_OK) failure_ = code;
}

void SqliteStatement::bind_null(int parameter) {
  note(sqlite3_bind_null(statement_, parameter));
}
void SqliteStatement::bind_integer(int parameter, std::int64_t value) {
  note(sqlite3_bind_int64(statement_, parameter, value));
}
void SqliteStatement::bind_real(int parameter, double value) {
  note(sqlite3_bind_double(statement_, parameter, value));
}
void SqliteStatement::bind_text(int parameter, std::string_view value) {
  // A null pointer would bind NULL, and a default string_view has one.
  const char* text = value.data() == nullptr ? "" : value.data();
  note(sqlite3_bind_text64(statement_, parameter, text, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}
void SqliteStatement::bind_blob(int parameter, std::string_view value) {
  const char* bytes = value.data() == nullptr ? "" : value.data();
  note(sqlite3_bind_blob64(statement_, parameter, bytes, value.size(), SQLITE_TRANSIENT));
}

SqlResult<bool> SqliteStatement::step() {
  if (failure_ != SQLITE_OK) return sqlite_error(database_, failure_);
  if (done_) return false;
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  done_ = true;
  if (code == SQLITE_DONE) return false;
  SqlError error = sqlite_error(database_, code);
  sqlite3_reset(statement_);
  return error;
}

void SqliteStatement::reset() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
  failure_ = SQLITE_OK;
  done_ = false;
}

bool SqliteStatement::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}
std::int64_t SqliteStatement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}
double SqliteStatement::real(int column) const {
  return sqlite3_column_double(statement_, column);
}

std::string_view SqliteStatement::text(int column) const {
  // In this order: asking for the length first could convert the value twice.
  const unsigned char* text = sqlite3_column_text(statement_, column);
  if (text == nullptr) return {};
  return {reinterpret_cast<const char*>(text), static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::string_view SqliteStatement::blob(int column) const {
  const void* bytes = sqlite3_column_blob(statement_, column);
  if (bytes == nullptr) return {};
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

}  // namespace galley::storage
