#include "api/igny8/users.hpp"

#include "service/user_service.hpp"

namespace galley::api::igny8 {

namespace {

ManagedUserView view_of(const User& user) {
  return {.id = user.number,
          .email = user.email,
          .username = user.username,
          .first_name = user.first_name,
          .last_name = user.last_name,
          .role = user.role,
          .is_active = !user.disabled,
          .has_password = !user.password_hash.empty(),
          .created_at = user.created_at};
}

service::Visitor visitor_of(const Call& call) {
  return {.address = call.client, .request_id = call.request_id};
}

Reply message(std::string_view sentence) {
  return {.kind = Reply::Kind::object, .status = 200, .body = "{}", .message = sentence};
}

}  // namespace

Task<Result<Listed<ManagedUserView>>> list_users(Call& call, Query<UserQuery> query) {
  const NumberedPage page = GALLEY_CO_TRY(page_number(query));
  co_return listed<ManagedUserView>(
      GALLEY_CO_TRY(call.services.users.list(call.actor, query.search.value_or(""), page)), page, view_of);
}

Task<Result<Created<InvitationView>>> invite_user(Call& call, Body<InvitationFields> body) {
  service::Invitation invitation{.email = std::move(body.email),
                                 .role = body.role,
                                 .username = std::move(body.username),
                                 .first_name = std::move(body.first_name),
                                 .last_name = std::move(body.last_name)};
  const auto invited = GALLEY_CO_TRY(co_await call.services.users.invite(call.actor, std::move(invitation)));
  InvitationView view;
  static_cast<ManagedUserView&>(view) = view_of(invited.user);
  if (invited.token) view.invitation_token = std::string(invited.token->reveal());
  view.invitation_expires_at = invited.expires_at;
  std::string location = "/api/v1/auth/users/" + std::to_string(view.id) + "/";
  co_return Created<InvitationView>{std::move(view), std::move(location)};
}

Task<Result<ManagedUserView>> get_user(Call& call, PathNumber id) {
  co_return view_of(GALLEY_CO_TRY(call.services.users.get(call.actor, id.value)));
}

Task<Result<ManagedUserView>> update_user(Call& call, PathNumber id, Patch<ManagedUserFields> patch) {
  service::UserService::Edit edit = [&patch](service::UserChanges& changes) -> Result<void> {
    ManagedUserFields fields{.username = changes.username,
                             .first_name = changes.first_name,
                             .last_name = changes.last_name,
                             .role = changes.role,
                             .is_active = changes.active};
    GALLEY_TRY(patch.apply(fields));
    changes = {.role = fields.role,
               .active = fields.is_active,
               .username = std::move(fields.username),
               .first_name = std::move(fields.first_name),
               .last_name = std::move(fields.last_name)};
    return {};
  };
  co_return view_of(GALLEY_CO_TRY(co_await call.services.users.update(call.actor, id.value, std::move(edit))));
}

Task<Result<NoContent>> delete_user(Call& call, PathNumber id) {
  GALLEY_CO_TRY(co_await call.services.users.remove(call.actor, id.value));
  co_return NoContent{};
}

Task<Result<Reply>> reset_password(Call& call, Body<ResetFields> body) {
  service::Visitor visitor = visitor_of(call);
  const service::UserService& users = call.services.users;
  GALLEY_CO_TRY(co_await users.ask_for_reset(std::move(body.email), std::move(visitor)));
  co_return message(users.mailing() == service::Mailing::by_relay
                        ? "If there is such a user, a mail with a link is on its way."
                        : "If there is such a user, whoever runs the server can hand over a link.");
}

Task<Result<Reply>> confirm_reset(Call& call, Body<ResetConfirmation> body) {
  service::Visitor visitor = visitor_of(call);
  GALLEY_CO_TRY(co_await call.services.users.choose_password(std::move(body.token), std::move(body.new_password),
                                                             std::move(visitor)));
  co_return message("The password was chosen. Sign in with it.");
}

}  // namespace galley::api::igny8

