// Keywords and clusters of the planner: the same ones as the publishing API's.
#include <catch2/catch.hpp>

#include "api/site.hpp"

namespace galley::test {
namespace {

constexpr const char* keywords = "/api/v1/planner/keywords/";
constexpr const char* clusters = "/api/v1/planner/clusters/";

struct Planned {
  explicit Planned(ApiServerOptions options = {.works = false}) : server(std::move(options)) {}

  ApiServer server;
  ApiClient nobody = server.client("");
  ApiClient api = sign_up("user@example.com");

  ApiClient sign_up(const std::string& email) {
    const ApiAnswer made =
        nobody.post("/api/v1/auth/register/", R"({"email":")" + email + R"(","password":"password"})");
    REQUIRE(made.status == 201);
    return server.client(made.text("data.access"));
  }
  std::int64_t add(const std::string& body) {
    const ApiAnswer made = api.post(keywords, body);
    INFO(made.body);
    REQUIRE(made.status == 201);
    return made.number("data.id");
  }
  std::string found(const std::string& query) {
    const ApiAnswer answer = api.get(keywords + query);
    INFO(answer.body);
    REQUIRE(answer.status == 200);
    std::string names;
    const json::Value rows = answer.value("results");
    for (const json::Value& row : *rows.array())
      names += (names.empty() ? "" : ", ") + *row.find("name")->text();
    return names;
  }
};

std::string path_of(const char* list, std::int64_t id) {
  return list + std::to_string(id) + "/";
}

TEST_CASE("igny8: a keyword is made, shown, changed and deleted", "[api][igny8]") {
  Planned f;
  const ApiAnswer made = f.api.post(keywords, R"({"keyword":" moka  pot ","volume":1900,"difficulty":25,
      "intent":"commercial"})");
  INFO(made.body);
  REQUIRE(made.status == 201);
  CHECK(names_of(made.value("data")) ==
        "id keyword name volume difficulty intent status cluster_id cluster_name site_id created_at updated_at");
  const std::int64_t id = made.number("data.id");
  CHECK(made.field("Location") == path_of(keywords, id));
  CHECK(made.text("data.keyword") == "moka pot");
  CHECK(made.text("data.name") == "moka pot");
  CHECK(made.number("data.volume") == 1900);
  CHECK(made.text("data.intent") == "commercial");
  CHECK(made.text("data.status") == "active");
  CHECK(made.value("data.cluster_id").is_null());

  const std::string path = path_of(keywords, id);
  CHECK(f.api.get(path).value("data") == made.value("data"));
  const ApiAnswer patched = f.api.patch(path, R"({"volume":2000,"status":"archived"})");
  CHECK(patched.number("data.volume") == 2000);
  CHECK(patched.text("data.status") == "archived");
  CHECK(patched.number("data.difficulty") == 25);
  CHECK(f.api.patch(path, R"({"name":"french press"})").text("data.keyword") == "french press");
  const ApiAnswer put = f.api.send({.method = "PUT", .target = path, .body = R"({"name":"aeropress"})"});
  INFO(put.body);
  CHECK(put.status == 200);
  CHECK(put.text("data.keyword") == "aeropress");
  CHECK(put.value("data.volume").is_null());
  CHECK(put.text("data.status") == "active");
  CHECK(f.api.del(path).status == 204);
  CHECK(f.api.get(path).status == 404);
  CHECK(f.api.del(path).status == 404);
}

TEST_CASE("igny8: what cannot be a keyword is refused by name", "[api][igny8]") {
  Planned f;
  const auto errors = [&](const std::string& body) { return text_of(f.api.post(keywords, body).value("errors")); };
  CHECK(errors("{}") == R"({"keyword":["This field is required"]})");
  CHECK(errors(R"({"keyword":"a","volume":"many","intent":"whatever"})") ==
        R"({"volume":["A valid integer is required"],"intent":["\"whatever\" is not a valid choice"]})");
  CHECK(errors(R"({"keyword":"a","difficulty":101})").find("difficulty") != std::string::npos);
  CHECK(errors(R"({"keyword":"a","site_id":99999})").find("site_id") != std::string::npos);
  CHECK(errors(R"({"keyword":"a","cluster_id":99999})").find("cluster_id") != std::string::npos);
  f.add(R"({"keyword":"moka pot"})");
  const ApiAnswer twice = f.api.post(keywords, R"({"name":"Moka Pot"})");
  CHECK(twice.status == 409);
  CHECK(twice.text("error") == "Resource conflict");
  for (const char* const path : {"0/", "-1/", "x/", "1.5/", "99999999999999999999/", "99999/"})
    CHECK(f.api.get(std::string(keywords) + path).status == 404);
}

