// Who asks: the account whose rows may be seen, and what may be done with them.
#pragma once

#include <optional>
#include <string>

#include "domain/account.hpp"

namespace galley::service {

struct Actor {
  AccountId account;
  Plan plan = Plan::free;
  Role role = Role::viewer;
  std::optional<ProjectId> project{};  // a key that is bound to one project sees no other
  std::optional<ApiKeyId> key{};
  std::optional<UserId> user{};
  // Where the request came from, for the audit trail; empty for reads and where there is no request.
  std::string address{};
  std::string request_id{};

  // "key key_…", "user usr_…" or "operator": for revisions, the audit trail and the log.
  std::string name() const;
  bool sees(const ProjectId& id) const { return !project || *project == id; }
};

// Where somebody comes from who is nobody yet.
struct Visitor {
  std::string address;
  std::string request_id;
};

// Whoever runs the program, at its command line: may do everything in the account.
Actor operator_of(const AccountId& account);

// not_found, as for an id that nobody has, where the actor is bound to another project.
Result<void> require_sight(const Actor& actor, const ProjectId& project);
// The same in the words of what was asked for: an article of a project that the actor may not see is not there.
Result<void> require_sight(const Actor& actor, const ProjectId& project, std::string_view noun, std::string_view id);
// forbidden for an actor that is bound to one project.
Result<void> require_whole_account(const Actor& actor);

// precondition_failed when the caller knows another version; nothing to compare passes.
Result<void> require_version(const std::optional<std::int64_t>& known, std::int64_t version);

}  // namespace galley::service
