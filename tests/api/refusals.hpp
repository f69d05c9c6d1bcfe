// A server with one thing of every kind, and the ways in which a call that is wrong must be refused.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "api/icf/endpoints.hpp"
#include "support/api_world.hpp"
#include "support/loopback_server.hpp"

namespace galley::test {

struct Refusals {
  LoopbackServer hook{[](const ReceivedRequest&) { return answer(200); }};
  ApiServer server{{.works = false}};
  api::EndpointTable table = api::icf::make_endpoints();
  World world = make_world(server, server.first(), hook.url());
  std::vector<RouteCase> cases = route_cases(world);
  ApiClient api = server.client(server.first().owner);
  std::string before = server.dump();

  const RouteCase& row(const api::Endpoint& endpoint) const { return *find_case(cases, endpoint.operation); }
  ApiRequest valid(const api::Endpoint& endpoint) const { return request_of(endpoint, row(endpoint)); }

  // Refused so, with an envelope that is always the same, and without a trace.
  ApiAnswer refused(const ApiRequest& request, int status, std::string_view code) {
    ApiAnswer given = api.send(request);
    INFO(request.method << " " << request.target << " " << request.body.substr(0, 300) << " -> " << given.body);
    CHECK(given.status == status);
    if (given.status < 400) return given;
    CHECK(given.error_code() == code);
    const std::string message = given.text("error.message");
    CHECK((!message.empty() && (message.back() == '.' || message.back() == '?')));
    CHECK(given.value("error.details").object() != nullptr);
    CHECK(given.field("Content-Type") == "application/json; charset=utf-8");
    CHECK(given.field("X-Request-ID").size() == 36);
    CHECK(changes(before, server.dump()) == "");
    return given;
  }
  // 400 that names the field.
  void names(const ApiRequest& request, const std::string& field) {
    const ApiAnswer given = refused(request, 400, "VALIDATION_FAILED");
    if (given.status != 400) return;
    INFO(request.method << " " << request.target << " " << request.body.substr(0, 300) << " -> " << given.body);
    const json::Value fields = given.value("error.details.fields");
    const json::Value* reasons = fields.find(field);
    CHECK(reasons != nullptr);
    if (reasons != nullptr) CHECK((reasons->array() != nullptr && !reasons->array()->empty()));
  }
};

inline const Shape* json_shape(const api::Endpoint& endpoint) {
  for (const api::BodyKind& kind : endpoint.bodies)
    if (kind.shape != nullptr) return &kind.shape();
  return nullptr;
}

// The valid body with this JSON text at the place.
inline std::string with_at(const std::string& body, const std::vector<std::string>& path, std::string_view text) {
  constexpr std::string_view mark = "@@@";
  json::Value root = *json::parse(body.empty() ? "{}" : body);
  json::Value* here = &root;
  for (const std::string& name : path) {
    if (here->object() == nullptr) *here = json::Value(json::Object{});
    json::Object& members = *here->object();
    auto found = std::find_if(members.begin(), members.end(), [&](const json::Member& m) { return m.first == name; });
    if (found == members.end()) found = members.insert(members.end(), {name, json::Value()});
    here = &found->second;
  }
  *here = json::Value(mark);
  std::string out = json::to_text(root);
  const std::string quoted = '"' + std::string(mark) + '"';
  out.replace(out.find(quoted), quoted.size(), text);
  return out;
}

}  // namespace galley::test
