// Result<T>: a value or an Error that says what went wrong in words that the caller of the API may read.
// Exceptions are bugs or broken machines; everything that can be expected to fail returns a Result.
#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/variant.hpp"

namespace galley {

// Every way in which a request or a job can be refused. The dialects map each to a status and a public name.
enum class ErrorCode : std::uint8_t {
  invalid_json,
  bad_request,  // the HTTP frame itself
  validation_failed,
  unauthorized,
  sign_in_refused,  // a wrong e-mail address or password
  forbidden,
  not_found,
  route_not_found,
  method_not_allowed,
  conflict,
  precondition_failed,
  quota_exceeded,
  payload_too_large,
  uri_too_long,
  unsupported_media_type,
  headers_too_large,
  connection_rejected,  // a CMS refused
  rate_limited,
  timed_out,
  internal,
  unavailable,
};

// A field's name is a path of the domain's snake_case nouns ("target_domain", "keywords.3.volume"); dialects respell
// it.
struct FieldError {
  std::string field;
  std::string reason;

  bool operator==(const FieldError&) const = default;
};

using DetailValue = Variant<std::string, std::int64_t, std::vector<std::string>>;

// What a program may want to know of the error: ("article_id", "art_…"), ("limit", 60). Names are snake_case.
struct Detail {
  std::string name;
  DetailValue value;

  bool operator==(const Detail&) const = default;
};

struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;               // a whole sentence, safe to show to the caller
  std::vector<FieldError> fields{};  // for validation_failed: every bad field at once
  std::vector<Detail> details{};
  std::string cause{};  // for the log alone, never shown: what the library or the machine said
};

// Found by Boost.System when value() is called on an error: a bug in the caller, so it throws.
[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

template <class T = void>
using Result = boost::system::result<T, Error>;

// "The requested article could not be found." with article_id = id. noun is one word: "article", "project".
Error not_found(std::string_view noun, std::string_view id);
// One bad field.
Error invalid(std::string field, std::string reason);
// All bad fields; errors is not empty.
Error invalid(std::vector<FieldError> errors);
// The thing is in a state that does not allow this: details status and allowed.
Error wrong_state(std::string message, std::string_view status, std::vector<std::string> allowed);
Error conflict(std::string message);
Error forbidden(std::string message);
Error internal_error(std::string cause);
// Worth trying again later; dialects add Retry-After.
Error unavailable(std::string message);

// Adds the bad fields of a failed result to those that were found before. Not to be written by hand: error() of a const
// or named result is a copy, so begin() and end() of its fields would be of two of them.
template <class T>
void gather_fields(const Result<T>& result, std::vector<FieldError>& into) {
  if (!result.has_error()) return;
  Error error = result.error();
  into.insert(into.end(), std::make_move_iterator(error.fields.begin()), std::make_move_iterator(error.fields.end()));
}

namespace detail {
// Of any error type: a module's own one leaves by GALLEY_TRY where it converts to the function's.
template <class T, class E>
T take(boost::system::result<T, E>&& result) {
  return *std::move(result);
}
template <class E>
void take(boost::system::result<void, E>&&) {}
}  // namespace detail

}  // namespace galley

// auto article = GALLEY_TRY(find(id)); leaves the function with the error, or yields the value.
#define GALLEY_TRY(expression)                                                \
  __extension__({                                                             \
    auto galley_result_ = (expression);                                       \
    if (galley_result_.has_error()) return std::move(galley_result_).error(); \
    ::galley::detail::take(std::move(galley_result_));                        \
  })

// The same in a coroutine: auto page = GALLEY_CO_TRY(co_await read(id));
#define GALLEY_CO_TRY(expression)                                                \
  __extension__({                                                                \
    auto galley_result_ = (expression);                                          \
    if (galley_result_.has_error()) co_return std::move(galley_result_).error(); \
    ::galley::detail::take(std::move(galley_result_));                           \
  })
