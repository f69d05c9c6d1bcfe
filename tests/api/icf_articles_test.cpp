// Articles, their revisions, and their generation.
#include <catch2/catch.hpp>

#include "api/site.hpp"

namespace galley::test {
namespace {

TEST_CASE("icf: an article is written in Markdown, and everything else is derived", "[api][icf]") {
  Site fixture;
  const std::string project = fixture.new_project();
  const ApiAnswer made = fixture.api.post(
      project + "/articles",
      R"({"title":"Über Grinder","markdown":"## Burrs\n\nA *grinder* is its burrs.\n\n<script>x</script>","tags":["a"]})");
  REQUIRE(made.status == 201);
  CHECK(made.text("slug") == "uber-grinder");
  CHECK(made.text("status") == "draft");
  CHECK(made.text("html").find("<em>grinder</em>") != std::string::npos);
  CHECK(made.text("html").find("<script") == std::string::npos);
  CHECK(made.text("url") == "https://site.example/uber-grinder");
  CHECK(json::parse(made.text("jsonLd")).has_value());
  CHECK(made.number("wordCount") > 3);
  CHECK(made.number("readingTime") == 1);
  CHECK(text_of(made.value("publications")) == "[]");
  CHECK(text_of(made.value("publishedAt")) == "null");
  const ApiAnswer again = fixture.api.post(project + "/articles", R"({"title":"Über Grinder"})");
  CHECK(again.text("slug") == "uber-grinder-2");
}

TEST_CASE("icf: an article comes in as HTML, or as Markdown with front matter", "[api][icf]") {
  Site fixture;
  const std::string project = fixture.new_project();
  const ApiAnswer html = fixture.api.post(
      project + "/articles",
      R"({"title":"H","html":"<h2>Burrs</h2><p onclick=x>A <b>good</b> one<script>alert(1)</script></p>","status":"ready"})");
  REQUIRE(html.status == 201);
  CHECK(html.text("status") == "ready");
  CHECK(html.text("markdown").find("## Burrs") != std::string::npos);
  CHECK(html.text("markdown").find("alert") == std::string::npos);
  CHECK(html.text("html").find("onclick") == std::string::npos);
  const Fields type{{"Content-Type", "text/markdown"}};
  const ApiAnswer markdown = fixture.api.post(
      project + "/articles", "---\ntitle: From a file\nslug: from-a-file\ntags: [a, b]\n---\n\nThe text.\n", type);
  INFO(markdown.body);
  REQUIRE(markdown.status == 201);
  CHECK(markdown.text("title") == "From a file");
  CHECK(markdown.text("slug") == "from-a-file");
  CHECK(text_of(markdown.value("tags")) == R"(["a","b"])");
  CHECK(markdown.text("markdown").find("title:") == std::string::npos);
}

TEST_CASE("icf: articles are found by status, project, words and time", "[api][icf]") {
  Site fixture;
  const World world = fixture.new_world();
  const World other = fixture.new_world();
  const auto total = [&](const std::string& query) {
    const ApiAnswer given = fixture.api.get("/api/v1/articles" + query);
    INFO(given.body);
    REQUIRE(given.status == 200);
    return given.number("pagination.total");
  };
  const std::string mine = "&project=" + world.project;
  CHECK(total("") == 10);
  CHECK(total("?project=" + world.project) == 5);
  CHECK(total("?projectId=" + world.project) == 5);
  CHECK(total("?status=draft" + mine) == 1);
  CHECK(total("?status=draft,published" + mine) == 2);
  CHECK(total("?status=draft&status=error" + mine) == 2);
  CHECK(total("?q=natively" + mine) == 1);
  CHECK(total("?q=coffee" + mine) == 3);
  CHECK(total("?q=french" + mine) == 1);
  CHECK(total("?q=nowhere" + mine) == 0);
  CHECK(total("?q=%22%27*)(" + mine) == 0);
  CHECK(total("?updatedSince=2020-01-01T00:00:00Z" + mine) == 5);
  CHECK(total("?updatedSince=2099-01-01T00:00:00Z" + mine) == 0);
  const ApiAnswer bare = fixture.api.get("/api/v1/articles?status=draft" + mine);
  CHECK(bare.body.find("\"markdown\"") == std::string::npos);
  CHECK(bare.body.find("\"html\"") == std::string::npos);
  const ApiAnswer full = fixture.api.get("/api/v1/articles?include=body&status=draft" + mine);
  CHECK(full.text("data.0.markdown") == "Some words on coffee.");
  CHECK(full.text("data.0.html").find("<p>") != std::string::npos);
}

TEST_CASE("icf: every change of an article's text is a revision", "[api][icf]") {
  Site fixture;
  const ApiAnswer made = fixture.api.post(fixture.new_project() + "/articles", R"({"title":"A","markdown":"first"})");
  const std::string article = made.field("Location");
  REQUIRE(fixture.api.patch(article, R"({"markdown":"second"})").status == 200);
  REQUIRE(fixture.api.patch(article, R"({"tags":["no revision"]})").status == 200);
  REQUIRE(fixture.api.patch(article, R"({"title":"B"})").status == 200);
  const ApiAnswer revisions = fixture.api.get(article + "/revisions");
  CHECK(revisions.number("pagination.total") == 3);
  CHECK(fixture.api.get(article + "/revisions/1").text("markdown") == "first");
  CHECK(fixture.api.get(article + "/revisions/2").text("title") == "A");
  CHECK(fixture.api.get(article + "/revisions/3").text("title") == "B");
  CHECK(fixture.api.get(article + "/revisions/3").text("madeBy").starts_with("key key_"));
  const ApiAnswer none = fixture.api.get(article + "/revisions/4");
  CHECK(none.status == 404);
  CHECK(none.text("error.message") == "The requested revision could not be found.");
  CHECK(fixture.api.get(article + "/revisions/0").text("error.message") ==
        "The requested revision could not be found.");
}

TEST_CASE("icf: a draft is approved and taken back", "[api][icf]") {
  Site fixture;
  const std::string article =
      fixture.api.post(fixture.new_project() + "/articles", R"({"title":"A"})").field("Location");
  CHECK(fixture.api.patch(article, R"({"status":"ready"})").text("status") == "ready");
  CHECK(fixture.api.patch(article, R"({"status":"ready"})").text("status") == "ready");
  CHECK(fixture.api.patch(article, R"({"status":"draft"})").text("status") == "draft");
}

TEST_CASE("icf: generation is queued with its articles, and says what it skipped", "[api][icf]") {
  Site fixture;
  const std::string project = fixture.new_project();
  const std::string generate = project + "/articles/generate";
  CHECK(fixture.api.post(generate).status == 409);
  const ApiAnswer one = fixture.api.post(generate, R"({"keywords":["moka pot","Moka Pot","siphon"]})");
  REQUIRE(one.status == 202);
  CHECK(names_of(one.json()) == "jobId status articles skipped");
  CHECK(one.field("Location") == "/api/v1/jobs/" + one.text("jobId"));
  CHECK(one.text("status") == "queued");
  CHECK(one.value("articles").array()->size() == 2);
  CHECK(names_of(one.value("articles.0")) == "id keywordId keyword status");
  CHECK(one.text("articles.0.status") == "queued");
  const ApiAnswer job = fixture.api.get(one.field("Location"));
  CHECK(job.text("status") == "queued");
  CHECK(text_of(job.value("progress")) == R"({"total":2,"done":0,"failed":0})");
  CHECK(names_of(job.value("articles.0")) == "id status error");
  const ApiAnswer two = fixture.api.post(generate, R"({"keywords":["moka pot","aeropress"]})");
  CHECK(two.value("articles").array()->size() == 1);
  CHECK(two.text("skipped.0.keyword") == "moka pot");
  CHECK(fixture.api.post(generate, R"({"keywords":["moka pot"]})").status == 409);
  const ApiAnswer three =
      fixture.api.post(generate, R"({"matrix":{"patterns":["best {a}"],"dimensions":{"a":["cup","pot"]}}})");
  CHECK(three.value("articles").array()->size() == 2);
  // The highest priority first, then the volume.
  const Fields csv{{"Content-Type", "text/csv"}};
  REQUIRE(
      fixture.api.post(project + "/keywords", "keyword,volume,priority\nlow,900,low\nsmall,10,high\nbig,20,high\n", csv)
          .status == 200);
  const ApiAnswer four = fixture.api.post(generate, R"({"limit":2})");
  CHECK(four.text("articles.0.keyword") == "big");
  CHECK(four.text("articles.1.keyword") == "small");
  const ApiAnswer five = fixture.api.post(generate, R"({"filter":{"priority":"low","limit":5}})");
  CHECK(five.value("articles").array()->size() == 1);
}

TEST_CASE("icf: a cancelled generation gives its quota and its keywords back", "[api][icf]") {
  Site fixture;
  const std::string project = fixture.new_project();
  const ApiAnswer queued = fixture.api.post(project + "/articles/generate", R"({"keywords":["a","b"]})");
  const auto used = [&] { return fixture.api.get("/api/v1/account").number("quota.articles.used"); };
  CHECK(used() == 2);
  const ApiAnswer cancelled = fixture.api.post("/api/v1/jobs/" + queued.text("jobId") + "/cancel");
  REQUIRE(cancelled.status == 200);
  CHECK(cancelled.text("status") == "cancelled");
  CHECK(cancelled.text("articles.0.status") == "cancelled");
  CHECK(used() == 0);
  CHECK(fixture.api.get(project + "/keywords?status=notGenerated").number("pagination.total") == 2);
  const ApiAnswer article = fixture.api.get("/api/v1/articles/" + queued.text("articles.0.id"));
  CHECK(article.text("status") == "error");
  CHECK(article.text("error.code") == "CANCELLED");
  CHECK(article.text("stage") == "generation");
  // From error to the stage that failed.
  CHECK(fixture.api.post("/api/v1/articles/" + queued.text("articles.0.id") + "/retry").status == 202);
  CHECK(fixture.api.get("/api/v1/articles/" + queued.text("articles.0.id")).text("status") == "queued");
}

}  // namespace
}  // namespace galley::test
