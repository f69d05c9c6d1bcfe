#include "api/query.hpp"

#include <algorithm>

#include "base/encoding.hpp"

namespace galley::api {

Result<Parameters> parse_query(std::string_view query) {
  Parameters parameters;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view part = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (part.empty()) continue;
    const std::size_t equals = std::min(part.find('='), part.size());
    std::optional<std::string> name = percent_decode(part.substr(0, equals), true);
    std::optional<std::string> value =
        percent_decode(equals == part.size() ? std::string_view() : part.substr(equals + 1), true);
    // NUL is refused as in a body: an error that names such a parameter could not be read back.
    if (!name || !value || !is_utf8(*name) || !is_utf8(*value) || name->find('\0') != std::string::npos ||
        value->find('\0') != std::string::npos)
      return invalid("query", "must be percent-encoded UTF-8");
    if (parameters.size() == max_parameters)
      return invalid("query", "must have at most " + std::to_string(max_parameters) + " parameters");
    parameters.emplace_back(*std::move(name), *std::move(value));
  }
  return parameters;
}

const std::string* find_parameter(const Parameters& parameters, std::string_view name) {
  const auto found = std::find_if(parameters.begin(), parameters.end(), [&](const auto& p) { return p.first == name; });
  return found == parameters.end() ? nullptr : &found->second;
}

}  // namespace galley::api
