// The addresses of the pages for people and of their parts. A table of their own, which the API description leaves
// out: it is for programs, and none of them calls a page.
#pragma once

#include "api/endpoint.hpp"

namespace galley::api::pages {

EndpointTable make_page_endpoints();

}  // namespace galley::api::pages
