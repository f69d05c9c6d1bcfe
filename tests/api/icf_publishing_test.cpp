// Publishing: natively, through connections, later, and taken back.
#include <atomic>
#include <catch2/catch.hpp>

#include "api/chain.hpp"

namespace galley::test {
namespace {

TEST_CASE("chain: an article goes through a webhook connection, and the answer names the remote post", "[api][icf]") {
  Chain chain;
  const std::string connection = chain.connect("/cms");
  CHECK(chain.received("/cms", "webhook.test").size() == 1);
  const std::string article = chain.new_article("Through a connection");
  const ApiAnswer published = chain.api.post("/api/v1/articles/" + article + "/publish");
  INFO(published.body);
  REQUIRE(published.status == 200);
  CHECK(published.text("status") == "published");
  CHECK(published.text("publications.0.connectionId") == connection);
  CHECK(published.text("publications.0.externalId") == "77");
  CHECK(published.text("publications.0.externalUrl") == "https://cms.example/p/77");
  CHECK(published.text("url") == "https://cms.example/p/77");
  CHECK(chain.nobody.get("/api/public/sitemap/" + chain.id).body.find("https://cms.example/p/77") != std::string::npos);
  REQUIRE(chain.received("/cms", "article.published").size() == 1);
  const ReceivedRequest sent = chain.received("/cms", "article.published").front();
  check_signature(sent, chain.secret);
  CHECK(*at_path(*json::parse(sent.body), "article.content").text() == "<p>Text &amp; more.</p>\n");

  // Again: the same remote post, which is told what it is.
  const ApiAnswer again = chain.api.post("/api/v1/articles/" + article + "/publish");
  REQUIRE(again.status == 200);
  CHECK(again.value("publications").array()->size() == 1);
  CHECK(again.text("publications.0.externalId") == "77");
  const ApiAnswer hub = chain.api.get("/api/v1/publications?status=live&connection=" + connection);
  CHECK(hub.number("pagination.total") == 1);
  CHECK(hub.text("data.0.articleId") == article);

  const ApiAnswer taken_down = chain.api.post("/api/v1/articles/" + article + "/unpublish");
  INFO(taken_down.body);
  REQUIRE(taken_down.status == 200);
  CHECK(taken_down.text("status") == "ready");
  CHECK(chain.received("/cms", "article.unpublished").size() == 1);
  CHECK(chain.nobody.get("/api/public/sitemap/" + chain.id).body.find("<url>") == std::string::npos);
}

TEST_CASE("chain: whoever prefers not to wait gets the job", "[api][icf]") {
  Chain chain;
  chain.connect("/cms");
  const std::string article = chain.new_article("Later");
  const ApiAnswer queued =
      chain.api.post("/api/v1/articles/" + article + "/publish", "", {{"Prefer", "respond-async"}});
  REQUIRE(queued.status == 202);
  CHECK(queued.field("Location") == "/api/v1/jobs/" + queued.text("jobId"));
  chain.wait_for_job(queued.text("jobId"), "succeeded");
  CHECK(chain.status_of(article) == "published");
}

TEST_CASE("chain: a remote draft leaves the article ready and out of the sitemap", "[api][icf]") {
  Chain chain;
  const std::string article = chain.new_article("A remote draft");
  // There is no CMS yet that could hold a draft.
  CHECK(chain.api.post("/api/v1/articles/" + article + "/publish", R"({"status":"draft"})").status == 400);
  chain.connect("/cms");
  const ApiAnswer drafted = chain.api.post("/api/v1/articles/" + article + "/publish", R"({"status":"draft"})");
  INFO(drafted.body);
  REQUIRE(drafted.status == 200);
  CHECK(drafted.text("status") == "ready");
  CHECK(drafted.text("publications.0.status") == "draft");
  CHECK(chain.nobody.get("/api/public/sitemap/" + chain.id).body.find("<url>") == std::string::npos);
}

TEST_CASE("chain: a CMS that refuses answers 422, and the article can be tried again", "[api][icf]") {
  std::atomic<int> status = 400;
  LoopbackServer cms([&](const ReceivedRequest&) { return answer(status, "the CMS's words"); });
  Chain chain;
  const ApiAnswer made =
      chain.api.post(chain.project + "/connections?test=false",
                     R"({"name":"CMS","type":"webhook","settings":{"url":")" + cms.url("/cms") + R"("}})");
  REQUIRE(made.status == 201);
  const std::string article = chain.new_article("Refused");
  const std::string path = "/api/v1/articles/" + article;
  const ApiAnswer refused = chain.api.post(path + "/publish");
  INFO(refused.body);
  CHECK(refused.status == 422);
  CHECK(refused.error_code() == "CONNECTION_REJECTED");
  CHECK(refused.text("error.details.connectionId") == made.text("id"));
  CHECK_FALSE(refused.value("error.details.reason").is_null());
  const ApiAnswer failed = chain.api.get(path);
  CHECK(failed.text("status") == "error");
  CHECK(failed.text("stage") == "publication");
  CHECK_FALSE(failed.value("error.message").is_null());
  status = 200;
  const ApiAnswer retried = chain.api.post(path + "/retry");
  REQUIRE(retried.status == 202);
  chain.wait_for_job(retried.text("jobId"), "succeeded");
  CHECK(chain.status_of(article) == "published");
}

TEST_CASE("chain: of several connections one must be chosen, by name or as the default", "[api][icf]") {
  Chain chain;
  const std::string one = chain.connect("/cms");
  const std::string two = chain.connect("/other");
  const std::string article = chain.new_article("Where to");
  const ApiAnswer asked = chain.api.post("/api/v1/articles/" + article + "/publish");
  CHECK(asked.status == 409);
  CHECK(asked.body.find(one) != std::string::npos);
  CHECK(asked.body.find(two) != std::string::npos);
  CHECK(chain.status_of(article) == "ready");
  const ApiAnswer named =
      chain.api.post("/api/v1/articles/" + article + "/publish", R"({"connectionId":")" + two + R"("})");
  REQUIRE(named.status == 200);
  CHECK(named.text("publications.0.connectionId") == two);
  REQUIRE(chain.api.patch(chain.project, R"({"defaultConnectionId":")" + one + R"("})").status == 200);
  const std::string other = chain.new_article("The default");
  CHECK(chain.api.post("/api/v1/articles/" + other + "/publish").text("publications.0.connectionId") == one);
}

TEST_CASE("chain: a project with neither a connection nor a domain publishes nowhere", "[api][icf]") {
  Chain chain;
  REQUIRE(chain.api.patch(chain.project, R"({"targetDomain":null})").status == 200);
  const std::string article = chain.new_article("Nowhere");
  CHECK(chain.api.post("/api/v1/articles/" + article + "/publish").status == 409);
  CHECK(chain.status_of(article) == "ready");
}

TEST_CASE("chain: many articles are published as one job", "[api][icf]") {
  Chain chain;
  const std::string one = chain.new_article("One");
  const std::string two = chain.new_article("Two");
  const auto bulk = [&](const std::string& ids) {
    return chain.api.post("/api/v1/articles/publish", R"({"articleIds":[)" + ids + "]}");
  };
  CHECK(bulk("").status == 400);
  const ApiAnswer queued = bulk('"' + one + "\",\"" + two + '"');
  REQUIRE(queued.status == 202);
  chain.wait_for_job(queued.text("jobId"), "succeeded");
  CHECK(chain.status_of(one) == "published");
  CHECK(chain.status_of(two) == "published");
  CHECK(chain.api.get(queued.field("Location")).number("progress.done") == 2);
}

TEST_CASE("chain: what changes shows on the sitemap's very next request", "[api][icf]") {
  Chain chain;
  const std::string sitemap = "/api/public/sitemap/" + chain.id;
  const std::string article = chain.new_article("First & last");
  const std::string path = "/api/v1/articles/" + article;
  CHECK(chain.nobody.get(sitemap).body.find("<url>") == std::string::npos);
  REQUIRE(chain.api.post(path + "/publish").status == 200);
  const ApiAnswer shown = chain.nobody.get(sitemap);
  CHECK(shown.body.find("<loc>https://espresso.example/blog/first-and-last</loc>") != std::string::npos);
  REQUIRE(chain.api.patch(path, R"({"slug":"another"})").status == 200);
  const ApiAnswer moved = chain.nobody.get(sitemap, {{"If-None-Match", shown.field("ETag")}});
  CHECK(moved.status == 200);
  CHECK(moved.body.find("/blog/another</loc>") != std::string::npos);
  CHECK(moved.body.find("/blog/first-and-last</loc>") == std::string::npos);
  REQUIRE(chain.api.patch(chain.project, R"({"permalink":"/p/{slug}"})").status == 200);
  CHECK(chain.nobody.get(sitemap).body.find("espresso.example/p/another</loc>") != std::string::npos);
  REQUIRE(chain.api.post(path + "/unpublish").status == 200);
  CHECK(chain.nobody.get(sitemap).body.find("<url>") == std::string::npos);
  REQUIRE(chain.api.post(path + "/publish").status == 200);
  CHECK(chain.nobody.get(sitemap).body.find("<url>") != std::string::npos);
  REQUIRE(chain.api.del(path).status == 204);
  CHECK(chain.nobody.get(sitemap).body.find("<url>") == std::string::npos);
}

TEST_CASE("chain: a schedule is kept, and taken back with its job", "[api][icf]") {
  Chain chain;
  const std::string article = chain.new_article("Scheduled");
  const std::string path = "/api/v1/articles/" + article;
  const std::string later = R"({"scheduledFor":"2029-01-01T00:00:00Z"})";
  const ApiAnswer scheduled = chain.api.post(path + "/schedule", later);
  REQUIRE(scheduled.status == 200);
  CHECK(scheduled.text("status") == "scheduled");
  CHECK(scheduled.text("scheduledFor") == "2029-01-01T00:00:00.000Z");
  CHECK(chain.api.post(path + "/unschedule").text("status") == "ready");
  CHECK(chain.api.get(path).value("scheduledFor").is_null());
  CHECK(chain.api.get("/api/v1/jobs?project=" + chain.id).text("data.0.status") != "queued");
  REQUIRE(chain.api.post(path + "/publish", later).status == 200);
  CHECK(chain.status_of(article) == "scheduled");
  const std::string job = chain.api.get("/api/v1/jobs").text("data.0.id");
  const ApiAnswer cancelled = chain.api.post("/api/v1/jobs/" + job + "/cancel");
  CHECK(cancelled.text("status") == "cancelled");
  CHECK(chain.status_of(article) == "ready");
  CHECK(chain.api.get(path).value("scheduledFor").is_null());
  CHECK(chain.api.post("/api/v1/jobs/" + job + "/cancel").status == 409);
  EventStream stream(chain.server, chain.api, "/api/v1/jobs/" + job + "/events");
  CHECK(stream.read_all().back().name == "finished");
}

}  // namespace
}  // namespace galley::test
