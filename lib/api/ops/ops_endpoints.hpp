// What operators and their machines ask: probes, the API description, metrics.
#pragma once

#include <string>

#include "api/endpoint.hpp"

namespace galley::api::ops {

// Describes the answer of a probe, whose text is a constant.
struct ProbeView {
  std::string status;
};

Task<Result<Reply>> get_alive(Call& call);
// unavailable while the database takes no writes or the server drains.
Task<Result<Reply>> get_ready(Call& call);
// OpenAPI 3.1, JSON.
Task<Result<Reply>> get_schema(Call& call);
// Prometheus' text format.
Task<Result<Reply>> get_metrics(Call& call);

// For the public listener.
EndpointTable make_ops_endpoints();
// For the operator's own listener.
EndpointTable make_admin_endpoints();

}  // namespace galley::api::ops

namespace galley {
template <>
const Shape& shape_of<api::ops::ProbeView>();
}
