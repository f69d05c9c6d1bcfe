// /connections, /projects/{id}/connections
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/endpoint.hpp"
#include "api/icf/paging.hpp"
#include "base/json.hpp"
#include "domain/connection.hpp"

namespace galley::api::icf {

struct ConnectionFields {
  std::string name;
  ConnectionType type = ConnectionType::webhook;
  json::Value settings{json::Object{}};
  // The connector's own members. The hint that answers show in their place keeps what is stored.
  std::optional<json::Value> credentials{};
  std::vector<std::string> default_categories{};
  std::vector<std::string> default_tags{};
};

struct ConnectionView {
  ConnectionId id;
  ProjectId project_id;
  std::string name;
  ConnectionType type = ConnectionType::webhook;
  json::Value settings{json::Object{}};
  std::optional<std::string> credentials_hint{};
  std::vector<std::string> default_categories{};
  std::vector<std::string> default_tags{};
  ConnectionStatus status = ConnectionStatus::checking;
  std::optional<std::string> last_error{};
  std::optional<Time> last_used_at{};
  std::int64_t version = 0;
  Time created_at{};
  Time updated_at{};
};

struct SaveConnectionQuery {
  bool test = true;
};

Task<Result<Listed<ConnectionView>>> list_connections(Call& call, ProjectId project, Query<ListQuery> query);
Task<Result<Deferred<Created<ConnectionView>>>> create_connection(Call& call, ProjectId project,
                                                                  Body<ConnectionFields> body,
                                                                  Query<SaveConnectionQuery> query);
Task<Result<ConnectionView>> get_connection(Call& call, ConnectionId id);
Task<Result<ConnectionView>> update_connection(Call& call, ConnectionId id, Patch<ConnectionFields> patch,
                                               Query<SaveConnectionQuery> query);
Task<Result<NoContent>> delete_connection(Call& call, ConnectionId id);
Task<Result<Deferred<ConnectionView>>> test_connection(Call& call, ConnectionId id);
// The CMS is asked, and then they are answered.
Task<Result<Reply>> finish_connection(Call& call, std::string awaited);
Task<Result<Reply>> finish_test(Call& call, std::string awaited);

}  // namespace galley::api::icf

namespace galley {

template <>
const Shape& shape_of<api::icf::ConnectionFields>();
template <>
const Shape& shape_of<api::icf::ConnectionView>();
template <>
const Shape& shape_of<api::icf::SaveConnectionQuery>();

}  // namespace galley
