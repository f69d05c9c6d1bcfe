#include "service/connection_service.hpp"

#include <algorithm>

#include "base/unicode.hpp"
#include "service/audit.hpp"

namespace galley::service {

namespace {

Result<Connection> find(const Transaction& transaction, const Actor& actor, const ConnectionId& id) {
  Connection connection = GALLEY_TRY(transaction.connections().find(actor.account, id));
  GALLEY_TRY(require_sight(actor, connection.project, ConnectionTag::noun, id.text()));
  return connection;
}

Result<void> check(const ConnectionDraft& draft) {
  std::vector<FieldError> errors;
  if (tidy_line(draft.name).empty()) errors.push_back({"name", "must not be empty"});
  if (draft.settings.object() == nullptr) errors.push_back({"settings", "must be an object"});
  if (draft.credentials && draft.credentials->object() == nullptr)
    errors.push_back({"credentials", "must be an object"});
  if (!errors.empty()) return invalid(std::move(errors));
  return {};
}

void fill(const ConnectionDraft& draft, const CmsConnector::Accepted& accepted, Connection& connection) {
  connection.name = tidy_line(draft.name);
  connection.settings = accepted.settings;
  connection.default_categories = draft.default_categories;
  connection.default_tags = draft.default_tags;
}

Result<void> audit_connection(Transaction& transaction, const Context& context, const Actor& actor, AuditAction action,
                              const Connection& connection) {
  return audit(transaction, context, actor,
               {action, connection.project, connection.id.text(),
                connection.name + ", " + std::string(to_text(connection.status))});
}

}  // namespace

Result<CmsConnector*> ConnectionService::connector_of(ConnectionType type) const {
  CmsConnector* connector = find_connector(connectors_, type);
  if (connector == nullptr) return invalid("type", "is not a type that this server can publish to");
  return connector;
}

Result<Page<Connection>> ConnectionService::list(const Actor& actor, const ProjectId& project,
                                                 const PageRequest& page) const {
  GALLEY_TRY(require_sight(actor, project));
  return context_.store.read([&](const Transaction& transaction) -> Result<Page<Connection>> {
    GALLEY_TRY(transaction.projects().find(actor.account, project));
    return transaction.connections().list(actor.account, project, page);
  });
}

Result<Connection> ConnectionService::get(const Actor& actor, const ConnectionId& id) const {
  return context_.store.read(
      [&](const Transaction& transaction) -> Result<Connection> { return find(transaction, actor, id); });
}

Task<Result<Connection>> ConnectionService::create(Actor actor, ProjectId project, ConnectionDraft draft) const {
  GALLEY_CO_TRY(check(draft));
  CmsConnector* connector = GALLEY_CO_TRY(connector_of(draft.type));
  const CmsConnector::Accepted accepted =
      GALLEY_CO_TRY(connector->validate(draft.settings, draft.credentials.value_or(json::Value(json::Object{}))));
  auto body = [&](Transaction& transaction) -> Result<Connection> {
    GALLEY_TRY(require_sight(actor, project));
    GALLEY_TRY(transaction.projects().find(actor.account, project));
    const auto others = GALLEY_TRY(transaction.connections().list(actor.account, project, {.size = 1}));
    if (others.total >= max_per_project) return conflict("The project has as many connections as it may have.");
    Connection connection;
    connection.id = context_.ids.make<ConnectionId>();
    connection.account = actor.account;
    connection.project = project;
    connection.type = draft.type;
    connection.credentials_hint = accepted.hint;
    connection.created_at = connection.updated_at = context_.clock.now();
    fill(draft, accepted, connection);
    GALLEY_TRY(transaction.connections().insert(connection, accepted.credentials));
    GALLEY_TRY(audit_connection(transaction, context_, actor, AuditAction::connection_created, connection));
    return connection;
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<Connection>> ConnectionService::ask(Actor actor, ConnectionId id) const {
  co_return co_await verify(std::move(actor), std::move(id), false);
}

Task<Result<Connection>> ConnectionService::update(Actor actor, ConnectionId id,
                                                   std::optional<std::int64_t> known_version, Edit edit,
                                                   bool test) const {
  auto body = [&](Transaction& transaction) -> Result<Connection> {
    Connection connection = GALLEY_TRY(find(transaction, actor, id));
    GALLEY_TRY(require_version(known_version, connection.version));
    ConnectionDraft draft{.name = connection.name,
                          .type = connection.type,
                          .settings = connection.settings,
                          .default_categories = connection.default_categories,
                          .default_tags = connection.default_tags};
    GALLEY_TRY(edit(draft));
    if (draft.type != connection.type) return invalid("type", "cannot be changed; make another connection instead");
    GALLEY_TRY(check(draft));
    CmsConnector* connector = GALLEY_TRY(connector_of(draft.type));
    json::Value credentials = draft.credentials.value_or(json::Value(json::Object{}));
    if (!draft.credentials) {
      const Secret stored = GALLEY_TRY(transaction.connections().credentials(actor.account, id));
      if (!stored.empty()) credentials = GALLEY_TRY(json::parse(stored.reveal()));
    }
    const CmsConnector::Accepted accepted = GALLEY_TRY(connector->validate(draft.settings, credentials));
    fill(draft, accepted, connection);
    connection.credentials_hint = accepted.hint;
    ++connection.version;
    connection.updated_at = context_.clock.now();
    GALLEY_TRY(transaction.connections().update(connection));
    if (draft.credentials)
      GALLEY_TRY(transaction.connections().set_credentials(actor.account, id, accepted.credentials));
    GALLEY_TRY(audit_connection(transaction, context_, actor, AuditAction::connection_updated, connection));
    return connection;
  };
  Connection changed = GALLEY_CO_TRY(co_await context_.store.write(std::move(body)));
  if (!test) co_return changed;
  co_return co_await ask(std::move(actor), std::move(id));
}

Task<Result<void>> ConnectionService::remove(Actor actor, ConnectionId id,
                                             std::optional<std::int64_t> known_version) const {
  auto body = [&](Transaction& transaction) -> Result<void> {
    const Connection connection = GALLEY_TRY(find(transaction, actor, id));
    GALLEY_TRY(require_version(known_version, connection.version));
    GALLEY_TRY(audit_connection(transaction, context_, actor, AuditAction::connection_deleted, connection));
    return transaction.connections().remove(actor.account, id);
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<Connection>> ConnectionService::test(Actor actor, ConnectionId id) const {
  co_return co_await verify(std::move(actor), std::move(id), true);
}

Task<Result<Connection>> ConnectionService::verify(Actor actor, ConnectionId id, bool refusal_is_error) const {
  auto reading = [&](const Transaction& transaction) -> Result<ConnectorTarget> {
    ConnectorTarget target{.connection = GALLEY_TRY(find(transaction, actor, id))};
    target.credentials = GALLEY_TRY(transaction.connections().credentials(actor.account, id));
    target.project_secrets =
        GALLEY_TRY(transaction.projects().webhook_secrets(actor.account, target.connection.project));
    return target;
  };
  ConnectorTarget target = GALLEY_CO_TRY(context_.store.read(std::move(reading)));
  CmsConnector* connector = GALLEY_CO_TRY(connector_of(target.connection.type));
  const ConnectorResult<> verified = co_await connector->verify(std::move(target));
  auto writing = [&](Transaction& transaction) -> Result<Connection> {
    Connection connection = GALLEY_TRY(find(transaction, actor, id));
    connection.status = verified ? ConnectionStatus::connected : ConnectionStatus::error;
    connection.last_error.reset();
    if (!verified) connection.last_error = verified.error().error.message;
    connection.last_used_at = context_.clock.now();
    GALLEY_TRY(transaction.connections().update(connection));
    GALLEY_TRY(audit_connection(transaction, context_, actor, AuditAction::connection_tested, connection));
    return connection;
  };
  Connection connection = GALLEY_CO_TRY(co_await context_.store.write(std::move(writing)));
  if (verified || !refusal_is_error) co_return connection;
  Error refused = verified.error().error;
  refused.code = ErrorCode::connection_rejected;
  const auto names_it = [](const Detail& detail) { return detail.name == "connection_id"; };
  if (std::none_of(refused.details.begin(), refused.details.end(), names_it))
    refused.details.insert(refused.details.begin(), {"connection_id", id.text()});
  co_return refused;
}

}  // namespace galley::service
