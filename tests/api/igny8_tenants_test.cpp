// Tenants, roles and sites, for every row of the planner and writer API's table: a path that names something of a kind
// that is not listed here fails.
#include <catch2/catch.hpp>
#include <map>
#include <optional>

#include "api/igny8/endpoints.hpp"
#include "api/planned_site.hpp"
#include "support/figure.hpp"

namespace galley::test {
namespace {

constexpr std::string_view forged = "999999999";
// Has what any of them must have; what an endpoint does not know is passed over.
constexpr const char* body =
    R"({"title":"x","name":"x","keyword":"x","prompt_value":"x","ids":[1],"email":"x@example.com",
    "prompt_type":"ideas"})";

struct Owned {
  ApiServer server{{.works = false}};
  api::EndpointTable table = api::igny8::make_endpoints();
  ApiClient owner = server.client(server.first().owner);
  std::string project{};
  // The number of something of the first account by the beginning of its path; nothing where numbers are everybody's.
  std::map<std::string, std::optional<std::int64_t>> numbers{};

  Owned() {
    project = must(owner.post("/api/v1/projects", R"({"name":"Site","targetDomain":"https://site.example"})"), 201)
                  .text("id");
    for (const char* list : {"/api/v1/planner/keywords/", "/api/v1/planner/clusters/", "/api/v1/planner/ideas/",
                             "/api/v1/writer/tasks/", "/api/v1/writer/content/"})
      numbers[list] = must(owner.post(list, body), 201).number("data.id");
    numbers["/api/v1/auth/users/"] =
        must(owner.post("/api/v1/auth/users/", R"({"email":"ed@example.com"})"), 201).number("data.id");
    numbers["/api/v1/system/tasks/"] =
        must(owner.post("/api/v1/planner/keywords/auto_cluster/", R"({"async":true})"), 202).number("data.task_id");
    numbers["/api/v1/system/prompts/"] = std::nullopt;  // kinds of prompts, of which each account has its own
  }
  static ApiAnswer must(ApiAnswer answer, int status) {
    INFO(answer.body);
    REQUIRE(answer.status == status);
    return answer;
  }
  std::optional<std::int64_t> number_for(std::string_view path) const {
    const std::string list(path.substr(0, path.find('{')));
    const auto found = numbers.find(list);
    if (found == numbers.end()) FAIL("what " << list << " numbers is not listed in this test");
    return found->second;
  }
  static ApiAnswer call(ApiClient& client, const api::Endpoint& row, std::string_view number) {
    std::string target(row.path);
    if (const std::size_t open = target.find('{'); open != std::string::npos)
      target.replace(open, target.find('}') - open + 1, number);
    const bool reads = row.method == http::Method::get;
    return client.send({.method = std::string(http::to_text(row.method)), .target = target, .body = reads ? "" : body});
  }
};

// Without what names the request.
std::string told(const ApiAnswer& answer) {
  std::string text = std::to_string(answer.status) + " " + answer.body;
  const std::size_t id = text.find(R"("request_id":")");
  if (id != std::string::npos) text.resize(id);
  return text;
}

Role smallest(api::Access access) {
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

TEST_CASE("igny8: what is another account's, or another site's, is told like what there is not", "[api][igny8]") {
  Owned f;
  const std::string other_site =
      f.must(f.owner.post("/api/v1/projects", R"({"name":"Other","targetDomain":"https://other.example"})"), 201)
          .text("id");
  ApiClient stranger = f.server.client(f.server.second().owner);
  ApiClient bound = f.server.client(f.server.make_key(
      f.server.first().account, {.name = "bound", .role = Role::owner, .project = ProjectId(other_site)}));
  int judged = 0;
  for (const api::Endpoint& row : f.table) {
    if (row.path.find('{') == std::string_view::npos) continue;
    INFO(http::to_text(row.method) << " " << row.path);
    const std::optional<std::int64_t> number = f.number_for(row.path);
    if (!number) continue;
    const std::string before = f.server.dump();
    for (ApiClient* client : {&stranger, &bound}) {
      const ApiAnswer real = Owned::call(*client, row, std::to_string(*number));
      const ApiAnswer none = Owned::call(*client, row, forged);
      // A key of one site has nothing to do with users.
      const bool whole_account = client == &bound && row.path.starts_with("/api/v1/auth/users/");
      CHECK(real.status == (whole_account ? 403 : 404));
      CHECK(told(real) == told(none));
      ++judged;
    }
    CHECK(changes(before, f.server.dump()).empty());
  }
  print_figure("planner and writer tenants: " + std::to_string(judged) +
               " calls told another account's or site's number and a random one the same");
}

TEST_CASE("igny8: every endpoint asks for a credential and its role", "[api][igny8]") {
  Owned f;
  ApiClient nobody = f.server.client("");
  const std::pair<Role, std::string> keys[] = {{Role::viewer, f.server.first().viewer},
                                               {Role::editor, f.server.first().editor},
                                               {Role::admin, f.server.first().admin}};
  int judged = 0;
  for (const api::Endpoint& row : f.table) {
    if (row.access == api::Access::open) continue;
    INFO(http::to_text(row.method) << " " << row.path);
    const std::string number =
        row.path.find('{') == std::string_view::npos ? "" : std::to_string(f.number_for(row.path).value_or(1));
    const std::string before = f.server.dump();
    CHECK(Owned::call(nobody, row, number).status == 401);
    for (const auto& [role, key] : keys) {
      if (role >= smallest(row.access)) continue;
      ApiClient client = f.server.client(key);
      const ApiAnswer refused = Owned::call(client, row, number);
      CHECK(refused.status == 403);
      CHECK(refused.text("error") == "Permission denied");
      ++judged;
    }
    CHECK(changes(before, f.server.dump()).empty());
    ++judged;
  }
  print_figure("planner and writer roles: " + std::to_string(judged) + " calls without the credential or role refused");
}

}  // namespace
}  // namespace galley::test
