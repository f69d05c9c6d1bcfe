#include "service/event_service.hpp"

#include <catch2/catch.hpp>

#include "service/webhook_steps.hpp"

using namespace galley;
using namespace galley::test;
using service::EventService;
using service::StreamPlace;
using service::StreamStart;

namespace {

// Bodies that tell which event they are of.
EventService service_of(ServiceBench& bench) {
  return {bench.parts, [](const Event& event) -> Result<std::string> {
            return std::string(to_text(event.type)) + " " + event.id.text();
          }};
}

StreamPlace place_of(ServiceBench& bench, const EventService& events, const StreamStart& start) {
  return bench.must(events.place(bench.owner, bench.project.id, start, {}));
}

// All names behind the row, look by look.
Texts names_behind(ServiceBench& bench, const EventService& events, std::int64_t row, const Texts& patterns = {}) {
  Texts names;
  for (bool more = true; more;) {
    const EventService::News news = bench.must(events.news(bench.owner, bench.project.id, row, patterns));
    for (const service::StreamedEvent& event : news.events) {
      CHECK(event.body == std::string(to_text(event.type)) + " " + event.id.text());
      names.emplace_back(to_text(event.type));
    }
    row = news.row;
    more = news.more;
  }
  return names;
}

Time tick(ServiceBench& bench) {
  bench.clock.advance(std::chrono::minutes(1));
  return bench.clock.now();
}

}  // namespace

TEST_CASE("events: a stream begins with what happens from now on, since a time, or behind an event", "[service]") {
  ServiceBench bench;
  const EventService events = service_of(bench);
  const StreamPlace empty = place_of(bench, events, {});
  CHECK(empty.after.text() == service::before_all);
  bench.make_article("One");
  const Time second = tick(bench);
  bench.make_article("Two");
  bench.must(bench.articles.remove(bench.owner, bench.make_article("Three").id, std::nullopt));
  CHECK(names_behind(bench, events, empty.row) ==
        Texts{"article.created", "article.created", "article.created", "article.deleted"});
  CHECK(names_behind(bench, events, place_of(bench, events, {}).row).empty());
  CHECK(names_behind(bench, events, place_of(bench, events, {.since = second}).row).size() == 3);
  CHECK(names_behind(bench, events, place_of(bench, events, {.since = bench.clock.now() - std::chrono::hours(1)}).row)
            .size() == 4);
  tick(bench);
  CHECK(names_behind(bench, events, place_of(bench, events, {.since = bench.clock.now()}).row).empty());
  // What the place says itself leads back to it.
  for (const StreamStart& start : {StreamStart{}, StreamStart{.since = second}, StreamStart{.since = Time{}}}) {
    const StreamPlace place = place_of(bench, events, start);
    CHECK(place_of(bench, events, {.after = place.after}).row == place.row);
  }
  const EventService::News all = bench.must(events.news(bench.owner, bench.project.id, 0, {}));
  REQUIRE(all.events.size() == 4);
  CHECK(names_behind(bench, events, place_of(bench, events, {.after = all.events[2].id}).row) ==
        Texts{"article.deleted"});
}

TEST_CASE("events: a stream has those that were asked for, of one project", "[service]") {
  ServiceBench bench;
  const EventService events = service_of(bench);
  bench.must(bench.articles.create(bench.owner, bench.other_project.id, {.text = {.title = "T", .markdown = "x\n"}}));
  bench.must(bench.articles.remove(bench.owner, bench.make_article("One").id, std::nullopt));
  CHECK(names_behind(bench, events, 0, {"article.deleted"}) == Texts{"article.deleted"});
  CHECK(names_behind(bench, events, 0, {"article.*"}) == Texts{"article.created", "article.deleted"});
  CHECK(names_behind(bench, events, 0, {"job.completed"}).empty());
  CHECK(names_behind(bench, events, 0).size() == 2);
}

TEST_CASE("events: a test of a webhook is in the stream", "[service]") {
  ServiceBench bench;
  const EventService events = service_of(bench);
  bench.must(bench.webhooks.test(bench.owner, bench.probe));
  CHECK(names_behind(bench, events, 0) == Texts{"webhook.test"});
}

