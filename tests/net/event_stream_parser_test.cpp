#include "net/event_stream_parser.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace galley::net {
namespace {

// Every event as "id|name|data".
std::vector<std::string> events_of(const std::vector<std::string_view>& pieces, std::size_t max_event = 1000) {
  std::vector<std::string> events;
  EventStreamParser parser(max_event, [&](const ServerSentEvent& event) {
    events.push_back(event.id + "|" + event.name + "|" + event.data);
  });
  for (const std::string_view piece : pieces)
    if (!parser.feed(piece)) events.emplace_back("too large");
  return events;
}

using Events = std::vector<std::string>;

TEST_CASE("event stream parser: an event is what stands before an empty line", "[net]") {
  CHECK(events_of({"id: 1\nevent: a.b\ndata: {}\n\n"}) == Events{"1|a.b|{}"});
  CHECK(events_of({"data: one\ndata: two\n\n"}) == Events{"|message|one\ntwo"});
  CHECK(events_of({"data\n\n"}) == Events{"|message|"});
  CHECK(events_of({"data:no blank\n\ndata:  two blanks\n\n"}) == Events{"|message|no blank", "|message| two blanks"});
  // The end of the stream ends no event.
  CHECK(events_of({"data: one\n"}).empty());
}

TEST_CASE("event stream parser: comments, retry times and unknown fields are skipped", "[net]") {
  CHECK(events_of({":\n\n: a comment\nretry: 10\nother: x\ndata: one\n\n"}) == Events{"|message|one"});
  // An event without data is none, and its name is forgotten.
  CHECK(events_of({"event: lost\n\ndata: one\n\n"}) == Events{"|message|one"});
}

TEST_CASE("event stream parser: an id holds until the next one", "[net]") {
  CHECK(events_of({"id: 1\ndata: a\n\ndata: b\n\nid: 2\n\ndata: c\n\nid\ndata: d\n\n"}) ==
        Events{"1|message|a", "1|message|b", "2|message|c", "|message|d"});
  CHECK(events_of({std::string_view("id: 1\nid: 2\0x\ndata: a\n\n", 23)}) == Events{"1|message|a"});
}

TEST_CASE("event stream parser: where the stream is shows without an event", "[net]") {
  EventStreamParser parser(100, [](const ServerSentEvent&) {});
  REQUIRE(parser.feed("id: 7\n"));
  CHECK(parser.last_id().empty());
  REQUIRE(parser.feed("\n"));
  CHECK(parser.last_id() == "7");
}

TEST_CASE("event stream parser: every end of a line, a byte order mark, and every cut", "[net]") {
  for (const std::string text :
       {"\xEF\xBB\xBFid: 7\nevent: e\ndata: x:y\n\n:\n\ndata: \xE2\x80\xA8\n\n",
        "\xEF\xBB\xBFid: 7\r\nevent: e\r\ndata: x:y\r\n\r\n:\r\n\r\ndata: \xE2\x80\xA8\r\n\r\n",
        "\xEF\xBB\xBFid: 7\revent: e\rdata: x:y\r\r:\r\rdata: \xE2\x80\xA8\r\r"}) {
    const Events expected = {"7|e|x:y", "7|message|\xE2\x80\xA8"};
    for (std::size_t cut = 0; cut <= text.size(); ++cut)
      CHECK(events_of({std::string_view(text).substr(0, cut), std::string_view(text).substr(cut)}) == expected);
    std::vector<std::string_view> bytes;
    for (std::size_t i = 0; i < text.size(); ++i)
      bytes.push_back(std::string_view(text).substr(i, 1));
    CHECK(events_of(bytes) == expected);
  }
}

TEST_CASE("event stream parser: an event has a bound, in one line or in many", "[net]") {
  CHECK(events_of({"data: 12345\n\n"}, 11) == Events{"|message|12345"});
  CHECK(events_of({"data: 12345\n\n"}, 10) == Events{"too large"});
  CHECK(events_of({"data: 1\ndata: 2\ndata: 3\n\n"}, 10) == Events{"too large"});
}

}  // namespace
}  // namespace galley::net
