#include "storage/sql.hpp"

#include <stdexcept>

namespace galley::storage {

SqlError::operator Error() const {
  Error error;
  switch (kind) {
    case SqlFailure::unique_violation:
      error = conflict("Something with the same value exists already.");
      break;
    case SqlFailure::busy:
      error = unavailable("The database is busy. Please try again.");
      break;
    case SqlFailure::full:
      error = unavailable("There is no room to store this at present. Please try again later.");
      break;
    case SqlFailure::io:
      error = unavailable("The database cannot be reached at present. Please try again later.");
      break;
    case SqlFailure::corrupt:
      error = internal_error({});
      error.message = "The stored data cannot be read: the database is damaged.";
      break;
    case SqlFailure::other:
      return internal_error(message);
  }
  error.cause = constraint.empty() ? message : message + " [" + constraint + "]";
  return error;
}

void throw_exception_from_error(const SqlError& error, const boost::source_location& where) {
  galley::throw_exception_from_error(Error(error), where);
}

int Statement::parameter(std::string_view name) {
  for (std::size_t tried = 0; tried < names_.size(); ++tried) {
    const std::size_t i = (hint_ + tried) % names_.size();
    if (names_[i] != name) continue;
    hint_ = i + 1;
    return first_ + static_cast<int>(i);
  }
  throw std::logic_error("The statement has no parameter $" + std::string(name));
}

Query::Query(Connection& connection, std::string_view sql) {
  const auto known = connection.by_sql_.find(sql);
  if (known != connection.by_sql_.end() && !known->second->taken) {
    connection.cached_.splice(connection.cached_.begin(), connection.cached_, known->second);
    cached_ = &*known->second;
    cached_->taken = true;
    statement_ = cached_->statement.get();
    return;
  }
  SqlResult<std::unique_ptr<Statement>> compiled = connection.compile(sql);
  if (compiled.has_error()) {
    failure_ = compiled.error();
    return;
  }
  if (known != connection.by_sql_.end()) {
    own_ = *std::move(compiled);
    statement_ = own_.get();
    return;
  }
  cached_ = &connection.remember(sql, *std::move(compiled));
  statement_ = cached_->statement.get();
}

Query::Query(Query&& other) noexcept
    : cached_(std::exchange(other.cached_, nullptr)),
      own_(std::move(other.own_)),
      statement_(std::exchange(other.statement_, nullptr)),
      failure_(std::move(other.failure_)) {}

Query::~Query() {
  if (statement_ != nullptr) statement_->reset();
  if (cached_ != nullptr) cached_->taken = false;
}

Query& Query::bind_bytes(std::string_view name, std::string_view bytes) {
  if (statement_ != nullptr) statement_->bind_blob(statement_->parameter(name), bytes);
  return *this;
}

SqlResult<bool> Query::step() {
  if (failure_) return *failure_;
  return statement_->step();
}

SqlResult<void> Query::run() {
  while (GALLEY_TRY(step())) {
  }
  return {};
}

CachedStatement& Connection::remember(std::string_view sql, std::unique_ptr<Statement> statement) {
  cached_.push_front({.sql = std::string(sql), .statement = std::move(statement), .taken = true});
  by_sql_.emplace(cached_.front().sql, cached_.begin());
  for (auto oldest = std::prev(cached_.end()); cached_.size() > max_cached_statements; --oldest) {
    if (oldest == cached_.begin()) break;
    if (oldest->taken) continue;
    by_sql_.erase(oldest->sql);
    cached_.erase(oldest);
    break;
  }
  return cached_.front();
}

void Connection::forget_statements() {
  by_sql_.clear();
  cached_.clear();
}

Result<void> require_change(const Connection& connection, std::string_view noun, std::string_view id) {
  if (connection.changes() == 0) return not_found(noun, id);
  return {};
}

}  // namespace galley::storage
