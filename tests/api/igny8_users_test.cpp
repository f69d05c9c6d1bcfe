// Users of an account, and passwords that somebody does not have yet, or has forgotten.
#include <catch2/catch.hpp>

#include "api/planned_site.hpp"
#include "support/manual_clock.hpp"

namespace galley::test {
namespace {

constexpr const char* users = "/api/v1/auth/users/";
constexpr const char* reset = "/api/v1/auth/password/reset/";
constexpr const char* confirm = "/api/v1/auth/password/reset/confirm/";

struct Team : PlannedSite {
  using PlannedSite::PlannedSite;

  // Invited, and with a password chosen; the id.
  std::int64_t add_user(const std::string& email, const std::string& role) {
    const json::Value made = invite(email, role);
    choose(*at_path(made, "invitation_token").text());
    return *at_path(made, "id").integer();
  }
  json::Value invite(const std::string& email, const std::string& role) {
    return must(api.post(users, R"({"email":")" + email + R"(","role":")" + role + R"("})"), 201);
  }
  ApiAnswer try_token(const std::string& token, const std::string& password = "password") {
    return nobody.post(confirm, R"({"token":")" + token + R"(","new_password":")" + password + R"("})");
  }
  void choose(const std::string& token) { must(try_token(token)); }
  ApiAnswer try_sign_in(const std::string& email, const std::string& password = "password") {
    return nobody.post("/api/v1/auth/login/", R"({"email":")" + email + R"(","password":")" + password + R"("})");
  }
  ApiClient sign_in(const std::string& email) {
    const ApiAnswer answer = try_sign_in(email);
    INFO(answer.body);
    REQUIRE(answer.status == 200);
    return server.client(answer.text("data.access"));
  }
};

TEST_CASE("igny8: a user is invited, chooses a password and signs in", "[api][igny8]") {
  Team f;
  const ApiAnswer made = f.api.post(users, R"({"email":"Ed@Example.com","role":"editor","first_name":"Ed"})");
  const json::Value data = f.must(made, 201);
  CHECK(names_of(data) ==
        "id email username first_name last_name role is_active has_password created_at invitation_token "
        "invitation_expires_at");
  const std::string path = path_of(users, *at_path(data, "id").integer());
  CHECK(made.field("Location") == path);
  CHECK(*at_path(data, "email").text() == "ed@example.com");
  CHECK_FALSE(*at_path(data, "has_password").boolean());
  CHECK(f.try_sign_in("ed@example.com").status == 401);
  CHECK(f.try_sign_in("ed@example.com", "").status != 200);
  const std::string token = *at_path(data, "invitation_token").text();
  CHECK(f.server.dump().find(token) == std::string::npos);  // its digest alone is kept
  CHECK(f.errors(f.try_token(token, "short")).find("Password must be at least 8 characters") != std::string::npos);
  f.choose(token);
  CHECK(f.try_token(token).status == 400);  // once
  ApiClient editor = f.sign_in("ed@example.com");
  CHECK(editor.get("/api/v1/auth/me/").text("data.role") == "editor");
  CHECK(editor.get(users).status == 403);
  CHECK(*at_path(f.must(f.api.get(path)), "has_password").boolean());
  CHECK(f.listed(users, "email") == "ed@example.com, user@example.com");
  CHECK(f.listed(users + std::string("?search=ED@"), "email") == "ed@example.com");
}

TEST_CASE("igny8: what cannot be invited is refused by name", "[api][igny8]") {
  Team f;
  CHECK(f.errors(f.api.post(users, "{}")) == R"({"email":["This field is required"]})");
  CHECK(f.errors(f.api.post(users, R"({"email":"nobody"})")) == R"({"email":["Invalid email format"]})");
  f.sign_up("other@example.com");
  for (const char* taken : {"user@example.com", "other@example.com"}) {
    const ApiAnswer refused = f.api.post(users, R"({"email":")" + std::string(taken) + R"("})");
    CHECK(refused.status == 409);
    CHECK(f.errors(refused).find("email") != std::string::npos);
  }
}

TEST_CASE("igny8: a role changes at once, and sign-ins end with it", "[api][igny8]") {
  Team f;
  const std::string path = path_of(users, f.add_user("ed@example.com", "editor"));
  ApiClient editor = f.sign_in("ed@example.com");
  CHECK(editor.get("/api/v1/planner/keywords/").status == 200);
  CHECK(*at_path(f.must(f.api.patch(path, R"({"first_name":"Edna"})")), "first_name").text() == "Edna");
  CHECK(editor.get("/api/v1/planner/keywords/").status == 200);
  CHECK(*at_path(f.must(f.api.patch(path, R"({"role":"viewer"})")), "role").text() == "viewer");
  CHECK(editor.post("/api/v1/planner/keywords/", R"({"keyword":"tea"})").status == 403);
  f.must(f.api.patch(path, R"({"is_active":false})"));
  CHECK(editor.get("/api/v1/planner/keywords/").status == 401);
  CHECK(f.try_sign_in("ed@example.com").status == 401);
  f.must(f.api.patch(path, R"({"is_active":true})"));
  f.sign_in("ed@example.com");
}

TEST_CASE("igny8: a user who is removed is out at once", "[api][igny8]") {
  Team f;
  const std::string path = path_of(users, f.add_user("ed@example.com", "editor"));
  ApiClient editor = f.sign_in("ed@example.com");
  CHECK(f.api.del(path).status == 204);
  CHECK(f.api.get(path).status == 404);
  CHECK(editor.get("/api/v1/planner/keywords/").status == 401);
  CHECK(f.try_sign_in("ed@example.com").status == 401);
  // And may come back.
  f.add_user("ed@example.com", "viewer");
  f.sign_in("ed@example.com");
}

TEST_CASE("igny8: nobody gives, takes or changes a role above their own", "[api][igny8]") {
  Team f;
  f.add_user("ada@example.com", "admin");
  const std::string second = path_of(users, f.add_user("otto@example.com", "owner"));
  ApiClient admin = f.sign_in("ada@example.com");
  CHECK(admin.post(users, R"({"email":"x@example.com","role":"owner"})").status == 403);
  CHECK(admin.post(users, R"({"email":"x@example.com","role":"admin"})").status == 201);
  CHECK(admin.patch(second, R"({"role":"viewer"})").status == 403);
  CHECK(admin.patch(second, R"({"is_active":false})").status == 403);
  CHECK(admin.del(second).status == 403);
}

TEST_CASE("igny8: an account keeps an owner, and nobody changes themselves", "[api][igny8]") {
  Team f;
  const std::int64_t me = f.api.get("/api/v1/auth/me/").number("data.id");
  const std::string own = path_of(users, me);
  for (const char* body : {R"({"role":"viewer"})", R"({"is_active":false})"})
    CHECK(f.api.patch(own, body).status == 409);
  CHECK(f.api.del(own).status == 409);
  // A key may do what an owner may, but not leave the account without one; somebody who was invited is none yet.
  const AccountId account(f.api.get("/api/v1/account").text("id"));
  ApiClient key = f.server.client(f.server.make_key(account, {.name = "owner", .role = Role::owner}));
  f.invite("otto@example.com", "owner");
  CHECK(key.patch(own, R"({"role":"viewer"})").status == 409);
  CHECK(key.del(own).status == 409);
  f.add_user("olga@example.com", "owner");
  CHECK(key.patch(own, R"({"role":"viewer"})").status == 200);
}

TEST_CASE("igny8: users of another account are not there", "[api][igny8]") {
  Team f;
  const std::string path = path_of(users, f.add_user("ed@example.com", "editor"));
  ApiClient stranger = f.sign_up("stranger@example.com");
  CHECK(stranger.get(path).status == 404);
  CHECK(stranger.patch(path, R"({"role":"viewer"})").status == 404);
  CHECK(stranger.del(path).status == 404);
  CHECK(stranger.get(users).number("count") == 1);
}

TEST_CASE("igny8: a forgotten password is asked for by everybody alike", "[api][igny8]") {
  Team f;
  const ApiAnswer known = f.nobody.post(reset, R"({"email":"USER@example.com"})");
  const ApiAnswer unknown = f.nobody.post(reset, R"({"email":"nobody@example.com"})");
  CHECK(known.status == 200);
  CHECK(unknown.status == 200);
  CHECK(known.text("message") == unknown.text("message"));
  CHECK(known.value("data") == unknown.value("data"));
  CHECK(f.api.get("/api/v1/audit").text("data.0.action") == "user.password_reset_asked");
  CHECK(f.nobody.post(reset, R"({"email":"nobody"})").status == 400);
  CHECK(f.try_token("no token at all").status == 400);
}

TEST_CASE("igny8: a link chooses a password once, within its hour, and ends all sign-ins", "[api][igny8]") {
  ManualClock clock;
  Team f{{.clock = &clock, .works = false}};
  const std::string first = f.server.make_reset_link("user@example.com");
  const std::string second = f.server.make_reset_link("user@example.com");
  const ApiAnswer login = f.try_sign_in("user@example.com");
  const std::string refresh = login.text("data.refresh");
  CHECK(f.try_token(first, "another password").status == 200);
  CHECK(f.try_token(second, "a third password").status == 400);  // it went with the first
  CHECK(f.api.get("/api/v1/auth/me/").status == 401);
  CHECK(f.nobody.post("/api/v1/auth/refresh/", R"({"refresh":")" + refresh + R"("})").status == 401);
  CHECK(f.try_sign_in("user@example.com").status == 401);
  CHECK(f.try_sign_in("user@example.com", "another password").status == 200);
  const std::string late = f.server.make_reset_link("user@example.com");
  clock.advance(std::chrono::hours(1));
  CHECK(f.errors(f.try_token(late, "a third password")).find("token") != std::string::npos);
}

}  // namespace
}  // namespace galley::test
