// Rate limits and quotas: their figures, their headers, and that races do not bend them.
#include <atomic>
#include <catch2/catch.hpp>
#include <map>
#include <mutex>
#include <thread>

#include "support/api_server.hpp"
#include "support/figure.hpp"
#include "support/manual_clock.hpp"

namespace galley::test {
namespace {

ApiServerOptions with_real_plans(const Clock& clock) {
  return {.plans = PlanTable(),
          .clock = &clock,
          .works = false,
          .unauthenticated = {.requests_per_minute = 60, .burst = 60},
          .public_pages = {.requests_per_minute = 6000, .burst = 6000}};
}

std::int64_t seconds_of(const Clock& clock) {
  return std::chrono::floor<std::chrono::seconds>(clock.now()).time_since_epoch().count();
}

TEST_CASE("icf: each plan lets its limit and its burst pass in a minute, and not one more", "[api][icf]") {
  ManualClock clock;
  ApiServer server(with_real_plans(clock));
  struct Row {
    Plan plan;
    int limit, burst;
  };
  for (const Row row : {Row{Plan::free, 60, 10}, Row{Plan::pro, 300, 30}, Row{Plan::agency, 1000, 100}}) {
    INFO(to_text(row.plan));
    server.set_plan(server.first().account, row.plan);
    ApiClient api = server.client(server.make_key(server.first().account, {.name = "k", .role = Role::viewer}));
    const std::int64_t reset = seconds_of(clock) + 60;
    for (int i = 1; i <= row.limit + row.burst; ++i) {
      const ApiAnswer given = api.get("/api/v1/account");
      REQUIRE(given.status == 200);
      REQUIRE(given.field("X-RateLimit-Limit") == std::to_string(row.limit));
      REQUIRE(given.field("X-RateLimit-Remaining") == std::to_string(std::max(0, row.limit - i)));
      REQUIRE(given.field("X-RateLimit-Reset") == std::to_string(reset));
      REQUIRE_FALSE(given.has_field("Retry-After"));
    }
    for (int i = 0; i < 3; ++i) {
      const ApiAnswer refused = api.get("/api/v1/account");
      CHECK(refused.status == 429);
      CHECK(refused.error_code() == "RATE_LIMIT_EXCEEDED");
      CHECK(refused.field("Retry-After") == "60");
      CHECK(refused.field("X-RateLimit-Limit") == std::to_string(row.limit));
      CHECK(refused.field("X-RateLimit-Remaining") == "0");
      CHECK(refused.field("X-RateLimit-Reset") == std::to_string(reset));
      CHECK(refused.number("error.details.limit") == row.limit);
      CHECK(refused.text("error.details.resetAt") == to_rfc3339(Time(std::chrono::seconds(reset))));
      CHECK(refused.value("error.details").object()->size() == 2);
    }
    clock.advance(std::chrono::milliseconds(59'999));
    CHECK(api.get("/api/v1/account").status == 429);
    CHECK(api.get("/api/v1/account").field("Retry-After") == "1");
    clock.advance(std::chrono::milliseconds(1));
    const ApiAnswer again = api.get("/api/v1/account");
    CHECK(again.status == 200);
    CHECK(again.field("X-RateLimit-Remaining") == std::to_string(row.limit - 1));
  }
}

TEST_CASE("icf: the window slides: what leaves it makes room for as much", "[api][icf]") {
  ManualClock clock;
  ApiServer server(with_real_plans(clock));
  server.set_plan(server.first().account, Plan::free);
  ApiClient api = server.client(server.first().owner);
  for (int i = 0; i < 30; ++i)
    REQUIRE(api.get("/api/v1/account").status == 200);
  clock.advance(std::chrono::seconds(30));
  for (int i = 0; i < 40; ++i)
    REQUIRE(api.get("/api/v1/account").status == 200);
  CHECK(api.get("/api/v1/account").field("Retry-After") == "30");
  clock.advance(std::chrono::seconds(30));
  for (int i = 0; i < 30; ++i)
    REQUIRE(api.get("/api/v1/account").status == 200);
  CHECK(api.get("/api/v1/account").status == 429);
}

TEST_CASE("icf: limits are per key, and a refused key leaves the others alone", "[api][icf]") {
  ManualClock clock;
  ApiServer server(with_real_plans(clock));
  server.set_plan(server.first().account, Plan::free);
  ApiClient spent = server.client(server.first().viewer);
  for (int i = 0; i < 70; ++i)
    REQUIRE(spent.get("/api/v1/account").status == 200);
  CHECK(spent.get("/api/v1/account").status == 429);
  ApiClient fresh = server.client(server.first().editor);
  CHECK(fresh.get("/api/v1/account").field("X-RateLimit-Remaining") == "59");
}

TEST_CASE("icf: every answer to a known key tells of the limit, and counts", "[api][icf]") {
  ManualClock clock;
  ApiServer server(with_real_plans(clock));
  ApiClient api = server.client(server.first().viewer);
  const std::string unknown = "/api/v1/projects/proj_aaaaaaaaaaaaaaaaaaaa";
  const std::vector<std::pair<ApiRequest, int>> table = {
      {{.target = "/api/v1/projects"}, 200},
      {{.target = unknown}, 404},
      {{.method = "POST", .target = "/api/v1/projects", .body = "{}"}, 403},
      {{.target = "/api/v1/projects?zzz=1"}, 400},
      {{.target = "/api/v1/projects?x=%zz"}, 400},
      {{.target = "/api/v1/account", .fields = {{"If-None-Match", "*"}}}, 304},
      {{.method = "HEAD", .target = "/api/v1/account"}, 200},
  };
  int remaining = 1000;
  for (const auto& [request, status] : table) {
    INFO(request.method << " " << request.target);
    const ApiAnswer given = api.send(request);
    CHECK(given.status == status);
    CHECK(given.field("X-RateLimit-Limit") == "1000");
    CHECK(given.field("X-RateLimit-Remaining") == std::to_string(--remaining));
    CHECK(given.field("X-RateLimit-Reset") == std::to_string(seconds_of(clock) + 60));
  }
  ApiClient owner = server.client(server.first().owner);
  const std::vector<ApiRequest> bodies = {
      {.method = "POST", .target = "/api/v1/projects", .body = "{"},
      {.method = "POST", .target = "/api/v1/projects", .body = "{}"},
      {.method = "POST", .target = "/api/v1/projects", .body = "x", .json = false},
      {.method = "POST", .target = "/api/v1/projects", .body = std::string(2 << 20, 'x')},
      {.method = "DELETE", .target = unknown + "?confirm=x"},
      {.method = "POST", .target = "/api/v1/projects", .body = R"({"name":"x"})"},
  };
  remaining = 1000;
  for (const ApiRequest& request : bodies) {
    const ApiAnswer given = owner.send(request);
    INFO(given.status);
    CHECK(given.field("X-RateLimit-Remaining") == std::to_string(--remaining));
  }
}

TEST_CASE("icf: the query's key is counted as the header's", "[api][icf]") {
  ManualClock clock;
  ApiServer server(with_real_plans(clock));
  ApiClient api = server.client(server.first().owner);
  ApiClient nobody = server.client("");
  CHECK(api.get("/api/v1/account").field("X-RateLimit-Remaining") == "999");
  CHECK(nobody.get("/api/v1/account?apiKey=" + server.first().owner).field("X-RateLimit-Remaining") == "998");
}

TEST_CASE("icf: those without a key are limited by their address, apart from those with one", "[api][icf]") {
  ManualClock clock;
  ApiServer server(with_real_plans(clock));
  ApiClient nobody = server.client("");
  for (int i = 0; i < 120; ++i)
    REQUIRE(nobody.get("/api/v1/projects").status == 401);
  const ApiAnswer refused = nobody.get("/api/v1/projects");
  CHECK(refused.status == 429);
  CHECK(refused.field("Retry-After") == "60");
  CHECK(nobody.get("/healthz").status == 200);
  CHECK(nobody.get("/api/public/sitemap/proj_aaaaaaaaaaaa").status == 404);
  ApiClient known = server.client(server.first().owner);
  CHECK(known.get("/api/v1/projects").status == 200);
}

TEST_CASE("icf: public pages have no plan and tell of no limit", "[api][icf]") {
  ManualClock clock;
  ApiServerOptions options = with_real_plans(clock);
  options.public_pages = {.requests_per_minute = 20, .burst = 5};
  ApiServer server(std::move(options));
  ApiClient owner = server.client(server.first().owner);
  const std::string sitemap = "/api/public/sitemap/" + owner.post("/api/v1/projects", R"({"name":"Site"})").text("id");
  ApiClient nobody = server.client("");
  for (int i = 0; i < 25; ++i) {
    const ApiAnswer given = nobody.get(sitemap);
    REQUIRE(given.status == 200);
    REQUIRE_FALSE(given.has_field("X-RateLimit-Limit"));
  }
  CHECK(nobody.get(sitemap).status == 429);
  CHECK(nobody.get(sitemap).has_field("Retry-After"));
}

// calls requests at once, each on a connection of its own group; how many answers had each status.
std::map<int, int> at_once(const ApiServer& server, const std::string& key, int calls, const ApiRequest& request) {
  constexpr int groups = 20;
  std::mutex mutex;
  std::map<int, int> statuses;
  std::atomic<bool> go = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < groups; ++i)
    threads.emplace_back([&] {
      ApiClient api = server.client(key);
      while (!go)
        std::this_thread::yield();
      for (int n = 0; n < calls / groups; ++n) {
        const int status = api.send(request).status;
        const std::lock_guard lock(mutex);
        ++statuses[status];
      }
    });
  go = true;
  for (std::thread& thread : threads)
    thread.join();
  return statuses;
}

TEST_CASE("icf: of 200 calls at once at the limit and burst less one, exactly one passes", "[api][icf]") {
  ManualClock clock;
  ApiServerOptions options = with_real_plans(clock);
  options.threads = 2;
  ApiServer server(std::move(options));
  server.set_plan(server.first().account, Plan::free);
  ApiClient api = server.client(server.first().owner);
  for (int i = 0; i < 69; ++i)
    REQUIRE(api.get("/api/v1/account").status == 200);
  const auto statuses = at_once(server, server.first().owner, 200, {.target = "/api/v1/account"});
  CHECK(statuses == std::map<int, int>{{200, 1}, {429, 199}});
  print_figure("rate limit: of 200 calls at once at the limit and burst less one " + std::to_string(statuses.at(200)) +
               " passed");
}

TEST_CASE("icf: of 200 generations at once at the quota less one, exactly one is queued", "[api][icf]") {
  ApiServer server({.works = false, .threads = 2});
  server.set_plan(server.first().account, Plan::free);
  ApiClient api = server.client(server.first().owner);
  const std::string project = api.post("/api/v1/projects", R"({"name":"Quota"})").text("id");
  const std::string generate = "/api/v1/projects/" + project + "/articles/generate";
  std::string nine = R"({"keywords":["a0")";
  for (int i = 1; i < 9; ++i)
    nine += ",\"a" + std::to_string(i) + '"';
  REQUIRE(api.post(generate, nine + "]}").status == 202);
  for (int i = 0; i < 10; ++i)
    REQUIRE(
        api.post("/api/v1/projects/" + project + "/keywords", R"({"keyword":"k)" + std::to_string(i) + "\"}").status ==
        201);
  const auto statuses =
      at_once(server, server.first().owner, 200, {.method = "POST", .target = generate, .body = R"({"limit":1})"});
  CHECK(statuses == std::map<int, int>{{202, 1}, {402, 199}});
  print_figure("quota: of 200 generations at once at the quota less one " + std::to_string(statuses.at(202)) +
               " was queued");
  const ApiAnswer account = api.get("/api/v1/account");
  CHECK(account.number("quota.articles.used") == 10);
  CHECK(account.number("quota.articles.limit") == 10);
  const ApiAnswer refused = api.post(generate, R"({"limit":1})");
  CHECK(refused.error_code() == "QUOTA_EXCEEDED");
  CHECK(refused.number("error.details.limit") == 10);
  CHECK(refused.number("error.details.used") == 10);
  CHECK(refused.text("error.details.resetsAt") == account.text("quota.articles.resetsAt"));
  // Everything else works.
  CHECK(api.post("/api/v1/projects/" + project + "/articles", R"({"title":"By hand"})").status == 201);
}

}  // namespace
}  // namespace galley::test
