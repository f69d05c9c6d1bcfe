// A user of the planner and writer API who has just registered, and what tests of it do over and over.
#pragma once

#include <catch2/catch.hpp>
#include <string>

#include "api/site.hpp"

namespace galley::test {

struct PlannedSite {
  explicit PlannedSite(ApiServerOptions options = {.works = false}) : server(std::move(options)) {}

  ApiServer server;
  ApiClient nobody = server.client("");
  ApiClient api = sign_up("user@example.com");

  ApiClient sign_up(const std::string& email) {
    const ApiAnswer made =
        nobody.post("/api/v1/auth/register/", R"({"email":")" + email + R"(","password":"password"})");
    REQUIRE(made.status == 201);
    return server.client(made.text("data.access"));
  }
  // What must succeed with this status; its data.
  json::Value must(const ApiAnswer& answer, int status = 200) {
    INFO(answer.body);
    REQUIRE(answer.status == status);
    return answer.body.empty() ? json::Value() : answer.value("data");
  }
  std::int64_t add(const std::string& list, const std::string& body) {
    return *at_path(must(api.post(list, body), 201), "id").integer();
  }
  std::int64_t keyword(const std::string& text) {
    return add("/api/v1/planner/keywords/", R"({"keyword":")" + text + R"("})");
  }
  // The texts of one field of a list's rows.
  std::string listed(const std::string& target, const std::string& field) {
    const ApiAnswer answer = api.get(target);
    INFO(answer.body);
    REQUIRE(answer.status == 200);
    std::string texts;
    const json::Value rows = answer.value("results");
    for (const json::Value& row : *rows.array())
      texts += (texts.empty() ? "" : ", ") + *row.find(field)->text();
    return texts;
  }
  std::string errors(const ApiAnswer& answer) { return text_of(answer.value("errors")); }
};

inline std::string path_of(const std::string& list, std::int64_t id) {
  return list + std::to_string(id) + "/";
}

}  // namespace galley::test
