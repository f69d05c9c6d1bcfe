#include "api/accepted_coding.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/encoding.hpp"

namespace galley::api {

// RFC 9110 §12.5.3, as far as one coding needs it: gzip or *, unless its weight is zero.
bool takes_gzip(const http::Request& request) {
  std::string_view field = request.header("Accept-Encoding").value_or("");
  while (!field.empty()) {
    const std::size_t comma = std::min(field.find(','), field.size());
    std::string_view coding = trim_ascii(field.substr(0, comma));
    field.remove_prefix(std::min(comma + 1, field.size()));
    const std::size_t semicolon = std::min(coding.find(';'), coding.size());
    const std::string weight = to_lower_ascii(coding.substr(semicolon));
    const std::string_view name = trim_ascii(coding.substr(0, semicolon));
    if (!equals_ignoring_case(name, "gzip") && !equals_ignoring_case(name, "x-gzip") && name != "*") continue;
    const std::size_t q = weight.find("q=");
    return q == std::string::npos || weight.find_first_of("123456789", q) != std::string::npos;
  }
  return false;
}

}  // namespace galley::api
