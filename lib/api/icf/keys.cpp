#include "api/icf/keys.hpp"

#include "service/key_service.hpp"

namespace galley::api::icf {

namespace {

KeyView view_of(const ApiKey& key) {
  return {.id = key.id,
          .name = key.name,
          .role = key.role,
          .project_id = key.project,
          .hint = "•••" + key.hint,
          .created_at = key.created_at,
          .expires_at = key.expires_at,
          .last_used_at = key.last_used_at,
          .revoked_at = key.revoked_at};
}

Created<KeyView> made(const service::MadeKey& made) {
  KeyView view = view_of(made.key);
  view.key = std::string(made.secret.reveal());
  std::string location = "/api/v1/keys/" + view.id.text();
  return {std::move(view), std::move(location)};
}

}  // namespace

Task<Result<Listed<KeyView>>> list_keys(Call& call, Query<ListQuery> query) {
  const PageRequest page = GALLEY_CO_TRY(page_request(query));
  co_return listed<KeyView>(GALLEY_CO_TRY(call.services.keys.list(call.actor, page)), page, view_of);
}

Task<Result<Created<KeyView>>> create_key(Call& call, Body<KeyFields> body) {
  service::KeyDraft draft{.name = std::move(body.name),
                          .role = body.role,
                          .project = std::move(body.project_id),
                          .expires_at = body.expires_at};
  co_return made(GALLEY_CO_TRY(co_await call.services.keys.create(call.actor, std::move(draft))));
}

Task<Result<KeyView>> get_key(Call& call, ApiKeyId id) {
  co_return view_of(GALLEY_CO_TRY(call.services.keys.get(call.actor, id)));
}

Task<Result<NoContent>> delete_key(Call& call, ApiKeyId id) {
  const ApiKey key = GALLEY_CO_TRY(call.services.keys.get(call.actor, id));
  GALLEY_CO_TRY(service::require_version(call.known_version(), view_of(key).version));
  GALLEY_CO_TRY(co_await call.services.keys.revoke(call.actor, std::move(id)));
  co_return NoContent{};
}

Task<Result<Created<KeyView>>> rotate_key(Call& call, ApiKeyId id, Body<RotateKeyFields> body) {
  const std::chrono::seconds grace(body.grace_seconds);
  co_return made(GALLEY_CO_TRY(co_await call.services.keys.rotate(call.actor, std::move(id), grace)));
}

}  // namespace galley::api::icf

namespace galley {

using namespace api::icf;

template <>
const Shape& shape_of<KeyFields>() {
  static const Shape shape =
      ShapeOf<KeyFields>("KeyFields", "A key as it is asked for.")
          .field("name", &KeyFields::name,
                 {.required = true, .one_line = true, .min = 1, .max = 200, .example = "\"deploy\""})
          .field("role", &KeyFields::role, {.about = "At most the role of whoever makes it."})
          .field("projectId", &KeyFields::project_id, {.about = "Binds the key to one project."})
          .field("expiresAt", &KeyFields::expires_at);
  return shape;
}

template <>
const Shape& shape_of<KeyView>() {
  static const Shape shape =
      ShapeOf<KeyView>("Key", "An API key.")
          .field("id", &KeyView::id)
          .field("name", &KeyView::name)
          .field("role", &KeyView::role)
          .field("projectId", &KeyView::project_id, {.about = "The one project that the key sees, if it is bound."})
          .field("hint", &KeyView::hint, {.about = "Its last four characters.", .example = "\"•••x7Qa\""})
          .field("key", &KeyView::key,
                 {.omit_absent = true, .about = "The key itself. Shown once, in the answer that makes it."})
          .field("createdAt", &KeyView::created_at)
          .field("expiresAt", &KeyView::expires_at)
          .field("lastUsedAt", &KeyView::last_used_at, {.about = "To the minute."})
          .field("revokedAt", &KeyView::revoked_at);
  return shape;
}

template <>
const Shape& shape_of<RotateKeyFields>() {
  static const Shape shape = ShapeOf<RotateKeyFields>("RotateKey", "How the former key ends.")
                                 .field("graceSeconds", &RotateKeyFields::grace_seconds,
                                        {.min = 0,
                                         .max = static_cast<double>(service::KeyService::longest_grace.count()),
                                         .about = "How long the former key stays valid; a day by default."});
  return shape;
}

}  // namespace galley
