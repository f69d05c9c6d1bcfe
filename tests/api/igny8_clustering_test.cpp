// Grouping keywords, and what is done with many of them at once.
#include <catch2/catch.hpp>

#include "api/planned_site.hpp"

namespace galley::test {
namespace {

constexpr const char* keywords = "/api/v1/planner/keywords/";
constexpr const char* cluster = "/api/v1/planner/keywords/auto_cluster/";

struct Grouped : PlannedSite {
  using PlannedSite::PlannedSite;
  std::string ids{};

  void fill() {
    for (const char* text : {"moka pot", "moka pot cleaning", "clean moka pot", "green tea", "green tea benefits"})
      ids += (ids.empty() ? "" : ",") + std::to_string(keyword(text));
  }
};

TEST_CASE("igny8: auto_cluster groups the keywords that are named, at once", "[api][igny8]") {
  Grouped f;
  f.fill();
  const json::Value data = f.must(f.api.post(cluster, R"({"ids":[)" + f.ids + "]}"));
  CHECK(names_of(data) == "clusters_created keywords_updated credits_used clusters");
  CHECK(*at_path(data, "clusters_created").integer() == 2);
  CHECK(*at_path(data, "credits_used").integer() == 1);
  CHECK(names_of(at_path(data, "clusters.1")) == "id name keywords");
  CHECK(*at_path(data, "clusters.1.name").text() == "moka pot");
  CHECK(at_path(data, "clusters.1.keywords").array()->size() == 3);
  const std::string id = std::to_string(*at_path(data, "clusters.1.id").integer());
  CHECK(f.api.get(keywords + std::string("?cluster_id=") + id).number("count") == 3);
  CHECK(f.api.get("/api/v1/billing/credits/balance/balance/").number("data.credits") == 99);
}

TEST_CASE("igny8: auto_cluster takes keyword_ids too, and without either all of the site", "[api][igny8]") {
  Grouped f;
  f.fill();
  CHECK(*at_path(f.must(f.api.post(cluster, R"({"keyword_ids":[)" + f.ids + "]}")), "clusters_created").integer() == 2);
  const std::int64_t site = f.api.get(keywords).value("results.0.site_id").integer() != nullptr
                                ? *f.api.get(keywords).value("results.0.site_id").integer()
                                : 0;
  const json::Value again = f.must(f.api.post(cluster, R"({"site_id":)" + std::to_string(site) + "}"));
  CHECK(at_path(again, "clusters").array()->empty());
  CHECK(*at_path(again, "credits_used").integer() == 0);
}

TEST_CASE("igny8: auto_cluster in the background is followed as a task", "[api][igny8]") {
  Grouped f{{.works = true}};
  f.fill();
  const ApiAnswer started = f.api.post(cluster, R"({"async":true})");
  const json::Value data = f.must(started, 202);
  const std::int64_t task = *at_path(data, "task_id").integer();
  CHECK(started.field("Location") == path_of("/api/v1/system/tasks/", task));
  json::Value done;
  wait_until([&] {
    done = f.must(f.api.get(started.field("Location")));
    return *at_path(done, "status").text() == "succeeded";
  });
  CHECK(*at_path(done, "type").text() == "cluster");
  CHECK(*at_path(done, "percent").integer() == 100);
  CHECK(*at_path(done, "clustering.clusters_created").integer() == 2);
  CHECK(*at_path(done, "clustering.credits_used").integer() == 1);
  // Nobody else's.
  ApiClient stranger = f.sign_up("stranger@example.com");
  CHECK(stranger.get(started.field("Location")).status == 404);
}

TEST_CASE("igny8: above 500 keywords auto_cluster goes on in the background by itself", "[api][igny8]") {
  Grouped f;
  std::string csv = "keyword,volume\n";
  for (int i = 0; i < 501; ++i)
    csv += "keyword number " + std::to_string(i) + ",10\n";
  const ApiAnswer imported =
      f.api.post("/api/v1/planner/keywords/import_keywords/", csv, {{"Content-Type", "text/csv"}});
  CHECK(*at_path(f.must(imported), "created").integer() == 501);
  CHECK(f.api.post(cluster, "{}").status == 402);  // 101 credits of the plan's 100
  f.server.set_plan(AccountId(f.server.first().account), Plan::agency);
  std::string ids;
  for (int page = 1; page <= 5; ++page) {
    const json::Value rows =
        f.api.get(keywords + std::string("?page_size=100&page=") + std::to_string(page)).value("results");
    for (const json::Value& row : *rows.array())
      ids += (ids.empty() ? "" : ",") + std::to_string(*row.find("id")->integer());
  }
  const ApiAnswer at_once = f.api.post(cluster, R"({"ids":[)" + ids + "]}");
  CHECK(at_once.status == 200);  // 500 of them
}

TEST_CASE("igny8: what auto_cluster cannot take is refused by name", "[api][igny8]") {
  Grouped f;
  f.fill();
  CHECK(f.errors(f.api.post(cluster, R"({"ids":[99999]})")).find("\"ids\"") != std::string::npos);
  CHECK(f.errors(f.api.post(cluster, R"({"ids":["a"]})")).find("A valid integer is required") != std::string::npos);
  CHECK(f.errors(f.api.post(cluster, R"({"site_id":99999})")).find("site_id") != std::string::npos);
  CHECK(f.nobody.post(cluster, "{}").status == 401);
}

TEST_CASE("igny8: several keywords are changed and deleted together, all or none", "[api][igny8]") {
  Grouped f;
  f.fill();
  const std::int64_t group = f.add("/api/v1/planner/clusters/", R"({"name":"drinks"})");
  const std::string update = "/api/v1/planner/keywords/bulk_update/";
  const json::Value updated = f.must(f.api.post(
      update, R"({"ids":[)" + f.ids + R"(],"status":"archived","cluster_id":)" + std::to_string(group) + "}"));
  CHECK(*at_path(updated, "updated").integer() == 5);
  CHECK(f.api.get(keywords + std::string("?status=archived&cluster_id=") + std::to_string(group)).number("count") == 5);
  f.must(f.api.post(update, R"({"ids":[)" + f.ids + R"(],"cluster_id":0})"));
  CHECK(f.api.get(keywords + std::string("?cluster_id=") + std::to_string(group)).number("count") == 0);
  CHECK(f.api.post(update, R"({"ids":[)" + f.ids + "]}").status == 400);
  CHECK(f.api.post(update, R"({"ids":[],"status":"active"})").status == 400);

  const std::string remove = "/api/v1/planner/keywords/bulk_delete/";
  CHECK(f.api.post(remove, R"({"ids":[)" + f.ids + ",99999]}").status == 400);
  CHECK(f.api.get(keywords).number("count") == 5);
  CHECK(*at_path(f.must(f.api.post(remove, R"({"ids":[)" + f.ids + "]}")), "deleted").integer() == 5);
  CHECK(f.api.get(keywords).number("count") == 0);
}

TEST_CASE("igny8: keywords go out as CSV and come in again", "[api][igny8]") {
  Grouped f;
  f.fill();
  const ApiAnswer csv = f.api.get("/api/v1/planner/keywords/export/");
  CHECK(csv.status == 200);
  CHECK(csv.field("Content-Type").starts_with("text/csv"));
  CHECK(csv.body.find("moka pot cleaning") != std::string::npos);
  ApiClient other = f.sign_up("other@example.com");
  const ApiAnswer imported =
      other.post("/api/v1/planner/keywords/import_keywords/", csv.body + "\"\",1\n", {{"Content-Type", "text/csv"}});
  INFO(imported.body);
  CHECK(imported.number("data.created") == 5);
  CHECK(imported.number("data.rejected.0.row") == 7);
  CHECK(other.get(keywords).number("count") == 5);
  CHECK(other.post("/api/v1/planner/keywords/import_keywords/", "{}").status == 415);
}

}  // namespace
}  // namespace galley::test
