#include <catch2/catch.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "http/test_server.hpp"

namespace galley::http::test {
namespace {

using std::chrono::seconds;

Task<void> echo(Exchange& exchange) {
  const Result<std::string_view> body = co_await exchange.read_body(1'000'000);
  const bool late = body.has_error() && body.error().code == ErrorCode::timed_out;
  exchange.answer().begin(late ? 408 : 200);
  exchange.answer().finish(body.has_value() ? *body : std::string_view(body.error().message));
}

std::uint64_t received(const TestServer& server) {
  return server.server.counters().bytes_received;
}

}  // namespace

TEST_CASE("deadline: a slow head is cut after its time, whatever drips in", "[http]") {
  TestServer server;
  RawClient client = server.connect();
  client.send("GET /api/x HTTP/1.1\r\n");
  server.wait_for_connections(1);
  server.advance(seconds(6));
  client.send("X: y\r\n");
  server.advance(seconds(3));
  client.send("X: y\r\n");
  CHECK(server.handler.refusals == 0);
  server.advance(seconds(2));
  const std::string text = client.read_until_close();
  CHECK(text.starts_with("HTTP/1.1 408 Request Timeout\r\n"));
  CHECK(has(text, "X-Path: /api/x\r\n"));
  CHECK(server.server.counters().refused[static_cast<std::size_t>(RefusalKind::head_timed_out)] == 1);
}

TEST_CASE("deadline: the head of a later request has its own time", "[http]") {
  TestServer server;
  RawClient client = server.connect();
  const std::string begun = "GET / HTTP/1.1\r\n";
  const auto begin = [&] {
    const std::uint64_t before = received(server);
    client.send(begun);
    wait_until([&] { return received(server) == before + begun.size(); });
  };
  client.send(get("/"));
  client.read_answer();
  server.advance(seconds(60));
  begin();
  server.advance(seconds(9));
  client.send("Host: a\r\n\r\n");
  CHECK(body_of(client.read_answer()) == "hello");
  begin();
  server.advance(seconds(11));
  CHECK(client.read_until_close().starts_with("HTTP/1.1 408 "));
}

TEST_CASE("deadline: a new connection that sends nothing closes without a word", "[http]") {
  TestServer server;
  RawClient client = server.connect();
  server.wait_for_connections(1);
  server.advance(seconds(11));
  CHECK(client.reads_end());
  CHECK(server.handler.refusals == 0);
}

TEST_CASE("deadline: an idle connection closes after its time, not before", "[http]") {
  TestServer server;
  RawClient client = server.connect();
  client.send(get("/"));
  client.read_answer();
  server.advance(seconds(74));
  client.send(get("/"));
  CHECK(body_of(client.read_answer()) == "hello");
  server.advance(seconds(77));
  CHECK(client.reads_end());
  CHECK(server.server.counters().idle_closed >= 1);
}

TEST_CASE("deadline: a body slower than 1 KiB/s is cut after the grace", "[http]") {
  TestServer server(echo);
  RawClient client = server.connect();
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
  wait_until([&] { return server.server.counters().requests == 1; });
  // 10 s of grace and 20 KiB that came earn 30 s.
  const std::uint64_t before = received(server);
  client.send(std::string(20'480, 'x'));
  wait_until([&] { return received(server) >= before + 20'480; });
  server.advance(seconds(28));
  CHECK(server.server.counters().slow_bodies_cut == 0);
  server.advance(seconds(4));
  CHECK(client.read_answer().starts_with("HTTP/1.1 408 Request Timeout\r\n"));
  CHECK(server.server.counters().slow_bodies_cut == 1);
}

TEST_CASE("deadline: a client that does not read its answer is cut after 30 s", "[http]") {
  const auto large = std::make_shared<const std::string>(32U * 1024 * 1024, 'x');
  TestServer server([large](Exchange& exchange) -> Task<void> {
    exchange.answer().begin(200);
    exchange.answer().finish_shared(large);
    co_return;
  });
  RawClient client(server.port(), 4096);
  client.send(get("/"));
  wait_until([&] { return server.server.counters().requests == 1; });
  server.advance(seconds(28));
  CHECK(server.server.counters().slow_readers_cut == 0);
  // What the kernel's buffers took in the beginning earns nothing beyond the stall time.
  server.advance(seconds(4));
  wait_until([&] { return server.server.counters().slow_readers_cut == 1; });
  CHECK(client.read_until_close().size() < large->size());
}

TEST_CASE("deadline: a handler may take its time", "[http]") {
  std::atomic<bool> go = false;
  TestServer server([&go](Exchange& exchange) -> Task<void> {
    exchange.answer().begin(200);
    const Result<void> begun = co_await exchange.begin_stream();
    if (begun.has_error()) co_return;
    while (!go)
      co_await exchange.wait(std::chrono::milliseconds(1));
    co_await exchange.end_stream();
  });
  RawClient client = server.connect();
  client.send(get("/"));
  wait_until([&] { return server.server.counters().requests == 1; });
  server.advance(seconds(3600));
  go = true;
  CHECK(client.read_until("0\r\n\r\n").starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST_CASE("deadline: a client that goes on sending behind a refusal is not listened to for long", "[http]") {
  TestServer server;
  RawClient client = server.connect();
  client.send("BAD\r\n\r\n");
  client.read_answer();
  CHECK(client.send("more"));
  server.wait_for_connections(1);
  server.advance(seconds(3));
  server.wait_for_connections(0);
}

}  // namespace galley::http::test
