// The addresses of the documentation pages and of their parts. A table of their own, which the API description leaves
// out: it is for programs, and none of them calls a page.
#pragma once

#include "api/endpoint.hpp"

namespace galley::api::docs {

EndpointTable make_docs_endpoints();

}  // namespace galley::api::docs
