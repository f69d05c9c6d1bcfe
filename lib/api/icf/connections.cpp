#include "api/icf/connections.hpp"

#include "service/connection_service.hpp"

namespace galley::api::icf {

namespace {

bool is_hint(const json::Value& credentials) {
  return credentials.text() != nullptr && credentials.text()->starts_with("•••");
}

ConnectionFields fields_of(const service::ConnectionDraft& draft) {
  return {.name = draft.name,
          .type = draft.type,
          .settings = draft.settings,
          .credentials = draft.credentials,
          .default_categories = draft.default_categories,
          .default_tags = draft.default_tags};
}

service::ConnectionDraft draft_of(ConnectionFields fields) {
  service::ConnectionDraft draft{.name = std::move(fields.name),
                                 .type = fields.type,
                                 .settings = std::move(fields.settings),
                                 .credentials = std::move(fields.credentials),
                                 .default_categories = std::move(fields.default_categories),
                                 .default_tags = std::move(fields.default_tags)};
  // Somebody sent back what an answer showed.
  if (draft.credentials && is_hint(*draft.credentials)) draft.credentials.reset();
  return draft;
}

ConnectionView view_of(const Connection& connection) {
  ConnectionView view{.id = connection.id,
                      .project_id = connection.project,
                      .name = connection.name,
                      .type = connection.type,
                      .settings = connection.settings,
                      .default_categories = connection.default_categories,
                      .default_tags = connection.default_tags,
                      .status = connection.status,
                      .last_error = connection.last_error,
                      .last_used_at = connection.last_used_at,
                      .version = connection.version,
                      .created_at = connection.created_at,
                      .updated_at = connection.updated_at};
  if (!connection.credentials_hint.empty()) view.credentials_hint = connection.credentials_hint;
  return view;
}

Created<ConnectionView> created(const Connection& connection) {
  return {view_of(connection), "/api/v1/connections/" + connection.id.text()};
}

}  // namespace

Task<Result<Listed<ConnectionView>>> list_connections(Call& call, ProjectId project, Query<ListQuery> query) {
  const PageRequest page = GALLEY_CO_TRY(page_request(query));
  co_return listed<ConnectionView>(GALLEY_CO_TRY(call.services.connections.list(call.actor, project, page)), page,
                                   view_of);
}

Task<Result<Deferred<Created<ConnectionView>>>> create_connection(Call& call, ProjectId project,
                                                                  Body<ConnectionFields> body,
                                                                  Query<SaveConnectionQuery> query) {
  service::ConnectionDraft draft = draft_of(std::move(body));
  const Connection connection =
      GALLEY_CO_TRY(co_await call.services.connections.create(call.actor, std::move(project), std::move(draft)));
  if (query.test) co_return Awaited{connection.id.text()};
  co_return created(connection);
}

Task<Result<Reply>> finish_connection(Call& call, std::string awaited) {
  const Connection connection =
      GALLEY_CO_TRY(co_await call.services.connections.ask(call.actor, ConnectionId(std::move(awaited))));
  co_return Answered<Created<ConnectionView>>::reply(call, created(connection));
}

Task<Result<ConnectionView>> get_connection(Call& call, ConnectionId id) {
  co_return view_of(GALLEY_CO_TRY(call.services.connections.get(call.actor, id)));
}

Task<Result<ConnectionView>> update_connection(Call& call, ConnectionId id, Patch<ConnectionFields> patch,
                                               Query<SaveConnectionQuery> query) {
  service::ConnectionService::Edit edit = [patch = std::move(patch)](service::ConnectionDraft& draft) -> Result<void> {
    ConnectionFields fields = fields_of(draft);
    GALLEY_TRY(patch.apply(fields));
    draft = draft_of(std::move(fields));
    return {};
  };
  co_return view_of(GALLEY_CO_TRY(co_await call.services.connections.update(
      call.actor, std::move(id), call.known_version(), std::move(edit), query.test)));
}

Task<Result<NoContent>> delete_connection(Call& call, ConnectionId id) {
  GALLEY_CO_TRY(co_await call.services.connections.remove(call.actor, std::move(id), call.known_version()));
  co_return NoContent{};
}

Task<Result<Deferred<ConnectionView>>> test_connection(Call& call, ConnectionId id) {
  GALLEY_CO_TRY(call.services.connections.get(call.actor, id));
  co_return Awaited{id.text()};
}

Task<Result<Reply>> finish_test(Call& call, std::string awaited) {
  const Connection connection =
      GALLEY_CO_TRY(co_await call.services.connections.test(call.actor, ConnectionId(std::move(awaited))));
  co_return Answered<ConnectionView>::reply(call, view_of(connection));
}

}  // namespace galley::api::icf

namespace galley {

using namespace api::icf;

template <>
const Shape& shape_of<ConnectionFields>() {
  static const Shape shape = [] {
    ShapeOf<ConnectionFields> fields("ConnectionFields", "A connection as it is written.");
    fields
        .field("name", &ConnectionFields::name,
               {.required = true, .one_line = true, .min = 1, .max = 200, .example = "\"Company blog\""})
        .field("type", &ConnectionFields::type,
               {.required = true, .about = "Which connector; it cannot be changed later."})
        .field("settings", &ConnectionFields::settings,
               {.about = "An object; its members are the connector's.",
                .example = R"({"url": "https://blog.example/hook"})"})
        .field("credentials", &ConnectionFields::credentials,
               {.about = "An object of what the connector signs in with. Stored encrypted and never shown; where it is "
                         "left out of a change, what is stored stays."})
        .field("defaultCategories", &ConnectionFields::default_categories, {.one_line = true, .max = 100})
        .field("defaultTags", &ConnectionFields::default_tags, {.one_line = true, .max = 100});
    fields.ignores({"id", "projectId", "status", "lastError", "lastUsedAt", "createdAt", "updatedAt"});
    return Shape(fields);
  }();
  return shape;
}

template <>
const Shape& shape_of<ConnectionView>() {
  static const Shape shape =
      ShapeOf<ConnectionView>("Connection", "A connection to a CMS.")
          .field("id", &ConnectionView::id)
          .field("projectId", &ConnectionView::project_id)
          .field("name", &ConnectionView::name)
          .field("type", &ConnectionView::type)
          .field("settings", &ConnectionView::settings, {.about = "An object; its members are the connector's."})
          .field("credentials", &ConnectionView::credentials_hint,
                 {.about = "A hint of what is stored; null where there is nothing.", .example = "\"•••x7Qa\""})
          .field("defaultCategories", &ConnectionView::default_categories)
          .field("defaultTags", &ConnectionView::default_tags)
          .field("status", &ConnectionView::status)
          .field("lastError", &ConnectionView::last_error, {.about = "The CMS's own words."})
          .field("lastUsedAt", &ConnectionView::last_used_at)
          .field("createdAt", &ConnectionView::created_at)
          .field("updatedAt", &ConnectionView::updated_at);
  return shape;
}

template <>
const Shape& shape_of<SaveConnectionQuery>() {
  static const Shape shape = ShapeOf<SaveConnectionQuery>("SaveConnectionQuery", "How to save.")
                                 .field("test", &SaveConnectionQuery::test,
                                        {.about = "false: without asking the CMS; by default it is asked at once."});
  return shape;
}

}  // namespace galley
