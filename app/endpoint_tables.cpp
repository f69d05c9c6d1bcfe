#include "app/endpoint_tables.hpp"

#include "api/icf/endpoints.hpp"
#include "api/icf/icf_dialect.hpp"
#include "api/igny8/endpoints.hpp"
#include "api/igny8/igny8_dialect.hpp"
#include "api/openapi.hpp"
#include "api/ops/ops_endpoints.hpp"
#include "api/pages/page_endpoints.hpp"

namespace galley::app {

const api::EndpointTable& public_table() {
  static const api::EndpointTable table = api::icf::make_endpoints();
  return table;
}
const api::EndpointTable& planner_table() {
  static const api::EndpointTable table = api::igny8::make_endpoints();
  return table;
}
const api::EndpointTable& ops_table() {
  static const api::EndpointTable table = api::ops::make_ops_endpoints();
  return table;
}
const api::EndpointTable& page_table() {
  static const api::EndpointTable table = api::pages::make_page_endpoints();
  return table;
}
const api::EndpointTable& admin_table() {
  static const api::EndpointTable table = api::ops::make_admin_endpoints();
  return table;
}

std::string openapi_document() {
  const api::icf::IcfDialect icf;
  const api::igny8::Igny8Dialect igny8;
  return api::render_openapi({&public_table(), &planner_table(), &ops_table()}, {&igny8, &icf});
}

}  // namespace galley::app
