#include "api/igny8/auth.hpp"

#include "service/session_service.hpp"

namespace galley::api::igny8 {

namespace {

service::Visitor visitor_of(const Call& call) {
  return {.address = call.client, .request_id = call.request_id};
}

UserView view_of(const service::Profile& profile) {
  const User& user = profile.user;
  return {.id = user.number,
          .email = user.email,
          // The reference's users all have one: what stands before the "@" is the name of who never chose another.
          .username = user.username.empty() ? user.email.substr(0, user.email.find('@')) : user.username,
          .first_name = user.first_name,
          .last_name = user.last_name,
          .role = user.role,
          .account = {
              .id = profile.account_number, .name = profile.account.name, .slug = service::slug_of(profile.account)}};
}

TokensView view_of(const service::TokenPair& pair) {
  return {.access = std::string(pair.access.reveal()),
          .refresh = std::string(pair.refresh.reveal()),
          .access_expires_at = pair.access_expires_at,
          .refresh_expires_at = pair.refresh_expires_at};
}

LoginView view_of(const service::SignedIn& signed_in) {
  LoginView view;
  static_cast<TokensView&>(view) = view_of(signed_in.tokens);
  view.user = view_of(signed_in.profile);
  return view;
}

}  // namespace

Task<Result<LoginView>> login(Call& call, Body<LoginFields> body) {
  service::Visitor visitor = visitor_of(call);
  co_return view_of(GALLEY_CO_TRY(
      co_await call.services.sessions.sign_in(std::move(body.email), std::move(body.password), std::move(visitor))));
}

Task<Result<Reply>> register_user(Call& call, Body<RegisterFields> body) {
  service::SignUp wanted{.email = std::move(body.email),
                         .password = std::move(body.password),
                         .username = std::move(body.username),
                         .first_name = std::move(body.first_name),
                         .last_name = std::move(body.last_name),
                         .account_name = std::move(body.account_name)};
  service::Visitor visitor = visitor_of(call);
  const auto signed_in = GALLEY_CO_TRY(co_await call.services.sessions.sign_up(std::move(wanted), std::move(visitor)));
  Reply reply = Answered<LoginView>::reply(call, view_of(signed_in));
  reply.status = 201;
  co_return reply;
}

Task<Result<TokensView>> refresh_token(Call& call, Body<RefreshFields> body) {
  service::Visitor visitor = visitor_of(call);
  co_return view_of(
      GALLEY_CO_TRY(co_await call.services.sessions.refresh(std::move(body.refresh), std::move(visitor))));
}

Task<Result<UserView>> get_me(Call& call) {
  co_return view_of(GALLEY_CO_TRY(call.services.sessions.profile(call.actor)));
}

Task<Result<Reply>> logout(Call& call, Body<LogoutFields> body) {
  std::optional<Secret> refresh;
  if (body.refresh) refresh = Secret(*std::move(body.refresh));
  GALLEY_CO_TRY(co_await call.services.sessions.sign_out(call.actor, std::move(refresh)));
  co_return Reply{.kind = Reply::Kind::object, .status = 200, .body = "{}", .message = "Signed out."};
}

Task<Result<TokensView>> change_password(Call& call, Body<PasswordFields> body) {
  co_return view_of(GALLEY_CO_TRY(co_await call.services.sessions.change_password(
      call.actor, std::move(body.old_password), std::move(body.new_password))));
}

}  // namespace galley::api::igny8

namespace galley {

using namespace api::igny8;

namespace {

constexpr Rules email_rules{.required = true, .max = 254, .format = "email", .example = "\"user@example.com\""};
constexpr Rules password_rules{.required = true, .example = "\"your_password\""};
constexpr Rules name_rules{.one_line = true, .max = 150};

}  // namespace

template <>
const Shape& shape_of<LoginFields>() {
  static const Shape shape = ShapeOf<LoginFields>("Login", "An e-mail address and a password.")
                                 .field("email", &LoginFields::email, email_rules)
                                 .field("password", &LoginFields::password, password_rules);
  return shape;
}

template <>
const Shape& shape_of<RegisterFields>() {
  static const Shape shape =
      ShapeOf<RegisterFields>("Registration", "A new account with its owner.")
          .field("email", &RegisterFields::email, email_rules)
          .field("password", &RegisterFields::password,
                 {.required = true, .about = "At least 8 characters.", .example = "\"your_password\""})
          .field("username", &RegisterFields::username, name_rules)
          .field("first_name", &RegisterFields::first_name, name_rules)
          .field("last_name", &RegisterFields::last_name, name_rules)
          .field("account_name", &RegisterFields::account_name, name_rules);
  return shape;
}

template <>
const Shape& shape_of<RefreshFields>() {
  static const Shape shape = ShapeOf<RefreshFields>("Refresh", "A refresh token, which works once.")
                                 .field("refresh", &RefreshFields::refresh, {.required = true});
  return shape;
}

template <>
const Shape& shape_of<LogoutFields>() {
  static const Shape shape =
      ShapeOf<LogoutFields>("Logout", "Which sign-in ends.")
          .field("refresh", &LogoutFields::refresh, {.about = "Left out: all sign-ins of the user end."});
  return shape;
}

template <>
const Shape& shape_of<PasswordFields>() {
  static const Shape shape =
      ShapeOf<PasswordFields>("PasswordChange", "The password of now and the one to come.")
          .field("old_password", &PasswordFields::old_password, password_rules)
          .field("new_password", &PasswordFields::new_password,
                 {.required = true, .about = "At least 8 characters.", .example = "\"a new password\""});
  return shape;
}

template <>
const Shape& shape_of<AccountSummaryView>() {
  static const Shape shape = ShapeOf<AccountSummaryView>("AccountSummary", "The account of a user.")
                                 .field("id", &AccountSummaryView::id, {.example = "1"})
                                 .field("name", &AccountSummaryView::name)
                                 .field("slug", &AccountSummaryView::slug);
  return shape;
}

template <>
const Shape& shape_of<UserView>() {
  static const Shape shape = ShapeOf<UserView>("User", "Somebody who signs in.")
                                 .field("id", &UserView::id, {.example = "1"})
                                 .field("email", &UserView::email, {.format = "email"})
                                 .field("username", &UserView::username)
                                 .field("first_name", &UserView::first_name)
                                 .field("last_name", &UserView::last_name)
                                 .field("role", &UserView::role)
                                 .field("account", &UserView::account);
  return shape;
}

template <>
const Shape& shape_of<TokensView>() {
  static const Shape shape =
      ShapeOf<TokensView>("Tokens", "What requests are signed with, and what gets the next pair.")
          .field("access", &TokensView::access, {.about = "For Authorization: Bearer; holds for 15 minutes."})
          .field("refresh", &TokensView::refresh, {.about = "For /auth/refresh/; holds for 7 days and works once."})
          .field("access_expires_at", &TokensView::access_expires_at)
          .field("refresh_expires_at", &TokensView::refresh_expires_at);
  return shape;
}

template <>
const Shape& shape_of<LoginView>() {
  static const Shape shape = ShapeOf<LoginView>("SignedIn", "A user and the tokens of this sign-in.")
                                 .field("user", &LoginView::user)
                                 .field("access", &LoginView::access)
                                 .field("refresh", &LoginView::refresh)
                                 .field("access_expires_at", &LoginView::access_expires_at)
                                 .field("refresh_expires_at", &LoginView::refresh_expires_at);
  return shape;
}

}  // namespace galley
