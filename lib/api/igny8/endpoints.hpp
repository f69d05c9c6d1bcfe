// The rows of the planner and writer API.
#pragma once

#include "api/endpoint.hpp"

namespace galley::api::igny8 {

EndpointTable make_endpoints();

}  // namespace galley::api::igny8
