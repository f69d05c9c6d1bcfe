// /audit
#pragma once

#include <optional>
#include <string>

#include "api/endpoint.hpp"
#include "api/icf/paging.hpp"
#include "domain/audit.hpp"

namespace galley::api::icf {

struct AuditEntryView {
  std::int64_t number = 0;
  AuditAction action = AuditAction::article_created;
  std::optional<ProjectId> project_id{};
  std::string subject;
  std::string note;
  std::string actor;
  std::string address;
  std::string request_id;
  Time created_at{};
  std::string hash;  // hexadecimal
};

struct AuditQuery : PagingParameters {
  std::optional<ProjectId> project{};
  std::optional<std::string> subject{};
  std::optional<Time> since{};
};

Task<Result<Listed<AuditEntryView>>> list_audit(Call& call, Query<AuditQuery> query);

}  // namespace galley::api::icf

namespace galley {

template <>
const Shape& shape_of<api::icf::AuditEntryView>();
template <>
const Shape& shape_of<api::icf::AuditQuery>();

}  // namespace galley