TEST_CASE("igny8: pages tell their neighbours' addresses, with all other parameters", "[api][igny8]") {
  Planned f;
  for (int i = 0; i < 25; ++i)
    f.add(R"({"keyword":"word )" + std::to_string(i) + R"(","volume":)" + std::to_string(i) + "}");
  const std::string host = "http://127.0.0.1";
  const ApiAnswer first = f.api.get(keywords);
  CHECK(names_of(first.json()) == "success count next previous results request_id");
  CHECK(first.number("count") == 25);
  CHECK(first.value("results").array()->size() == 10);
  CHECK(first.text("next") == host + keywords + "?page=2");
  CHECK(first.value("previous").is_null());
  const ApiAnswer second = f.api.get(std::string(keywords) + "?page=2&page_size=10&ordering=volume&search=word");
  CHECK(second.text("next") == host + keywords + "?page=3&page_size=10&ordering=volume&search=word");
  CHECK(second.text("previous") == host + keywords + "?page=1&page_size=10&ordering=volume&search=word");
  CHECK(second.text("results.0.name") == "word 10");
  const ApiAnswer last = f.api.get(std::string(keywords) + "?page=3");
  CHECK(last.value("results").array()->size() == 5);
  CHECK(last.value("next").is_null());
  for (const char* const nowhere : {"?page=4", "?page=0", "?page=x", "?page=-1"})
    CHECK(f.api.get(std::string(keywords) + nowhere).status == 404);
  CHECK(f.api.get(std::string(keywords) + "?page_size=1000").value("results").array()->size() == 25);
  for (const char* const nonsense : {"?page_size=0", "?page_size=x", "?page_size=-5"})
    CHECK(f.api.get(std::string(keywords) + nonsense).value("results").array()->size() == 10);
  const Fields forwarded = {{"X-Forwarded-Proto", "https"}, {"X-Forwarded-Host", "api.example.com"}};
  CHECK(f.api.get(keywords, forwarded).text("next") == host + keywords + "?page=2");
}

TEST_CASE("igny8: behind a proxy that is trusted pages and limits are those of its client", "[api][igny8]") {
  Planned f{{.works = false,
             .unauthenticated = {.requests_per_minute = 1, .burst = 1},
             .trusted_proxies = {parse_cidr("127.0.0.1").value()}}};
  for (int i = 0; i < 11; ++i)
    f.add(R"({"keyword":"word )" + std::to_string(i) + "\"}");
  const Fields forwarded = {{"X-Forwarded-Proto", "https"}, {"X-Forwarded-Host", "api.example.com"}};
  CHECK(f.api.get(keywords, forwarded).text("next") == std::string("https://api.example.com") + keywords + "?page=2");
  const ApiAnswer nonsense_host = f.api.get(keywords, {{"X-Forwarded-Host", "evil\"><script>"}});
  CHECK(nonsense_host.text("next") == std::string("http://127.0.0.1") + keywords + "?page=2");
  const auto refused = [&](const std::string& client) {
    return f.nobody.get(keywords, {{"X-Forwarded-For", client}}).status;
  };
  CHECK(refused("203.0.113.1") == 401);
  CHECK(refused("203.0.113.1") == 401);
  CHECK(refused("203.0.113.1") == 429);
  CHECK(refused("203.0.113.2") == 401);
  const ApiAnswer made = f.api.post(keywords, R"({"keyword":"last"})", {{"X-Forwarded-For", "198.51.100.7"}});
  REQUIRE(made.status == 201);
  CHECK(f.api.get("/api/v1/audit").text("data.0.address") == "198.51.100.7");
}

