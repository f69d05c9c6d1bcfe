// /keys
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "api/endpoint.hpp"
#include "api/icf/paging.hpp"
#include "domain/account.hpp"

namespace galley::api::icf {

struct KeyFields {
  std::string name;
  Role role = Role::editor;
  std::optional<ProjectId> project_id{};
  std::optional<Time> expires_at{};
};

struct KeyView {
  ApiKeyId id;
  std::string name;
  Role role = Role::editor;
  std::optional<ProjectId> project_id{};
  std::string hint;
  std::optional<std::string> key{};  // in the answer that makes it, once
  std::int64_t version = 1;          // a key is never edited
  Time created_at{};
  std::optional<Time> expires_at{};
  std::optional<Time> last_used_at{};
  std::optional<Time> revoked_at{};
};

struct RotateKeyFields {
  std::int64_t grace_seconds = 24 * 3600;
};

Task<Result<Listed<KeyView>>> list_keys(Call& call, Query<ListQuery> query);
Task<Result<Created<KeyView>>> create_key(Call& call, Body<KeyFields> body);
Task<Result<KeyView>> get_key(Call& call, ApiKeyId id);
Task<Result<NoContent>> delete_key(Call& call, ApiKeyId id);
// The new key; the old one holds for the grace.
Task<Result<Created<KeyView>>> rotate_key(Call& call, ApiKeyId id, Body<RotateKeyFields> body);

}  // namespace galley::api::icf

namespace galley {

template <>
const Shape& shape_of<api::icf::KeyFields>();
template <>
const Shape& shape_of<api::icf::KeyView>();
template <>
const Shape& shape_of<api::icf::RotateKeyFields>();

}  // namespace galley
