#include "support/api_world.hpp"

#include <algorithm>
#include <stdexcept>

namespace galley::test {

namespace {

ApiAnswer must(ApiAnswer answer, int status) {
  if (answer.status != status)
    throw std::runtime_error("the world was not made: " + std::to_string(answer.status) + " " + answer.body);
  return answer;
}

std::string in_json(std::string_view text) {
  std::string out;
  json::Writer(out).value(text);
  return out;
}

}  // namespace

std::vector<std::string> World::ids() const {
  return {project,     keyword,    draft,   scheduled, published,   failed,    queued,
          publication, connection, webhook, delivery,  running_job, ended_job, key};
}

World make_world(ApiServer& server, const Tenant& tenant, const std::string& hook) {
  ApiClient api = server.client(tenant.owner);
  World world;
  static int count = 0;
  world.project_name = "Site " + std::to_string(++count);
  world.project = must(api.post("/api/v1/projects", R"({"name":)" + in_json(world.project_name) +
                                                        R"(,"targetDomain":"https://site.example"})"),
                       201)
                      .text("id");
  const std::string project = "/api/v1/projects/" + world.project;
  world.keyword = must(api.post(project + "/keywords", R"({"keyword":"moka pot","cluster":"pots"})"), 201).text("id");

  const ApiAnswer ended = must(api.post(project + "/articles/generate", R"({"keywords":["french press"]})"), 202);
  world.ended_job = ended.text("jobId");
  world.failed = ended.text("articles.0.id");
  must(api.post("/api/v1/jobs/" + world.ended_job + "/cancel"), 200);
  const ApiAnswer queued = must(api.post(project + "/articles/generate", R"({"keywords":["aeropress"]})"), 202);
  world.running_job = queued.text("jobId");
  world.queued = queued.text("articles.0.id");

  const auto article = [&](std::string_view title) {
    const std::string body = R"({"title":)" + in_json(title) + R"(,"markdown":"Some words on coffee."})";
    return must(api.post(project + "/articles", body), 201).text("id");
  };
  world.draft = article("A draft");
  world.scheduled = article("Scheduled for later");
  must(api.post("/api/v1/articles/" + world.scheduled + "/schedule", R"({"scheduledFor":"2029-01-01T00:00:00Z"})"),
       200);
  world.published = article("Published natively");
  const ApiAnswer published = must(api.post("/api/v1/articles/" + world.published + "/publish"), 200);
  world.publication = published.text("publications.0.id");
  world.article_cursor =
      must(api.get("/api/v1/articles?pageSize=1&project=" + world.project), 200).text("pagination.nextCursor");

  // After the articles: a project with a connection publishes through it.
  world.connection = must(api.post(project + "/connections?test=false",
                                   R"({"name":"Blog","type":"webhook","settings":{"url":")" + hook + R"("}})"),
                          201)
                         .text("id");
  world.webhook = must(api.post(project + "/webhooks", R"({"url":")" + hook + R"("})"), 201).text("id");
  world.delivery = must(api.post("/api/v1/webhooks/" + world.webhook + "/test"), 202).text("id");
  server.fail_delivery(tenant.account, world.delivery);
  world.key =
      must(api.post("/api/v1/keys", R"({"name":"spare","role":"viewer","projectId":")" + world.project + R"("})"), 201)
          .text("id");
  return world;
}

std::vector<RouteCase> route_cases(const World& w) {
  const std::string hook = R"("https://hooks.example/galley")";
  return {
      {.operation = "listProjects"},
      {.operation = "createProject",
       .body = R"({"name":"Tea","targetDomain":"tea.example","sitemap":{"priority":0.5}})",
       .status = 201,
       .bound_status = 403},
      {.operation = "getProject", .ids = {w.project}},
      {.operation = "updateProject", .ids = {w.project}, .body = R"({"niche":"coffee"})"},
      {.operation = "deleteProject",
       .ids = {w.project},
       .query = "?confirm=" +
                [&] {
                  std::string name = w.project_name;
                  std::replace(name.begin(), name.end(), ' ', '+');
                  return name;
                }(),
       .status = 204,
       .bound_status = 403},
      {.operation = "rotateProjectWebhookSecret", .ids = {w.project}, .body = R"({"overlapSeconds":60})"},
      {.operation = "confirmProjectWebhookSecret", .ids = {w.project}, .status = 204, .bound_status = 204},

      {.operation = "listKeywords", .ids = {w.project}},
      {.operation = "addKeywords",
       .ids = {w.project},
       .body = R"({"keyword":"cold brew"})",
       .status = 201,
       .bound_status = 201},
      {.operation = "expandKeywords",
       .ids = {w.project},
       .body = R"({"patterns":["best {thing}"],"dimensions":{"thing":["cup","pot"]}})"},
      {.operation = "clusterKeywords", .ids = {w.project}, .body = R"({"keywordIds":[")" + w.keyword + R"("]})"},
      {.operation = "exportKeywords", .ids = {w.project}},
      {.operation = "getKeyword", .ids = {w.keyword}},
      {.operation = "updateKeyword", .ids = {w.keyword}, .body = R"({"volume":1000})"},
      {.operation = "deleteKeyword", .ids = {w.keyword}, .status = 204, .bound_status = 204},

      {.operation = "generateArticles",
       .ids = {w.project},
       .body = R"({"keywordIds":[")" + w.keyword + R"("]})",
       .status = 202,
       .bound_status = 202},
      {.operation = "listArticles"},
      {.operation = "createArticle",
       .ids = {w.project},
       .body = R"({"title":"On water","markdown":"Water is most of it."})",
       .status = 201,
       .bound_status = 201},
      {.operation = "getArticle", .ids = {w.draft}},
      {.operation = "updateArticle", .ids = {w.draft}, .body = R"({"status":"ready"})"},
      {.operation = "deleteArticle", .ids = {w.draft}, .status = 204, .bound_status = 204},
      {.operation = "listRevisions", .ids = {w.draft}},
      {.operation = "getRevision", .ids = {w.draft, "1"}},
      {.operation = "regenerateArticle",
       .ids = {w.failed},
       .body = R"({"wordCount":500})",
       .status = 202,
       .bound_status = 202},

      {.operation = "publishArticle",
       .ids = {w.draft},
       .body = R"({"status":"publish"})",
       .fields = {{"Prefer", "respond-async"}},
       .status = 202,
       .bound_status = 202},
      {.operation = "publishArticles",
       .body = R"({"articleIds":[")" + w.draft + R"("]})",
       .status = 202,
       .bound_status = 202},
      {.operation = "unpublishArticle", .ids = {w.published}, .body = "{}"},
      {.operation = "scheduleArticle", .ids = {w.draft}, .body = R"({"scheduledFor":"2029-06-01T00:00:00Z"})"},
      {.operation = "unscheduleArticle", .ids = {w.scheduled}},
      {.operation = "retryArticle", .ids = {w.failed}, .status = 202, .bound_status = 202},
      {.operation = "listPublications"},

      {.operation = "getSitemap", .ids = {w.project}},
      {.operation = "getSitemapPage", .ids = {w.project, "1"}},
      {.operation = "getFeed", .ids = {w.project}},
      {.operation = "getRobots", .ids = {w.project}},

      {.operation = "getAccount"},
      {.operation = "listAudit"},
      {.operation = "listKeys", .bound_status = 403},
      {.operation = "createKey", .body = R"({"name":"deploy","role":"viewer"})", .status = 201, .bound_status = 403},
      {.operation = "getKey", .ids = {w.key}},
      {.operation = "deleteKey", .ids = {w.key}, .status = 204, .bound_status = 204},
      {.operation = "rotateKey", .ids = {w.key}, .body = R"({"graceSeconds":60})", .status = 201, .bound_status = 201},

      {.operation = "listConnections", .ids = {w.project}},
      {.operation = "createConnection",
       .ids = {w.project},
       .query = "?test=false",
       .body = R"({"name":"Shop","type":"webhook","settings":{"url":)" + hook + "}}",
       .status = 201,
       .bound_status = 201},
      {.operation = "getConnection", .ids = {w.connection}},
      {.operation = "updateConnection", .ids = {w.connection}, .query = "?test=false", .body = R"({"name":"Weblog"})"},
      {.operation = "deleteConnection", .ids = {w.connection}, .status = 204, .bound_status = 204},
      {.operation = "testConnection", .ids = {w.connection}},

      {.operation = "listWebhooks", .ids = {w.project}},
      {.operation = "createWebhook",
       .ids = {w.project},
       .body = R"({"url":)" + hook + "}",
       .status = 201,
       .bound_status = 201},
      {.operation = "getWebhook", .ids = {w.webhook}},
      {.operation = "updateWebhook", .ids = {w.webhook}, .body = R"({"status":"paused"})"},
      {.operation = "deleteWebhook", .ids = {w.webhook}, .status = 204, .bound_status = 204},
      {.operation = "testWebhook", .ids = {w.webhook}, .status = 202, .bound_status = 202},
      {.operation = "enableWebhook", .ids = {w.webhook}},
      {.operation = "rotateWebhookSecret", .ids = {w.webhook}, .body = R"({"overlapSeconds":0})"},
      {.operation = "confirmWebhookSecret", .ids = {w.webhook}},
      {.operation = "replayWebhook",
       .ids = {w.webhook},
       .body = R"({"since":"2026-01-01T00:00:00Z"})",
       .status = 202,
       .bound_status = 202},
      {.operation = "recoverWebhook", .ids = {w.webhook}, .body = R"({"since":"2026-01-01T00:00:00Z"})"},

      {.operation = "listDeliveries", .ids = {w.webhook}},
      {.operation = "getDelivery", .ids = {w.delivery}},
      {.operation = "retryDelivery", .ids = {w.delivery}, .status = 202, .bound_status = 202},

      {.operation = "listJobs"},
      {.operation = "getJob", .ids = {w.running_job}},
      {.operation = "cancelJob", .ids = {w.running_job}},
      {.operation = "followJob", .ids = {w.ended_job}},
      {.operation = "followProject", .ids = {w.project}, .query = "?follow=false"},
  };
}

const RouteCase* find_case(const std::vector<RouteCase>& cases, std::string_view operation) {
  const auto found =
      std::find_if(cases.begin(), cases.end(), [&](const RouteCase& row) { return row.operation == operation; });
  return found == cases.end() ? nullptr : &*found;
}

std::string fill_path(std::string_view path, const std::vector<std::string>& ids) {
  std::string filled;
  std::size_t next = 0;
  while (!path.empty()) {
    const std::size_t open = std::min(path.find('{'), path.size());
    filled += path.substr(0, open);
    path.remove_prefix(open);
    if (path.empty()) break;
    filled += ids.at(next++);
    path.remove_prefix(path.find('}') + 1);
  }
  if (next != ids.size()) throw std::runtime_error("too many ids for " + filled);
  return filled;
}

ApiRequest request_of(const api::Endpoint& endpoint, const RouteCase& row) {
  return {.method = std::string(http::to_text(endpoint.method)),
          .target = fill_path(endpoint.path, row.ids) + row.query,
          .body = row.body,
          .fields = row.fields};
}

std::string random_id(std::string_view prefix) {
  static const SystemClock clock;
  static RandomIds ids(clock);
  return ids.make_text(prefix);
}

}  // namespace galley::test
