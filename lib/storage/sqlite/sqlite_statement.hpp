// A prepared statement of SQLite.
#pragma once

#include "storage/sql.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace galley::storage {

class SqliteStatement final : public Statement {
 public:
  // Owns the statement; the database outlives this.
  SqliteStatement(sqlite3* database, sqlite3_stmt* statement);
  ~SqliteStatement() override;
  SqliteStatement(const SqliteStatement&) = delete;
  SqliteStatement& operator=(const SqliteStatement&) = delete;

  void bind_null(int parameter) override;
  void bind_integer(int parameter, std::int64_t value) override;
  void bind_real(int parameter, double value) override;
  void bind_text(int parameter, std::string_view value) override;
  void bind_blob(int parameter, std::string_view value) override;
  SqlResult<bool> step() override;
  void reset() override;
  bool is_null(int column) const override;
  std::int64_t integer(int column) const override;
  double real(int column) const override;
  std::string_view text(int column) const override;
  std::string_view blob(int column) const override;

 private:
  void note(int code);

  sqlite3* database_;
  sqlite3_stmt* statement_;
  int failure_ = 0;    // of a bind, shown by the next step
  bool done_ = false;  // SQLite would run the statement once more
};

}  // namespace galley::storage
