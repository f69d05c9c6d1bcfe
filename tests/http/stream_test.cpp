#include <catch2/catch.hpp>
#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include "http/test_server.hpp"

namespace galley::http::test {
namespace {

using std::chrono::hours;

// Sends what the test gives it, and says how its stream ended.
struct Source {
  Task<void> operator()(Exchange& exchange) {
    exchange.answer().begin(200);
    exchange.answer().add("Content-Type", "text/event-stream");
    const Result<void> begun = co_await exchange.begin_stream();
    if (begun.has_error()) co_return;
    for (int i = 0; i < 3; ++i) {
      const std::string event = "data: " + std::to_string(i) + "\n\n";
      const Result<void> sent = co_await exchange.write_chunk(event);
      if (sent.has_error()) break;
    }
    if (exchange.request().path == "/short") {
      co_await exchange.end_stream();
      co_return;
    }
    if (exchange.request().path == "/broken") co_return;
    open = &exchange;
    const StreamEvent event = co_await exchange.wait(hours(1));
    open = nullptr;
    ended = static_cast<int>(event);
    if (event == StreamEvent::closed) {
      write_failed = (co_await exchange.write_chunk("x")).has_error();
      end_failed = (co_await exchange.end_stream()).has_error();
      co_return;
    }
    co_await exchange.write_chunk("last");
    co_await exchange.end_stream();
  }

  std::atomic<Exchange*> open = nullptr;
  std::atomic<int> ended = -1;
  std::atomic<bool> write_failed = false;
  std::atomic<bool> end_failed = false;
};

struct StreamServer {
  Source source;
  TestServer server{[this](Exchange& exchange) { return source(exchange); }};
  void wait_for(StreamEvent event) {
    wait_until([&] { return source.ended == static_cast<int>(event); });
  }
};

}  // namespace

TEST_CASE("stream: chunks on 1.1, and the connection goes on behind them", "[http]") {
  StreamServer stream;
  RawClient client = stream.server.connect();
  client.send(get("/short") + get("/hello"));
  const std::string text = client.read_until("0\r\n\r\n");
  CHECK(has(text, "Transfer-Encoding: chunked\r\n"));
  CHECK_FALSE(has(text, "Content-Length"));
  const std::string chunks = body_of(text);
  CHECK(chunks == "9\r\ndata: 0\n\n\r\n9\r\ndata: 1\n\n\r\n9\r\ndata: 2\n\n\r\n0\r\n\r\n");
  CHECK(body_of(client.read_answer()) == "hello");
}

TEST_CASE("stream: plain bytes until the connection closes on 1.0", "[http]") {
  StreamServer stream;
  RawClient client = stream.server.connect();
  client.send("GET /short HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const std::string text = client.read_until_close();
  CHECK(has(text, "Connection: close\r\n"));
  CHECK_FALSE(has(text, "Transfer-Encoding"));
  CHECK(body_of(text) == "data: 0\n\ndata: 1\n\ndata: 2\n\n");
}

TEST_CASE("stream: HEAD gets the fields, and the handler learns that nobody listens", "[http]") {
  StreamServer stream;
  RawClient client = stream.server.connect();
  client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + get("/hello"));
  CHECK(has(client.read_answer(false), "Content-Type: text/event-stream\r\n"));
  CHECK(body_of(client.read_answer()) == "hello");
  stream.wait_for(StreamEvent::closed);
}

TEST_CASE("stream: one that its handler does not end is visibly cut", "[http]") {
  StreamServer stream;
  RawClient client = stream.server.connect();
  client.send(get("/broken") + get("/marker"));
  const std::string text = client.read_until_close();
  CHECK(text.ends_with("data: 2\n\n\r\n"));
  CHECK(stream.server.handler.markers == 0);
}

TEST_CASE("stream: wake ends a wait at once", "[http]") {
  StreamServer stream;
  RawClient client = stream.server.connect();
  client.send(get("/"));
  wait_until([&] { return stream.source.open != nullptr; });
  stream.server.threads.post(0, [&] { stream.source.open.load()->wake(); });
  CHECK(client.read_until("0\r\n\r\n").ends_with("4\r\nlast\r\n0\r\n\r\n"));
  stream.wait_for(StreamEvent::woken);
}

TEST_CASE("stream: a client that leaves ends a wait, and nothing more can be sent", "[http]") {
  for (const bool reset : {false, true}) {
    StreamServer stream;
    RawClient client = stream.server.connect();
    client.send(get("/"));
    wait_until([&] { return stream.source.open != nullptr; });
    reset ? client.reset() : client.close();
    stream.wait_for(StreamEvent::closed);
    stream.server.wait_for_connections(0);
    CHECK(stream.source.write_failed);
    CHECK(stream.source.end_failed);
  }
}

TEST_CASE("stream: the drain ends a wait, and the last events still leave", "[http]") {
  StreamServer stream;
  RawClient client = stream.server.connect();
  client.send(get("/"));
  wait_until([&] { return stream.source.open != nullptr; });
  stream.server.drain();
  CHECK(client.read_until_close().ends_with("4\r\nlast\r\n0\r\n\r\n"));
  stream.server.join();
  CHECK(stream.source.ended == static_cast<int>(StreamEvent::draining));
}

}  // namespace galley::http::test
