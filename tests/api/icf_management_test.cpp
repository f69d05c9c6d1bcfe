// Keys, connections and webhooks.
#include <catch2/catch.hpp>

#include "api/site.hpp"
#include "base/crypto.hpp"

namespace galley::test {
namespace {

TEST_CASE("icf: a key is shown once, and known by its hint afterwards", "[api][icf]") {
  Site fixture;
  const ApiAnswer made =
      fixture.api.post("/api/v1/keys", R"({"name":"deploy","role":"editor","expiresAt":"2030-01-01T00:00:00+01:00"})");
  REQUIRE(made.status == 201);
  const std::string key = made.text("key");
  CHECK(key.starts_with("icf_live_"));
  CHECK(key.size() == 9 + 43 + 6);
  CHECK(made.text("hint") == "•••" + key.substr(key.size() - 4));
  CHECK(made.text("expiresAt") == "2029-12-31T23:00:00.000Z");
  CHECK(fixture.api.get(made.field("Location")).body.find(key) == std::string::npos);
  CHECK(fixture.api.get("/api/v1/keys").body.find(key) == std::string::npos);
  CHECK(fixture.server.dump().find(key) == std::string::npos);
}

TEST_CASE("icf: a connection's credentials are written and never read", "[api][icf]") {
  Site fixture;
  const std::string connections = fixture.new_project() + "/connections";
  const std::string secret = "a-very-secret-canary-of-1234";
  const ApiAnswer made = fixture.api.post(connections, R"({"name":"Blog","type":"webhook","settings":{"url":")" +
                                                           fixture.hook.url("/cms") +
                                                           R"("},"credentials":{"secret":")" + secret + R"("}})");
  INFO(made.body);
  REQUIRE(made.status == 201);
  CHECK(made.text("status") == "connected");
  CHECK(made.text("credentials") == "•••1234");
  CHECK(made.body.find(secret) == std::string::npos);
  CHECK(fixture.hook.requests().size() == 1);
  const std::string path = made.field("Location");
  CHECK(fixture.api.patch(path + "?test=false", R"({"credentials":"•••1234","name":"Weblog"})").text("credentials") ==
        "•••1234");
  CHECK(fixture.api.post(path + "/test").text("status") == "connected");
  CHECK(fixture.hook.requests().size() == 2);
  CHECK(fixture.hook.requests()[1].header("x-icf-signature") ==
        to_hex(hmac_sha256(secret, fixture.hook.requests()[1].body)));
  CHECK(fixture.server.dump().find(secret) == std::string::npos);
  CHECK(fixture.server.log_up_to(fixture.api.get(path).field("X-Request-ID")).find(secret) == std::string::npos);
}

TEST_CASE("icf: a CMS that refuses the test answers 422 with its words, and the connection keeps them", "[api][icf]") {
  LoopbackServer refusing([](const ReceivedRequest&) { return answer(403, "no entry"); });
  Site fixture;
  const std::string connections = fixture.new_project() + "/connections";
  const ApiAnswer made = fixture.api.post(
      connections, R"({"name":"Blog","type":"webhook","settings":{"url":")" + refusing.url() + R"("}})");
  REQUIRE(made.status == 201);
  CHECK(made.text("status") == "error");
  CHECK_FALSE(made.value("lastError").is_null());
  const ApiAnswer tested = fixture.api.post(made.field("Location") + "/test");
  INFO(tested.body);
  CHECK(tested.status == 422);
  CHECK(tested.error_code() == "CONNECTION_REJECTED");
  CHECK(tested.text("error.details.connectionId") == made.text("id"));
  CHECK(tested.number("error.details.status") == 403);
  CHECK_FALSE(tested.value("error.details.reason").is_null());
}

TEST_CASE("icf: a webhook's own secret is shown once, and a new one when it is rotated", "[api][icf]") {
  Site fixture;
  const std::string project = fixture.new_project();
  const ApiAnswer plain = fixture.api.post(project + "/webhooks", R"({"url":"https://hooks.example/a"})");
  REQUIRE(plain.status == 201);
  CHECK(plain.body.find("\"secret\"") == std::string::npos);
  CHECK(text_of(plain.value("ownSecret")) == "false");
  CHECK(text_of(plain.value("events")) == R"(["*"])");
  CHECK(plain.text("format") == "event");
  const ApiAnswer own =
      fixture.api.post(project + "/webhooks", R"({"url":"https://hooks.example/b","secret":"generate"})");
  const std::string secret = own.text("secret");
  CHECK(secret.starts_with("whsec_"));
  CHECK(secret.size() == 6 + 44);
  CHECK(fixture.api.get(own.field("Location")).body.find(secret) == std::string::npos);
  const ApiAnswer rotated = fixture.api.post(own.field("Location") + "/rotate-secret");
  CHECK(rotated.text("secret").starts_with("whsec_"));
  CHECK(rotated.text("secret") != secret);
  const ApiAnswer project_secret = fixture.api.post(project + "/rotate-webhook-secret");
  REQUIRE(project_secret.status == 200);
  CHECK(project_secret.text("secret").starts_with("whsec_"));
  const std::string dump = fixture.server.dump();
  for (const std::string& text : {secret, rotated.text("secret"), project_secret.text("secret")})
    CHECK(dump.find(text) == std::string::npos);
}

TEST_CASE("icf: a webhook is paused, enabled, and its failed deliveries recovered", "[api][icf]") {
  Site fixture;
  const World world = fixture.new_world();
  const std::string hook = "/api/v1/webhooks/" + world.webhook;
  CHECK(fixture.api.patch(hook, R"({"status":"paused"})").text("status") == "paused");
  CHECK(fixture.api.post(hook + "/enable").text("status") == "active");
  const auto with_status = [&](const std::string& status) {
    return fixture.api.get(hook + "/deliveries?status=" + status).number("pagination.total");
  };
  CHECK(with_status("failed") == 1);
  CHECK(fixture.api.post(hook + "/recover", R"({"since":"2099-01-01T00:00:00Z"})").number("recovered") == 0);
  CHECK(fixture.api.post(hook + "/recover", R"({"since":"2020-01-01T00:00:00Z"})").number("recovered") == 1);
  CHECK(with_status("failed") == 0);
  CHECK(with_status("pending") == 1);
  CHECK(fixture.api.get(hook + "/deliveries?event=webhook.test").number("pagination.total") == 1);
  CHECK(fixture.api.get(hook + "/deliveries?event=article.published").number("pagination.total") == 0);
  CHECK(fixture.api.get(hook + "/deliveries?since=2099-01-01T00:00:00Z").number("pagination.total") == 0);
  const ApiAnswer stats = fixture.api.get(hook);
  CHECK(names_of(stats.value("stats")) == "succeeded failedAttempts successRate p50Ms p99Ms pending backlogSeconds");
  CHECK(stats.number("stats.pending") == 1);
}

}  // namespace
}  // namespace galley::test
