#include "storage/audit_repo.hpp"

#include "base/encoding.hpp"
#include "storage/paging.hpp"

namespace galley::storage {
namespace {

constexpr std::string_view columns =
    "account_id, number, action, project_id, subject, note, actor, address, request_id, created_at, previous, hash";

AuditEntry read_entry(const Row& row) {
  AuditEntry entry;
  row.into(entry.account, entry.number, entry.action, entry.project, entry.subject, entry.note, entry.actor,
           entry.address, entry.request_id, entry.created_at, entry.previous, entry.hash);
  return entry;
}

// As for publications: the narrowest scope is looked up in its index, the wider ones are compared as expressions.
std::string where_of(const AuditFilter& filter) {
  std::string where;
  if (filter.subject) {
    where = "subject = $subject AND (account_id || '') = $account";
    if (filter.project) where += " AND (project_id || '') = $project";
  } else if (filter.project) {
    where = "project_id = $project AND (account_id || '') = $account";
  } else {
    where = "account_id = $account";
  }
  return where;
}

}  // namespace

Result<void> AuditRepo::append(AuditEntry entry) {
  {
    Query head = connection_.query(
        "SELECT number, hash FROM audit_entries WHERE account_id = $account ORDER BY number DESC LIMIT 1");
    if (GALLEY_TRY(head.bind("account", entry.account).step())) head.row().into(entry.number, entry.previous);
  }
  ++entry.number;
  entry.note = first_code_points(entry.note, AuditEntry::max_note);
  entry.hash = hash_of(entry);
  Query query = connection_.query(
      "INSERT INTO audit_entries (account_id, number, action, project_id, subject, note, actor, address, request_id, "
      "created_at, previous, hash) VALUES ($account, $number, $action, $project, $subject, $note, $actor, $address, "
      "$request_id, $created_at, $previous, $hash)");
  query.bind("account", entry.account).bind("number", entry.number).bind("action", entry.action);
  query.bind("project", entry.project).bind("subject", entry.subject).bind("note", entry.note);
  query.bind("actor", entry.actor).bind("address", entry.address).bind("request_id", entry.request_id);
  query.bind("created_at", entry.created_at).bind("previous", entry.previous).bind("hash", entry.hash);
  GALLEY_TRY(query.run());
  return {};
}

Result<Page<AuditEntry>> AuditRepo::list(const AccountId& account, const AuditFilter& filter,
                                         const PageRequest& page) const {
  ListSql list{.columns = std::string(columns), .from = "audit_entries", .where = where_of(filter), .updated_at = ""};
  if (filter.since) list.since = list.created_at;
  const auto bind = [&](Query& query) {
    query.bind("account", account);
    if (filter.subject) query.bind("subject", *filter.subject);
    if (filter.project) query.bind("project", *filter.project);
    if (filter.since) query.bind("since", *filter.since);
  };
  return read_page<AuditEntry>(connection_, list, page, bind, read_entry);
}

Result<std::vector<AuditEntry>> AuditRepo::chain(const AccountId& account, std::int64_t after, int max) const {
  static const std::string sql = "SELECT " + std::string(columns) +
                                 " FROM audit_entries WHERE account_id = $account AND number > $after "
                                 "ORDER BY number LIMIT $max";
  Query query = connection_.query(sql);
  query.bind("account", account).bind("after", after).bind("max", max);
  std::vector<AuditEntry> entries;
  while (GALLEY_TRY(query.step()))
    entries.push_back(read_entry(query.row()));
  return entries;
}

}  // namespace galley::storage
