#include "service/actor.hpp"

namespace galley::service {

std::string Actor::name() const {
  if (key) return "key " + key->text();
  if (user) return "user " + user->text();
  return "operator";
}

Actor operator_of(const AccountId& account) {
  return {.account = account, .role = Role::owner};
}

Result<void> require_sight(const Actor& actor, const ProjectId& project) {
  return require_sight(actor, project, ProjectTag::noun, project.text());
}

Result<void> require_sight(const Actor& actor, const ProjectId& project, std::string_view noun, std::string_view id) {
  if (!actor.sees(project)) return not_found(noun, id);
  return {};
}

Result<void> require_whole_account(const Actor& actor) {
  if (actor.project) return forbidden("This key is bound to one project and cannot do this.");
  return {};
}

Result<void> require_version(const std::optional<std::int64_t>& known, std::int64_t version) {
  if (known && *known != version)
    return Error{.code = ErrorCode::precondition_failed,
                 .message = "It was changed since you read it. Read it again and repeat your change."};
  return {};
}

}  // namespace galley::service
