// A prepared statement of SQLite.
#pragma once

#include <memory>

#include "storage/sql.hpp"

struct sqlite3_stmt;

namespace galley::storage {

// The connection, as its statements see it.
class StatementOwner {
 public:
  // What a call of SQLite that returned this code said. Where memory, the disk or the file failed it, the connection is
  // not to be trusted any more.
  virtual SqlError failed(int code) = 0;
  // An error where SQLite has ended the transaction by itself: what follows of its body would be stored at once.
  virtual SqlResult<void> require_transaction() const = 0;

 protected:
  ~StatementOwner() = default;
};

class SqliteStatement final : public Statement {
 public:
  using OwnedStatement = std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)>;

  // owner outlives this.
  SqliteStatement(StatementOwner& owner, OwnedStatement statement);
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
  // Throws std::bad_alloc.
  std::string_view text(int column) const override;
  std::string_view blob(int column) const override;

 private:
  void note(int code);

  StatementOwner& owner_;
  OwnedStatement statement_;
  int failure_ = 0;    // of a bind, shown by the next step
  bool done_ = false;  // SQLite would run the statement once more
};

}  // namespace galley::storage
