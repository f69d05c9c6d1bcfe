#include "webhook/body_cache.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "sample_event.hpp"
#include "webhook/body.hpp"

using namespace galley;
using namespace galley::test;
using namespace galley::webhook;

namespace {

Event event_with(const std::string& id, std::size_t size = 10) {
  ArticleSnapshot article = sample_snapshot();
  article.text.markdown = std::string(size, 'x');
  Event event = sample_event(article);
  event.id = EventId(id);
  return event;
}

Webhook endpoint(BodyFormat format, const std::string& body_template = "") {
  Webhook webhook;
  webhook.format = format;
  if (!body_template.empty()) webhook.body_template = body_template;
  return webhook;
}

}  // namespace

TEST_CASE("body cache: an event is written once for all endpoints of a form", "[webhook]") {
  BodyCache cache;
  const Event event = event_with("evt_1");
  const auto first = cache.body(endpoint(BodyFormat::event), event).value();
  CHECK(*first == event_body(event).value());
  CHECK(cache.body(endpoint(BodyFormat::event), event).value() == first);
  CHECK(*cache.body(endpoint(BodyFormat::event), event_with("evt_2")).value() != *first);
  CHECK(*cache.body(endpoint(BodyFormat::flat), event).value() == flat_body(event).value());
  const auto titled = cache.body(endpoint(BodyFormat::custom, "{\"a\":\"{{title}}\"}"), event).value();
  const auto slugged = cache.body(endpoint(BodyFormat::custom, "{\"a\":\"{{slug}}\"}"), event).value();
  CHECK(*titled != *slugged);
}

TEST_CASE("body cache: it forgets what was not asked for, and keeps nothing larger than itself", "[webhook]") {
  const std::size_t size = event_body(event_with("evt_1", 1000)).value().size();
  BodyCache cache(3 * size);
  const Webhook webhook = endpoint(BodyFormat::event);
  const auto first = cache.body(webhook, event_with("evt_1", 1000)).value();
  const auto second = cache.body(webhook, event_with("evt_2", 1000)).value();
  CHECK(cache.body(webhook, event_with("evt_1", 1000)).value() == first);
  cache.body(webhook, event_with("evt_3", 1000)).value();
  CHECK(cache.bytes() <= 3 * size);
  CHECK(cache.body(webhook, event_with("evt_1", 1000)).value() == first);
  CHECK(cache.body(webhook, event_with("evt_2", 1000)).value() != second);
  CHECK(cache.body(webhook, event_with("evt_4", 9000)).value()->size() > 3 * size);
  CHECK(cache.bytes() <= 3 * size);
}

TEST_CASE("body cache: what cannot be made is an error each time", "[webhook]") {
  BodyCache cache;
  const Event large = event_with("evt_1", max_body_bytes);
  CHECK(cache.body(endpoint(BodyFormat::event), large).error().code == ErrorCode::payload_too_large);
  CHECK(cache.body(endpoint(BodyFormat::event), large).has_error());
  CHECK(cache.bytes() == 0);
}
