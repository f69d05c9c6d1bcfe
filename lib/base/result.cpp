#include "base/result.hpp"

#include <stdexcept>

namespace galley {

void throw_exception_from_error(const Error& error, const boost::source_location&) {
  throw std::logic_error("value() of an error: " + error.message +
                         (error.cause.empty() ? "" : " (" + error.cause + ")"));
}

Error not_found(std::string_view noun, std::string_view id) {
  const std::string name(noun);
  return {.code = ErrorCode::not_found,
          .message = "The requested " + name + " could not be found.",
          .details = {{name + "_id", std::string(id)}}};
}

Error invalid(std::string field, std::string reason) {
  return invalid(std::vector<FieldError>{{std::move(field), std::move(reason)}});
}

Error invalid(std::vector<FieldError> errors) {
  return {.code = ErrorCode::validation_failed, .message = "The request is not valid.", .fields = std::move(errors)};
}

Error wrong_state(std::string message, std::string_view status, std::vector<std::string> allowed) {
  return {.code = ErrorCode::conflict,
          .message = std::move(message),
          .details = {{"status", std::string(status)}, {"allowed", std::move(allowed)}}};
}

Error conflict(std::string message) {
  return {.code = ErrorCode::conflict, .message = std::move(message)};
}

Error forbidden(std::string message) {
  return {.code = ErrorCode::forbidden, .message = std::move(message)};
}

Error internal_error(std::string cause) {
  return {.code = ErrorCode::internal, .message = "An unexpected error occurred.", .cause = std::move(cause)};
}

Error unavailable(std::string message) {
  return {.code = ErrorCode::unavailable, .message = std::move(message)};
}

}  // namespace galley
