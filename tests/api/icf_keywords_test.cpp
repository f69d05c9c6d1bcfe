// The keyword matrix.
#include <catch2/catch.hpp>

#include "api/site.hpp"

namespace galley::test {
namespace {

TEST_CASE("icf: one keyword answers 201, many answer what became of each", "[api][icf]") {
  Site fixture;
  const std::string keywords = fixture.new_project() + "/keywords";
  const ApiAnswer one = fixture.api.post(
      keywords, R"({"keyword":"Moka  Pot","volume":12000,"difficulty":30,"intent":"commercial","priority":"high"})");
  REQUIRE(one.status == 201);
  CHECK(one.text("keyword") == "Moka Pot");
  CHECK(one.text("status") == "notGenerated");
  const ApiAnswer many = fixture.api.post(
      keywords,
      R"({"keywords":["siphon",{"keyword":"moka pot","volume":13000},{"keyword":""},"SIPHON",{"keyword":"a","volume":-1},7]})");
  REQUIRE(many.status == 200);
  CHECK(names_of(many.json()) == "created updated skipped rejected");
  CHECK(many.number("created") == 1);
  CHECK(many.number("rejected.0.row") == 3);
  CHECK(many.number("rejected.1.row") == 5);
  CHECK(many.number("rejected.2.row") == 6);
  CHECK(many.value("rejected").array()->size() == 3);
  CHECK(fixture.api.get(one.field("Location")).number("volume") == 13000);
  const ApiAnswer skipped =
      fixture.api.post(keywords, R"({"keywords":[{"keyword":"moka pot","volume":1}],"onDuplicate":"skip"})");
  CHECK(skipped.number("skipped") == 1);
  CHECK(skipped.number("updated") == 0);
  CHECK(fixture.api.get(one.field("Location")).number("volume") == 13000);
  CHECK(fixture.api.post(keywords + "?onDuplicate=skip", R"({"keywords":[{"keyword":"moka pot","volume":1}]})")
            .number("skipped") == 1);
}

TEST_CASE("icf: ten thousand keywords come in at once, and one more is too many", "[api][icf]") {
  Site fixture;
  const std::string keywords = fixture.new_project() + "/keywords";
  std::string list = R"({"keywords":["word 0")";
  for (int i = 1; i < 10'000; ++i)
    list += ",\"word " + std::to_string(i) + '"';
  const ApiAnswer taken = fixture.api.post(keywords, list + "]}");
  REQUIRE(taken.status == 200);
  CHECK(taken.number("created") == 10'000);
  const ApiAnswer refused = fixture.api.post(keywords, list + R"(,"one more"]})");
  CHECK(refused.status == 400);
  CHECK(refused.value("error.details.fields.keywords").array() != nullptr);
  const ApiAnswer page = fixture.api.get(keywords + "?limit=1");
  CHECK(page.number("pagination.total") == 10'000);
  CHECK(page.body.find("totalIsExact") == std::string::npos);
  REQUIRE(fixture.api.post(keywords, R"({"keyword":"beyond"})").status == 201);
  const ApiAnswer beyond = fixture.api.get(keywords + "?limit=1");
  CHECK(beyond.number("pagination.total") == 10'000);
  CHECK(text_of(beyond.value("pagination.totalIsExact")) == "false");
}

TEST_CASE("icf: CSV comes in with a header row and goes out as it came", "[api][icf]") {
  Site fixture;
  const std::string project = fixture.new_project();
  const std::string csv =
      "keyword,volume,difficulty,intent,priority,cluster\r\n"
      "\"grinder, burr\",5400,38,commercial,high,grinders\r\n"
      "\"the \"\"best\"\" cup\",,,,medium,\r\n";
  const Fields type{{"Content-Type", "text/csv; charset=utf-8"}};
  const ApiAnswer taken = fixture.api.post(project + "/keywords", csv + "bad,minus one,,,,\r\n", type);
  REQUIRE(taken.status == 200);
  CHECK(taken.number("created") == 2);
  CHECK(taken.number("rejected.0.row") == 4);
  const ApiAnswer given = fixture.api.get(project + "/keywords.csv");
  CHECK(given.status == 200);
  CHECK(given.field("Content-Type").starts_with("text/csv"));
  CHECK(given.field("X-RateLimit-Limit") == "1000000");
  const std::string other = fixture.new_project(R"({"name":"Copy"})");
  const ApiAnswer copied = fixture.api.post(other + "/keywords", given.body, type);
  INFO(given.body);
  CHECK(copied.number("created") == 2);
  CHECK(copied.value("rejected").array()->empty());
  CHECK(fixture.api.get(other + "/keywords.csv").body == given.body);
  const ApiAnswer headless = fixture.api.post(project + "/keywords", "volume,difficulty\r\n1,2\r\n", type);
  CHECK(headless.status == 400);
  CHECK(headless.error_code() == "VALIDATION_FAILED");
}

TEST_CASE("icf: an expansion is the cross product, and a dry run only counts", "[api][icf]") {
  Site fixture;
  const std::string project = fixture.new_project();
  const std::string body =
      R"({"patterns":["best {product} for {audience}"],"dimensions":{"product":["grinder","kettle"],"audience":["offices","travel"]})";
  const ApiAnswer dry = fixture.api.post(project + "/keywords/expand", body + R"(,"dryRun":true})");
  REQUIRE(dry.status == 200);
  CHECK(dry.number("total") == 4);
  CHECK(dry.number("created") == 4);
  CHECK(json::to_text(dry.value("dryRun")) == "true");
  CHECK(fixture.api.get(project + "/keywords").number("pagination.total") == 0);
  const ApiAnswer wet = fixture.api.post(project + "/keywords/expand", body + "}");
  CHECK(wet.number("created") == 4);
  CHECK(wet.value("sample").array()->size() == 4);
  CHECK(fixture.api.post(project + "/keywords/expand", body + "}").number("known") == 4);
  CHECK(fixture.api.get(project + "/keywords?q=kettle").number("pagination.total") == 2);
}

TEST_CASE("icf: keywords are filtered by status, priority, intent and cluster", "[api][icf]") {
  Site fixture;
  const std::string project = fixture.new_project();
  const std::string keywords = project + "/keywords";
  const ApiAnswer first =
      fixture.api.post(keywords, R"({"keyword":"a","priority":"high","intent":"commercial","cluster":"one"})");
  REQUIRE(fixture.api.post(keywords, R"({"keyword":"b","priority":"low","cluster":"two"})").status == 201);
  REQUIRE(
      fixture.api.post(project + "/articles/generate", R"({"keywordIds":[")" + first.text("id") + R"("]})").status ==
      202);
  const auto total = [&](const std::string& query) {
    return fixture.api.get(keywords + query).number("pagination.total");
  };
  CHECK(total("?status=queued") == 1);
  CHECK(total("?status=notGenerated") == 1);
  CHECK(total("?status=queued,notGenerated") == 2);
  CHECK(total("?status=published") == 0);
  CHECK(total("?priority=high") == 1);
  CHECK(total("?intent=commercial") == 1);
  CHECK(total("?clusterId=" + first.text("clusterId")) == 1);
  CHECK(total("?priority=low&status=queued") == 0);
}

TEST_CASE("icf: keywords are put into clusters at once, paid for, and each is told of", "[api][icf]") {
  Site fixture;
  const std::string project = fixture.new_project();
  const std::string keywords = project + "/keywords";
  REQUIRE(fixture.api
              .post(project + "/webhooks", R"({"url":")" + fixture.hook.url() + R"(","events":["keyword.clustered"]})")
              .status == 201);
  REQUIRE(fixture.api
              .post(keywords, R"({"keywords":[{"keyword":"moka pot","volume":900},{"keyword":"clean moka pot"},)"
                              R"({"keyword":"green tea"},{"keyword":"green tea benefits"},"tax return"]})")
              .number("created") == 5);
  const ApiAnswer grouped = fixture.api.post(keywords + "/cluster");
  REQUIRE(grouped.status == 200);
  CHECK(names_of(grouped.json()) == "clustersCreated keywordsUpdated creditsUsed clusters");
  CHECK(grouped.number("clustersCreated") == 2);
  CHECK(grouped.number("creditsUsed") == 1);
  CHECK(names_of(grouped.value("clusters.0")) == "id name keywords");
  CHECK(grouped.text("clusters.0.name") == "moka pot");
  CHECK(fixture.api.get(keywords + "?clusterId=" + grouped.text("clusters.0.id")).number("pagination.total") == 2);
  const std::string webhook = fixture.api.get(project + "/webhooks").text("data.0.id");
  const ApiAnswer told = fixture.api.get("/api/v1/webhooks/" + webhook + "/deliveries");
  CHECK(told.number("pagination.total") == 4);
  CHECK(told.text("data.0.event") == "keyword.clustered");
}

TEST_CASE("icf: clustering takes keywords of the project alone, and goes on later where it is asked to", "[api][icf]") {
  Site fixture;
  const std::string project = fixture.new_project();
  const std::string keywords = project + "/keywords";
  const std::string of_another =
      fixture.api.post(fixture.new_project() + "/keywords", R"({"keyword":"tea"})").text("id");
  const std::string own = fixture.api.post(keywords, R"({"keyword":"tea"})").text("id");
  CHECK(fixture.api.post(keywords + "/cluster", R"({"keywordIds":[")" + of_another + R"("]})").status == 404);
  CHECK(fixture.api.post(keywords + "/cluster", R"({"keywordIds":["proj_1"]})").status == 400);
  // Twice the same is once.
  const ApiAnswer later = fixture.api.post(
      keywords + "/cluster", R"({"keywordIds":[")" + own + R"(",")" + own + R"("]})", {{"Prefer", "respond-async"}});
  REQUIRE(later.status == 202);
  const ApiAnswer job = fixture.api.get(later.field("Location"));
  CHECK(job.text("kind") == "cluster");
  CHECK(job.value("articles").array()->empty());
}

}  // namespace
}  // namespace galley::test
