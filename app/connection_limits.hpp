// How many connections the server takes.
#pragma once

#include <cstddef>

#include "http/limits.hpp"

namespace galley::app {

// So many that there are descriptors left for the store, the log and what goes out: of those that are free now, without
// what the network threads open when they first read, a quarter.
http::Limits connection_limits(std::size_t threads);

}  // namespace galley::app