TEST_CASE("igny8: keywords are filtered, searched and ordered", "[api][igny8]") {
  Planned f;
  const std::int64_t cluster = f.api.post(clusters, R"({"name":"pots"})").number("data.id");
  f.add(R"({"keyword":"alpha","volume":10,"difficulty":50,"intent":"commercial"})");
  f.add(R"({"keyword":"beta","volume":30,"difficulty":10,"status":"pending","cluster_id":)" + std::to_string(cluster) +
        "}");
  f.add(R"({"keyword":"gamma","volume":20,"difficulty":90,"intent":"informational","status":"archived"})");
  CHECK(f.found("") == "gamma, beta, alpha");
  CHECK(f.found("?ordering=created_at") == "alpha, beta, gamma");
  CHECK(f.found("?ordering=volume") == "alpha, gamma, beta");
  CHECK(f.found("?ordering=-volume") == "beta, gamma, alpha");
  CHECK(f.found("?ordering=-difficulty") == "gamma, alpha, beta");
  CHECK(f.found("?ordering=keyword") == "alpha, beta, gamma");
  CHECK(f.found("?status=pending") == "beta");
  CHECK(f.found("?intent=commercial") == "alpha");
  CHECK(f.found("?cluster_id=" + std::to_string(cluster)) == "beta");
  CHECK(f.found("?cluster_id=99999") == "");
  CHECK(f.found("?site_id=99999") == "");
  CHECK(f.found("?difficulty_min=50&difficulty_max=60") == "alpha");
  CHECK(f.found("?volume_min=20") == "gamma, beta");
  CHECK(f.found("?search=ET") == "beta");
  CHECK(f.found("?unknown=1") == "gamma, beta, alpha");
  const ApiAnswer bad = f.api.get(std::string(keywords) + "?status=nonsense&ordering=color");
  CHECK(bad.status == 400);
  CHECK(text_of(bad.value("errors.status")) == R"(["\"nonsense\" is not a valid choice"])");
}

TEST_CASE("igny8: a keyword that is made in one dialect is in the other's matrix", "[api][igny8]") {
  Planned f;
  const std::string project = f.api.get("/api/v1/projects").text("data.0.id");
  f.add(R"({"keyword":"moka pot"})");
  const ApiAnswer matrix = f.api.get("/api/v1/projects/" + project + "/keywords");
  CHECK(matrix.number("pagination.total") == 1);
  CHECK(matrix.text("data.0.keyword") == "moka pot");
  const ApiAnswer made =
      f.api.post("/api/v1/projects/" + project + "/keywords", R"({"keyword":"french press","cluster":"pots"})");
  REQUIRE(made.status == 201);
  CHECK(f.found("") == "french press, moka pot");
  CHECK(f.api.get(keywords).text("results.0.cluster_name") == "pots");
  // One that is put away is not taken by itself.
  const std::int64_t id = f.api.get(keywords).number("results.0.id");
  CHECK(f.api.patch(path_of(keywords, id), R"({"status":"archived"})").status == 200);
  const ApiAnswer queued = f.api.post("/api/v1/projects/" + project + "/articles/generate", R"({"limit":10})");
  INFO(queued.body);
  CHECK(queued.value("articles").array()->size() == 1);
  CHECK(queued.text("articles.0.keyword") == "moka pot");
}

TEST_CASE("igny8: clusters are made, renamed and deleted, and their keywords stay", "[api][igny8]") {
  Planned f;
  const ApiAnswer made = f.api.post(clusters, R"({"name":"  coffee   pots "})");
  INFO(made.body);
  REQUIRE(made.status == 201);
  CHECK(names_of(made.value("data")) == "id name keywords_count volume site_id created_at");
  CHECK(made.text("data.name") == "coffee pots");
  const std::int64_t id = made.number("data.id");
  const std::string path = path_of(clusters, id);
  f.add(R"({"keyword":"moka pot","volume":5,"cluster_id":)" + std::to_string(id) + "}");
  f.add(R"({"keyword":"french press","volume":7,"cluster_id":)" + std::to_string(id) + "}");
  CHECK(f.api.get(path).number("data.keywords_count") == 2);
  CHECK(f.api.get(path).number("data.volume") == 12);
  CHECK(f.api.post(clusters, R"({"name":"Coffee Pots"})").status == 409);
  CHECK(f.api.patch(path, R"({"name":"brewers"})").text("data.name") == "brewers");
  CHECK(f.api.send({.method = "PUT", .target = path, .body = "{}"}).status == 400);
  CHECK(f.api.get(clusters).number("count") == 1);
  CHECK(f.api.get(std::string(clusters) + "?site_id=99999").number("count") == 0);
  CHECK(f.api.del(path).status == 204);
  CHECK(f.api.get(path).status == 404);
  CHECK(f.api.get(keywords).number("count") == 2);
  CHECK(f.api.get(keywords).value("results.0.cluster_id").is_null());
}

