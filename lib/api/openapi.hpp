// The API description, made from the endpoints' rows and Shapes.
#pragma once

#include <string>
#include <vector>

#include "api/dialect.hpp"
#include "api/endpoint.hpp"

namespace galley::api {

// OpenAPI 3.1 as JSON, indented by two spaces: the same text for the same rows. dialects: asked in order which owns a
// path. Throws where two Shapes have one name: a bug in the tables.
std::string render_openapi(const std::vector<const EndpointTable*>& tables,
                           const std::vector<const Dialect*>& dialects);

}  // namespace galley::api
