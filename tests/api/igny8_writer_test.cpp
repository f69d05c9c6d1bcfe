// Tasks and content of the writer: content is the articles of the publishing API.
#include <catch2/catch.hpp>

#include "api/planned_site.hpp"

namespace galley::test {
namespace {

constexpr const char* tasks = "/api/v1/writer/tasks/";
constexpr const char* contents = "/api/v1/writer/content/";
constexpr const char* generate = "/api/v1/writer/tasks/auto_generate_content/";

struct Written : PlannedSite {
  using PlannedSite::PlannedSite;

  // Where the site is: content can be published natively then.
  void give_domain() {
    const std::string id = api.get("/api/v1/projects").text("data.0.id");
    REQUIRE(api.patch("/api/v1/projects/" + id, R"({"targetDomain":"https://site.example"})").status == 200);
  }
  std::string put(const std::string& path, const std::string& body, int status = 200) {
    const ApiAnswer answer = api.send({.method = "PUT", .target = path, .body = body});
    INFO(answer.body);
    CHECK(answer.status == status);
    return status == 200 ? answer.text("data.status") : "";
  }
};

TEST_CASE("igny8: a task is made, shown, changed and deleted", "[api][igny8]") {
  PlannedSite f;
  const ApiAnswer made = f.api.post(tasks, R"({"title":"Clean a moka pot","primary_keyword":"clean moka pot",
      "tags":["kitchen"],"word_count":600})");
  const json::Value data = f.must(made, 201);
  CHECK(names_of(data) ==
        "id title description keywords cluster_id idea_id content_type content_structure status word_count "
        "primary_keyword secondary_keywords tags categories site_id content_id created_at updated_at");
  const std::string path = path_of(tasks, *at_path(data, "id").integer());
  CHECK(made.field("Location") == path);
  CHECK(*at_path(data, "status").text() == "queued");
  CHECK(at_path(data, "content_id").is_null());
  CHECK(f.must(f.api.get(path)) == data);
  const json::Value patched = f.must(f.api.patch(path, R"({"status":"completed","tags":["a","b"]})"));
  CHECK(*at_path(patched, "status").text() == "completed");
  CHECK(at_path(patched, "tags").array()->size() == 2);
  CHECK(*at_path(patched, "primary_keyword").text() == "clean moka pot");
  const json::Value put = f.must(f.api.send({.method = "PUT", .target = path, .body = R"({"title":"Tea"})"}));
  CHECK(at_path(put, "tags").array()->empty());
  CHECK(*at_path(put, "word_count").integer() == 1200);
  CHECK(f.api.del(path).status == 204);
  CHECK(f.api.get(path).status == 404);
}

TEST_CASE("igny8: what cannot be a task is refused by name, and lists are filtered", "[api][igny8]") {
  PlannedSite f;
  CHECK(f.errors(f.api.post(tasks, "{}")) == R"({"title":["This field is required"]})");
  CHECK(f.errors(f.api.post(tasks, R"({"title":"a","idea_id":99999})")).find("idea_id") != std::string::npos);
  CHECK(f.errors(f.api.post(tasks, R"({"title":"a","status":"done"})")) ==
        R"({"status":["\"done\" is not a valid choice"]})");
  f.add(tasks, R"({"title":"Beta","content_type":"page"})");
  f.add(tasks, R"({"title":"Alpha","status":"failed"})");
  CHECK(f.listed(tasks + std::string("?ordering=title"), "title") == "Alpha, Beta");
  CHECK(f.listed(tasks + std::string("?status=failed"), "title") == "Alpha");
  CHECK(f.listed(tasks + std::string("?content_type=page"), "title") == "Beta");
  CHECK(f.listed(tasks + std::string("?search=bet"), "title") == "Beta");
}

TEST_CASE("igny8: content of tasks is written in the background", "[api][igny8]") {
  Written f{{.works = true}};
  const std::int64_t one = f.add(tasks, R"({"title":"How to clean a moka pot","primary_keyword":"clean moka pot",
      "tags":["kitchen"],"categories":["How to"],"word_count":500})");
  const std::int64_t two = f.add(tasks, R"({"title":"Green tea"})");
  const std::string ids = R"({"ids":[)" + std::to_string(one) + "," + std::to_string(two) + "]}";
  const ApiAnswer started = f.api.post(generate, ids);
  const json::Value data = f.must(started, 202);
  CHECK(started.field("Location") == path_of("/api/v1/system/tasks/", *at_path(data, "task_id").integer()));
  CHECK(at_path(data, "queued").array()->size() == 2);
  CHECK(at_path(data, "skipped").array()->empty());
  json::Value done;
  wait_until([&] {
    done = f.must(f.api.get(started.field("Location")));
    return *at_path(done, "status").text() == "succeeded";
  });
  CHECK(at_path(done, "content_ids").array()->size() == 2);
  const json::Value task = f.must(f.api.get(path_of(tasks, one)));
  CHECK(*at_path(task, "status").text() == "completed");
  const json::Value content = f.must(f.api.get(path_of(contents, *at_path(task, "content_id").integer())));
  CHECK(*at_path(content, "title").text() == "How to clean a moka pot");
  CHECK(*at_path(content, "slug").text() == "how-to-clean-a-moka-pot");
  CHECK(*at_path(content, "primary_keyword").text() == "clean moka pot");
  CHECK(*at_path(content, "tags.0").text() == "kitchen");
  CHECK(*at_path(content, "task_id").integer() == one);
  CHECK(*at_path(content, "status").text() == "draft");  // an outline is for a person to fill
  CHECK(at_path(content, "content").text()->size() > 200);
  // The keyword is in the matrix now, and in both dialects.
  CHECK(f.listed("/api/v1/planner/keywords/?search=clean", "keyword") == "clean moka pot");
  CHECK(f.api.get("/api/v1/articles?q=moka").text("data.0.keyword") == "clean moka pot");
  // What was written is not written again.
  const ApiAnswer again = f.api.post(generate, ids);
  CHECK(again.status == 409);
  CHECK(f.api.get("/api/v1/billing/credits/balance/balance/").number("data.credits_used_this_month") == 10);
}

