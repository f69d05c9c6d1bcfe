// Every ErrorCode's HTTP status and public name: the one place that knows both.
#pragma once

#include <string_view>

#include "base/result.hpp"

namespace galley::api {

struct PublicError {
  ErrorCode code;
  int status;
  std::string_view name;
  std::string_view title;  // for the API description
};

inline constexpr PublicError error_table[] = {
    {ErrorCode::invalid_json, 400, "INVALID_JSON", "The body is not JSON."},
    {ErrorCode::bad_request, 400, "BAD_REQUEST", "The HTTP request itself is malformed."},
    {ErrorCode::validation_failed, 400, "VALIDATION_FAILED",
     "Fields or parameters are not valid; all of them are named."},
    {ErrorCode::unauthorized, 401, "UNAUTHORIZED", "The credential is missing, unknown, revoked or expired."},
    {ErrorCode::sign_in_refused, 401, "SIGN_IN_REFUSED", "The e-mail address or the password is wrong."},
    {ErrorCode::quota_exceeded, 402, "QUOTA_EXCEEDED", "The plan's quota is spent."},
    {ErrorCode::forbidden, 403, "FORBIDDEN", "The role or the key's scope is too small."},
    {ErrorCode::not_found, 404, "RESOURCE_NOT_FOUND", "There is no such thing, or it belongs to another account."},
    {ErrorCode::route_not_found, 404, "ROUTE_NOT_FOUND", "There is no such path."},
    {ErrorCode::method_not_allowed, 405, "METHOD_NOT_ALLOWED", "The path does not know this method."},
    {ErrorCode::timed_out, 408, "REQUEST_TIMEOUT", "The request took too long."},
    {ErrorCode::conflict, 409, "CONFLICT", "The state of the thing does not allow this."},
    {ErrorCode::precondition_failed, 412, "PRECONDITION_FAILED", "It was changed since it was read."},
    {ErrorCode::payload_too_large, 413, "PAYLOAD_TOO_LARGE", "The body is too large."},
    {ErrorCode::uri_too_long, 414, "URI_TOO_LONG", "The request target is too long."},
    {ErrorCode::unsupported_media_type, 415, "UNSUPPORTED_MEDIA_TYPE", "The body's media type is not accepted here."},
    {ErrorCode::connection_rejected, 422, "CONNECTION_REJECTED", "The CMS refused."},
    {ErrorCode::rate_limited, 429, "RATE_LIMIT_EXCEEDED", "The rate limit of the plan is exceeded."},
    {ErrorCode::headers_too_large, 431, "HEADERS_TOO_LARGE", "The head of the request is too large."},
    {ErrorCode::internal, 500, "INTERNAL_ERROR", "An unexpected error occurred."},
    {ErrorCode::unavailable, 503, "UNAVAILABLE", "The server cannot take this now; try again."},
};

constexpr const PublicError& public_error(ErrorCode code) {
  for (const PublicError& row : error_table)
    if (row.code == code) return row;
  return error_table[0];
}

consteval bool names_every_code() {
  for (int code = 0; code <= static_cast<int>(ErrorCode::unavailable); ++code)
    if (public_error(static_cast<ErrorCode>(code)).code != static_cast<ErrorCode>(code)) return false;
  return true;
}
static_assert(names_every_code());

}  // namespace galley::api
