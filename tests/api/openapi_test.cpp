#include "api/openapi.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "api/event_schemas.hpp"
#include "api/icf/endpoints.hpp"
#include "api/icf/icf_dialect.hpp"
#include "api/igny8/endpoints.hpp"
#include "api/igny8/igny8_dialect.hpp"
#include "api/ops/ops_endpoints.hpp"
#include "base/json.hpp"
#include "domain/event.hpp"
#include "support/source_file.hpp"

namespace galley::api {
namespace {

const EndpointTable& public_table() {
  static const EndpointTable table = icf::make_endpoints();
  return table;
}

const EndpointTable& ops_table() {
  static const EndpointTable table = ops::make_ops_endpoints();
  return table;
}

const EndpointTable& planner_table() {
  static const EndpointTable table = igny8::make_endpoints();
  return table;
}

std::string render() {
  static const icf::IcfDialect icf;
  static const igny8::Igny8Dialect igny8;
  return render_openapi({&public_table(), &planner_table(), &ops_table()}, {&igny8, &icf});
}

const std::string& rendered() {
  static const std::string text = render();
  return text;
}

const json::Value& document() {
  static const json::Value value = *json::parse(rendered());
  return value;
}

// Every object of the document, with its place.
void visit(const json::Value& value, const std::string& place,
           const std::function<void(const std::string&, const json::Value&)>& each) {
  if (const json::Object* object = value.object()) {
    each(place, value);
    for (const auto& [name, member] : *object)
      visit(member, place + "/" + name, each);
  } else if (const json::Array* array = value.array()) {
    for (std::size_t i = 0; i < array->size(); ++i)
      visit((*array)[i], place + "/" + std::to_string(i), each);
  }
}

// The value at "/components/schemas/Error"; null where there is none.
const json::Value* at(std::string_view path) {
  const json::Value* value = &document();
  while (value != nullptr && !path.empty()) {
    path.remove_prefix(1);
    const std::size_t end = std::min(path.find('/'), path.size());
    value = value->find(path.substr(0, end));
    path.remove_prefix(end);
  }
  return value;
}

struct Operation {
  std::string path;
  std::string method;
  const json::Value* value = nullptr;

  const std::string& text(std::string_view name) const { return *value->find(name)->text(); }
  const json::Value* answer(std::string_view status) const { return value->find("responses")->find(status); }
};

std::vector<Operation> operations() {
  std::vector<Operation> found;
  for (const auto& [path, methods] : *at("/paths")->object())
    for (const auto& [method, operation] : *methods.object())
      found.push_back({path, method, &operation});
  return found;
}

Operation operation(std::string_view id) {
  for (Operation& each : operations())
    if (each.text("operationId") == id) return each;
  FAIL("no operation " + std::string(id));
  return {};
}

std::set<std::string> parameters(const Operation& operation, std::string_view in) {
  std::set<std::string> names;
  for (const json::Value& parameter : *operation.value->find("parameters")->array())
    if (*parameter.find("in")->text() == in) names.insert(*parameter.find("name")->text());
  return names;
}

std::set<std::string> texts(const json::Value* array) {
  std::set<std::string> found;
  if (array != nullptr)
    for (const json::Value& element : *array->array())
      if (element.text() != nullptr) found.insert(*element.text());
  return found;
}

struct SampleView {
  std::string name;
};
struct OtherSampleView {
  std::string name;
};

Task<Result<SampleView>> get_sample(Call&) {
  co_return SampleView{};
}
Task<Result<OtherSampleView>> get_other_sample(Call&) {
  co_return OtherSampleView{};
}

}  // namespace
}  // namespace galley::api

namespace galley {

template <>
const Shape& shape_of<api::SampleView>() {
  static const Shape shape = ShapeOf<api::SampleView>("Sample", "One.").field("name", &api::SampleView::name);
  return shape;
}
template <>
const Shape& shape_of<api::OtherSampleView>() {
  static const Shape shape = ShapeOf<api::OtherSampleView>("Sample", "Two.").field("name", &api::OtherSampleView::name);
  return shape;
}

}  // namespace galley

namespace galley::api {

TEST_CASE("event schemas: there is a committed one of every event, and it is what the shapes say", "[api]") {
  std::set<std::string> names;
  for (const EventSchema& schema : render_event_schemas()) {
    names.insert(schema.name + ".schema.json");
    std::ifstream file(test::source_file("schema/events/" + schema.name + ".schema.json"));
    std::stringstream committed;
    committed << file.rdbuf();
    INFO("run `galley openapi --event " << schema.name << " > schema/events/" << schema.name << ".schema.json`");
    CHECK((committed.str() == schema.text));
    const json::Value parsed = *json::parse(schema.text);
    CHECK(*parsed.find("title")->text() == schema.name);
    CHECK(schema.text.find("#/components/") == std::string::npos);
  }
  CHECK(names.size() == std::size(Names<EventType>::all) + 1);
  std::set<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(test::source_file("schema/events")))
    files.insert(entry.path().filename().string());
  CHECK(files == names);
}

