// A server whose jobs and deliveries stand still, and an owner who asks it.
#pragma once

#include <catch2/catch.hpp>
#include <string>

#include "api/icf/endpoints.hpp"
#include "support/api_world.hpp"
#include "support/loopback_server.hpp"

namespace galley::test {

struct Site {
  explicit Site(ApiServerOptions options = {.works = false}) : server(std::move(options)) {}

  LoopbackServer hook{[](const ReceivedRequest&) { return answer(200); }};
  ApiServer server;
  api::EndpointTable table = api::icf::make_endpoints();
  ApiClient api = server.client(server.first().owner);

  World new_world() { return make_world(server, server.first(), hook.url()); }
  std::string new_project(const std::string& body = R"({"name":"Site","targetDomain":"https://site.example"})") {
    const ApiAnswer made = api.post("/api/v1/projects", body);
    REQUIRE(made.status == 201);
    return "/api/v1/projects/" + made.text("id");
  }
};

inline std::string names_of(const json::Value& object) {
  REQUIRE(object.object() != nullptr);
  std::string names;
  for (const json::Member& member : *object.object())
    names += (names.empty() ? "" : " ") + member.first;
  return names;
}

inline std::string text_of(const json::Value& value) {
  return json::to_text(value);
}

}  // namespace galley::test
