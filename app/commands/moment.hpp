// Times as people give them at the command line.
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.hpp"

namespace galley::app {

// "90d", "12h", "30m", "15s": at most 36500 of them. Nothing for anything else.
std::optional<std::chrono::seconds> parse_duration(std::string_view text);

}  // namespace galley::app
