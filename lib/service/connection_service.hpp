// Connections to the customer's CMS.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "domain/connection.hpp"
#include "service/actor.hpp"
#include "service/context.hpp"
#include "service/publish_handler.hpp"

namespace galley::service {

// As somebody writes it. credentials are the members that the connector wants; absent keeps what is stored.
struct ConnectionDraft {
  std::string name;
  ConnectionType type = ConnectionType::webhook;
  json::Value settings{json::Object{}};
  std::optional<json::Value> credentials{};
  std::vector<std::string> default_categories{};
  std::vector<std::string> default_tags{};
};

class ConnectionService {
 public:
  static constexpr std::int64_t max_per_project = 50;

  ConnectionService(const Context& context, const ConnectorTable& connectors)
      : context_(context), connectors_(connectors) {}

  Result<Page<Connection>> list(const Actor& actor, const ProjectId& project, const PageRequest& page) const;
  Result<Connection> get(const Actor& actor, const ConnectionId& id) const;
  // Its status is checking until the CMS was asked.
  Task<Result<Connection>> create(Actor actor, ProjectId project, ConnectionDraft draft) const;
  // Asks the CMS and stores what it said in the status; one that refuses is not an error.
  Task<Result<Connection>> ask(Actor actor, ConnectionId id) const;

  using Edit = std::function<Result<void>(ConnectionDraft&)>;
  // test: asks the CMS behind it.
  Task<Result<Connection>> update(Actor actor, ConnectionId id, std::optional<std::int64_t> known_version, Edit edit,
                                  bool test) const;
  // What was published through it stays on the CMS.
  Task<Result<void>> remove(Actor actor, ConnectionId id, std::optional<std::int64_t> known_version) const;
  // As ask, but: connection_rejected with connection_id, status and reason when the CMS refuses.
  Task<Result<Connection>> test(Actor actor, ConnectionId id) const;

 private:
  Result<CmsConnector*> connector_of(ConnectionType type) const;
  Task<Result<Connection>> verify(Actor actor, ConnectionId id, bool refusal_is_error) const;

  const Context& context_;
  const ConnectorTable& connectors_;
};

}  // namespace galley::service
