// Status, prompts, settings and billing.
#include <catch2/catch.hpp>

#include "api/planned_site.hpp"

namespace galley::test {
namespace {

constexpr const char* prompts = "/api/v1/system/prompts/";
constexpr const char* settings = "/api/v1/system/settings/";

TEST_CASE("igny8: the status tells of the server and of the account's own work", "[api][igny8]") {
  PlannedSite f;
  const json::Value status = f.must(f.api.get("/api/v1/system/status/"));
  CHECK(names_of(status) == "status version timestamp uptime_seconds database queue webhooks");
  CHECK(*at_path(status, "status").text() == "healthy");
  CHECK(*at_path(status, "database.backend").text() == "sqlite");
  CHECK(*at_path(status, "queue.pending").integer() == 0);
  f.must(f.api.post("/api/v1/planner/keywords/auto_cluster/", R"({"async":true})"), 202);
  CHECK(*at_path(f.must(f.api.get("/api/v1/system/status/")), "queue.pending").integer() == 1);
  ApiClient stranger = f.sign_up("stranger@example.com");
  CHECK(stranger.get("/api/v1/system/status/").number("data.queue.pending") == 0);
  CHECK(f.nobody.get("/api/v1/system/status/").status == 401);
  CHECK(f.nobody.get("/api/ping/").status == 200);
}

TEST_CASE("igny8: a task that there is not is a 404", "[api][igny8]") {
  PlannedSite f;
  CHECK(f.api.get("/api/v1/system/tasks/1/").status == 404);
  CHECK(f.api.get("/api/v1/system/tasks/none/").status == 404);
}

TEST_CASE("igny8: prompts have defaults, are changed and put back", "[api][igny8]") {
  PlannedSite f;
  const ApiAnswer list = f.api.get(prompts);
  CHECK(list.number("count") == 4);
  CHECK(names_of(list.value("results.0")) == "id prompt_type prompt_value default_prompt is_active");
  CHECK(f.listed(prompts, "prompt_type") == "clustering, ideas, content_generation, image_prompt");
  const json::Value saved = f.must(
      f.api.post(prompts + std::string("save_prompt/"), R"({"prompt_type":"ideas","prompt_value":"Three ideas."})"));
  CHECK(*at_path(saved, "prompt_value").text() == "Three ideas.");
  CHECK(*at_path(f.must(f.api.get(prompts + std::string("by_type/ideas/"))), "prompt_value").text() == "Three ideas.");
  const json::Value put = f.must(
      f.api.send({.method = "PUT", .target = prompts + std::string("2/"), .body = R"({"prompt_value":"Two."})"}));
  CHECK(*at_path(put, "prompt_type").text() == "ideas");
  CHECK(*at_path(f.must(f.api.get(prompts + std::string("2/"))), "prompt_value").text() == "Two.");
  ApiClient stranger = f.sign_up("stranger@example.com");
  CHECK(stranger.get(prompts + std::string("2/")).text("data.prompt_value") != "Two.");
  const json::Value reset = f.must(f.api.post(prompts + std::string("reset_prompt/"), R"({"prompt_type":"ideas"})"));
  CHECK(*at_path(reset, "prompt_value").text() == *at_path(reset, "default_prompt").text());
  CHECK(f.api.get(prompts + std::string("by_type/poems/")).status == 404);
  CHECK(f.api.get(prompts + std::string("9/")).status == 404);
  CHECK(f.errors(f.api.post(prompts + std::string("save_prompt/"), R"({"prompt_type":"poem","prompt_value":""})"))
            .find("prompt_value") != std::string::npos);
}

TEST_CASE("igny8: settings are what is taken where a request does not say", "[api][igny8]") {
  PlannedSite f;
  CHECK(names_of(f.must(f.api.get(settings))) == "account_name default_site_id default_word_count");
  CHECK(*at_path(f.must(f.api.patch(settings, R"({"default_word_count":700})")), "default_word_count").integer() ==
        700);
  const std::int64_t task = f.add("/api/v1/writer/tasks/", R"({"title":"Tea"})");
  CHECK(f.api.get(path_of("/api/v1/writer/tasks/", task)).number("data.word_count") == 700);
  const std::int64_t site = f.api.get(path_of("/api/v1/writer/tasks/", task)).number("data.site_id");
  const json::Value put = f.must(
      f.api.send({.method = "PUT", .target = settings, .body = R"({"default_site_id":)" + std::to_string(site) + "}"}));
  CHECK(*at_path(put, "default_site_id").integer() == site);
  CHECK(*at_path(put, "default_word_count").integer() == 1200);
  CHECK(f.errors(f.api.patch(settings, R"({"default_site_id":99999})")).find("default_site_id") != std::string::npos);
  CHECK(f.errors(f.api.patch(settings, R"({"default_word_count":1})")).find("default_word_count") != std::string::npos);
}

TEST_CASE("igny8: who may not change prompts and settings is told so", "[api][igny8]") {
  PlannedSite f;
  ApiClient editor = f.server.client(f.server.first().editor);
  CHECK(editor.get(prompts).status == 200);
  CHECK(editor.patch(settings, R"({"default_word_count":700})").status == 403);
  CHECK(editor.post(prompts + std::string("reset_prompt/"), R"({"prompt_type":"ideas"})").status == 403);
}

TEST_CASE("igny8: the balance, the ledger and the log tell of what was used", "[api][igny8]") {
  PlannedSite f;
  const ApiAnswer fresh = f.api.get("/api/v1/billing/credits/balance/balance/");
  CHECK(names_of(fresh.value("data")) ==
        "credits plan plan_credits_per_month credits_used_this_month credits_remaining resets_at");
  CHECK(fresh.text("data.plan") == "free");
  CHECK(fresh.number("data.credits") == 100);
  for (const char* text : {"moka pot", "clean moka pot", "green tea"})
    f.keyword(text);
  f.must(f.api.post("/api/v1/planner/keywords/auto_cluster/", "{}"));
  const ApiAnswer balance = f.api.get("/api/v1/billing/credits/balance/balance/");
  CHECK(balance.number("data.credits_remaining") == 99);
  CHECK(balance.number("data.credits_used_this_month") == 1);
  const ApiAnswer ledger = f.api.get("/api/v1/billing/credits/transactions/");
  CHECK(ledger.number("count") == 2);
  CHECK(ledger.text("results.0.transaction_type") == "charge");
  CHECK(ledger.number("results.0.amount") == -1);
  CHECK(ledger.number("results.0.balance_after") == 99);
  CHECK(ledger.text("results.0.operation_type") == "clustering");
  CHECK(f.api.get("/api/v1/billing/credits/transactions/?transaction_type=renewal").number("count") == 1);
  const ApiAnswer used = f.api.get("/api/v1/billing/credits/usage/");
  CHECK(used.number("count") == 1);
  CHECK(used.text("results.0.operation_type") == "clustering");
  CHECK(used.number("results.0.credits_used") == 1);
  const ApiAnswer summary = f.api.get("/api/v1/billing/credits/usage/summary/");
  CHECK(names_of(summary.value("data")) == "period total_credits_used total_cost_usd by_operation by_model by_day");
  CHECK(summary.number("data.total_credits_used") == 1);
  CHECK(summary.number("data.by_operation.clustering.credits") == 1);
  CHECK(summary.number("data.by_day.0.count") == 1);
  const ApiAnswer before =
      f.api.get("/api/v1/billing/credits/usage/summary/?start_date=2020-01-01&end_date=2020-01-31");
  CHECK(before.number("data.total_credits_used") == 0);
  CHECK(before.text("data.period.start") == "2020-01-01");
  CHECK(before.text("data.period.end") == "2020-01-31");
  CHECK(f.errors(f.api.get("/api/v1/billing/credits/usage/summary/?start_date=tomorrow")).find("start_date") !=
        std::string::npos);
  ApiClient stranger = f.sign_up("stranger@example.com");
  CHECK(stranger.get("/api/v1/billing/credits/transactions/").number("count") == 0);
  CHECK(stranger.get("/api/v1/billing/credits/usage/").number("count") == 0);
}

TEST_CASE("igny8: the whole way from a keyword to its readers", "[api][igny8]") {
  PlannedSite f{{.works = true}};
  const std::string id = f.api.get("/api/v1/projects").text("data.0.id");
  REQUIRE(f.api.patch("/api/v1/projects/" + id, R"({"targetDomain":"https://site.example"})").status == 200);
  for (const char* text : {"moka pot", "moka pot cleaning", "clean moka pot"})
    f.keyword(text);
  const json::Value clustered = f.must(f.api.post("/api/v1/planner/keywords/auto_cluster/", "{}"));
  const std::string group = std::to_string(*at_path(clustered, "clusters.0.id").integer());
  const json::Value ideas =
      f.must(f.api.post("/api/v1/planner/clusters/auto_generate_ideas/", R"({"ids":[)" + group + "]}"));
  const std::int64_t idea = *at_path(ideas, "ideas.0.id").integer();
  const json::Value task = f.must(f.api.post(path_of("/api/v1/planner/ideas/", idea) + "queue/"), 201);
  const std::int64_t number = *at_path(task, "id").integer();
  const ApiAnswer started =
      f.api.post("/api/v1/writer/tasks/auto_generate_content/", R"({"ids":[)" + std::to_string(number) + "]}");
  f.must(started, 202);
  wait_until([&] { return f.api.get(started.field("Location")).text("data.status") == "succeeded"; });
  const std::int64_t content = f.api.get(path_of("/api/v1/writer/tasks/", number)).number("data.content_id");
  const json::Value published = f.must(f.api.post(path_of("/api/v1/writer/content/", content) + "publish/", "{}"));
  CHECK(*at_path(published, "status").text() == "published");
  CHECK(f.api.get(path_of("/api/v1/planner/ideas/", idea)).text("data.status") == "completed");
  // And in the other dialect it is an article, in the sitemap.
  const ApiAnswer article = f.api.get("/api/v1/articles?status=published");
  CHECK(article.number("pagination.total") == 1);
  const ApiAnswer sitemap = f.nobody.get("/api/public/sitemap/" + id);
  CHECK(sitemap.body.find(article.text("data.0.url")) != std::string::npos);
}

TEST_CASE("igny8: the way goes on in whichever dialect", "[api][igny8]") {
  PlannedSite f{{.works = true}};
  const std::string project = f.api.get("/api/v1/projects").text("data.0.id");
  REQUIRE(f.api.patch("/api/v1/projects/" + project, R"({"targetDomain":"https://site.example"})").status == 200);
  // A keyword from there, grouped and planned here.
  for (const char* text : {"green tea", "green tea benefits"})
    REQUIRE(f.api.post("/api/v1/projects/" + project + "/keywords", R"({"keyword":")" + std::string(text) + R"("})")
                .status == 201);
  const json::Value clustered = f.must(f.api.post("/api/v1/planner/keywords/auto_cluster/", "{}"));
  CHECK(at_path(clustered, "clusters.0.keywords").array()->size() == 2);
  // Generated there, approved here, published there.
  const ApiAnswer generated = f.api.post("/api/v1/projects/" + project + "/articles/generate",
                                         R"({"keywords":["green tea"],"targetStatus":"ready"})");
  REQUIRE(generated.status == 202);
  const std::string article = generated.text("articles.0.id");
  wait_until([&] { return f.api.get("/api/v1/articles/" + article).text("status") == "ready"; });
  const ApiAnswer waiting = f.api.get("/api/v1/writer/content/?status=review");
  REQUIRE(waiting.number("count") == 1);
  const std::string content = path_of("/api/v1/writer/content/", waiting.number("results.0.id"));
  CHECK(*at_path(f.must(f.api.patch(content, R"({"status":"approved"})")), "status").text() == "approved");
  CHECK(f.api.post("/api/v1/articles/" + article + "/publish", "{}").status == 200);
  CHECK(f.api.get(content).text("data.status") == "published");
  CHECK(f.api.get("/api/v1/billing/credits/balance/balance/").number("data.credits_used_this_month") == 6);
}

}  // namespace
}  // namespace galley::test
