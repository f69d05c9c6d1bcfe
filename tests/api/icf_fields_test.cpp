// The fields of every object and of every list's rows.
#include <catch2/catch.hpp>
#include <map>

#include "api/site.hpp"

namespace galley::test {
namespace {

TEST_CASE("icf: objects and the rows of lists have these fields", "[api][icf]") {
  Site fixture;
  const auto cases = route_cases(fixture.new_world());
  const std::string project =
      "id name niche targetDomain language toneOfVoice writingStyle avoidWords authorName defaultConnectionId "
      "permalink sitemap counts createdAt updatedAt";
  const std::string keyword =
      "keyword volume difficulty intent priority clusterId status articleId createdAt updatedAt";
  const std::string article_head = "id projectId keywordId keyword title slug status stage ";
  const std::string article_middle =
      "excerpt metaTitle metaDescription metaKeywords categories tags authorName canonicalUrl featuredImageUrl ";
  const std::string article_tail = "wordCount readingTime scheduledFor publishedAt lastUpdatedAt url error";
  const std::string publication =
      "id projectId articleId connectionId status externalId externalUrl lastError attempts publishedAt createdAt "
      "updatedAt";
  const std::string connection =
      "id projectId name type settings credentials defaultCategories defaultTags status lastError lastUsedAt createdAt "
      "updatedAt";
  const std::string webhook =
      "id projectId url events format template headers rateLimit maxInFlight status ownSecret disabledReason "
      "failingSince stats createdAt updatedAt";
  const std::string key = "id name role projectId hint createdAt expiresAt lastUsedAt revokedAt";
  const std::string delivery_head = "id webhookId connectionId projectId eventId event articleId status attemptCount ";
  const std::string delivery_tail = "nextAttemptAt lastStatus lastError createdAt finishedAt";
  const std::map<std::string_view, std::string> expected = {
      {"getProject", project},
      {"listProjects", project},
      {"getKeyword", "id projectId " + keyword},
      {"listKeywords", "id projectId " + keyword},
      {"getArticle", article_head + "markdown html " + article_middle + "jsonLd " + article_tail +
                         " publications createdAt updatedAt"},
      {"listArticles", article_head + article_middle + article_tail + " createdAt updatedAt"},
      {"listRevisions", "number title madeBy createdAt"},
      {"getRevision", "number title markdown madeBy createdAt"},
      {"listPublications", publication},
      {"getAccount", "id name plan unlimitedCredits rateLimit quota createdAt"},
      {"listAudit", "number action projectId subject note actor address requestId createdAt hash"},
      {"listKeys", key},
      {"getKey", key},
      {"listConnections", connection},
      {"getConnection", connection},
      {"listWebhooks", webhook},
      {"getWebhook", webhook},
      {"listDeliveries", delivery_head + delivery_tail},
      {"getDelivery", delivery_head + "attempts " + delivery_tail},
      {"listJobs", "id projectId kind status progress error createdAt updatedAt finishedAt"},
      {"getJob", "id projectId kind status progress articles error createdAt updatedAt finishedAt"},
  };
  for (const api::Endpoint& endpoint : fixture.table) {
    const bool list = endpoint.answer == api::Reply::Kind::list;
    const bool object = endpoint.answer == api::Reply::Kind::object && endpoint.method == http::Method::get;
    if (!list && !object) continue;
    INFO(endpoint.operation);
    const ApiAnswer given = fixture.api.send(request_of(endpoint, *find_case(cases, endpoint.operation)));
    REQUIRE(given.status == 200);
    REQUIRE(expected.contains(endpoint.operation));
    CHECK(given.field("Content-Type") == "application/json; charset=utf-8");
    CHECK(names_of(given.value(list ? "data.0" : "")) == expected.at(endpoint.operation));
    if (list) {
      CHECK(names_of(given.json()) == "data pagination");
      CHECK(names_of(given.value("pagination")) == "page pageSize total nextCursor");
    }
  }
}

TEST_CASE("icf: what was read can be sent back whole and changes nothing", "[api][icf]") {
  Site fixture;
  const World world = fixture.new_world();
  for (const api::Endpoint& endpoint : fixture.table) {
    if (endpoint.method != http::Method::patch) continue;
    const RouteCase row = *find_case(route_cases(world), endpoint.operation);
    INFO(endpoint.operation);
    const std::string path = fill_path(endpoint.path, row.ids);
    json::Value whole = fixture.api.get(path).json();
    // html stands beside markdown in answers; one of them is enough.
    std::erase_if(*whole.object(), [](const json::Member& member) { return member.first == "html"; });
    const ApiAnswer patched = fixture.api.patch(path + row.query, json::to_text(whole));
    INFO(patched.body);
    REQUIRE(patched.status == 200);
    json::Value after = patched.json();
    for (json::Value* value : {&whole, &after})
      std::erase_if(*value->object(), [](const json::Member& member) {
        return member.first == "updatedAt" || member.first == "html" || member.first == "excerpt" ||
               member.first == "metaTitle" || member.first == "metaDescription";
      });
    CHECK(text_of(after) == text_of(whole));
  }
}

}  // namespace
}  // namespace galley::test
