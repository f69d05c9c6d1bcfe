// The publishing API's table of endpoints.
#pragma once

#include "api/endpoint.hpp"

namespace galley::api::icf {

EndpointTable make_endpoints();
// Keys, the account, connections, webhooks, deliveries and jobs; part of make_endpoints.
void add_management_endpoints(EndpointTable& table);

}  // namespace galley::api::icf
