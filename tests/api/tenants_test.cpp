// Tenants and roles, for every row of the endpoint table: a new endpoint without an expectation fails here.
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "api/icf/endpoints.hpp"
#include "support/api_world.hpp"
#include "support/figure.hpp"
#include "support/loopback_server.hpp"

namespace galley::test {
namespace {

LoopbackServer::Script always(int status) {
  return [status](const ReceivedRequest&) { return answer(status); };
}

bool changes_things(const api::Endpoint& endpoint) {
  return endpoint.method != http::Method::get;
}

Role role_of(api::Access access) {
  switch (access) {
    case api::Access::open:
    case api::Access::viewer:
      return Role::viewer;
    case api::Access::editor:
      return Role::editor;
    case api::Access::admin:
      return Role::admin;
    case api::Access::owner:
      return Role::owner;
  }
  return Role::owner;
}

std::string with_replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); !from.empty() && at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

// What may differ between two answers that tell the same: their request's id, the limit's count, the time.
std::string told(const ApiAnswer& answer, std::string_view id) {
  std::string text = std::to_string(answer.status) + "\n";
  for (const auto& [name, value] : answer.fields)
    if (name != "X-Request-ID" && name != "X-RateLimit-Remaining" && name != "X-RateLimit-Reset" && name != "Date")
      text += name + ": " + value + "\n";
  return with_replaced(text + answer.body, id, "ID");
}

struct Fixture {
  LoopbackServer hook{always(200)};
  ApiServer server{{.works = false}};
  api::EndpointTable table = api::icf::make_endpoints();

