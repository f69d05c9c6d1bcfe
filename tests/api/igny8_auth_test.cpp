// The planner and writer API's frame and its sign-ins, as its reference document shows them.
#include <catch2/catch.hpp>

#include "api/site.hpp"
#include "support/manual_clock.hpp"

namespace galley::test {
namespace {

constexpr const char* credentials = R"({"email":"user@example.com","password":"password"})";

struct Planner {
  explicit Planner(ApiServerOptions options = {.works = false}) : server(std::move(options)) {}

  ApiServer server;
  ApiClient nobody = server.client("");

  ApiClient signed_up(const std::string& body = credentials) {
    const ApiAnswer made = nobody.post("/api/v1/auth/register/", body);
    INFO(made.body);
    REQUIRE(made.status == 201);
    return server.client(made.text("data.access"));
  }
};

void check_failure(const ApiAnswer& answer, int status, const std::string& error) {
  INFO(answer.body);
  CHECK(answer.status == status);
  CHECK(answer.value("success") == json::Value(false));
  CHECK(answer.text("error") == error);
  CHECK(answer.text("request_id") == answer.field("X-Request-ID"));
}

TEST_CASE("igny8: login answers the user and the tokens as the reference shows them", "[api][igny8]") {
  Planner f;
  f.signed_up();
  const ApiAnswer answer = f.nobody.post("/api/v1/auth/login/", credentials);
  INFO(answer.body);
  REQUIRE(answer.status == 200);
  CHECK(names_of(answer.json()) == "success data request_id");
  CHECK(answer.value("success") == json::Value(true));
  CHECK(answer.number("data.user.id") >= 1);
  CHECK(answer.text("data.user.email") == "user@example.com");
  CHECK(answer.text("data.user.username") == "user");
  CHECK(answer.text("data.user.role") == "owner");
  CHECK(names_of(answer.value("data.user.account")) == "id name slug");
  CHECK(answer.text("data.access").starts_with("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVC"));
  CHECK(answer.text("data.refresh").starts_with("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVC"));
  CHECK(answer.text("request_id") == answer.field("X-Request-ID"));
  CHECK(answer.field("Cache-Control") == "no-store");
}

TEST_CASE("igny8: a trailing slash makes no difference, on either side of any method", "[api][igny8]") {
  Planner f;
  ApiClient api = f.signed_up();
  for (const char* const path : {"/api/v1/auth/me/", "/api/v1/auth/me", "/api/ping/", "/api/ping"})
    CHECK(api.get(path).status == 200);
  CHECK(f.nobody.post("/api/v1/auth/login", credentials).status == 200);
}

TEST_CASE("igny8: a token of one dialect works in the other, and so does a key", "[api][igny8]") {
  Planner f;
  ApiClient api = f.signed_up();
  const ApiAnswer projects = api.get("/api/v1/projects");
  CHECK(projects.status == 200);
  CHECK(projects.number("pagination.total") == 1);
  // A key signs nobody in.
  check_failure(f.server.client(f.server.first().owner).get("/api/v1/auth/me/"), 403, "Permission denied");
}

TEST_CASE("igny8: what is wrong with a body is named field by field", "[api][igny8]") {
  Planner f;
  const ApiAnswer missing = f.nobody.post("/api/v1/auth/register/", "{}");
  check_failure(missing, 400, "Validation failed");
  CHECK(names_of(missing.json()) == "success error errors request_id");
  CHECK(text_of(missing.value("errors")) ==
        R"({"email":["This field is required"],"password":["This field is required"]})");
  const ApiAnswer bad = f.nobody.post("/api/v1/auth/register/", R"({"email":"nonsense","password":"password"})");
  CHECK(text_of(bad.value("errors")) == R"({"email":["Invalid email format"]})");
  const ApiAnswer brief = f.nobody.post("/api/v1/auth/register/", R"({"email":"a@example.com","password":"short"})");
  CHECK(text_of(brief.value("errors")) == R"({"password":["Password must be at least 8 characters"]})");
  const ApiAnswer kinds = f.nobody.post("/api/v1/auth/login/", R"({"email":1,"password":null})");
  CHECK(text_of(kinds.value("errors")) ==
        R"({"email":["Not a valid string"],"password":["This field may not be null"]})");
  check_failure(f.nobody.post("/api/v1/auth/login/", "{"), 400, "Malformed JSON");
  // A list is no object: that belongs to no field.
  CHECK(f.nobody.post("/api/v1/auth/login/", "[]").value("errors.non_field_errors").array() != nullptr);
}

TEST_CASE("igny8: unknown fields and parameters are passed over", "[api][igny8]") {
  Planner f;
  f.signed_up();
  CHECK(
      f.nobody.post("/api/v1/auth/login/?debug=1", R"({"email":"user@example.com","password":"password","x":{"y":1}})")
          .status == 200);
}

TEST_CASE("igny8: every error has its own words", "[api][igny8]") {
  Planner f;
  ApiClient api = f.signed_up();
  check_failure(f.nobody.post("/api/v1/auth/login/", R"({"email":"user@example.com","password":"wrong password"})"),
                401, "Invalid email or password");
  check_failure(f.nobody.get("/api/v1/auth/me/"), 401, "Authentication required");
  check_failure(f.server.client("eyJ.e30.x").get("/api/v1/auth/me/"), 401, "Authentication required");
  check_failure(f.nobody.post("/api/v1/auth/refresh/", R"({"refresh":"x"})"), 401, "Authentication required");
  check_failure(api.get("/api/v1/planner/nothing/"), 404, "Resource not found");
  check_failure(api.get("/api/v1/billing"), 404, "Resource not found");
  check_failure(api.del("/api/v1/auth/me/"), 405, "Method not allowed");
  CHECK(api.del("/api/v1/auth/me/").field("Allow") == "GET, HEAD");
  check_failure(f.nobody.send({.method = "POST",
                               .target = "/api/v1/auth/login/",
                               .body = "a=b",
                               .fields = {{"Content-Type", "application/x-www-form-urlencoded"}}}),
                415, "Unsupported media type");
  const ApiAnswer taken = f.nobody.post("/api/v1/auth/register/", credentials);
  check_failure(taken, 409, "Resource conflict");
  CHECK(names_of(taken.value("errors")) == "email");
  // Paths of the other dialect keep its words.
  CHECK(api.get("/api/v1/nothing").error_code() == "ROUTE_NOT_FOUND");
}

TEST_CASE("igny8: a closed server registers nobody", "[api][igny8]") {
  Planner f({.works = false, .registration = service::Registration::closed});
  check_failure(f.nobody.post("/api/v1/auth/register/", credentials), 403, "Permission denied");
}

TEST_CASE("igny8: refresh, logout and a changed password, under both of their names", "[api][igny8]") {
  Planner f;
  f.signed_up();
  ApiAnswer pair = f.nobody.post("/api/v1/auth/login/", credentials);
  for (const char* const path : {"/api/v1/auth/refresh/", "/api/v1/auth/token/refresh/"}) {
    pair = f.nobody.post(path, R"({"refresh":")" + pair.text("data.refresh") + R"("})");
    INFO(pair.body);
    REQUIRE(pair.status == 200);
    CHECK(names_of(pair.value("data")) == "access refresh access_expires_at refresh_expires_at");
  }
  ApiClient api = f.server.client(pair.text("data.access"));
  const ApiAnswer out = api.post("/api/v1/auth/logout/", R"({"refresh":")" + pair.text("data.refresh") + R"("})");
  CHECK(out.status == 200);
  CHECK(out.text("message") == "Signed out.");
  CHECK(f.nobody.post("/api/v1/auth/refresh/", R"({"refresh":")" + pair.text("data.refresh") + R"("})").status == 401);

  const ApiAnswer changed =
      api.post("/api/v1/auth/change-password/", R"({"old_password":"password","new_password":"another password"})");
  INFO(changed.body);
  REQUIRE(changed.status == 200);
  check_failure(api.get("/api/v1/auth/me/"), 401, "Authentication required");
  ApiClient fresh = f.server.client(changed.text("data.access"));
  CHECK(fresh.get("/api/v1/auth/me/").status == 200);
  const ApiAnswer wrong =
      fresh.post("/api/v1/auth/password/change/", R"({"old_password":"password","new_password":"third password"})");
  check_failure(wrong, 400, "Validation failed");
  CHECK(names_of(wrong.value("errors")) == "old_password");
}

TEST_CASE("igny8: a repeated login under an Idempotency-Key is carried out again: tokens are not kept",
          "[api][igny8]") {
  Planner f;
  f.signed_up();
  const Fields fields = {{"Idempotency-Key", "again"}};
  const ApiAnswer first = f.nobody.post("/api/v1/auth/login/", credentials, fields);
  const ApiAnswer second = f.nobody.post("/api/v1/auth/login/", credentials, fields);
  CHECK(second.status == 200);
  CHECK_FALSE(second.has_field("Idempotent-Replayed"));
  CHECK(first.text("data.refresh") != second.text("data.refresh"));
}

TEST_CASE("igny8: every answer tells of the scope's limit, and one beyond it is refused", "[api][igny8]") {
  ManualClock clock;
  Planner f({.clock = &clock, .works = false, .throttle_factor = 1});
  const std::int64_t reset = std::chrono::floor<std::chrono::seconds>(clock.now()).time_since_epoch().count() + 60;
  for (int left = 19; left >= 0; --left) {
    const ApiAnswer answer = f.nobody.post("/api/v1/auth/refresh/", R"({"refresh":"x"})");
    REQUIRE(answer.status == 401);
    CHECK(answer.field("X-Throttle-Limit") == "20");
    CHECK(answer.field("X-Throttle-Remaining") == std::to_string(left));
    CHECK(answer.field("X-Throttle-Reset") == std::to_string(reset));
    CHECK_FALSE(answer.has_field("X-RateLimit-Limit"));
  }
  const ApiAnswer refused = f.nobody.post("/api/v1/auth/refresh/", R"({"refresh":"x"})");
  check_failure(refused, 429, "Rate limit exceeded");
  CHECK(names_of(refused.json()) == "success error request_id");
  CHECK(refused.field("X-Throttle-Remaining") == "0");
  CHECK(refused.field("Retry-After") == "60");
  // Another scope of the same address.
  const ApiAnswer unknown = f.nobody.get("/api/v1/planner/nothing/");
  CHECK(unknown.status == 404);
  CHECK(unknown.field("X-Throttle-Limit") == "100");
  CHECK(f.nobody.get("/api/ping/").field("X-Throttle-Remaining") == "98");
  CHECK(f.nobody.get("/api/v1/auth/me/").has_field("X-Throttle-Limit"));
  clock.advance(std::chrono::seconds(60));
  CHECK(f.nobody.post("/api/v1/auth/refresh/", R"({"refresh":"x"})").status == 401);
}

TEST_CASE("igny8: forged and worn-out tokens open nothing", "[api][igny8]") {
  ManualClock clock;
  Planner f({.clock = &clock, .works = false});
  f.signed_up();
  const ApiAnswer signed_in = f.nobody.post("/api/v1/auth/login/", credentials);
  const std::string access = signed_in.text("data.access");
  const std::string refresh = signed_in.text("data.refresh");
  const auto status_of = [&](const std::string& token) {
    return f.server.client(token).get("/api/v1/auth/me/").status;
  };
  CHECK(status_of(access) == 200);
  const std::size_t first = access.find('.');
  const std::size_t second = access.find('.', first + 1);
  const std::string body = access.substr(first + 1, second - first - 1);
  const std::string seal = access.substr(second);
  const std::string none = to_base64url(R"({"alg":"none","typ":"JWT"})");
  for (const std::string& forged :
       {refresh, none + "." + body + ".", none + "." + body + seal, access.substr(0, second) + ".",
        access.substr(0, second), access + "=", access + ".",
        access.substr(0, first) + "." + to_base64url(R"({"user_id":1,"type":"access","iat":1,"exp":9999999999})") +
            seal}) {
    CAPTURE(forged);
    CHECK(status_of(forged) == 401);
    CHECK(f.server.client(forged).get("/api/v1/projects").status == 401);
  }
  f.server.rotate_signing_key();
  CHECK(status_of(access) == 200);
  f.server.change_user("user@example.com", [](User& user) { user.disabled = true; });
  CHECK(status_of(access) == 401);
  CHECK(f.nobody.post("/api/v1/auth/refresh/", R"({"refresh":")" + refresh + R"("})").status == 401);
  f.server.change_user("user@example.com", [](User& user) { user.disabled = false; });
  CHECK(status_of(access) == 200);
  clock.advance(std::chrono::minutes(15));
  CHECK(status_of(access) == 401);
}

TEST_CASE("igny8: a password and a token stand in no log", "[api][igny8]") {
  Planner f;
  f.signed_up(R"({"email":"secret@example.com","password":"canary-password-1"})");
  const ApiAnswer answer =
      f.nobody.post("/api/v1/auth/login/", R"({"email":"secret@example.com","password":"canary-password-1"})");
  const std::string log = f.server.log_up_to(answer.field("X-Request-ID"));
  CHECK(log.find("canary-password-1") == std::string::npos);
  CHECK(log.find(answer.text("data.access")) == std::string::npos);
  CHECK(log.find(answer.text("data.refresh")) == std::string::npos);
  const std::string store = f.server.dump();
  CHECK(store.find("canary-password-1") == std::string::npos);
  CHECK(store.find(answer.text("data.refresh")) == std::string::npos);
}

}  // namespace
}  // namespace galley::test
