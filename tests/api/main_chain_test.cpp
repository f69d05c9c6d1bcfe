// From a list of keywords to a page that search engines find, over HTTP, with jobs and deliveries at work.
#include <catch2/catch.hpp>
#include <fstream>
#include <set>
#include <sstream>

#include "api/chain.hpp"
#include "support/source_file.hpp"

namespace galley::test {
namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST_CASE("chain: keywords from CSV become articles that are followed, approved, published and found", "[api][icf]") {
  Chain chain;
  ApiClient& api = chain.api;
  const ApiAnswer subscribed =
      api.post(chain.project + "/webhooks",
               R"({"url":")" + chain.hook.url("/events") + R"(","events":["article.*","job.completed"]})");
  REQUIRE(subscribed.status == 201);

  const std::string csv = read_file(source_file("examples/keywords.csv"));
  const ApiAnswer imported = api.post(chain.project + "/keywords", csv, {{"Content-Type", "text/csv"}});
  REQUIRE(imported.status == 200);
  const std::int64_t keywords = imported.number("created");
  CHECK(keywords > 200);
  CHECK(imported.value("rejected").array()->empty());
  CHECK(api.get(chain.project).number("counts.keywords") == keywords);

  const ApiAnswer queued = api.post(chain.project + "/articles/generate", R"({"limit":3,"wordCount":600})");
  REQUIRE(queued.status == 202);
  const std::string job = queued.field("Location");
  REQUIRE(queued.value("articles").array()->size() == 3);

  EventStream stream(chain.server, api, job + "/events");
  CHECK(stream.head.status == 200);
  CHECK(stream.head.field("Content-Type").starts_with("text/event-stream"));
  CHECK(stream.head.field("X-RateLimit-Limit") == "1000000");
  const std::vector<StreamedEvent> events = stream.read_all();
  REQUIRE(events.size() >= 5);
  std::set<std::string> done;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (i != 0) CHECK(std::stoll(events[i].id) > std::stoll(events[i - 1].id));
    CHECK(events[i].name == (i + 1 == events.size() ? "finished" : "progress"));
    const json::Value& article = at_path(events[i].news, "article.id");
    if (article.text() != nullptr) done.insert(*article.text());
  }
  CHECK(done.size() == 3);
  CHECK(*at_path(events.back().news, "status").text() == "succeeded");
  CHECK(*at_path(events.back().news, "progress.done").integer() == 3);

  // Whoever was cut off goes on behind what was seen.
  EventStream resumed(chain.server, api, job + "/events", {{"Last-Event-ID", events[1].id}});
  const std::vector<StreamedEvent> rest = resumed.read_all();
  REQUIRE(rest.size() == events.size() - 2);
  for (std::size_t i = 0; i < rest.size(); ++i) {
    CHECK(rest[i].id == events[i + 2].id);
    CHECK(rest[i].news == events[i + 2].news);
  }
  CHECK(api.get(job + "/events", {{"Last-Event-ID", events.back().id}}).status == 204);
  CHECK(api.get(job + "/events?lastEventId=" + events.back().id).status == 204);
  CHECK(api.get(job + "/events", {{"Last-Event-ID", "first"}}).status == 400);

  const ApiAnswer finished = api.get(job);
  CHECK(finished.text("status") == "succeeded");
  CHECK(json::to_text(finished.value("progress")) == R"({"total":3,"done":3,"failed":0})");
  CHECK(finished.text("articles.0.status") == "succeeded");
  CHECK(api.get("/api/v1/account").number("quota.articles.spent") == 3);

  // What an outline needs is a person's approval.
  const std::string list = "/api/v1/articles?project=" + chain.id + "&status=";
  REQUIRE(api.get(list + "draft").number("pagination.total") == 3);
  const std::string article = api.get(list + "draft").text("data.0.id");
  CHECK(api.patch("/api/v1/articles/" + article, R"({"status":"ready"})").text("status") == "ready");
  CHECK(api.get(list + "ready").number("pagination.total") == 1);
  CHECK(api.get(list + "draft,ready").number("pagination.total") == 3);

  const ApiAnswer published = api.post("/api/v1/articles/" + article + "/publish");
  REQUIRE(published.status == 200);
  CHECK(published.text("status") == "published");
  CHECK(published.text("publications.0.status") == "live");
  CHECK(published.value("publications.0.connectionId").is_null());
  const std::string url = published.text("url");
  CHECK(url.starts_with("https://espresso.example/blog/"));
  CHECK(chain.nobody.get("/api/public/sitemap/" + chain.id).body.find("<loc>" + url + "</loc>") != std::string::npos);
  CHECK(chain.nobody.get("/api/public/feed/" + chain.id).body.find(url) != std::string::npos);
  CHECK(chain.nobody.get("/api/public/feed/" + chain.id + "?format=json").text("items.0.url") == url);
  CHECK(chain.nobody.get("/api/public/robots/" + chain.id)
            .body.find("Sitemap: https://galley.example/api/public/sitemap/" + chain.id) != std::string::npos);
  const std::string keyword = published.text("keywordId");
  CHECK(api.get("/api/v1/keywords/" + keyword).text("status") == "published");

  // Every event reached the subscriber, signed with the project's secret.
  wait_until([&] {
    return chain.received("/events", "article.created").size() == 3 &&
           chain.received("/events", "article.generated").size() == 3 &&
           chain.received("/events", "article.updated").size() == 1 &&
           chain.received("/events", "article.published").size() == 1 &&
           chain.received("/events", "job.completed").size() == 1;
  });
  std::set<std::string> messages;
  for (const ReceivedRequest& request : chain.hook.requests()) {
    check_signature(request, chain.secret);
    CHECK(messages.insert(request.header("webhook-id")).second);
    const json::Value body = *json::parse(request.body);
    CHECK(*at_path(body, "id").text() == request.header("webhook-id"));
    CHECK(*at_path(body, "event").text() == request.header("x-icf-event"));
    CHECK(*at_path(body, "projectId").text() == chain.id);
  }
  const json::Value told = *json::parse(chain.received("/events", "article.published").front().body);
  CHECK(*at_path(told, "article.id").text() == article);
  CHECK(*at_path(told, "article.status").text() == "published");
  CHECK(*at_path(told, "article.url").text() == url);

  const std::string deliveries = subscribed.field("Location") + "/deliveries";
  wait_until([&] { return api.get(deliveries + "?status=succeeded").number("pagination.total") == 9; });
  const ApiAnswer delivered = api.get(deliveries + "?event=article.published");
  CHECK(delivered.number("pagination.total") == 1);
  const ApiAnswer delivery = api.get("/api/v1/deliveries/" + delivered.text("data.0.id"));
  CHECK(delivery.number("attempts.0.status") == 200);
  CHECK(delivery.number("attempts.0.number") == 1);
  CHECK(delivery.value("attempts.0.errorClass").is_null());
}

TEST_CASE("chain: generation may publish what it wrote", "[api][icf]") {
  Chain chain;
  const ApiAnswer queued =
      chain.api.post(chain.project + "/articles/generate", R"({"keywords":["moka pot"],"publish":"now"})");
  REQUIRE(queued.status == 202);
  chain.wait_for_job(queued.text("jobId"), "succeeded");
  CHECK(chain.status_of(queued.text("articles.0.id")) == "published");
}

}  // namespace
}  // namespace galley::test