  World world_of(const Tenant& tenant) { return make_world(server, tenant, hook.url()); }
};

TEST_CASE("icf: every endpoint has its row in the table of valid calls, and every row its endpoint", "[api][icf]") {
  Fixture fixture;
  const auto cases = route_cases(fixture.world_of(fixture.server.first()));
  std::set<std::string_view> operations;
  for (const api::Endpoint& endpoint : fixture.table) {
    INFO(endpoint.operation);
    CHECK(operations.insert(endpoint.operation).second);
    const RouteCase* row = find_case(cases, endpoint.operation);
    REQUIRE(row != nullptr);
    CHECK(row->ids.size() == endpoint.id_prefixes.size());
    // Public pages take no body, and neither does what has no media type.
    CHECK(row->body.empty() == (endpoint.bodies.empty() || row->operation == "retryArticle"));
  }
  for (const RouteCase& row : cases) {
    INFO(row.operation);
    CHECK(operations.contains(row.operation));
  }
}

TEST_CASE("icf: each role may do what its row says and no more", "[api][icf]") {
  Fixture fixture;
  const Tenant& tenant = fixture.server.first();
  const std::map<Role, std::string> keys = {{Role::owner, tenant.owner},
                                            {Role::admin, tenant.admin},
                                            {Role::editor, tenant.editor},
                                            {Role::viewer, tenant.viewer}};
  World world = fixture.world_of(tenant);
  int judged = 0;
  for (const api::Endpoint& endpoint : fixture.table) {
    for (const auto& [role, key] : keys) {
      const auto cases = route_cases(world);
      const RouteCase* row = find_case(cases, endpoint.operation);
      REQUIRE(row != nullptr);
      INFO(endpoint.operation << " as " << to_text(role));
      const bool may = endpoint.access == api::Access::open || role >= role_of(endpoint.access);
      const std::string before = may ? std::string() : fixture.server.dump();
      ApiClient api = fixture.server.client(key);
      const ApiAnswer given = api.send(request_of(endpoint, *row));
      INFO(given.body);
      CHECK(given.status == (may ? row->status : 403));
      if (endpoint.scope == api::RateScope::plan) CHECK(given.has_field("X-RateLimit-Limit"));
      if (!may) {
        CHECK(given.error_code() == "FORBIDDEN");
        CHECK(changes(before, fixture.server.dump()) == "");
      } else if (changes_things(endpoint)) {
        world = fixture.world_of(tenant);
      }
      ++judged;
    }
  }
  print_figure("roles: " + std::to_string(judged) + " calls of every route by every role answered as the table says");
}

TEST_CASE("icf: nobody, and whoever's key is unknown, expired or revoked, is told 401 and changes nothing",
          "[api][icf]") {
  Fixture fixture;
  const Tenant& tenant = fixture.server.first();
  const auto cases = route_cases(fixture.world_of(tenant));
  std::string mistyped = tenant.owner;
  mistyped[20] = mistyped[20] == 'x' ? 'y' : 'x';
  const std::string before = fixture.server.dump();
  for (const api::Endpoint& endpoint : fixture.table) {
    if (endpoint.access == api::Access::open) continue;
    const ApiRequest request = request_of(endpoint, *find_case(cases, endpoint.operation));
    std::set<std::string> answers;
    for (const std::string& key :
         {std::string(), mistyped, std::string("icf_live_x"), tenant.expired, tenant.revoked}) {
      INFO(endpoint.operation << " with \"" << key << '"');
      ApiClient api = fixture.server.client(key);
      const ApiAnswer given = api.send(request);
      CHECK(given.status == 401);
      CHECK(given.error_code() == "UNAUTHORIZED");
      CHECK(given.field("WWW-Authenticate") == "Bearer");
      CHECK(given.value("error.details").object() != nullptr);
      CHECK_FALSE(given.has_field("X-RateLimit-Limit"));
      // Whether a key ever was one is not told.
      if (!key.empty()) answers.insert(told(given, ""));
    }
    CHECK(answers.size() == 1);
  }
  CHECK(changes(before, fixture.server.dump()) == "");
}

TEST_CASE("icf: another account's ids answer byte for byte as random ones do", "[api][icf]") {
  Fixture fixture;
  const Tenant& tenant = fixture.server.first();
  const auto cases = route_cases(fixture.world_of(tenant));
  ApiClient stranger = fixture.server.client(fixture.server.second().owner);
  const std::string before = fixture.server.dump();
  int judged = 0;
  for (const api::Endpoint& endpoint : fixture.table) {
    if (endpoint.access == api::Access::open || endpoint.id_prefixes.empty()) continue;
    INFO(endpoint.operation);
    RouteCase row = *find_case(cases, endpoint.operation);
    const std::string id = row.ids.front();
    const ApiAnswer foreign = stranger.send(request_of(endpoint, row));
    row.ids.front() = random_id(endpoint.id_prefixes.front());
    const ApiAnswer random = stranger.send(request_of(endpoint, row));
    CHECK(foreign.status == 404);
    CHECK(foreign.error_code() == "RESOURCE_NOT_FOUND");
    CHECK(told(foreign, id) == told(random, row.ids.front()));
    ++judged;
  }
  CHECK(changes(before, fixture.server.dump()) == "");
  print_figure("tenants: " + std::to_string(judged) +
               " routes told another account's id and a random one the same, byte for byte");
}

TEST_CASE("icf: another account's lists hold nothing of this one", "[api][icf]") {
  Fixture fixture;
  const World world = fixture.world_of(fixture.server.first());
  const World other = fixture.world_of(fixture.server.second());
  ApiClient stranger = fixture.server.client(fixture.server.second().owner);
  const auto cases = route_cases(other);
  int lists = 0;
  for (const api::Endpoint& endpoint : fixture.table) {
    if (endpoint.answer != api::Reply::Kind::list) continue;
    ++lists;
    INFO(endpoint.operation);
    RouteCase row = *find_case(cases, endpoint.operation);
    for (const std::string& query : {std::string("?pageSize=100"), "?cursor=" + world.article_cursor}) {
      row.query = query;
      const ApiAnswer given = stranger.send(request_of(endpoint, row));
      REQUIRE(given.status == 200);
      for (const std::string& id : world.ids())
        CHECK(given.body.find(id) == std::string::npos);
    }
    row.query = "";
    CHECK(stranger.send(request_of(endpoint, row)).number("pagination.total") >= 1);
  }
  CHECK(lists >= 10);
}

TEST_CASE("icf: another account's ids in bodies, filters and bulk calls answer as random ones do", "[api][icf]") {
  Fixture fixture;
  const World world = fixture.world_of(fixture.server.first());
  const World own = fixture.world_of(fixture.server.second());
  ApiClient api = fixture.server.client(fixture.server.second().owner);
  const std::string project = "/api/v1/projects/" + own.project;
  const std::string cluster =
      fixture.server.client(fixture.server.first().owner).get("/api/v1/keywords/" + world.keyword).text("clusterId");
  struct Hidden {
    std::string method, target, body;  // with ID in the place of the id
    std::string id;
    std::vector<int> statuses{404, 400};
  };
  const std::vector<Hidden> table = {
      {"PATCH", project, R"({"defaultConnectionId":"ID"})", world.connection},
      {"POST", "/api/v1/keys", R"({"name":"k","projectId":"ID"})", world.project},
      {"POST", project + "/articles/generate", R"({"keywordIds":["ID"]})", world.keyword},
      {"POST", project + "/articles/generate", R"({"keywords":["x"],"connectionId":"ID"})", world.connection},
      {"POST", project + "/articles/generate", R"({"filter":{"clusterId":"ID"}})", cluster, {404, 400, 409}},
      {"POST", project + "/keywords", R"({"keyword":"x","clusterId":"ID"})", cluster},
      {"POST", project + "/keywords", R"({"keywords":[{"keyword":"x","clusterId":"ID"}]})", cluster, {404, 400, 200}},
      {"PATCH", "/api/v1/keywords/" + own.keyword, R"({"clusterId":"ID"})", cluster},
      {"POST", "/api/v1/articles/" + own.draft + "/publish", R"({"connectionId":"ID"})", world.connection},
      {"POST", "/api/v1/articles/" + own.draft + "/schedule",
       R"({"scheduledFor":"2029-01-01T00:00:00Z","connectionId":"ID"})", world.connection},
      {"POST",
       "/api/v1/articles/" + own.published + "/unpublish",
       R"({"connectionId":"ID"})",
       world.connection,
       {404, 409}},
      {"POST", "/api/v1/articles/" + own.failed + "/regenerate", R"({"connectionId":"ID"})", world.connection},
      {"POST", "/api/v1/articles/publish", R"({"articleIds":["ID"]})", world.draft},
      {"POST", "/api/v1/articles/publish", R"({"articleIds":[")" + own.draft + R"(","ID"]})", world.draft},
      {"GET", "/api/v1/articles?project=ID", "", world.project},
      {"GET", "/api/v1/articles?projectId=ID", "", world.project},
      {"GET", "/api/v1/articles?keywordId=ID", "", world.keyword, {404, 200}},
      {"GET", project + "/keywords?clusterId=ID", "", cluster, {404, 200}},
      {"GET", "/api/v1/publications?project=ID", "", world.project},
      {"GET", "/api/v1/publications?connection=ID", "", world.connection, {404, 200}},
      {"GET", "/api/v1/jobs?project=ID", "", world.project},
  };
  const std::string before = fixture.server.dump();
  for (const Hidden& row : table) {
    INFO(row.method << " " << row.target << " " << row.body);
    const auto ask = [&](const std::string& id) {
      return api.send({.method = row.method,
                       .target = with_replaced(row.target, "ID", id),
                       .body = with_replaced(row.body, "ID", id)});
    };
    const std::string random = random_id(row.id.substr(0, row.id.find('_')));
    const ApiAnswer foreign = ask(row.id);
    INFO(foreign.body);
    CHECK(std::count(row.statuses.begin(), row.statuses.end(), foreign.status) == 1);
    CHECK(told(foreign, row.id) == told(ask(random), random));
    CHECK(changes(before, fixture.server.dump()) == "");
  }
}

TEST_CASE("icf: a key that is bound to a project sees that project alone", "[api][icf]") {
  Fixture fixture;
  const Tenant& tenant = fixture.server.first();
  World world = fixture.world_of(tenant);
  for (const api::Endpoint& endpoint : fixture.table) {
    const World elsewhere = fixture.world_of(tenant);
    const auto cases = route_cases(world);
    RouteCase row = *find_case(cases, endpoint.operation);
    INFO(endpoint.operation);
    const auto bound_to = [&](const std::string& project) {
      return fixture.server.client(fixture.server.make_key(
          tenant.account, {.name = "bound", .role = Role::admin, .project = ProjectId(project)}));
    };
    if (!endpoint.id_prefixes.empty() && endpoint.access != api::Access::open) {
      ApiClient other = bound_to(elsewhere.project);
      const std::string before = fixture.server.dump();
      const std::string id = row.ids.front();
      const ApiAnswer hidden = other.send(request_of(endpoint, row));
      const int expected = endpoint.operation == "deleteProject" ? 403 : 404;
      CHECK(hidden.status == expected);
      RouteCase random = row;
      random.ids.front() = random_id(endpoint.id_prefixes.front());
      CHECK(told(hidden, id) == told(other.send(request_of(endpoint, random)), random.ids.front()));
      CHECK(changes(before, fixture.server.dump()) == "");
    }
    if (endpoint.answer == api::Reply::Kind::list && endpoint.id_prefixes.empty()) {
      ApiClient other = bound_to(elsewhere.project);
      const ApiAnswer listed = other.send(request_of(endpoint, row));
      for (const std::string& hidden : world.ids())
        CHECK(listed.body.find(hidden) == std::string::npos);
      if (row.bound_status == 200) CHECK(listed.body.find(elsewhere.project) != std::string::npos);
    }
    ApiClient bound = bound_to(world.project);
    const ApiAnswer given = bound.send(request_of(endpoint, row));
    INFO(given.body);
    CHECK(given.status == row.bound_status);
    if (changes_things(endpoint)) world = fixture.world_of(tenant);
  }
}

TEST_CASE("icf: a bound key cannot make a key for more than its project, nor one of a higher role", "[api][icf]") {
  Fixture fixture;
  const Tenant& tenant = fixture.server.first();
  const World world = fixture.world_of(tenant);
  const World other = fixture.world_of(tenant);
  ApiClient bound = fixture.server.client(fixture.server.make_key(
      tenant.account, {.name = "bound", .role = Role::admin, .project = ProjectId(world.project)}));
  const auto key = [](const std::string& role, const std::string& project) {
    return R"({"name":"k","role":")" + role + R"(","projectId":")" + project + R"("})";
  };
  const std::string before = fixture.server.dump();
  CHECK(bound.post("/api/v1/keys", R"({"name":"k","role":"viewer"})").status == 403);
  CHECK(bound.post("/api/v1/keys", key("viewer", other.project)).status == 403);
  CHECK(bound.post("/api/v1/keys", key("owner", world.project)).status == 403);
  ApiClient admin = fixture.server.client(tenant.admin);
  CHECK(admin.post("/api/v1/keys", R"({"name":"k","role":"owner"})").status == 403);
  CHECK(changes(before, fixture.server.dump()) == "");
  const ApiAnswer made = bound.post("/api/v1/keys", key("editor", world.project));
  CHECK(made.status == 201);
  // What it made is bound as well.
  ApiClient child = fixture.server.client(made.text("key"));
  CHECK(child.get("/api/v1/projects/" + world.project).status == 200);
  CHECK(child.get("/api/v1/projects/" + other.project).status == 404);
}

TEST_CASE("icf: a revoked key is refused on its next request, and a rotated one when its grace is over", "[api][icf]") {
  ApiServer server({.works = false});
  ApiClient owner = server.client(server.first().owner);
  const ApiAnswer made = owner.post("/api/v1/keys", R"({"name":"short-lived","role":"viewer"})");
  REQUIRE(made.status == 201);
  ApiClient holder = server.client(made.text("key"));
  CHECK(holder.get("/api/v1/projects").status == 200);
  const ApiAnswer rotated = owner.post("/api/v1/keys/" + made.text("id") + "/rotate", R"({"graceSeconds":0})");
  REQUIRE(rotated.status == 201);
  CHECK(holder.get("/api/v1/projects").status == 401);
  ApiClient next = server.client(rotated.text("key"));
  CHECK(next.get("/api/v1/projects").status == 200);
  CHECK(owner.del("/api/v1/keys/" + rotated.text("id")).status == 204);
  CHECK(next.get("/api/v1/projects").status == 401);
  CHECK(owner.del("/api/v1/keys/" + rotated.text("id")).status == 404);
}

}  // namespace
}  // namespace galley::test
