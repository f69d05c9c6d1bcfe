// Writes an entry of the audit trail in the transaction of the change that it tells of.
#pragma once

#include <optional>
#include <string>

#include "domain/store.hpp"
#include "service/actor.hpp"
#include "service/context.hpp"

namespace galley::service {

// What was done, to what. note is for people, and never holds a secret.
struct Deed {
  AuditAction action;
  std::optional<ProjectId> project{};
  std::string subject;  // public id
  std::string note{};
};

Result<void> audit(Transaction& transaction, const Context& context, const Actor& actor, Deed deed);

}  // namespace galley::service
