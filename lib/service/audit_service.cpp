#include "service/audit_service.hpp"

namespace galley::service {

namespace {

constexpr int entries_at_once = 1000;

std::optional<std::string> fault_of(const AuditEntry& entry, const AuditVerdict& before) {
  const std::string name = "Entry " + std::to_string(entry.number);
  if (entry.number != before.entries + 1)
    return "Entry " + std::to_string(before.entries + 1) + " is missing: the next is " + std::to_string(entry.number) +
           ".";
  if (entry.previous != before.head) return name + " does not follow the one before it.";
  if (entry.hash != hash_of(entry)) return name + " was changed.";
  return std::nullopt;
}

}  // namespace

Result<Page<AuditEntry>> AuditService::list(const Actor& actor, AuditFilter filter, const PageRequest& page) const {
  if (actor.project) {
    if (filter.project && *filter.project != *actor.project) return not_found(ProjectTag::noun, filter.project->text());
    filter.project = actor.project;
  }
  return context_.store.read(
      [&](const Transaction& transaction) { return transaction.audit_trail().list(actor.account, filter, page); });
}

Result<AuditVerdict> AuditService::verify(const AccountId& account) const {
  AuditVerdict verdict;
  for (;;) {
    const std::vector<AuditEntry> entries = GALLEY_TRY(context_.store.read([&](const Transaction& transaction) {
      return transaction.audit_trail().chain(account, verdict.entries, entries_at_once);
    }));
    for (const AuditEntry& entry : entries) {
      verdict.fault = fault_of(entry, verdict);
      if (verdict.fault) return verdict;
      ++verdict.entries;
      verdict.head = entry.hash;
    }
    if (entries.size() < static_cast<std::size_t>(entries_at_once)) return verdict;
  }
}

}  // namespace galley::service
