// The query of a request target.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace galley::api {

using Parameters = std::vector<std::pair<std::string, std::string>>;

inline constexpr std::size_t max_parameters = 200;

// Form decoding: "+" is a space. Parameters without a value have an empty one. validation_failed for broken escapes,
// text that is not UTF-8, and more than max_parameters.
Result<Parameters> parse_query(std::string_view query);

// The first of that name; nullptr where there is none.
const std::string* find_parameter(const Parameters& parameters, std::string_view name);

}  // namespace galley::api
