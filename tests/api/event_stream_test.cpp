#include "api/event_stream.hpp"

#include <catch2/catch.hpp>
#include <optional>
#include <string>

namespace galley::api {

TEST_CASE("event stream: an event is its id, its name, its line and an empty line", "[api]") {
  std::string text;
  append_event(text, {.id = 7, .name = "progress", .data = R"({"done":1})"});
  append_event(text, {.id = 8, .name = "finished", .data = "{}"});
  CHECK(text == "id: 7\nevent: progress\ndata: {\"done\":1}\n\nid: 8\nevent: finished\ndata: {}\n\n");
}

TEST_CASE("event stream: slots are bounded and come back", "[api]") {
  StreamSlots slots(2);
  std::optional<StreamSlots::Slot> first(*slots.take());
  const StreamSlots::Slot second = *slots.take();
  const auto refused = slots.take();
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == ErrorCode::unavailable);
  // Refusals cost nothing.
  CHECK(slots.take().has_error());
  first.reset();
  const auto again = slots.take();
  CHECK(again.has_value());
  CHECK(slots.take().has_error());
}

}  // namespace galley::api
