// Ideas of the planner.
#include <catch2/catch.hpp>

#include "api/planned_site.hpp"

namespace galley::test {
namespace {

constexpr const char* ideas = "/api/v1/planner/ideas/";
constexpr const char* generate = "/api/v1/planner/clusters/auto_generate_ideas/";

TEST_CASE("igny8: an idea is made, shown, changed and deleted", "[api][igny8]") {
  PlannedSite f;
  const ApiAnswer made = f.api.post(ideas, R"({"title":" Moka  pots ","keywords":["moka pot"],
      "content_structure":"guide"})");
  const json::Value data = f.must(made, 201);
  CHECK(names_of(data) ==
        "id title description content_type content_structure keywords cluster_id cluster_name status word_count "
        "site_id created_at updated_at");
  const std::string path = path_of(ideas, *at_path(data, "id").integer());
  CHECK(made.field("Location") == path);
  CHECK(*at_path(data, "title").text() == "Moka pots");
  CHECK(*at_path(data, "status").text() == "new");
  CHECK(*at_path(data, "word_count").integer() == 1200);
  CHECK(f.must(f.api.get(path)) == data);
  CHECK(*at_path(f.must(f.api.patch(path, R"({"word_count":900})")), "word_count").integer() == 900);
  const json::Value put = f.must(f.api.send({.method = "PUT", .target = path, .body = R"({"title":"Tea"})"}));
  CHECK(*at_path(put, "title").text() == "Tea");
  CHECK(*at_path(put, "content_structure").text() == "article");
  CHECK(at_path(put, "keywords").array()->empty());
  CHECK(f.api.del(path).status == 204);
  CHECK(f.api.get(path).status == 404);
}

TEST_CASE("igny8: what cannot be an idea is refused by name", "[api][igny8]") {
  PlannedSite f;
  CHECK(f.errors(f.api.post(ideas, "{}")) == R"({"title":["This field is required"]})");
  CHECK(f.errors(f.api.post(ideas, R"({"title":"a","word_count":10})")).find("word_count") != std::string::npos);
  CHECK(f.errors(f.api.post(ideas, R"({"title":"a","content_type":"poem"})")) ==
        R"({"content_type":["\"poem\" is not a valid choice"]})");
  CHECK(f.errors(f.api.post(ideas, R"({"title":"a","cluster_id":99999})")).find("cluster_id") != std::string::npos);
}

TEST_CASE("igny8: lists of ideas are filtered, searched, sorted and paged", "[api][igny8]") {
  PlannedSite f;
  for (const char* title : {"Beta", "Alpha", "Gamma"})
    f.add(ideas, R"({"title":")" + std::string(title) + R"("})");
  CHECK(f.listed(ideas, "title") == "Gamma, Alpha, Beta");
  CHECK(f.listed(ideas + std::string("?ordering=title"), "title") == "Alpha, Beta, Gamma");
  CHECK(f.listed(ideas + std::string("?ordering=-title&page_size=1&page=2"), "title") == "Beta");
  CHECK(f.listed(ideas + std::string("?search=LPH"), "title") == "Alpha");
  CHECK(f.listed(ideas + std::string("?status=queued"), "title").empty());
  CHECK(f.api.get(ideas + std::string("?ordering=colour")).status == 400);
  CHECK(f.api.get(ideas + std::string("?page=9")).status == 404);
}

TEST_CASE("igny8: clusters become ideas, once, and are paid for", "[api][igny8]") {
  PlannedSite f;
  const std::int64_t group = f.add("/api/v1/planner/clusters/", R"({"name":"moka pot"})");
  for (const char* text : {"moka pot", "best moka pot"})
    f.add("/api/v1/planner/keywords/",
          R"({"keyword":")" + std::string(text) + R"(","cluster_id":)" + std::to_string(group) + "}");
  const std::string body = R"({"ids":[)" + std::to_string(group) + "]}";
  const json::Value made = f.must(f.api.post(generate, body));
  CHECK(*at_path(made, "ideas_created").integer() == 2);
  CHECK(*at_path(made, "credits_used").integer() == 2);
  CHECK(*at_path(made, "ideas.0.cluster_name").text() == "moka pot");
  CHECK(f.api.get(ideas + std::string("?cluster_id=") + std::to_string(group)).number("count") == 2);
  // Asked again by name it makes no second ones; and by site there is nothing left to ask for.
  CHECK(*at_path(f.must(f.api.post(generate, body)), "ideas_created").integer() == 0);
  CHECK(*at_path(f.must(f.api.post(generate, "{}")), "credits_used").integer() == 0);
  const std::int64_t empty = f.add("/api/v1/planner/clusters/", R"({"name":"empty"})");
  CHECK(f.api.post(generate, R"({"ids":[)" + std::to_string(empty) + "]}").status == 400);
  CHECK(*at_path(f.must(f.api.post(generate, "{}")), "ideas_created").integer() == 0);
  CHECK(f.api.post(generate, R"({"ids":[99999]})").status == 400);
}

TEST_CASE("igny8: an idea is queued once and becomes a task", "[api][igny8]") {
  PlannedSite f;
  const std::int64_t idea = f.add(ideas, R"({"title":"Moka pots","keywords":["moka pot","moka pot cleaning"],
      "word_count":700,"content_structure":"guide","description":"All about them"})");
  const std::string queue = path_of(ideas, idea) + "queue/";
  const ApiAnswer queued = f.api.post(queue);
  const json::Value task = f.must(queued, 201);
  CHECK(queued.field("Location") == path_of("/api/v1/writer/tasks/", *at_path(task, "id").integer()));
  CHECK(*at_path(task, "idea_id").integer() == idea);
  CHECK(*at_path(task, "primary_keyword").text() == "moka pot");
  CHECK(*at_path(task, "secondary_keywords.0").text() == "moka pot cleaning");
  CHECK(*at_path(task, "word_count").integer() == 700);
  CHECK(*at_path(task, "content_structure").text() == "guide");
  CHECK(*at_path(f.must(f.api.get(path_of(ideas, idea))), "status").text() == "queued");
  CHECK(f.api.post(queue).status == 409);
}

}  // namespace
}  // namespace galley::test
