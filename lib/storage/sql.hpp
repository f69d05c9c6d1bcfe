// SQL as the repos see it: a Connection prepares statements once and keeps them, a Query binds by name, steps and reads
// columns. One SQL text serves every driver: parameters are $name, times are integer milliseconds, lists are JSON text.
// Statements that no common text exists for are in SpecificSql, which each driver supplies.
// A Connection and all that it made belong to one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "domain/identity.hpp"
#include "storage/column.hpp"

namespace galley::storage {

enum class SqlFailure : std::uint8_t { unique_violation, busy, full, io, corrupt, other };

struct SqlError {
  SqlFailure kind = SqlFailure::other;
  std::string constraint{};  // of a unique_violation: the name of the unique index ("articles_slug")
  std::string message{};     // what the database said; for the log alone

  bool violates(std::string_view name) const { return kind == SqlFailure::unique_violation && constraint == name; }
  // unavailable for busy, full and io, conflict for unique_violation, else internal. So GALLEY_TRY takes an SqlResult
  // where a Result is to be returned; who has better words for a conflict asks violates() first.
  operator Error() const;
};
[[noreturn]] void throw_exception_from_error(const SqlError& error, const boost::source_location& where);

template <class T = void>
using SqlResult = boost::system::result<T, SqlError>;

// A prepared statement of a driver. Texts and blobs are copied when bound, and valid until the next step when read.
class Statement {
 public:
  virtual ~Statement() = default;

  virtual void bind_null(int parameter) = 0;
  virtual void bind_integer(int parameter, std::int64_t value) = 0;
  virtual void bind_real(int parameter, double value) = 0;
  virtual void bind_text(int parameter, std::string_view value) = 0;
  virtual void bind_blob(int parameter, std::string_view value) = 0;

  // True when there is a row to read.
  virtual SqlResult<bool> step() = 0;
  // Ready to be bound and run again; bound values are forgotten.
  virtual void reset() = 0;

  virtual bool is_null(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;
  virtual double real(int column) const = 0;
  virtual std::string_view text(int column) const = 0;
  virtual std::string_view blob(int column) const = 0;

  // Throws std::logic_error for a name that the statement does not have.
  int parameter(std::string_view name);

 protected:
  // names without the $, in the order of the driver's numbers.
  explicit Statement(int first_parameter) : first_(first_parameter) {}
  std::vector<std::string> names_{};

 private:
  int first_;
  std::size_t hint_ = 0;  // the name that was asked for last: they come in order mostly
};

// The row that a statement stands on, read from a column on.
class Row {
 public:
  explicit Row(const Statement& statement, int first = 0) : statement_(statement), first_(first) {}

  // The columns in order: row.into(project.id, project.account, project.name).
  template <class... T>
  void into(T&... fields) const {
    int column = first_;
    (read_column(statement_, column++, fields), ...);
  }
  template <class T>
  T get(int column) const {
    T value{};
    read_column(statement_, first_ + column, value);
    return value;
  }
  // What bind_bytes stored; valid until the next step, empty for NULL.
  std::string_view bytes(int column) const { return statement_.blob(first_ + column); }
  // The same row from a later column on.
  Row from(int column) const { return Row(statement_, first_ + column); }

 private:
  const Statement& statement_;
  int first_;
};

class Connection;

// A statement in a connection's cache; taken while a Query uses it.
struct CachedStatement {
  std::string sql;
  std::unique_ptr<Statement> statement;
  bool taken = false;
};

// One use of a statement; ends by giving it back to its connection. A failure to prepare shows at the first step.
class Query {
 public:
  Query(Connection& connection, std::string_view sql);
  Query(Query&& other) noexcept;
  Query& operator=(Query&&) = delete;
  ~Query();

  // name without the $. Takes everything that column.hpp knows: numbers, texts, times, ids, enums, optionals, lists.
  template <class T>
  Query& bind(std::string_view name, const T& value) {
    if (statement_ != nullptr) bind_column(*statement_, statement_->parameter(name), value);
    return *this;
  }
  // Bytes that are not text: digests and sealed secrets.
  Query& bind_bytes(std::string_view name, std::string_view bytes);