TEST_CASE("openapi: the committed document is what the tables say", "[api]") {
  std::ifstream file(test::source_file("schema/openapi/galley.json"));
  std::stringstream committed;
  committed << file.rdbuf();
  // Run this where it fails: galley openapi > schema/openapi/galley.json
  const bool same = committed.str() == rendered();
  INFO("run `galley openapi > schema/openapi/galley.json`");
  CHECK(same);
}

TEST_CASE("openapi: the same tables render the same text", "[api]") {
  CHECK(rendered() == render());
  CHECK(rendered().starts_with("{\n  \"openapi\": \"3.1.0\",\n"));
  CHECK(rendered().ends_with("}\n"));
}

TEST_CASE("openapi: indenting changes nothing but white space", "[api]") {
  const std::string again = json::to_text(document());
  std::string squeezed;
  bool quoted = false;
  for (std::size_t i = 0; i < rendered().size(); ++i) {
    const char c = rendered()[i];
    if (quoted && c == '\\') {
      squeezed += c;
      squeezed += rendered()[++i];
      continue;
    }
    if (c == '"') quoted = !quoted;
    if (quoted || (c != ' ' && c != '\n')) squeezed += c;
  }
  CHECK((squeezed == again));
}

TEST_CASE("openapi: every row is an operation, and every operation a row", "[api]") {
  std::set<std::string> rows;
  for (const EndpointTable* table : {&public_table(), &planner_table(), &ops_table()})
    for (const Endpoint& row : *table)
      CHECK(rows.insert(std::string(row.operation)).second);
  std::set<std::string> described;
  for (const Operation& each : operations())
    CHECK(described.insert(each.text("operationId")).second);
  CHECK(described == rows);
}

TEST_CASE("openapi: every reference leads somewhere, and every schema is used", "[api]") {
  std::set<std::string> used;
  visit(document(), "", [&](const std::string& place, const json::Value& object) {
    const json::Value* reference = object.find("$ref");
    if (reference == nullptr || reference->text() == nullptr) return;
    INFO(place);
    REQUIRE(reference->text()->starts_with("#/"));
    CHECK(at(reference->text()->substr(1)) != nullptr);
    used.insert(*reference->text());
  });
  for (const auto& [name, schema] : *at("/components/schemas")->object()) {
    INFO(name);
    CHECK(used.contains("#/components/schemas/" + name));
  }
}

TEST_CASE("openapi: every parameter of a path is declared, and no other", "[api]") {
  for (const Operation& each : operations()) {
    INFO(each.path);
    std::set<std::string> named;
    for (std::size_t begin = each.path.find('{'); begin != std::string::npos; begin = each.path.find('{', begin + 1))
      named.insert(each.path.substr(begin + 1, each.path.find('}', begin) - begin - 1));
    CHECK(parameters(each, "path") == named);
  }
}

TEST_CASE("openapi: every operation says what it does and answers something", "[api]") {
  for (const Operation& each : operations()) {
    INFO(each.text("operationId"));
    CHECK(each.text("summary").ends_with('.'));
    CHECK(each.value->find("tags")->array()->size() == 1);
    bool succeeds = false;
    for (const auto& [status, answer] : *each.value->find("responses")->object()) {
      succeeds = succeeds || status.starts_with('2');
      CHECK((answer.find("$ref") != nullptr || answer.find("description") != nullptr));
    }
    CHECK(succeeds);
    CHECK(each.answer("500") != nullptr);
  }
}

TEST_CASE("openapi: a list has its envelope and its paging parameters", "[api]") {
  const Operation list = operation("listProjects");
  CHECK(parameters(list, "query") == std::set<std::string>{"page", "pageSize", "limit", "cursor", "sort"});
  const json::Value* schema =
      list.answer("200")->find("content")->find("application/json")->find("schema")->find("properties");
  CHECK(*schema->find("data")->find("items")->find("$ref")->text() == "#/components/schemas/Project");
  CHECK(*schema->find("pagination")->find("$ref")->text() == "#/components/schemas/Pagination");
}

TEST_CASE("openapi: versions are told of by ETag, If-Match and If-None-Match", "[api]") {
  const Operation show = operation("getProject");
  CHECK(show.answer("200")->find("headers")->find("ETag") != nullptr);
  CHECK(show.answer("304") != nullptr);
  CHECK(parameters(show, "header") == std::set<std::string>{"If-None-Match"});
  CHECK(parameters(operation("updateProject"), "header") == std::set<std::string>{"If-Match"});
  CHECK(parameters(operation("deleteProject"), "header") == std::set<std::string>{"If-Match"});
  CHECK(operation("updateProject").answer("412") != nullptr);
  CHECK_FALSE(parameters(operation("createProject"), "header").contains("If-Match"));
  CHECK(operation("createProject").answer("201")->find("headers")->find("Location") != nullptr);
}

