// The API description, made from the endpoints' rows and Shapes.
#pragma once

#include <string>
#include <vector>

#include "api/endpoint.hpp"

namespace galley::api {

// OpenAPI 3.1 as JSON, indented by two spaces: the same text for the same rows. Throws where two Shapes have one name:
// a bug in the tables.
std::string render_openapi(const std::vector<const EndpointTable*>& tables);

}  // namespace galley::api
