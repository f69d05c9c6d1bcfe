// The audit trail as an account reads it, and whether it is whole.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "domain/audit.hpp"
#include "service/actor.hpp"
#include "service/context.hpp"

namespace galley::service {

// How far an account's chain of entries holds.
struct AuditVerdict {
  std::int64_t entries = 0;          // that hold
  Digest head{};                     // the last one's hash: kept elsewhere, it shows a trail that was cut short
  std::optional<std::string> fault;  // what is wrong with the next one
};

class AuditService {
 public:
  explicit AuditService(const Context& context) : context_(context) {}

  // A key that is bound to a project sees what was done in it.
  Result<Page<AuditEntry>> list(const Actor& actor, AuditFilter filter, const PageRequest& page) const;
  // Reads the whole trail in pieces: for threads that may block.
  Result<AuditVerdict> verify(const AccountId& account) const;

 private:
  const Context& context_;
};

}  // namespace galley::service
