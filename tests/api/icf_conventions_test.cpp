// What holds for every endpoint: tags, conditions, HEAD, slashes, places.
#include <catch2/catch.hpp>
#include <regex>

#include "api/site.hpp"

namespace galley::test {
namespace {

bool matches(const std::string& text, const std::string& pattern) {
  return std::regex_match(text, std::regex(pattern));
}

const char* const etag_form = R"re("[0-9]+-[0-9a-f]{8}")re";

TEST_CASE("icf: every single object has a tag, and answers 304 to it", "[api][icf]") {
  Site fixture;
  const auto cases = route_cases(fixture.new_world());
  int objects = 0;
  for (const api::Endpoint& endpoint : fixture.table) {
    if (endpoint.method != http::Method::get || endpoint.answer != api::Reply::Kind::object) continue;
    ++objects;
    INFO(endpoint.operation);
    const std::string target = request_of(endpoint, *find_case(cases, endpoint.operation)).target;
    const ApiAnswer first = fixture.api.get(target);
    const std::string tag = first.field("ETag");
    INFO(tag);
    CHECK(matches(tag, etag_form));
    for (const std::string& known : {tag, "\"1-00000000\", " + tag, "W/" + tag, std::string("*")}) {
      const ApiAnswer same = fixture.api.get(target, {{"If-None-Match", known}});
      CHECK(same.status == 304);
      CHECK(same.body.empty());
      CHECK(same.field("ETag") == tag);
      CHECK_FALSE(same.has_field("Content-Type"));
    }
    for (const std::string& unknown : {std::string("\"1-00000000\""), std::string("nonsense"), tag.substr(1)})
      CHECK(fixture.api.get(target, {{"If-None-Match", unknown}}).status == 200);
  }
  CHECK(objects >= 9);
}

TEST_CASE("icf: If-Match of another version stops every change and removal with 412", "[api][icf]") {
  Site fixture;
  World world = fixture.new_world();
  int guarded = 0;
  for (const api::Endpoint& endpoint : fixture.table) {
    if (endpoint.method != http::Method::patch && endpoint.method != http::Method::del) continue;
    ++guarded;
    INFO(endpoint.operation);
    ApiRequest request = request_of(endpoint, *find_case(route_cases(world), endpoint.operation));
    const std::string path = request.target.substr(0, request.target.find('?'));
    const std::string tag = fixture.api.get(path).field("ETag");
    const std::string before = fixture.server.dump();
    for (const std::string& stale : {std::string("\"99-00000000\""), std::string("\"0-00000000\""),
                                     std::string("nonsense"), std::string("\"nonsense\"")}) {
      ApiRequest guarded_request = request;
      guarded_request.fields.emplace_back("If-Match", stale);
      const ApiAnswer refused = fixture.api.send(guarded_request);
      INFO(stale << " " << refused.body);
      CHECK(refused.status == 412);
      if (refused.status == 412) CHECK(refused.error_code() == "PRECONDITION_FAILED");
      CHECK(changes(before, fixture.server.dump()) == "");
    }
    // The version alone counts: what is derived may have changed.
    ApiRequest known = request;
    known.fields.emplace_back("If-Match", tag.substr(0, tag.find('-')) + "-ffffffff\"");
    CHECK(fixture.api.send(known).status == (endpoint.method == http::Method::del ? 204 : 200));
    world = fixture.new_world();
  }
  CHECK(guarded >= 10);
}

TEST_CASE("icf: a counter changes a project's tag but conflicts with no change", "[api][icf]") {
  Site fixture;
  const World world = fixture.new_world();
  const std::string project = "/api/v1/projects/" + world.project;
  const std::string tag = fixture.api.get(project).field("ETag");
  REQUIRE(fixture.api.post(project + "/keywords", R"({"keyword":"one more"})").status == 201);
  CHECK(fixture.api.get(project, {{"If-None-Match", tag}}).status == 200);
  const ApiAnswer changed = fixture.api.patch(project, R"({"niche":"tea"})", {{"If-Match", tag}});
  CHECK(changed.status == 200);
  CHECK(changed.field("ETag") == fixture.api.get(project).field("ETag"));
  CHECK(fixture.api.patch(project, R"({"niche":"cocoa"})", {{"If-Match", tag}}).status == 412);
  CHECK(fixture.api.patch(project, R"({"niche":"cocoa"})", {{"If-Match", "*"}}).status == 200);
}

TEST_CASE("icf: HEAD answers what GET does, without the body", "[api][icf]") {
  Site fixture;
  const auto cases = route_cases(fixture.new_world());
  for (const api::Endpoint& endpoint : fixture.table) {
    if (endpoint.method != http::Method::get) continue;
    INFO(endpoint.operation);
    ApiRequest request = request_of(endpoint, *find_case(cases, endpoint.operation));
    const ApiAnswer whole = fixture.api.send(request);
    request.method = "HEAD";
    const ApiAnswer head = fixture.api.send(request);
    CHECK(head.status == whole.status);
    CHECK(head.body.empty());
    for (const std::string& name :
         std::vector<std::string>{"Content-Type", "Content-Length", "ETag", "Last-Modified", "Cache-Control"})
      CHECK(head.field(name) == whole.field(name));
    // The connection goes on where it should.
    CHECK(fixture.api.get("/api/v1/account").status == 200);
  }
}

TEST_CASE("icf: one trailing slash is accepted on every path", "[api][icf]") {
  Site fixture;
  const auto cases = route_cases(fixture.new_world());
  for (const api::Endpoint& endpoint : fixture.table) {
    if (endpoint.method != http::Method::get) continue;
    INFO(endpoint.operation);
    const ApiRequest request = request_of(endpoint, *find_case(cases, endpoint.operation));
    const std::size_t end = std::min(request.target.find('?'), request.target.size());
    const auto behind_path = [&](const std::string& slashes) {
      return request.target.substr(0, end) + slashes + request.target.substr(end);
    };
    CHECK(fixture.api.get(behind_path("/")).status == 200);
    CHECK(fixture.api.get(behind_path("//")).status == 404);
  }
  CHECK(fixture.api.post("/api/v1/projects/", R"({"name":"Slash"})").status == 201);
}

TEST_CASE("icf: what was made is found at its Location, under the tag that it was made with", "[api][icf]") {
  Site fixture;
  World world = fixture.new_world();
  int made = 0;
  for (const api::Endpoint& endpoint : fixture.table) {
    const RouteCase row = *find_case(route_cases(world), endpoint.operation);
    if (row.status != 201) continue;
    ++made;
    INFO(endpoint.operation);
    const ApiAnswer created = fixture.api.send(request_of(endpoint, row));
    INFO(created.body);
    REQUIRE(created.status == 201);
    const std::string id = created.text("id");
    CHECK(created.field("Location").ends_with("/" + id));
    CHECK(matches(id, "(proj|kw|art|conn|wh|key)_[a-z0-9]{12,}"));
    CHECK(matches(created.text("createdAt"), R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)"));
    CHECK(matches(created.field("ETag"), etag_form));
    const ApiAnswer found = fixture.api.get(created.field("Location"));
    CHECK(found.status == 200);
    CHECK(found.text("id") == id);
    const std::string tag = created.field("ETag");
    CHECK(found.field("ETag").substr(0, found.field("ETag").find('-')) == tag.substr(0, tag.find('-')));
  }
  CHECK(made >= 6);
}

TEST_CASE("icf: what was removed is gone, and 204 has no body", "[api][icf]") {
  Site fixture;
  for (const api::Endpoint& endpoint : fixture.table) {
    if (endpoint.method != http::Method::del) continue;
    INFO(endpoint.operation);
    const World world = fixture.new_world();
    const ApiRequest request = request_of(endpoint, *find_case(route_cases(world), endpoint.operation));
    const ApiAnswer removed = fixture.api.send(request);
    CHECK(removed.status == 204);
    CHECK(removed.body.empty());
    CHECK_FALSE(removed.has_field("Content-Type"));
    CHECK(fixture.api.send(request).status == 404);
    // A revoked key stays in the books.
    const std::string path = request.target.substr(0, request.target.find('?'));
    CHECK(fixture.api.get(path).status == (endpoint.operation == "deleteKey" ? 200 : 404));
  }
}

TEST_CASE("icf: what belongs to an account is never kept by a cache", "[api][icf]") {
  Site fixture;
  const auto cases = route_cases(fixture.new_world());
  for (const api::Endpoint& endpoint : fixture.table) {
    if (endpoint.method != http::Method::get || endpoint.access == api::Access::open) continue;
    INFO(endpoint.operation);
    const ApiAnswer given = fixture.api.send(request_of(endpoint, *find_case(cases, endpoint.operation)));
    CHECK(given.field("Cache-Control") == "no-store");
    CHECK(given.field("X-Content-Type-Options") == "nosniff");
  }
}

}  // namespace
}  // namespace galley::test