namespace galley {

using namespace api::igny8;

namespace {

constexpr Rules email_rules{.required = true, .max = 254, .format = "email", .example = "\"editor@example.com\""};
constexpr Rules name_rules{.one_line = true, .max = 150};

template <class T>
ShapeOf<T>& with_user(ShapeOf<T>& shape) {
  shape.field("id", &ManagedUserView::id, {.example = "2"}).field("email", &ManagedUserView::email, email_rules);
  shape.field("username", &ManagedUserView::username).field("first_name", &ManagedUserView::first_name);
  shape.field("last_name", &ManagedUserView::last_name).field("role", &ManagedUserView::role);
  shape.field("is_active", &ManagedUserView::is_active, {.about = "false: may not sign in."});
  shape.field("has_password", &ManagedUserView::has_password,
              {.about = "false for somebody who was invited and has not chosen one yet."});
  shape.field("created_at", &ManagedUserView::created_at);
  return shape;
}

}  // namespace

template <>
const Shape& shape_of<ManagedUserView>() {
  static const Shape shape = [] {
    ShapeOf<ManagedUserView> fields("ManagedUser", "A user of the account.");
    return Shape(with_user(fields));
  }();
  return shape;
}

template <>
const Shape& shape_of<InvitationFields>() {
  static const Shape shape =
      ShapeOf<InvitationFields>("InvitationFields", "Who is invited.")
          .field("email", &InvitationFields::email, email_rules)
          .field("role", &InvitationFields::role, {.about = "Not above your own.", .example = "\"editor\""})
          .field("username", &InvitationFields::username, name_rules)
          .field("first_name", &InvitationFields::first_name, name_rules)
          .field("last_name", &InvitationFields::last_name, name_rules);
  return shape;
}

template <>
const Shape& shape_of<InvitationView>() {
  static const Shape shape = [] {
    ShapeOf<InvitationView> fields("Invitation", "A user who has no password yet, and what lets them choose one.");
    with_user(fields);
    fields.field(
        "invitation_token", &InvitationView::invitation_token,
        {.about = "For /auth/password/reset/confirm/, once; shown here alone. Hand it to the user. null where the "
                  "server has a mail relay: then a mail brings it."});
    fields.field("invitation_expires_at", &InvitationView::invitation_expires_at, {.about = "Seven days from now."});
    return Shape(fields);
  }();
  return shape;
}

template <>
const Shape& shape_of<ManagedUserFields>() {
  static const Shape shape =
      ShapeOf<ManagedUserFields>("ManagedUserFields", "What an admin may change of a user.")
          .field("username", &ManagedUserFields::username, name_rules)
          .field("first_name", &ManagedUserFields::first_name, name_rules)
          .field("last_name", &ManagedUserFields::last_name, name_rules)
          .field("role", &ManagedUserFields::role,
                 {.about = "Not above your own; ends the user's sign-ins.", .example = "\"viewer\""})
          .field("is_active", &ManagedUserFields::is_active, {.about = "false ends the user's sign-ins."});
  return shape;
}

template <>
const Shape& shape_of<UserQuery>() {
  static const Shape shape = [] {
    ShapeOf<UserQuery> fields("UserQuery", "Which users, and which page of them.");
    with_paging(fields);
    fields.field("search", &UserQuery::search, {.max = 254, .about = "A part of the address."});
    return Shape(fields);
  }();
  return shape;
}

template <>
const Shape& shape_of<ResetFields>() {
  static const Shape shape = ShapeOf<ResetFields>("PasswordReset", "Whose password was forgotten.")
                                 .field("email", &ResetFields::email, email_rules);
  return shape;
}

template <>
const Shape& shape_of<ResetConfirmation>() {
  static const Shape shape =
      ShapeOf<ResetConfirmation>("PasswordResetConfirmation", "A new password, by a token that works once.")
          .field("token", &ResetConfirmation::token, {.required = true})
          .field("new_password", &ResetConfirmation::new_password,
                 {.required = true, .about = "At least 8 characters.", .example = "\"your_password\""});
  return shape;
}

}  // namespace galley
