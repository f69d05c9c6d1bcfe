#include "storage/sqlite/sqlite_statement.hpp"

#include <sqlite3.h>

#include <new>
#include <utility>

namespace galley::storage {

SqliteStatement::SqliteStatement(StatementOwner& owner, OwnedStatement statement)
    : Statement(1), owner_(owner), statement_(std::move(statement)) {
  const int count = sqlite3_bind_parameter_count(statement_.get());
  for (int i = 1; i <= count; ++i) {
    const char* name = sqlite3_bind_parameter_name(statement_.get(), i);
    names_.emplace_back(name == nullptr ? "" : name + 1);
  }
}

void SqliteStatement::note(int code) {
  if (code != SQLITE_OK && failure_ == SQLITE_OK) failure_ = code;
}

void SqliteStatement::bind_null(int parameter) {
  note(sqlite3_bind_null(statement_.get(), parameter));
}
void SqliteStatement::bind_integer(int parameter, std::int64_t value) {
  note(sqlite3_bind_int64(statement_.get(), parameter, value));
}
void SqliteStatement::bind_real(int parameter, double value) {
  note(sqlite3_bind_double(statement_.get(), parameter, value));
}
void SqliteStatement::bind_text(int parameter, std::string_view value) {
  // A null pointer would bind NULL, and a default string_view has one.
  const char* text = value.data() == nullptr ? "" : value.data();
  note(sqlite3_bind_text64(statement_.get(), parameter, text, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}
void SqliteStatement::bind_blob(int parameter, std::string_view value) {
  const char* bytes = value.data() == nullptr ? "" : value.data();
  note(sqlite3_bind_blob64(statement_.get(), parameter, bytes, value.size(), SQLITE_TRANSIENT));
}

SqlResult<bool> SqliteStatement::step() {
  if (failure_ != SQLITE_OK) return owner_.failed(failure_);
  if (done_) return false;
  GALLEY_TRY(owner_.require_transaction());
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  done_ = true;
  if (code == SQLITE_DONE) return false;
  SqlError error = owner_.failed(code);
  sqlite3_reset(statement_.get());
  return error;
}

void SqliteStatement::reset() {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
  failure_ = SQLITE_OK;
  done_ = false;
}

bool SqliteStatement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}
std::int64_t SqliteStatement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}
double SqliteStatement::real(int column) const {
  return sqlite3_column_double(statement_.get(), column);
}

std::string_view SqliteStatement::text(int column) const {
  // In this order: asking for the length first could convert the value twice.
  const unsigned char* text = sqlite3_column_text(statement_.get(), column);
  if (text == nullptr) {
    if (sqlite3_errcode(sqlite3_db_handle(statement_.get())) != SQLITE_NOMEM) return {};
    // No memory for the zero at its end. Read as an empty text it would be written back as one.
    owner_.failed(SQLITE_NOMEM);
    throw std::bad_alloc();
  }
  return {reinterpret_cast<const char*>(text),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::string_view SqliteStatement::blob(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  if (bytes == nullptr) return {};
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

}  // namespace galley::storage
