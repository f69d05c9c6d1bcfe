// Every endpoint that the program serves, and their description.
#pragma once

#include <string>

#include "api/endpoint.hpp"

namespace galley::app {

// The publishing API's, the planner and writer API's, the probes', the documentation pages'; and what operators alone
// are served. Made once.
const api::EndpointTable& public_table();
const api::EndpointTable& planner_table();
const api::EndpointTable& ops_table();
const api::EndpointTable& page_table();
const api::EndpointTable& admin_table();

// The OpenAPI document of all public endpoints.
std::string openapi_document();

}  // namespace galley::app