TEST_CASE("igny8: another account's numbers are not there, byte for byte like random ones", "[api][igny8]") {
  Planned f;
  const std::int64_t keyword = f.add(R"({"keyword":"moka pot"})");
  const std::int64_t cluster = f.api.post(clusters, R"({"name":"pots"})").number("data.id");
  ApiClient stranger = f.sign_up("other@example.com");
  const auto told = [](ApiAnswer answer) {
    const std::string id = answer.text("request_id");
    answer.body.replace(answer.body.find(id), id.size(), "");
    return std::to_string(answer.status) + answer.body;
  };
  for (const auto& [list, id] : {std::pair{keywords, keyword}, std::pair{clusters, cluster}}) {
    const std::string mine = path_of(list, id);
    const std::string nobodys = path_of(list, 987654);
    CHECK(told(stranger.get(mine)) == told(stranger.get(nobodys)));
    CHECK(told(stranger.patch(mine, R"({"name":"x"})")) == told(stranger.patch(nobodys, R"({"name":"x"})")));
    CHECK(told(stranger.del(mine)) == told(stranger.del(nobodys)));
    CHECK(f.api.get(mine).status == 200);
  }
  CHECK(stranger.get(keywords).number("count") == 0);
  CHECK(stranger.get(std::string(keywords) + "?cluster_id=" + std::to_string(cluster)).number("count") == 0);
  const auto refused = [&](const std::string& body) { return text_of(stranger.post(keywords, body).value("errors")); };
  CHECK(refused(R"({"keyword":"a","cluster_id":)" + std::to_string(cluster) + "}") ==
        refused(R"({"keyword":"a","cluster_id":987654})"));
}

TEST_CASE("igny8: each role may do what it may, a key that is bound to a project sees that alone", "[api][igny8]") {
  Planned f;
  const Tenant& tenant = f.server.first();
  const std::string project = f.server.client(tenant.owner).post("/api/v1/projects", R"({"name":"One"})").text("id");
  REQUIRE(f.server.client(tenant.owner).post("/api/v1/projects", R"({"name":"Two"})").status == 201);
  ApiClient bound = f.server.client(
      f.server.make_key(tenant.account, {.name = "bound", .role = Role::editor, .project = ProjectId(project)}));
  ApiClient editor = f.server.client(tenant.editor);
  ApiClient viewer = f.server.client(tenant.viewer);
  CHECK(viewer.post(keywords, R"({"keyword":"a"})").status == 403);
  CHECK(viewer.get(keywords).status == 200);
  CHECK(f.nobody.get(keywords).status == 401);
  const ApiAnswer first = bound.post(keywords, R"({"keyword":"a"})");
  REQUIRE(first.status == 201);
  const ApiAnswer other = editor.post(
      "/api/v1/projects/" + f.server.client(tenant.owner).get("/api/v1/projects?sort=-createdAt").text("data.0.id") +
          "/keywords",
      R"({"keyword":"b"})");
  REQUIRE(other.status == 201);
  CHECK(editor.get(keywords).number("count") == 2);
  CHECK(bound.get(keywords).number("count") == 1);
  const std::int64_t hidden = editor.get(keywords).number("results.0.id");
  CHECK(bound.get(path_of(keywords, hidden)).status == 404);
  // A cluster of the other project is told like one that there is not.
  const std::int64_t other_site = editor.get(path_of(keywords, hidden)).number("data.site_id");
  const std::int64_t cluster =
      editor.post(clusters, R"({"name":"pots","site_id":)" + std::to_string(other_site) + "}").number("data.id");
  const auto refused = [&](std::int64_t number) {
    return text_of(
        bound.post(keywords, R"({"keyword":"c","cluster_id":)" + std::to_string(number) + "}").value("errors"));
  };
  CHECK(refused(cluster) == refused(987654));
  CHECK(bound.get(path_of(clusters, cluster)).status == 404);
}

}  // namespace
}  // namespace galley::test