TEST_CASE("events: a look is bounded, in events and in bytes, and what cannot be made is left out", "[service]") {
  ServiceBench bench;
  for (int i = 0; i < EventService::events_a_look + 5; ++i)
    bench.make_article("Article " + std::to_string(i));
  const EventService events = service_of(bench);
  const EventService::News first = bench.must(events.news(bench.owner, bench.project.id, 0, {}));
  CHECK(first.events.size() == EventService::events_a_look);
  CHECK(first.more);
  const EventService::News second = bench.must(events.news(bench.owner, bench.project.id, first.row, {}));
  CHECK(second.events.size() == 5);
  CHECK_FALSE(second.more);

  const EventService large(bench.parts, [](const Event&) -> Result<std::string> {
    return std::string(EventService::bytes_a_look / 4, 'x');
  });
  const EventService::News four = bench.must(large.news(bench.owner, bench.project.id, 0, {}));
  CHECK(four.events.size() == 4);
  CHECK(four.more);
  CHECK(four.row == first.row - EventService::events_a_look + 4);

  const EventService none(bench.parts, [](const Event&) -> Result<std::string> { return conflict("No."); });
  const EventService::News nothing = bench.must(none.news(bench.owner, bench.project.id, first.row, {}));
  CHECK(nothing.events.empty());
  CHECK(nothing.row == second.row);
}

TEST_CASE("events: where the clock was put back the stream keeps the order of the commits", "[service]") {
  ServiceBench bench;
  const EventService events = service_of(bench);
  const Time before = bench.clock.now();
  tick(bench);
  tick(bench);
  bench.make_article("Late");
  bench.clock.set(before + std::chrono::seconds(30));
  const StreamPlace place = place_of(bench, events, {});
  bench.must(bench.articles.remove(bench.owner, bench.make_article("Early").id, std::nullopt));
  CHECK(names_behind(bench, events, place.row) == Texts{"article.created", "article.deleted"});
  // Nothing of what happened since is missing, whatever its place.
  CHECK(names_behind(bench, events, place_of(bench, events, {.since = before}).row).size() == 3);
}

TEST_CASE("events: what is too old to be sent is left out of streams", "[service]") {
  ServiceBench bench;
  const EventService events = service_of(bench);
  bench.make_article("Old");
  const EventService::News all = bench.must(events.news(bench.owner, bench.project.id, 0, {}));
  finish(bench, deliveries_of(bench, bench.probe).front().id, DeliveryStatus::succeeded);
  bench.clock.advance(std::chrono::days(31));
  bench.make_article("New");
  bench.store.write([&](Transaction& transaction) -> Result<void> {
    const Time now = bench.clock.now();
    GALLEY_TRY(transaction.retention().purge_payloads(now - std::chrono::days(30), now, {}, 100));
    return {};
  });
  CHECK(names_behind(bench, events, 0).size() == 1);
  // Its delivery still tells of it, so that whoever has it last goes on behind it.
  CHECK(names_behind(bench, events, place_of(bench, events, {.after = all.events[0].id}).row).size() == 1);
}

TEST_CASE("events: places that are none are refused, with the field", "[service]") {
  ServiceBench bench;
  const EventService events = service_of(bench);
  bench.must(bench.articles.create(bench.owner, bench.other_project.id, {.text = {.title = "T", .markdown = "x\n"}}));
  const EventId elsewhere = bench.must(events.news(bench.owner, bench.other_project.id, 0, {})).events.front().id;
  const auto fields_of = [&](const StreamStart& start, const Texts& patterns) {
    const auto place = events.place(bench.owner, bench.project.id, start, patterns);
    REQUIRE(place.has_error());
    CHECK(place.error().code == ErrorCode::validation_failed);
    Texts fields;
    for (const FieldError& field : place.error().fields)
      fields.push_back(field.field);
    return fields;
  };
  CHECK(fields_of({.after = EventId("evt_nothing")}, {}) == Texts{"lastEventId"});
  CHECK(fields_of({.after = elsewhere}, {}) == Texts{"lastEventId"});
  CHECK(fields_of({.since = bench.clock.now() + std::chrono::hours(1)}, {"article.read"}) == Texts{"events", "since"});
}

TEST_CASE("events: who follows a project is told of its events alone", "[service]") {
  ServiceBench bench;
  const EventService events = service_of(bench);
  std::atomic<int> told = 0;
  const ChangeFeed::Subscription subscription = events.follow(bench.project.id, [&] { ++told; });
  bench.must(bench.articles.create(bench.owner, bench.other_project.id, {.text = {.title = "T", .markdown = "x\n"}}));
  CHECK(told == 0);
  bench.make_article("One");
  CHECK(told == 1);
  // Also where no webhook asks for it.
  bench.must(bench.webhooks.remove(bench.owner, bench.probe, std::nullopt));
  bench.make_article("Two");
  CHECK(told == 2);
}
