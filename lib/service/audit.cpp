#include "service/audit.hpp"

namespace galley::service {

Result<void> audit(Transaction& transaction, const Context& context, const Actor& actor, Deed deed) {
  return transaction.audit_trail().append({.account = actor.account,
                                           .action = deed.action,
                                           .project = std::move(deed.project),
                                           .subject = std::move(deed.subject),
                                           .note = std::move(deed.note),
                                           .actor = actor.name(),
                                           .address = actor.address,
                                           .request_id = actor.request_id,
                                           .created_at = context.clock.now()});
}

}  // namespace galley::service