TEST_CASE("igny8: content that cannot be generated is told, and nothing is charged", "[api][igny8]") {
  Written f;
  CHECK(f.api.post(generate, R"({"ids":[]})").status == 400);
  CHECK(f.api.post(generate, R"({"ids":[99999]})").status == 400);
  CHECK(f.errors(f.api.post(generate, "{}")) == R"({"ids":["This field is required"]})");
  std::string ids;
  for (int i = 0; i < 11; ++i)
    ids += (i == 0 ? "" : ",") + std::to_string(f.add(tasks, R"({"title":"Task )" + std::to_string(i) + R"("})"));
  const ApiAnswer refused = f.api.post(generate, R"({"ids":[)" + ids + "]}");
  CHECK(refused.status == 402);
  CHECK(refused.text("error") == "Insufficient credits");
  CHECK(f.api.get("/api/v1/planner/keywords/").number("count") == 0);
  CHECK(f.api.get("/api/v1/billing/credits/balance/balance/").number("data.credits") == 100);
}

TEST_CASE("igny8: content is an article of the publishing API, whichever way it is made", "[api][igny8]") {
  Written f;
  const ApiAnswer made = f.api.post(contents, R"({"title":"Moka","content":"# Hello\n\nSome *text*.","tags":["a"]})");
  const json::Value data = f.must(made, 201);
  CHECK(*at_path(data, "status").text() == "draft");
  CHECK(at_path(data, "content_html").text()->find("<em>text</em>") != std::string::npos);
  const std::string path = path_of(contents, *at_path(data, "id").integer());
  CHECK(made.field("Location") == path);
  const std::string id = f.api.get("/api/v1/articles").text("data.0.id");
  CHECK(f.api.get("/api/v1/articles/" + id).text("title") == "Moka");
  // Made there, it is here.
  f.must(f.api.patch(path, R"({"content_html":"<p>Other <b>words</b></p>"})"));
  CHECK(f.api.get("/api/v1/articles/" + id).text("markdown") == "Other **words**\n");
  REQUIRE(f.api.patch("/api/v1/articles/" + id, R"({"title":"Pots","canonicalUrl":"https://a.example/x"})").status ==
          200);
  CHECK(*at_path(f.must(f.api.get(path)), "title").text() == "Pots");
  // What this dialect does not show stays.
  f.must(f.api.send({.method = "PUT", .target = path, .body = R"({"title":"Pans","content":"x"})"}));
  CHECK(f.api.get("/api/v1/articles/" + id).text("canonicalUrl") == "https://a.example/x");
  CHECK(f.api.get("/api/v1/articles/" + id).text("slug") == "moka");
  CHECK(f.api.patch(path, R"({"content":"a","content_html":"b"})").status == 400);
  CHECK(f.api.del(path).status == 204);
  CHECK(f.api.get("/api/v1/articles/" + id).status == 404);
}

TEST_CASE("igny8: content goes from draft over review and approval to its readers", "[api][igny8]") {
  Written f;
  f.give_domain();
  const std::string path = path_of(contents, f.add(contents, R"({"title":"Moka","content":"Text."})"));
  CHECK(f.put(path, R"({"title":"Moka","content":"Text.","status":"review"})") == "review");
  CHECK(f.listed(contents + std::string("?status=review"), "title") == "Moka");
  CHECK(f.put(path, R"({"title":"Moka","content":"Text.","status":"approved"})") == "approved");
  CHECK(f.listed(contents + std::string("?status=approved"), "title") == "Moka");
  CHECK(f.listed(contents + std::string("?status=review"), "title").empty());
  CHECK(f.put(path, R"({"title":"Moka","content":"Text.","status":"draft"})") == "draft");
  CHECK(f.put(path, R"({"title":"Moka pots","content":"Text.","status":"published"})") == "published");
  const json::Value shown = f.must(f.api.get(path));
  CHECK(*at_path(shown, "title").text() == "Moka pots");
  CHECK(at_path(shown, "url").text()->starts_with("https://site.example/"));
  CHECK(f.listed(contents + std::string("?status=published"), "title") == "Moka pots");
  // Published content is not a draft again by saying so.
  f.put(path, R"({"title":"Moka","content":"Text.","status":"draft"})", 409);
  CHECK(*at_path(f.must(f.api.get(path)), "title").text() == "Moka pots");
}

TEST_CASE("igny8: what cannot be published changes nothing", "[api][igny8]") {
  Written f;
  const std::string path = path_of(contents, f.add(contents, R"({"title":"Moka","content":"Text."})"));
  f.put(path, R"({"title":"Other","content":"Text.","status":"published"})", 409);  // the site has no domain
  CHECK(*at_path(f.must(f.api.get(path)), "title").text() == "Moka");
  CHECK(*at_path(f.must(f.api.get(path)), "status").text() == "draft");
  CHECK(f.api.post(path + "publish/", "{}").status == 409);
  CHECK(f.api.post(contents, R"({"title":"New","status":"published"})").status == 409);
  CHECK(f.api.get(contents).number("count") == 1);
}

TEST_CASE("igny8: content is published, now or later, and its image is listed", "[api][igny8]") {
  Written f;
  f.give_domain();
  const std::int64_t one = f.add(contents, R"({"title":"Moka","content":"Text.",
      "featured_image_url":"https://img.example/moka.jpg"})");
  CHECK(*at_path(f.must(f.api.post(path_of(contents, one) + "publish/", "{}")), "status").text() == "published");
  const std::int64_t two = f.add(contents, R"({"title":"Later","content":"Text."})");
  const json::Value later =
      f.must(f.api.post(path_of(contents, two) + "publish/", R"({"scheduled_for":"2027-11-01T10:00:00Z"})"));
  CHECK(*at_path(later, "status").text() == "approved");
  CHECK(at_path(later, "scheduled_for").text()->starts_with("2027-11-01T10:00:00"));
  const ApiAnswer images = f.api.get("/api/v1/writer/images/");
  CHECK(images.number("count") == 1);
  CHECK(images.number("results.0.content_id") == one);
  CHECK(images.text("results.0.image_url") == "https://img.example/moka.jpg");
}

TEST_CASE("igny8: content that a person writes completes its task", "[api][igny8]") {
  Written f;
  const std::int64_t idea = f.add("/api/v1/planner/ideas/", R"({"title":"Moka"})");
  const json::Value task = f.must(f.api.post(path_of("/api/v1/planner/ideas/", idea) + "queue/"), 201);
  const std::string number = std::to_string(*at_path(task, "id").integer());
  f.add(contents, R"({"title":"Moka","content":"Text.","task_id":)" + number + "}");
  CHECK(*at_path(f.must(f.api.get(tasks + number + "/")), "status").text() == "completed");
  CHECK(*at_path(f.must(f.api.get(path_of("/api/v1/planner/ideas/", idea))), "status").text() == "completed");
  CHECK(f.api.post(contents, R"({"title":"Twice","content":"Text.","task_id":)" + number + "}").status == 409);
  CHECK(f.api.get(contents).number("count") == 1);
}

}  // namespace
}  // namespace galley::test
