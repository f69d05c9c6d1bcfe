#include "api/ops/ops_endpoints.hpp"

namespace galley {

template <>
const Shape& shape_of<api::ops::ProbeView>() {
  using api::ops::ProbeView;
  static const Shape shape = ShapeOf<ProbeView>("Probe", "What a probe is told.").field("status", &ProbeView::status);
  return shape;
}

}  // namespace galley

namespace galley::api::ops {

Task<Result<Reply>> get_alive(Call&) {
  co_return Reply{.kind = Reply::Kind::object, .status = 200, .body = R"({"status":"alive"})"};
}

Task<Result<Reply>> get_ready(Call& call) {
  const bool ready = co_await call.services.health.ready();
  if (!ready) co_return unavailable("The server does not take requests now.");
  co_return Reply{.kind = Reply::Kind::object, .status = 200, .body = R"({"status":"ready"})"};
}

Task<Result<Reply>> get_schema(Call& call) {
  const Document& openapi = call.services.documents.openapi;
  if (openapi.text() == nullptr) co_return unavailable("The API description is not there yet.");
  Reply reply{.kind = Reply::Kind::document,
              .status = 200,
              .shared = openapi.text(),
              .content_type = "application/json",
              .etag = openapi.etag(),
              .cacheable = true};
  reply.headers.emplace_back("Cache-Control", "public, max-age=300");
  co_return reply;
}

Task<Result<Reply>> get_metrics(Call& call) {
  Reply reply{.kind = Reply::Kind::document, .status = 200, .content_type = "text/plain; version=0.0.4; charset=utf-8"};
  if (call.services.documents.metrics) call.services.documents.metrics(reply.body);
  co_return reply;
}

EndpointTable make_ops_endpoints() {
  using enum http::Method;
  EndpointTable table;
  table.push_back(endpoint<&get_alive>(get, "/healthz", "getAlive", Access::open, RateScope::unlimited,
                                       "Whether the process is alive.")
                      .answers(200, Reply::Kind::object, "application/json", &shape_of<ProbeView>));
  table.push_back(endpoint<&get_ready>(get, "/readyz", "getReady", Access::open, RateScope::unlimited,
                                       "Whether the server takes requests: the database is writable and it does not "
                                       "drain.")
                      .answers(200, Reply::Kind::object, "application/json", &shape_of<ProbeView>));
  table.push_back(endpoint<&get_schema>(get, "/api/schema/", "getSchema", Access::open, RateScope::public_pages,
                                        "This description.")
                      .answers(200, Reply::Kind::document, "application/json"));
  return table;
}

EndpointTable make_admin_endpoints() {
  EndpointTable table;
  table.push_back(endpoint<&get_metrics>(http::Method::get, "/metrics", "getMetrics", Access::open,
                                         RateScope::unlimited, "What the server counts, in Prometheus' text format.")
                      .answers(200, Reply::Kind::document, "text/plain"));
  return table;
}

}  // namespace galley::api::ops
