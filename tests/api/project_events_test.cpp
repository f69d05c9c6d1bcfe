// A project's events as a stream: what webhooks carry, from any place on, while it happens.
#include "api/chain.hpp"

namespace galley::test {
namespace {

using Strings = std::vector<std::string>;

Strings names_of(const std::vector<StreamedEvent>& events) {
  Strings names;
  for (const StreamedEvent& event : events)
    names.push_back(event.name);
  return names;
}

struct Followed : Chain {
  std::string path = project + "/events";

  std::vector<StreamedEvent> past(const std::string& query = "", const Fields& fields = {}) {
    EventStream stream(server, api, path + "?follow=false" + query, fields);
    REQUIRE(stream.head.status == 200);
    return stream.read_all();
  }
  void remove(const std::string& article) { REQUIRE(api.del("/api/v1/articles/" + article).status == 204); }
};

TEST_CASE("project events: the data is what a webhook carries, under the event's id and name", "[api][icf]") {
  Followed site;
  REQUIRE(site.api.post(site.project + "/webhooks", R"({"url":")" + site.hook.url("/events") + R"(","events":["*"]})")
              .status == 201);
  site.remove(site.new_article("Über Kaffee ☕"));
  wait_until([&] { return site.hook.requests().size() == 2; });
  const std::vector<StreamedEvent> events = site.past("&since=2026-01-01T00:00:00Z");
  CHECK(names_of(events) == Strings{"article.created", "article.deleted"});
  for (const StreamedEvent& event : events) {
    const std::vector<ReceivedRequest> sent = site.received("/events", event.name);
    REQUIRE(sent.size() == 1);
    CHECK(event.data == sent[0].body);
    CHECK(event.id == sent[0].header("webhook-id"));
  }
}

TEST_CASE("project events: a stream goes on with what happens, and begins where the client was", "[api][icf]") {
  Followed site;
  site.new_article("Before");
  EventStream stream(site.server, site.api, site.path);
  CHECK(stream.head.status == 200);
  CHECK(stream.head.field("Content-Type").starts_with("text/event-stream"));
  CHECK(stream.head.field("X-Accel-Buffering") == "no");
  const std::string article = site.new_article("While");
  const std::optional<StreamedEvent> created = stream.next();
  REQUIRE(created);
  CHECK(created->name == "article.created");
  CHECK(*at_path(created->news, "article.id").text() == article);
  site.remove(article);
  const std::optional<StreamedEvent> deleted = stream.next();
  REQUIRE(deleted);
  CHECK(deleted->name == "article.deleted");

  CHECK(names_of(site.past("", {{"Last-Event-ID", created->id}})) == Strings{"article.deleted"});
  CHECK(names_of(site.past("&lastEventId=" + created->id)) == Strings{"article.deleted"});
  // The header is newer than the address that a client began with.
  CHECK(site.past("&lastEventId=" + created->id, {{"Last-Event-ID", deleted->id}}).empty());
  CHECK(site.past("", {{"Last-Event-ID", "0"}}).size() == 3);
  CHECK(site.past("&lastEventId=0").size() == 3);
  CHECK(names_of(site.past("&since=2026-01-01T00:00:00Z&events=article.deleted&events=job.*")) ==
        Strings{"article.deleted"});
}

TEST_CASE("project events: a client that was cut off before the first event misses none", "[api][icf]") {
  Followed site;
  for (const bool any : {false, true}) {
    if (any) site.new_article("Before");
    EventStream stream(site.server, site.api, site.path + "?follow=false");
    CHECK(stream.read_all().empty());
    REQUIRE_FALSE(stream.last_id.empty());
    site.new_article("Meanwhile");
    CHECK(site.past("", {{"Last-Event-ID", stream.last_id}}).size() == 1);
  }
}

TEST_CASE("project events: what is no place or no event is refused, with the field", "[api][icf]") {
  Followed site;
  const auto fault_of = [&](const std::string& query, const Fields& fields = {}) {
    const ApiAnswer answer = site.api.get(site.path + query, fields);
    CHECK(answer.status == 400);
    return answer.body;
  };
  CHECK_THAT(fault_of("", {{"Last-Event-ID", "evt_nothing"}}), Catch::Contains("\"lastEventId\""));
  CHECK_THAT(fault_of("?since=2999-01-01T00:00:00Z"), Catch::Contains("\"since\""));
  CHECK_THAT(fault_of("?since=yesterday"), Catch::Contains("\"since\""));
  CHECK_THAT(fault_of("?events=article.read"), Catch::Contains("\"events\""));
  CHECK_THAT(fault_of("?follow=perhaps"), Catch::Contains("\"follow\""));
  CHECK(site.nobody.get(site.path).status == 401);
  CHECK(site.api.get("/api/v1/projects/proj_00000000000000000000/events").status == 404);
}

TEST_CASE("project events: a stream ends with its project", "[api][icf]") {
  Followed site;
  EventStream stream(site.server, site.api, site.path);
  site.new_article("Before");
  REQUIRE(stream.next());
  REQUIRE(site.api.del(site.project + "?confirm=Home%20Espresso").status == 204);
  CHECK_FALSE(stream.next());
}

}  // namespace
}  // namespace galley::test
