// One thing of every kind in an account, and a valid call of every endpoint on them. Made through the API, on a server
// whose jobs and deliveries stand still.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "api/endpoint.hpp"
#include "support/api_server.hpp"

namespace galley::test {

struct World {
  std::string project;
  std::string project_name;
  std::string keyword;
  std::string draft, scheduled, published, failed, queued;  // articles
  std::string publication;
  std::string connection;
  std::string webhook;
  std::string delivery;                // failed
  std::string running_job, ended_job;  // the first is queued
  std::string key;                     // of the role viewer, bound to the project
  std::string article_cursor;          // of a list of the project's articles

  // All of them.
  std::vector<std::string> ids() const;
};
// hook: an address that answers 200, for the connection and the webhook. Throws where a call fails.
World make_world(ApiServer& server, const Tenant& tenant, const std::string& hook);

// What an endpoint must do with a call that is right in everything.
struct RouteCase {
  std::string_view operation;
  std::vector<std::string> ids{};  // of the path's parameters
  std::string query{};             // with "?"
  std::string body{};
  Fields fields{};
  int status = 200;        // where the role suffices
  int bound_status = 200;  // for an admin's key that is bound to the project
};
// A row for every endpoint of the publishing API.
std::vector<RouteCase> route_cases(const World& world);
const RouteCase* find_case(const std::vector<RouteCase>& cases, std::string_view operation);

// The endpoint's path with ids in place of its parameters.
std::string fill_path(std::string_view path, const std::vector<std::string>& ids);
ApiRequest request_of(const api::Endpoint& endpoint, const RouteCase& row);

// "proj_" and 20 characters that nothing has.
std::string random_id(std::string_view prefix);

}  // namespace galley::test
