// How C++ values lie in columns. Written once for every repo and driver:
//   bool, integers, enums without names  INTEGER        Time, Milliseconds  INTEGER (milliseconds)
//   double                               REAL           Id<…>, std::string  TEXT
//   enums with Names                     TEXT           optional            NULL or the value
//   vector<string>, list of pairs, json::Value  TEXT (compact JSON)         Digest  BLOB
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/crypto.hpp"
#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/names.hpp"

namespace galley::storage {

class Statement;

namespace detail {
void bind_null(Statement& statement, int parameter);
void bind_integer(Statement& statement, int parameter, std::int64_t value);
void bind_real(Statement& statement, int parameter, double value);
void bind_text(Statement& statement, int parameter, std::string_view value);
bool is_null(const Statement& statement, int column);
std::int64_t integer_at(const Statement& statement, int column);
double real_at(const Statement& statement, int column);
std::string_view text_at(const Statement& statement, int column);
// A stored value that this program never wrote: throws std::runtime_error, for the database is damaged.
[[noreturn]] void throw_unreadable(const Statement& statement, int column);

template <class E>
concept Named = std::is_enum_v<E> && requires { Names<E>::all; };
}  // namespace detail

void bind_column(Statement& statement, int parameter, std::string_view value);
inline void bind_column(Statement& statement, int parameter, const std::string& value) {
  bind_column(statement, parameter, std::string_view(value));
}
inline void bind_column(Statement& statement, int parameter, const char* value) {
  bind_column(statement, parameter, std::string_view(value));
}
void bind_column(Statement& statement, int parameter, double value);
void bind_column(Statement& statement, int parameter, Time value);
void bind_column(Statement& statement, int parameter, Milliseconds value);
void bind_column(Statement& statement, int parameter, const Digest& value);
void bind_column(Statement& statement, int parameter, const json::Value& value);
void bind_column(Statement& statement, int parameter, const std::vector<std::string>& value);
void bind_column(Statement& statement, int parameter, const std::vector<std::pair<std::string, std::string>>& value);

template <std::integral T>
void bind_column(Statement& statement, int parameter, T value) {
  detail::bind_integer(statement, parameter, static_cast<std::int64_t>(value));
}
template <detail::Named E>
void bind_column(Statement& statement, int parameter, E value) {
  detail::bind_text(statement, parameter, to_text(value));
}
template <class Tag>
void bind_column(Statement& statement, int parameter, const Id<Tag>& value) {
  detail::bind_text(statement, parameter, value.text());
}
template <class T>
void bind_column(Statement& statement, int parameter, const std::optional<T>& value) {
  if (value)
    bind_column(statement, parameter, *value);
  else
    detail::bind_null(statement, parameter);
}

void read_column(const Statement& statement, int column, std::string& value);
void read_column(const Statement& statement, int column, double& value);
void read_column(const Statement& statement, int column, Time& value);
void read_column(const Statement& statement, int column, Milliseconds& value);
void read_column(const Statement& statement, int column, Digest& value);
void read_column(const Statement& statement, int column, json::Value& value);
void read_column(const Statement& statement, int column, std::vector<std::string>& value);
void read_column(const Statement& statement, int column, std::vector<std::pair<std::string, std::string>>& value);

template <std::integral T>
void read_column(const Statement& statement, int column, T& value) {
  const std::int64_t stored = detail::integer_at(statement, column);
  if constexpr (std::same_as<T, bool>) {
    value = stored != 0;
  } else {
    if (!std::in_range<T>(stored)) detail::throw_unreadable(statement, column);
    value = static_cast<T>(stored);
  }
}
template <detail::Named E>
void read_column(const Statement& statement, int column, E& value) {
  const std::optional<E> known = from_text<E>(detail::text_at(statement, column));
  if (!known) detail::throw_unreadable(statement, column);
  value = *known;
}
template <class Tag>
void read_column(const Statement& statement, int column, Id<Tag>& value) {
  value = Id<Tag>(std::string(detail::text_at(statement, column)));
}
template <class T>
void read_column(const Statement& statement, int column, std::optional<T>& value) {
  if (detail::is_null(statement, column))
    value.reset();
  else
    read_column(statement, column, value.emplace());
}

}  // namespace galley::storage