TEST_CASE("openapi: every POST takes an Idempotency-Key and tells whether it was replayed, and nothing else does",
          "[api]") {
  int posts = 0;
  for (const Endpoint& row : icf::make_endpoints()) {
    const bool post = row.method == http::Method::post;
    posts += post ? 1 : 0;
    INFO(row.operation);
    const Operation told = operation(row.operation);
    CHECK(parameters(told, "header").contains("Idempotency-Key") == post);
    const json::Value* headers = told.answer(std::to_string(row.success))->find("headers");
    CHECK((headers->find("Idempotent-Replayed") != nullptr) == post);
  }
  CHECK(posts >= 20);
}

TEST_CASE("openapi: what is open needs no credential and tells of no plan", "[api]") {
  const Operation sitemap = operation("getSitemap");
  CHECK(sitemap.value->find("security")->array()->empty());
  CHECK(sitemap.answer("401") == nullptr);
  CHECK(sitemap.answer("200")->find("headers")->find("X-RateLimit-Limit") == nullptr);
  CHECK(sitemap.answer("200")->find("content")->find("application/xml") != nullptr);
  const Operation list = operation("listArticles");
  CHECK(list.value->find("security") == nullptr);
  CHECK(list.answer("401") != nullptr);
  CHECK(list.answer("200")->find("headers")->find("X-RateLimit-Limit") != nullptr);
}

TEST_CASE("openapi: what must be sent is told, and a patch needs nothing", "[api]") {
  CHECK(texts(at("/components/schemas/ProjectFields")->find("required")) == std::set<std::string>{"name"});
  CHECK(at("/components/schemas/ProjectFieldsPatch/required") == nullptr);
  const json::Value* content = operation("updateProject").value->find("requestBody")->find("content");
  for (const std::string_view media : {"application/json", "application/merge-patch+json"})
    CHECK(*content->find(media)->find("schema")->find("$ref")->text() == "#/components/schemas/ProjectFieldsPatch");
}

TEST_CASE("openapi: fields have their types, bounds and names", "[api]") {
  const json::Value* fields = at("/components/schemas/WebhookFields/properties");
  CHECK(*fields->find("secret")->find("writeOnly")->boolean());
  CHECK(texts(fields->find("secret")->find("type")) == std::set<std::string>{"string", "null"});
  CHECK(*fields->find("maxInFlight")->find("maximum")->integer() == 256);
  CHECK(texts(fields->find("format")->find("enum")) == std::set<std::string>{"event", "flat", "template"});
  CHECK(*fields->find("headers")->find("additionalProperties")->find("type")->text() == "string");
  CHECK(*at("/components/schemas/Webhook/properties/id/pattern")->text() == "^wh_[a-z0-9]{12,40}$");
  CHECK(*at("/components/schemas/Webhook/properties/createdAt/format")->text() == "date-time");
}

TEST_CASE("openapi: what an answer may leave out is not required of it", "[api]") {
  const std::set<std::string> required = texts(at("/components/schemas/Key/required"));
  CHECK(required.contains("hint"));
  CHECK(required.contains("revokedAt"));
  CHECK_FALSE(required.contains("key"));
}

TEST_CASE("openapi: the errors have the documented form and all codes", "[api]") {
  const std::set<std::string> codes =
      texts(at("/components/schemas/Error/properties/error/properties/code")->find("enum"));
  CHECK(codes.size() == 20);
  CHECK(codes.contains("RESOURCE_NOT_FOUND"));
  CHECK(at("/components/responses/TooManyRequests/headers/Retry-After") != nullptr);
}

TEST_CASE("openapi: webhooks are described by event, with their signature", "[api]") {
  const json::Value* published = at("/webhooks")->find("article.published")->find("post");
  REQUIRE(published != nullptr);
  const json::Value* schema = published->find("requestBody")->find("content")->find("application/json")->find("schema");
  CHECK(*schema->find("$ref")->text() == "#/components/schemas/ArticleEvent");
  const std::set<std::string> members = texts(at("/components/schemas/EventArticle/required"));
  CHECK(members == std::set<std::string>{"id", "title", "slug", "content", "excerpt", "status", "meta", "author",
                                         "publishedAt", "categories", "tags", "url", "keyword", "wordCount",
                                         "readingTime", "markdown", "jsonLd"});
  std::set<std::string> headers;
  for (const json::Value& parameter : *published->find("parameters")->array())
    headers.insert(*parameter.find("name")->text());
  CHECK(headers.contains("X-iCF-Signature"));
  CHECK(headers.contains("webhook-signature"));
}

TEST_CASE("openapi: the operators' own endpoints are not told to the public", "[api]") {
  CHECK(at("/paths")->find("/metrics") == nullptr);
  CHECK(at("/paths")->find("/healthz") != nullptr);
}

TEST_CASE("openapi: two Shapes of one name are refused", "[api]") {
  const icf::IcfDialect icf;
  EndpointTable table;
  table.push_back(endpoint<&get_sample>(http::Method::get, "/a", "getA", Access::open, RateScope::unlimited, "A."));
  CHECK_NOTHROW(render_openapi({&table}, {&icf}));
  table.push_back(
      endpoint<&get_other_sample>(http::Method::get, "/b", "getB", Access::open, RateScope::unlimited, "B."));
  CHECK_THROWS_AS(render_openapi({&table}, {&icf}), std::logic_error);
}

}  // namespace galley::api
