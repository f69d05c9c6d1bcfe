// The reference document, statement by statement, in its order.
#include <catch2/catch.hpp>
#include <stdexcept>

#include "api/endpoint.hpp"
#include "base/crypto.hpp"
#include "support/api_server.hpp"
#include "support/loopback_server.hpp"

namespace galley::test {
namespace {

struct Reference {
  ApiServer server{};
  ApiClient api = server.client(server.first().owner);
  ApiClient nobody = server.client("");
};

TEST_CASE("reference: endpoints are under /api/v1, the public sitemap under /api/public/sitemap", "[api][icf]") {
  Reference reference;
  CHECK(reference.api.get("/api/v1/projects").status == 200);
  CHECK(reference.api.get("/projects").status == 404);
  const std::string id = reference.api.post("/api/v1/projects", R"({"name":"P"})").text("id");
  CHECK(id.starts_with("proj_"));
  CHECK(reference.nobody.get("/api/public/sitemap/" + id).status == 200);
  CHECK(reference.api.get("/api/v1/public/sitemap/" + id).status == 404);
}

TEST_CASE("reference: most endpoints require authentication", "[api][icf]") {
  Reference reference;
  for (const std::string& target :
       std::vector<std::string>{"/api/v1/projects", "/api/v1/articles", "/api/v1/account", "/api/v1/keys"})
    CHECK(reference.nobody.get(target).status == 401);
}

TEST_CASE("reference: curl -X GET …/api/v1/projects -H 'Authorization: Bearer YOUR_API_KEY_HERE'", "[api][icf]") {
  Reference reference;
  // The very bytes that curl sends.
  RawClient wire(reference.server.port());
  wire.send("GET /api/v1/projects HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(reference.server.port()) +
            "\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\nAuthorization: Bearer " + reference.server.first().owner +
            "\r\n\r\n");
  const std::string given = wire.read_answer();
  CHECK(given.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(given.ends_with(R"({"data":[],"pagination":{"page":1,"pageSize":20,"total":0,"nextCursor":null}})"));
}

TEST_CASE("reference: curl -X GET …/api/v1/projects?apiKey=YOUR_API_KEY_HERE", "[api][icf]") {
  Reference reference;
  RawClient wire(reference.server.port());
  wire.send("GET /api/v1/projects?apiKey=" + reference.server.first().owner +
            " HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n");
  CHECK(wire.read_answer().starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST_CASE("reference: a key is rotated at once when it is compromised", "[api][icf]") {
  Reference reference;
  ApiClient leaked = reference.server.client(reference.server.first().viewer);
  CHECK(leaked.get("/api/v1/projects").status == 200);
  std::string id;
  const json::Value keys = reference.api.get("/api/v1/keys?limit=100").value("data");
  for (const json::Value& row : *keys.array())
    if (*row.find("name")->text() == "viewer") id = *row.find("id")->text();
  const ApiAnswer rotated = reference.api.post("/api/v1/keys/" + id + "/rotate", R"({"graceSeconds":0})");
  REQUIRE(rotated.status == 201);
  CHECK(leaked.get("/api/v1/projects").status == 401);
  CHECK(reference.server.client(rotated.text("key")).get("/api/v1/projects").status == 200);
}

TEST_CASE("reference: curl …/api/public/sitemap/proj_abc123def456 needs no credential", "[api][icf]") {
  Reference reference;
  // That project is not there, but its id has the right form.
  const ApiAnswer missing = reference.nobody.get("/api/public/sitemap/proj_abc123def456");
  CHECK(missing.status == 404);
  CHECK(missing.text("error.details.projectId") == "proj_abc123def456");
  const ApiAnswer made =
      reference.api.post("/api/v1/projects", R"({"name":"P","targetDomain":"https://site.example"})");
  const std::string sitemap = "/api/public/sitemap/" + made.text("id");
  CHECK(reference.nobody.get(sitemap).field("Content-Type") == "application/xml; charset=utf-8");
  // Dynamically generated: a published article is in it.
  const ApiAnswer article = reference.api.post("/api/v1/projects/" + made.text("id") + "/articles", R"({"title":"A"})");
  REQUIRE(reference.api.post(article.field("Location") + "/publish").status == 200);
  CHECK(reference.nobody.get(sitemap).body.find("<loc>https://site.example/a</loc>") != std::string::npos);
}

TEST_CASE("reference: a webhook is signed with the project's secret, in X-iCF-Signature, by HMAC-SHA256",
          "[api][icf]") {
  LoopbackServer receiver([](const ReceivedRequest&) { return answer(200); });
  Reference reference;
  const ApiAnswer project =
      reference.api.post("/api/v1/projects", R"({"name":"P","targetDomain":"https://site.example"})");
  const std::string path = "/api/v1/projects/" + project.text("id");
  REQUIRE(reference.api.post(path + "/webhooks", R"({"url":")" + receiver.url("/hook") + R"("})").status == 201);
  const ApiAnswer article =
      reference.api.post(path + "/articles", R"({"title":"Tea/Time “ü” \u2028 <b>","markdown":"a\tb \\ \"c\" 🫖"})");
  INFO(article.body);
  REQUIRE(article.status == 201);
  REQUIRE(reference.api.post(article.field("Location") + "/publish").status == 200);
  wait_until([&] { return receiver.request_count() >= 2; });
  for (const ReceivedRequest& request : receiver.requests()) {
    // const digest = hmac.update(JSON.stringify(req.body)).digest('hex')
    const std::string reserialised = json::to_text(*json::parse(request.body));
    const std::string digest = to_hex(hmac_sha256(project.text("webhookSecret"), reserialised));
    CHECK(request.header("x-icf-signature") == digest);
    CHECK(digest == to_hex(hmac_sha256(project.text("webhookSecret"), request.body)));
  }
}

TEST_CASE("reference: GET /projects lists your projects", "[api][icf]") {
  Reference reference;
  reference.api.post("/api/v1/projects", R"({"name":"One"})");
  reference.api.post("/api/v1/projects", R"({"name":"Two"})");
  const ApiAnswer given = reference.api.get("/api/v1/projects?sort=title");
  CHECK(given.number("pagination.total") == 2);
  CHECK(given.text("data.0.name") == "One");
  ApiClient other = reference.server.client(reference.server.second().owner);
  CHECK(other.get("/api/v1/projects").number("pagination.total") == 0);
}

TEST_CASE("reference: POST /projects/{id}/articles/generate generates articles from the keyword matrix", "[api][icf]") {
  Reference reference;
  const std::string id = reference.api.post("/api/v1/projects", R"({"name":"P"})").text("id");
  const std::string path = "/api/v1/projects/" + id;
  REQUIRE(reference.api.post(path + "/keywords", R"({"keywords":["moka pot","siphon"]})").status == 200);
  const ApiAnswer queued = reference.api.post(path + "/articles/generate");
  REQUIRE(queued.status == 202);
  CHECK(queued.value("articles").array()->size() == 2);
  wait_until([&] { return reference.api.get(queued.field("Location")).text("status") == "succeeded"; });
  const ApiAnswer article = reference.api.get("/api/v1/articles/" + queued.text("articles.0.id"));
  CHECK(article.number("wordCount") > 0);
  CHECK_FALSE(article.text("markdown").empty());
}

TEST_CASE("reference: GET /articles lists articles with the filters status and project", "[api][icf]") {
  Reference reference;
  const std::string one = reference.api.post("/api/v1/projects", R"({"name":"1"})").text("id");
  const std::string two = reference.api.post("/api/v1/projects", R"({"name":"2"})").text("id");
  reference.api.post("/api/v1/projects/" + one + "/articles", R"({"title":"A","status":"ready"})");
  reference.api.post("/api/v1/projects/" + one + "/articles", R"({"title":"B"})");
  reference.api.post("/api/v1/projects/" + two + "/articles", R"({"title":"C"})");
  const auto total = [&](const std::string& query) {
    return reference.api.get("/api/v1/articles" + query).number("pagination.total");
  };
  CHECK(total("") == 3);
  CHECK(total("?project=" + one) == 2);
  CHECK(total("?status=draft") == 2);
  CHECK(total("?status=draft&project=" + one) == 1);
  CHECK(total("?status=published") == 0);
}

TEST_CASE("reference: POST /articles/{id}/publish publishes a specific article to a connected CMS", "[api][icf]") {
  LoopbackServer cms([](const ReceivedRequest&) { return answer(200, R"({"id":1,"url":"https://cms.example/1"})"); });
  Reference reference;
  const std::string path = "/api/v1/projects/" + reference.api.post("/api/v1/projects", R"({"name":"P"})").text("id");
  REQUIRE(
      reference.api
          .post(path + "/connections", R"({"name":"CMS","type":"webhook","settings":{"url":")" + cms.url() + R"("}})")
          .status == 201);
  const ApiAnswer article = reference.api.post(path + "/articles", R"({"title":"A"})");
  const ApiAnswer other = reference.api.post(path + "/articles", R"({"title":"B"})");
  const ApiAnswer published = reference.api.post(article.field("Location") + "/publish");
  REQUIRE(published.status == 200);
  CHECK(published.text("status") == "published");
  CHECK(published.text("publications.0.externalUrl") == "https://cms.example/1");
  CHECK(reference.api.get(other.field("Location")).text("status") == "draft");
}

TEST_CASE("reference: Free allows 60 a minute and a burst of 10, Pro 300 and 30, Agency 1000 and 100", "[api][icf]") {
  CHECK(PlanTable().free.requests_per_minute == 60);
  CHECK(PlanTable().free.burst == 10);
  CHECK(PlanTable().pro.requests_per_minute == 300);
  CHECK(PlanTable().pro.burst == 30);
  CHECK(PlanTable().agency.requests_per_minute == 1000);
  CHECK(PlanTable().agency.burst == 100);
}

TEST_CASE("reference: exceeding the limit answers 429 with X-RateLimit-Limit, -Remaining and -Reset", "[api][icf]") {
  PlanTable plans = roomy_plans();
  plans.free = {.requests_per_minute = 2, .burst = 1};
  ApiServer server({.plans = plans, .works = false});
  server.set_plan(server.first().account, Plan::free);
  ApiClient api = server.client(server.first().owner);
  const std::int64_t before = std::chrono::floor<std::chrono::seconds>(SystemClock().now()).time_since_epoch().count();
  for (const std::string& remaining : std::vector<std::string>{"1", "0", "0"}) {
    const ApiAnswer given = api.get("/api/v1/projects");
    CHECK(given.status == 200);
    CHECK(given.field("X-RateLimit-Limit") == "2");
    CHECK(given.field("X-RateLimit-Remaining") == remaining);
    const std::int64_t reset = std::stoll(given.field("X-RateLimit-Reset"));
    CHECK((reset > before && reset <= before + 120));
  }
  const ApiAnswer refused = api.get("/api/v1/projects");
  CHECK(refused.status == 429);
  CHECK(refused.field("X-RateLimit-Limit") == "2");
  CHECK(refused.field("X-RateLimit-Remaining") == "0");
  CHECK_FALSE(refused.field("X-RateLimit-Reset").empty());
}

TEST_CASE("reference: 400 for invalid parameters and for a malformed body", "[api][icf]") {
  Reference reference;
  CHECK(reference.api.get("/api/v1/projects?pageSize=1000").status == 400);
  CHECK(reference.api.post("/api/v1/projects", "{\"name\":").status == 400);
  CHECK(reference.api.post("/api/v1/projects", "{}").status == 400);
}

TEST_CASE("reference: 401 for a missing or invalid key", "[api][icf]") {
  Reference reference;
  CHECK(reference.nobody.get("/api/v1/projects").status == 401);
  CHECK(reference.server.client("YOUR_API_KEY_HERE").get("/api/v1/projects").status == 401);
  CHECK(reference.nobody.get("/api/v1/projects?apiKey=YOUR_API_KEY_HERE").status == 401);
}

TEST_CASE("reference: 404 in the documented format, for the documented article", "[api][icf]") {
  Reference reference;
  const ApiAnswer given = reference.api.get("/api/v1/articles/art_xyz789");
  CHECK(given.status == 404);
  CHECK(given.body == R"({"error":{"code":"RESOURCE_NOT_FOUND","message":"The requested article could not be found.",)"
                      R"("details":{"articleId":"art_xyz789"}}})");
  CHECK(reference.api.get("/api/v1/projects/proj_abc123def456").text("error.message") ==
        "The requested project could not be found.");
}

Task<Result<api::Reply>> break_down(api::Call&) {
  throw std::runtime_error("the password is canary");
}

TEST_CASE("reference: 500 for an unexpected error, of which nothing leaks but to the log", "[api][icf]") {
  ApiServerOptions options{.works = false};
  options.extra.push_back(api::endpoint<&break_down>(http::Method::get, "/api/v1/broken", "breakDown",
                                                     api::Access::viewer, api::RateScope::plan, "Breaks.")
                              .answers(200, api::Reply::Kind::object, "application/json"));
  ApiServer server(std::move(options));
  ApiClient api = server.client(server.first().owner);
  const ApiAnswer given = api.get("/api/v1/broken");
  CHECK(given.status == 500);
  CHECK(given.error_code() == "INTERNAL_ERROR");
  CHECK(given.body.find("canary") == std::string::npos);
  CHECK(given.value("error.details").object() != nullptr);
  CHECK(given.has_field("X-RateLimit-Limit"));
  CHECK(server.log_up_to(given.field("X-Request-ID")).find("canary") != std::string::npos);
  CHECK(api.get("/api/v1/projects").status == 200);
}

}  // namespace
}  // namespace galley::test
