#include "api/event_stream.hpp"

#include <catch2/catch.hpp>
#include <optional>
#include <string>

namespace galley::api {

TEST_CASE("event stream: an event is its id, its name, its line and an empty line", "[api]") {
  std::string text;
  append_event(text, {.id = "7", .name = "progress", .data = R"({"done":1})"});
  append_event(text, {.id = "8", .name = "finished", .data = "{}"});
  CHECK(text == "id: 7\nevent: progress\ndata: {\"done\":1}\n\nid: 8\nevent: finished\ndata: {}\n\n");
}

TEST_CASE("event stream: a place is an id without an event", "[api]") {
  std::string text;
  append_place(text, "evt_1");
  CHECK(text == "id: evt_1\n\n");
}

TEST_CASE("event stream: slots are bounded and come back", "[api]") {
  StreamSlots slots(2);
  const AccountId account("acc_1");
  std::optional<StreamSlots::Slot> first(*slots.take(account));
  const StreamSlots::Slot second = *slots.take(account);
  const auto refused = slots.take(account);
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == ErrorCode::unavailable);
  // Refusals cost nothing.
  CHECK(slots.take(account).has_error());
  first.reset();
  const auto again = slots.take(account);
  CHECK(again.has_value());
  CHECK(slots.take(account).has_error());
}

TEST_CASE("event stream: one account does not take all of them", "[api]") {
  StreamSlots slots(3, 2);
  const AccountId greedy("acc_1");
  std::optional<StreamSlots::Slot> first(*slots.take(greedy));
  const StreamSlots::Slot second = *slots.take(greedy);
  CHECK(slots.take(greedy).has_error());
  const auto other = slots.take(AccountId("acc_2"));
  CHECK(other.has_value());
  CHECK(slots.take(AccountId("acc_3")).has_error());
  first.reset();
  CHECK(slots.take(greedy).has_value());
}

}  // namespace galley::api
