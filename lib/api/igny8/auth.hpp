// /auth: registering, signing in and out, tokens, the user's own password.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "api/endpoint.hpp"
#include "base/secret.hpp"
#include "domain/account.hpp"

namespace galley::api::igny8 {

struct LoginFields {
  std::string email;
  Secret password;
};
struct RegisterFields : LoginFields {
  std::string username{};
  std::string first_name{};
  std::string last_name{};
  std::string account_name{};
};
struct RefreshFields {
  Secret refresh;
};
struct LogoutFields {
  std::optional<std::string> refresh{};
};
struct PasswordFields {
  Secret old_password;
  Secret new_password;
};

struct AccountSummaryView {
  std::int64_t id = 0;
  std::string name;
  std::string slug;
};
struct UserView {
  std::int64_t id = 0;
  std::string email;
  std::string username;
  std::string first_name;
  std::string last_name;
  Role role = Role::viewer;
  AccountSummaryView account{};
};
struct TokensView {
  std::string access;
  std::string refresh;
  Time access_expires_at{};
  Time refresh_expires_at{};
};
struct LoginView : TokensView {
  UserView user{};
};

Task<Result<LoginView>> login(Call& call, Body<LoginFields> body);
Task<Result<Reply>> register_user(Call& call, Body<RegisterFields> body);
Task<Result<TokensView>> refresh_token(Call& call, Body<RefreshFields> body);
Task<Result<UserView>> get_me(Call& call);
Task<Result<Reply>> logout(Call& call, Body<LogoutFields> body);
Task<Result<TokensView>> change_password(Call& call, Body<PasswordFields> body);

}  // namespace galley::api::igny8

namespace galley {
template <>
const Shape& shape_of<api::igny8::LoginFields>();
template <>
const Shape& shape_of<api::igny8::RegisterFields>();
template <>
const Shape& shape_of<api::igny8::RefreshFields>();
template <>
const Shape& shape_of<api::igny8::LogoutFields>();
template <>
const Shape& shape_of<api::igny8::PasswordFields>();
template <>
const Shape& shape_of<api::igny8::AccountSummaryView>();
template <>
const Shape& shape_of<api::igny8::UserView>();
template <>
const Shape& shape_of<api::igny8::TokensView>();
template <>
const Shape& shape_of<api::igny8::LoginView>();
}  // namespace galley
