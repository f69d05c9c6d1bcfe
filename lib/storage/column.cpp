#include "storage/column.hpp"

#include <algorithm>
#include <stdexcept>

#include "storage/sql.hpp"

namespace galley::storage {

namespace detail {

void bind_null(Statement& statement, int parameter) {
  statement.bind_null(parameter);
}
void bind_integer(Statement& statement, int parameter, std::int64_t value) {
  statement.bind_integer(parameter, value);
}
void bind_real(Statement& statement, int parameter, double value) {
  statement.bind_real(parameter, value);
}
void bind_text(Statement& statement, int parameter, std::string_view value) {
  statement.bind_text(parameter, value);
}
bool is_null(const Statement& statement, int column) {
  return statement.is_null(column);
}
std::int64_t integer_at(const Statement& statement, int column) {
  return statement.integer(column);
}
double real_at(const Statement& statement, int column) {
  return statement.real(column);
}
std::string_view text_at(const Statement& statement, int column) {
  return statement.text(column);
}

void throw_unreadable(const Statement&, int column) {
  // The value itself stays out of the message: it may be anything.
  throw std::runtime_error("A stored value is not one that this program writes (column " + std::to_string(column) +
                           ")");
}

namespace {

json::Value parse_column(const Statement& statement, int column) {
  Result<json::Value> parsed = json::parse(statement.text(column));
  if (parsed.has_error()) throw_unreadable(statement, column);
  return *std::move(parsed);
}

const std::string& text_of(const json::Value& value, const Statement& statement, int column) {
  if (value.text() == nullptr) throw_unreadable(statement, column);
  return *value.text();
}

const json::Array& array_of(const json::Value& value, const Statement& statement, int column) {
  if (value.array() == nullptr) throw_unreadable(statement, column);
  return *value.array();
}

}  // namespace
}  // namespace detail

void bind_column(Statement& statement, int parameter, std::string_view value) {
  statement.bind_text(parameter, value);
}
void bind_column(Statement& statement, int parameter, double value) {
  statement.bind_real(parameter, value);
}
void bind_column(Statement& statement, int parameter, Time value) {
  statement.bind_integer(parameter, value.time_since_epoch().count());
}
void bind_column(Statement& statement, int parameter, Milliseconds value) {
  statement.bind_integer(parameter, value.count());
}
void bind_column(Statement& statement, int parameter, const Digest& value) {
  statement.bind_blob(parameter, std::string_view(reinterpret_cast<const char*>(value.data()), value.size()));
}
void bind_column(Statement& statement, int parameter, const json::Value& value) {
  statement.bind_text(parameter, json::to_text(value));
}
void bind_column(Statement& statement, int parameter, const std::vector<std::string>& value) {
  std::string text;
  json::Writer writer(text);
  writer.begin_array();
  for (const std::string& element : value)
    writer.value(element);
  writer.end_array();
  statement.bind_text(parameter, text);
}
void bind_column(Statement& statement, int parameter, const std::vector<std::pair<std::string, std::string>>& value) {
  std::string text;
  json::Writer writer(text);
  writer.begin_array();
  for (const auto& [name, content] : value)
    writer.begin_array().value(name).value(content).end_array();
  writer.end_array();
  statement.bind_text(parameter, text);
}

void read_column(const Statement& statement, int column, std::string& value) {
  value = statement.text(column);
}
void read_column(const Statement& statement, int column, double& value) {
  value = statement.real(column);
}
void read_column(const Statement& statement, int column, Time& value) {
  value = Time(Milliseconds(statement.integer(column)));
}
void read_column(const Statement& statement, int column, Milliseconds& value) {
  value = Milliseconds(statement.integer(column));
}
void read_column(const Statement& statement, int column, Digest& value) {
  const std::string_view bytes = statement.blob(column);
  if (bytes.size() != value.size()) detail::throw_unreadable(statement, column);
  std::ranges::copy(bytes, value.begin());
}
void read_column(const Statement& statement, int column, json::Value& value) {
  value = detail::parse_column(statement, column);
}
void read_column(const Statement& statement, int column, std::vector<std::string>& value) {
  value.clear();
  // Most lists are empty, and a page of articles has sixty of them.
  if (statement.text(column) == "[]") return;
  const json::Value parsed = detail::parse_column(statement, column);
  for (const json::Value& element : detail::array_of(parsed, statement, column))
    value.push_back(detail::text_of(element, statement, column));
}
void read_column(const Statement& statement, int column, std::vector<std::pair<std::string, std::string>>& value) {
  value.clear();
  if (statement.text(column) == "[]") return;
  const json::Value parsed = detail::parse_column(statement, column);
  for (const json::Value& element : detail::array_of(parsed, statement, column)) {
    const json::Array& pair = detail::array_of(element, statement, column);
    if (pair.size() != 2) detail::throw_unreadable(statement, column);
    value.emplace_back(detail::text_of(pair[0], statement, column), detail::text_of(pair[1], statement, column));
  }
}

}  // namespace galley::storage
