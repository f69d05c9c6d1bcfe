// Idempotency-Key: whatever is sent twice is done once, and answered twice with the same bytes.
#include <atomic>
#include <catch2/catch.hpp>
#include <set>
#include <thread>

#include "api/chain.hpp"
#include "api/idempotency.hpp"
#include "api/site.hpp"
#include "support/manual_clock.hpp"

namespace galley::test {
namespace {

Fields with_key(const std::string& key, Fields fields = {}) {
  fields.emplace_back("Idempotency-Key", key);
  return fields;
}

bool replayed(const ApiAnswer& answer) {
  return answer.field("Idempotent-Replayed") == "true";
}

TEST_CASE("idempotency: every POST that is repeated under its key changes nothing more and answers the same",
          "[api][icf]") {
  Site site;
  World world = site.new_world();
  int posts = 0;
  for (const api::Endpoint& endpoint : site.table) {
    if (endpoint.method != http::Method::post) continue;
    ++posts;
    INFO(endpoint.operation);
    const auto cases = route_cases(world);
    ApiRequest request = request_of(endpoint, *find_case(cases, endpoint.operation));
    request.fields = with_key("first try", request.fields);
    const ApiAnswer first = site.api.send(request);
    INFO(first.body);
    CHECK(first.status == find_case(cases, endpoint.operation)->status);
    CHECK_FALSE(replayed(first));
    const std::string before = site.server.dump();
    const ApiAnswer second = site.api.send(request);
    CHECK(replayed(second));
    CHECK(second.status == first.status);
    CHECK(second.body == first.body);
    for (const char* field : {"ETag", "Location", "Content-Type"})
      CHECK(second.field(field) == first.field(field));
    CHECK(second.field("X-Request-ID") != first.field("X-Request-ID"));
    CHECK(changes(before, site.server.dump()) == "");
    world = site.new_world();
  }
  CHECK(posts >= 20);
}

TEST_CASE("idempotency: a key that was used is refused with another body, query or path", "[api][icf]") {
  Site site;
  const std::string project = site.new_project();
  const std::string other = site.new_project();
  const std::string body = R"({"title":"One","markdown":"Text."})";
  REQUIRE(site.api.post(project + "/articles", body, with_key("k")).status == 201);
  const std::string before = site.server.dump();
  const std::vector<ApiAnswer> refused = {
      site.api.post(project + "/articles", R"({"title":"Two","markdown":"Text."})", with_key("k")),
      site.api.post(other + "/articles", body, with_key("k")),
      site.api.post(project + "/articles", "Text.", with_key("k", {{"Content-Type", "text/markdown"}}))};
  for (const ApiAnswer& answer : refused) {
    CHECK(answer.status == 409);
    CHECK(answer.error_code() == "CONFLICT");
    CHECK_FALSE(replayed(answer));
  }
  CHECK(changes(before, site.server.dump()) == "");
  const std::string connections = project + "/connections";
  const std::string connection = R"({"name":"CMS","type":"webhook","settings":{"url":")" + site.hook.url() + R"("}})";
  CHECK(site.api.post(connections + "?test=false", connection, with_key("q")).status == 201);
  CHECK(site.api.post(connections, connection, with_key("q")).status == 409);
}

TEST_CASE("idempotency: a key means something to one credential on one route alone", "[api][icf]") {
  Site site;
  const std::string project = site.new_project();
  ApiClient editor = site.server.client(site.server.first().editor);
  const std::string article = R"({"title":"One","markdown":"Text."})";
  const ApiAnswer owners = site.api.post(project + "/articles", article, with_key("k"));
  const ApiAnswer editors = editor.post(project + "/articles", article, with_key("k"));
  CHECK(owners.status == 201);
  CHECK(editors.status == 201);
  CHECK(owners.text("id") != editors.text("id"));
  CHECK_FALSE(replayed(editors));
  CHECK(site.api.post(project + "/keywords", R"({"keyword":"tea"})", with_key("k")).status == 201);
  // The credential's place is no part of the request.
  const ApiAnswer in_query =
      site.server.client("").post(project + "/articles?apiKey=" + site.api.key(), article, with_key("k"));
  CHECK(replayed(in_query));
  CHECK(in_query.body == owners.body);
}

TEST_CASE("idempotency: refusals that would be met again are kept, and what can be mended is not", "[api][icf]") {
  Site site;
  const std::string project = site.new_project();
  const auto repeat = [&](const std::string& target, const std::string& body, int status, bool kept) {
    INFO(target << " " << body);
    const Fields key = with_key("k " + target + std::to_string(status));
    const ApiAnswer first = site.api.post(target, body, key);
    CHECK(first.status == status);
    const ApiAnswer second = site.api.post(target, body, key);
    CHECK(second.status == status);
    CHECK(second.body == first.body);
    CHECK(replayed(second) == kept);
  };
  repeat("/api/v1/articles/" + random_id("art") + "/publish", "", 404, true);
  repeat(project + "/articles/generate", "{}", 409, true);
  repeat(project + "/articles", R"({"markdown":"No title."})", 400, false);
  repeat(project + "/articles", "{", 400, false);
  // What was refused as invalid leaves the key free for what was meant.
  const Fields key = with_key("mended");
  CHECK(site.api.post(project + "/articles", R"({"title":""})", key).status == 400);
  CHECK(site.api.post(project + "/articles", R"({"title":"Mended","markdown":"Text."})", key).status == 201);
  // A spent quota, which another month or plan may lift: under another key.
  site.server.set_plan(site.server.first().account, Plan::free);
  const std::string many = R"({"keywords":["a1","a2","a3","a4","a5","a6","a7","a8","a9","b1","b2"]})";
  repeat(project + "/articles/generate", many, 402, true);
  site.server.set_plan(site.server.first().account, Plan::agency);
  CHECK(site.api.post(project + "/articles/generate", many, with_key("another")).status == 202);
}

TEST_CASE("idempotency: a change that fails half-way under a key leaves neither itself nor the key", "[api][icf]") {
  Site site;
  const std::string project = site.new_project();
  const ApiAnswer made = site.api.post(project + "/articles", R"({"title":"A","markdown":"Text."})");
  const std::string bulk = R"({"articleIds":[")" + made.text("id") + R"(",")" + random_id("art") + R"("]})";
  const ApiAnswer refused = site.api.post("/api/v1/articles/publish", bulk, with_key("bulk"));
  CHECK(refused.status == 404);
  // Kept, as a refusal; the first article was not published on the way.
  CHECK(replayed(site.api.post("/api/v1/articles/publish", bulk, with_key("bulk"))));
  CHECK(site.api.get("/api/v1/articles/" + made.text("id")).text("status") == "draft");
  CHECK(site.api.get("/api/v1/jobs").number("pagination.total") == 0);
}

TEST_CASE("idempotency: of many at once under one key one is carried out", "[api][icf]") {
  Site site({.works = false, .threads = 2});
  const std::string project = site.new_project();
  std::atomic<int> fresh = 0;
  std::atomic<int> again = 0;
  std::vector<std::string> ids(32);
  std::vector<std::thread> callers;
  for (std::string& id : ids)
    callers.emplace_back([&, key = site.api.key()] {
      ApiClient api = site.server.client(key);
      const ApiAnswer answer =
          api.post(project + "/articles", R"({"title":"Once","markdown":"Text."})", with_key("twins"));
      ++(replayed(answer) ? again : fresh);
      if (answer.status == 201) id = answer.text("id");
    });
  for (std::thread& caller : callers)
    caller.join();
  CHECK(fresh == 1);
  CHECK(again == 31);
  CHECK(std::set<std::string>(ids.begin(), ids.end()).size() == 1);
  CHECK(site.api.get("/api/v1/articles").number("pagination.total") == 1);
}

TEST_CASE("idempotency: a key is forgotten after a day", "[api][icf]") {
  ManualClock clock;
  Site site({.clock = &clock, .works = false});
  const std::string project = site.new_project();
  const std::string body = R"({"keywords":["tea"]})";
  CHECK_FALSE(replayed(site.api.post(project + "/keywords", body, with_key("k"))));
  clock.advance(std::chrono::hours(24) - std::chrono::seconds(1));
  CHECK(replayed(site.api.post(project + "/keywords", body, with_key("k"))));
  clock.advance(std::chrono::seconds(1));
  const ApiAnswer anew = site.api.post(project + "/keywords", body, with_key("k"));
  CHECK_FALSE(replayed(anew));
  CHECK(anew.number("skipped") == 1);
  CHECK(replayed(site.api.post(project + "/keywords", body, with_key("k"))));
}

TEST_CASE("idempotency: a secret is shown again to whoever repeats the call, and is not readable in the database",
          "[api][icf]") {
  Site site;
  const ApiAnswer first = site.api.post("/api/v1/keys", R"({"name":"k","role":"viewer"})", with_key("k"));
  const ApiAnswer second = site.api.post("/api/v1/keys", R"({"name":"k","role":"viewer"})", with_key("k"));
  CHECK(second.text("key") == first.text("key"));
  CHECK(site.server.client(first.text("key")).get("/api/v1/projects").status == 200);
  const std::string project = site.api.post("/api/v1/projects", R"({"name":"P"})", with_key("p")).text("webhookSecret");
  const std::string stored = site.server.dump();
  CHECK(stored.find(first.text("key")) == std::string::npos);
  CHECK(stored.find(project) == std::string::npos);
}

TEST_CASE("idempotency: a key that is empty, too long or not ASCII is refused by name, and only POST has one",
          "[api][icf]") {
  Site site;
  const std::string project = site.new_project();
  const std::string before = site.server.dump();
  for (const std::string& key : {std::string(), std::string(256, 'k'), std::string("caf\xc3\xa9")}) {
    const ApiAnswer answer = site.api.post(project + "/keywords", R"({"keyword":"tea"})", with_key(key));
    CHECK(answer.status == 400);
    CHECK(answer.value("error.details.fields").find("Idempotency-Key") != nullptr);
  }
  CHECK(changes(before, site.server.dump()) == "");
  CHECK(site.api.post(project + "/keywords", R"({"keyword":"tea"})", with_key(std::string(255, 'k'))).status == 201);
  CHECK_FALSE(replayed(site.api.patch(project, R"({"niche":"tea"})", with_key("k"))));
  CHECK_FALSE(replayed(site.api.patch(project, R"({"niche":"tea"})", with_key("k"))));
  CHECK(site.api.get(project, with_key("")).status == 200);
}

TEST_CASE("idempotency: a publish that is repeated while the CMS thinks sends nothing twice", "[api][icf]") {
  Chain chain;
  chain.connect("/cms");
  const std::string article = chain.new_article("Once");
  const std::string target = "/api/v1/articles/" + article + "/publish";
  std::vector<ApiAnswer> answers(6);
  std::vector<std::thread> callers;
  for (ApiAnswer& answer : answers)
    callers.emplace_back(
        [&, key = chain.api.key()] { answer = chain.server.client(key).post(target, "", with_key("publish")); });
  for (std::thread& caller : callers)
    caller.join();
  for (const ApiAnswer& answer : answers) {
    INFO(answer.body);
    CHECK(answer.status == 200);
    CHECK(answer.text("status") == "published");
  }
  CHECK(chain.received("/cms", "article.published").size() == 1);
  CHECK(chain.api.get("/api/v1/jobs").number("pagination.total") == 1);
  const ApiAnswer later = chain.api.post(target, "", with_key("publish"));
  CHECK(replayed(later));
  CHECK(later.text("publications.0.externalId") == "77");
  CHECK(chain.received("/cms", "article.published").size() == 1);
}

TEST_CASE("idempotency: a CMS's refusal is told again without asking it again", "[api][icf]") {
  std::atomic<int> asked = 0;
  LoopbackServer cms([&](const ReceivedRequest&) {
    ++asked;
    return answer(400, "no");
  });
  Chain chain;
  const std::string settings = R"({"name":"CMS","type":"webhook","settings":{"url":")" + cms.url("/cms") + R"("}})";
  const ApiAnswer made = chain.api.post(chain.project + "/connections", settings, with_key("connect"));
  REQUIRE(made.status == 201);
  CHECK(made.text("status") == "error");
  const ApiAnswer again = chain.api.post(chain.project + "/connections", settings, with_key("connect"));
  CHECK(again.body == made.body);
  CHECK(asked == 1);
  const std::string test = "/api/v1/connections/" + made.text("id") + "/test";
  const ApiAnswer refused = chain.api.post(test, "", with_key("test"));
  CHECK(refused.status == 422);
  const ApiAnswer told = chain.api.post(test, "", with_key("test"));
  CHECK(told.status == 422);
  CHECK(told.body == refused.body);
  CHECK(replayed(told));
  CHECK(asked == 2);
}

}  // namespace
}  // namespace galley::test