  SqlResult<bool> step();
  // Steps to the end; rows are dropped.
  SqlResult<void> run();
  // Only after step() said true.
  Row row() const { return Row(*statement_); }

 private:
  CachedStatement* cached_ = nullptr;  // null when the statement is this query's own: its text was in use already
  std::unique_ptr<Statement> own_{};
  Statement* statement_ = nullptr;
  std::optional<SqlError> failure_{};
};

enum class LastWord : bool { whole, beginning };
// Whose articles are looked at, where not all of the store's.
struct SearchScope {
  std::optional<AccountId> account{};
  std::optional<ProjectId> project{};
};

// What has no common SQL text. Every statement is named for what it does; parameters are in the comments.
struct SpecificSql {
  std::string_view find_table;  // $table: one row where there is a table of that name
  // Full text search over title, keyword_text and markdown of articles.
  std::string_view unindex_article;           // $id: before its row changes or goes
  std::string_view unindex_project_articles;  // $project: before they go
  std::string_view index_article;             // $id: after its row was inserted or changed
  // A search: SELECT … FROM search_from WHERE search_where, where $search is search_terms(…). Columns of articles are
  // at hand, and search_row is articles.row in a form by which the index of words sorts by itself.
  std::string_view search_from;
  std::string_view search_where;
  std::string_view search_row;
  std::string_view matches;  // $search: the numbers alone, as search_row; more conditions may follow
  // All words, in articles of the scope; the last one as a whole or as a beginning. Empty where nothing was typed, and
  // where the last word is too short to be a beginning.
  std::string (*search_terms)(std::string_view typed, LastWord last, const SearchScope& scope);
  // What follows a SELECT of rows that this transaction is going to lease: "" or "FOR UPDATE SKIP LOCKED".
  std::string_view lock_rows;
};

class Connection {
 public:
  static constexpr std::size_t max_cached_statements = 256;

  virtual ~Connection() = default;

  // Prepared once for a text, then taken from the cache.
  Query query(std::string_view sql) { return Query(*this, sql); }
  // One statement without parameters.
  SqlResult<void> execute(std::string_view sql) { return query(sql).run(); }

  // Several statements without parameters: a migration.
  virtual SqlResult<void> run_script(std::string_view sql) = 0;
  // begin_writing takes the write lock at once.
  virtual SqlResult<void> begin_reading() = 0;
  virtual SqlResult<void> begin_writing() = 0;
  virtual SqlResult<void> commit() = 0;
  // Ends the transaction whatever state it is in; also when there is none.
  virtual void rollback() noexcept = 0;
  // The last one that was set is the one that is released or undone first.
  virtual SqlResult<void> set_savepoint() = 0;
  virtual SqlResult<void> release_savepoint() = 0;
  // Undoes what was done since, and releases it.
  virtual SqlResult<void> undo_to_savepoint() = 0;
  // False after an error on which the database itself rolled back.
  virtual bool in_transaction() const = 0;

  // Rows that the last INSERT, UPDATE or DELETE changed, without those of triggers and cascades.
  virtual std::int64_t changes() const = 0;
  virtual const SpecificSql& specific() const = 0;

  // The writer calls these outside of transactions: after each commit, and when nothing was written for a while.
  virtual void tidy_after_commit() = 0;
  virtual void tidy_at_rest() = 0;

 protected:
  virtual SqlResult<std::unique_ptr<Statement>> compile(std::string_view sql) = 0;
  // Drivers call it before they close.
  void forget_statements();

 private:
  friend class Query;
  CachedStatement& remember(std::string_view sql, std::unique_ptr<Statement> statement);
  std::list<CachedStatement> cached_{};  // most recently used first
  std::unordered_map<std::string_view, std::list<CachedStatement>::iterator> by_sql_{};
};

// not_found unless the last statement changed a row.
Result<void> require_change(const Connection& connection, std::string_view noun, std::string_view id);

}  // namespace galley::storage
