// Who asks: keys in the header and in the query, request ids, other origins.
#include <catch2/catch.hpp>
#include <regex>

#include "api/site.hpp"

namespace galley::test {
namespace {

bool matches(const std::string& text, const std::string& pattern) {
  return std::regex_match(text, std::regex(pattern));
}

TEST_CASE("icf: a well-formed request id is kept, any other is replaced", "[api][icf]") {
  ApiServer server({.works = false});
  ApiClient api = server.client(server.first().owner);
  const std::string uuid = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
  const std::string mine = "0b54a0f2-3c5e-4d8a-9d57-6a8a0e1f2b3c";
  for (const std::string& target :
       std::vector<std::string>{"/api/v1/projects", "/api/v1/nothing", "/api/v1/projects/proj_aaaaaaaaaaaa",
                                "/api/public/sitemap/proj_aaaaaaaaaaaa", "/healthz"}) {
    INFO(target);
    CHECK(api.get(target, {{"X-Request-ID", mine}}).field("X-Request-ID") == mine);
    const std::string made = api.get(target).field("X-Request-ID");
    CHECK(matches(made, uuid));
    CHECK(api.get(target).field("X-Request-ID") != made);
    for (const std::string& bad :
         std::vector<std::string>{"x", "0b54a0f2-3c5e-4d8a-9d57-6a8a0e1f2b3", "0b54a0f23c5e4d8a9d576a8a0e1f2b3c0000",
                                  "{b54a0f2-3c5e-4d8a-9d57-6a8a0e1f2b3}", "level=error msg=\"forged\" forged=1 x"})
      CHECK(matches(api.get(target, {{"X-Request-ID", bad}}).field("X-Request-ID"), uuid));
  }
}

TEST_CASE("icf: the key may stand in the query, and the header wins", "[api][icf]") {
  ApiServer server({.works = false});
  ApiClient nobody = server.client("");
  const std::string good = server.first().owner;
  const std::string other = server.second().owner;
  REQUIRE(nobody.post("/api/v1/projects?apiKey=" + good, R"({"name":"Mine"})").status == 201);
  CHECK(nobody.get("/api/v1/projects?apiKey=" + good).number("pagination.total") == 1);
  CHECK(nobody.get("/api/v1/projects?limit=5&%61piKey=" + good).number("pagination.total") == 1);
  // The header wins, good or bad.
  ApiClient second = server.client(other);
  CHECK(second.get("/api/v1/projects?apiKey=" + good).number("pagination.total") == 0);
  ApiClient wrong = server.client("icf_live_wrong");
  CHECK(wrong.get("/api/v1/projects?apiKey=" + good).status == 401);
  CHECK(nobody.get("/api/v1/projects?apiKey=").status == 401);
  CHECK(nobody.get("/api/v1/projects?apikey=" + good).status == 401);
  for (const std::string& scheme :
       std::vector<std::string>{"Basic " + good, good, std::string("Bearer"), std::string("Bearer ")})
    CHECK(nobody.get("/api/v1/projects", {{"Authorization", scheme}}).status == 401);
  for (const std::string& scheme : std::vector<std::string>{"bearer " + good, "BEARER  " + good})
    CHECK(nobody.get("/api/v1/projects", {{"Authorization", scheme}}).status == 200);
}

TEST_CASE("icf: a key in the URL reaches no log, no answer and no cursor", "[api][icf]") {
  ApiServer server({.works = false});
  const std::string key = server.first().owner;
  ApiClient nobody = server.client("");
  for (const std::string& name : std::vector<std::string>{"One", "Two", "Three"})
    REQUIRE(nobody.post("/api/v1/projects?apiKey=" + key, R"({"name":")" + name + R"("})").status == 201);
  std::string answers;
  const auto note = [&](const ApiAnswer& given) {
    for (const auto& [name, value] : given.fields)
      answers += name + ": " + value + "\n";
    answers += given.body + "\n";
    return given.field("X-Request-ID");
  };
  const ApiAnswer page = nobody.get("/api/v1/projects?pageSize=1&apiKey=" + key);
  note(page);
  note(nobody.get("/api/v1/projects?pageSize=1&apiKey=" + key + "&cursor=" + page.text("pagination.nextCursor")));
  note(nobody.get("/api/v1/projects?zzz=1&apiKey=" + key));
  note(nobody.get("/api/v1/projects?apiKey=" + key + "&apiKey=" + key));
  note(nobody.get("/api/v1/projects?apiKey=x" + key));
  note(nobody.get("/api/v1/projects?%61piKey=" + key + "&sort=nope"));
  note(nobody.get("/api/v1/nothing?apiKey=" + key));
  note(nobody.get("/api/v1/projects/?apiKey=" + key, {{"Referer", "https://x.example/?apiKey=" + key}}));
  note(nobody.send({.method = "PUT", .target = "/api/v1/projects?apiKey=" + key}));
  note(nobody.get("/api/v1/projects?apiKey=%zz" + key));
  note(nobody.get("/api/public/sitemap/proj_aaaaaaaaaaaa?apiKey=" + key));
  RawClient wire(server.port());
  wire.send("GET /api/v1/projects?apiKey=" + key + " HTTP/1.1\r\n\r\n");
  answers += wire.read_until_close();
  const std::string last = note(nobody.get("/api/v1/projects?apiKey=" + key));
  CHECK(answers.find(key) == std::string::npos);
  const std::string log = server.log_up_to(last);
  CHECK(log.find("request") != std::string::npos);
  CHECK(log.find(key) == std::string::npos);
  CHECK(log.find(key.substr(12, 30)) == std::string::npos);
  CHECK(server.dump().find(key) == std::string::npos);
}

TEST_CASE("icf: preflight is answered for the configured origins alone", "[api][icf]") {
  Site fixture({.works = false, .cors_origins = {"https://console.example"}});
  ApiClient nobody = fixture.server.client("");
  const auto preflight = [&](const std::string& origin) {
    return nobody.send({.method = "OPTIONS",
                        .target = "/api/v1/projects",
                        .fields = {{"Origin", origin}, {"Access-Control-Request-Method", "PATCH"}}});
  };
  const ApiAnswer known = preflight("https://console.example");
  CHECK(known.status == 204);
  CHECK(known.field("Access-Control-Allow-Origin") == "https://console.example");
  CHECK(known.field("Access-Control-Allow-Methods").find("PATCH") != std::string::npos);
  CHECK(known.field("Vary").find("Origin") != std::string::npos);
  const ApiAnswer foreign = preflight("https://evil.example");
  CHECK(foreign.status == 405);
  CHECK_FALSE(foreign.has_field("Access-Control-Allow-Origin"));
  const ApiAnswer read = fixture.api.get("/api/v1/projects", {{"Origin", "https://console.example"}});
  CHECK(read.field("Access-Control-Allow-Origin") == "https://console.example");
  CHECK_FALSE(fixture.api.get("/api/v1/projects", {{"Origin", "https://evil.example"}})
                  .has_field("Access-Control-Allow-Origin"));
  CHECK_FALSE(read.has_field("Access-Control-Allow-Credentials"));
}

}  // namespace
}  // namespace galley::test
