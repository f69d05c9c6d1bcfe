#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <optional>
#include <string>

#include "http/test_server.hpp"

namespace galley::http::test {
namespace {

using std::chrono::seconds;

// Answers when the test says so. Its waiting is done on a stream of its own thread's timer, through the executor.
struct Gate {
  Task<void> operator()(Exchange& exchange) {
    ++waiting;
    const auto executor = co_await boost::asio::this_coro::executor;
    while (!open)
      co_await boost::asio::post(executor, boost::asio::use_awaitable);
    exchange.answer().begin(200);
    exchange.answer().finish("done");
  }
  std::atomic<int> waiting = 0;
  std::atomic<bool> open = false;
};

struct GatedServer {
  Gate gate;
  TestServer server{[this](Exchange& exchange) { return gate(exchange); }};
};

}  // namespace

TEST_CASE("drain: a running request is answered with Connection: close, then all ends", "[http]") {
  GatedServer gated;
  RawClient client = gated.server.connect();
  client.send(get("/") + get("/marker"));
  wait_until([&] { return gated.gate.waiting == 1; });
  gated.server.drain();
  gated.server.wait_for_drain();
  gated.server.wait_for_connections(1);
  gated.gate.open = true;
  const std::string text = client.read_until_close();
  CHECK(has(text, "Connection: close\r\n"));
  CHECK(body_of(text) == "done");
  client.close();
  gated.server.join();
  CHECK(gated.server.handler.markers == 0);
  CHECK(gated.server.server.counters().connections_open == 0);
}

TEST_CASE("drain: idle connections close at once and the port is free", "[http]") {
  TestServer server;
  RawClient client = server.connect();
  client.send(get("/"));
  client.read_answer();
  server.drain();
  CHECK(client.reads_end());
  server.join();
  CHECK_THROWS(server.connect());
  CHECK(Listener::bind({"127.0.0.1", server.port()}).has_value());
}

TEST_CASE("drain: a request whose head has begun is still served", "[http]") {
  TestServer server;
  RawClient client = server.connect();
  client.send("GET / HTTP/1.1\r\n");
  wait_until([&] { return server.server.counters().bytes_received > 0; });
  server.drain();
  server.wait_for_drain();
  client.send("Host: a\r\n\r\n");
  CHECK(has(client.read_until_close(), "Connection: close\r\n"));
  server.join();
}

TEST_CASE("drain: a connection that was accepted and has sent nothing has a second to do so", "[http]") {
  TestServer server;
  RawClient speaks = server.connect();
  RawClient silent = server.connect();
  server.wait_for_connections(2);
  server.drain();
  server.wait_for_drain();
  speaks.send(get("/"));
  CHECK(body_of(speaks.read_until_close()) == "hello");
  server.clock.advance(seconds(2));
  CHECK(silent.reads_end());
  server.join();
}

TEST_CASE("drain: what is left after the grace is cut", "[http]") {
  GatedServer gated;
  RawClient client = gated.server.connect();
  client.send(get("/"));
  wait_until([&] { return gated.gate.waiting == 1; });
  gated.server.drain(seconds(30));
  gated.server.wait_for_drain();
  gated.server.clock.advance(seconds(31));
  CHECK(client.read_until_close().empty());
  gated.gate.open = true;
  gated.server.join();
}

TEST_CASE("drain: with two threads and many connections all of them end", "[http]") {
  TestServer server({}, quick_limits(), 2);
  std::vector<RawClient> clients;
  for (int i = 0; i < 50; ++i) {
    clients.emplace_back(server.port()).send(get("/"));
    clients.back().read_answer();
  }
  server.drain();
  for (RawClient& client : clients)
    CHECK(client.reads_end());
  server.join();
  CHECK(server.server.counters().connections_open == 0);
}

}  // namespace galley::http::test
