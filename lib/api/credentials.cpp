#include "api/credentials.hpp"

#include <algorithm>

#include "base/encoding.hpp"

namespace galley::api {

namespace {

constexpr std::string_view parameter_name = "apiKey";

Error none() {
  return {.code = ErrorCode::unauthorized,
          .message = "The request needs an API key: send it as \"Authorization: Bearer KEY\"."};
}

}  // namespace

Result<Secret> take_credential(const http::Request& request, Parameters& query) {
  Secret from_query;
  if (const std::string* value = find_parameter(query, parameter_name)) {
    from_query = Secret(*value);
    std::erase_if(query, [](const auto& parameter) { return parameter.first == parameter_name; });
  }
  if (const std::optional<std::string_view> field = request.header("Authorization")) {
    const std::size_t space = std::min(field->find(' '), field->size());
    if (!equals_ignoring_case(field->substr(0, space), "Bearer")) return none();
    const std::string_view token = trim_ascii(field->substr(space));
    if (token.empty()) return none();
    return Secret(std::string(token));
  }
  if (from_query.empty()) return none();
  return from_query;
}

}  // namespace galley::api
