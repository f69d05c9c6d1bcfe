#include "api/icf/audit.hpp"

#include "base/crypto.hpp"
#include "service/audit_service.hpp"

namespace galley::api::icf {

namespace {

AuditEntryView view_of(AuditEntry entry) {
  return {.number = entry.number,
          .action = entry.action,
          .project_id = std::move(entry.project),
          .subject = std::move(entry.subject),
          .note = std::move(entry.note),
          .actor = std::move(entry.actor),
          .address = std::move(entry.address),
          .request_id = std::move(entry.request_id),
          .created_at = entry.created_at,
          .hash = to_hex(entry.hash)};
}

}  // namespace

Task<Result<Listed<AuditEntryView>>> list_audit(Call& call, Query<AuditQuery> query) {
  const PageRequest page = GALLEY_CO_TRY(page_request(query));
  AuditFilter filter{.project = query.project, .subject = query.subject, .since = query.since};
  co_return listed<AuditEntryView>(GALLEY_CO_TRY(call.services.audits.list(call.actor, std::move(filter), page)), page,
                                   view_of);
}

}  // namespace galley::api::icf

namespace galley {

using namespace api::icf;

template <>
const Shape& shape_of<AuditEntryView>() {
  static const Shape shape =
      ShapeOf<AuditEntryView>("AuditEntry", "Who did what, when and from where.")
          .field("number", &AuditEntryView::number, {.about = "From 1 in the account, without gaps."})
          .field("action", &AuditEntryView::action)
          .field("projectId", &AuditEntryView::project_id)
          .field("subject", &AuditEntryView::subject,
                 {.about = "Id of what was changed.", .example = "\"art_xyz789abcdef\""})
          .field("note", &AuditEntryView::note, {.about = "For people: a name, a number, a reason."})
          .field("actor", &AuditEntryView::actor,
                 {.about = "\"key …\" or \"user …\" with the id; operator for the command line, dispatcher for what "
                           "happened to deliveries by itself."})
          .field("address", &AuditEntryView::address, {.about = "The client's; empty where there was none."})
          .field("requestId", &AuditEntryView::request_id, {.about = "X-Request-ID of the answer."})
          .field("createdAt", &AuditEntryView::created_at)
          .field("hash", &AuditEntryView::hash,
                 {.about = "SHA-256 over the entry and the hash of the one before it, hexadecimal."});
  return shape;
}

template <>
const Shape& shape_of<AuditQuery>() {
  static const Shape shape = [] {
    ShapeOf<AuditQuery> fields("AuditQuery", "Which entries.");
    fields.field("project", &AuditQuery::project)
        .field("subject", &AuditQuery::subject, {.min = 1, .max = 64, .about = "Id of what was changed."})
        .field("since", &AuditQuery::since);
    with_paging(fields);
    return Shape(fields);
  }();
  return shape;
}

}  // namespace galley
