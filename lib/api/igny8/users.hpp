// /auth/users, and passwords that somebody does not have yet or has forgotten.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "api/endpoint.hpp"
#include "api/igny8/paging.hpp"
#include "base/secret.hpp"
#include "domain/account.hpp"

namespace galley::api::igny8 {

struct ManagedUserView {
  std::int64_t id = 0;
  std::string email;
  std::string username;
  std::string first_name;
  std::string last_name;
  Role role = Role::viewer;
  bool is_active = true;
  bool has_password = true;
  Time created_at{};
};
struct InvitationFields {
  std::string email;
  Role role = Role::editor;
  std::string username{};
  std::string first_name{};
  std::string last_name{};
};
struct InvitationView : ManagedUserView {
  std::optional<std::string> invitation_token{};  // null where a mail brings it
  Time invitation_expires_at{};
};
struct ManagedUserFields {
  std::string username{};
  std::string first_name{};
  std::string last_name{};
  Role role = Role::viewer;
  bool is_active = true;
};
struct UserQuery : PagingParameters {
  std::optional<std::string> search{};
};

struct ResetFields {
  std::string email;
};
struct ResetConfirmation {
  Secret token;
  Secret new_password;
};

Task<Result<Listed<ManagedUserView>>> list_users(Call& call, Query<UserQuery> query);
Task<Result<Created<InvitationView>>> invite_user(Call& call, Body<InvitationFields> body);
Task<Result<ManagedUserView>> get_user(Call& call, PathNumber id);
Task<Result<ManagedUserView>> update_user(Call& call, PathNumber id, Patch<ManagedUserFields> patch);
Task<Result<NoContent>> delete_user(Call& call, PathNumber id);
// The same answer whether or not there is such a user.
Task<Result<Reply>> reset_password(Call& call, Body<ResetFields> body);
Task<Result<Reply>> confirm_reset(Call& call, Body<ResetConfirmation> body);

}  // namespace galley::api::igny8

namespace galley {
template <>
const Shape& shape_of<api::igny8::ManagedUserView>();
template <>
const Shape& shape_of<api::igny8::InvitationFields>();
template <>
const Shape& shape_of<api::igny8::InvitationView>();
template <>
const Shape& shape_of<api::igny8::ManagedUserFields>();
template <>
const Shape& shape_of<api::igny8::UserQuery>();
template <>
const Shape& shape_of<api::igny8::ResetFields>();
template <>
const Shape& shape_of<api::igny8::ResetConfirmation>();
}  // namespace galley
