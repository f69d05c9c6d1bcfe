#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>

#include "http/framing_probes.hpp"
#include "http/test_server.hpp"

namespace galley::http::test {
namespace {

void answer(Exchange& exchange, std::string_view body) {
  exchange.answer().begin(200);
  exchange.answer().finish(body);
}

// Answers with what the request said.
Task<void> mirror(Exchange& exchange) {
  const Request& request = exchange.request();
  std::string text = std::string(request.method_text) + " " + std::string(request.target);
  for (const Header& field : request.headers)
    text += "|" + std::string(field.name) + "=" + std::string(field.value);
  text += "|from " + std::string(request.peer);
  answer(exchange, text);
  co_return;
}

}  // namespace

TEST_CASE("session: a handler sees the request and the client sees its answer", "[http]") {
  TestServer server(mirror);
  const std::string text = server.ask("GET /a?b HTTP/1.1\r\nHost: x\r\nFoo:  bar \r\n\r\n");
  CHECK(has(text, "HTTP/1.1 200 OK\r\nServer: galley\r\nDate: Mon, 30 Mar 2026 15:00:00 GMT\r\n"));
  CHECK(body_of(text) == "GET /a?b|Host=x|Foo=bar|from 127.0.0.1");
}

TEST_CASE("session: a connection serves one request after another", "[http]") {
  TestServer server(mirror);
  RawClient client = server.connect();
  for (int i = 0; i < 50; ++i) {
    const std::string path = "/" + std::to_string(i);
    client.send(get(path));
    CHECK(body_of(client.read_answer()) == "GET " + path + "|Host=a|from 127.0.0.1");
  }
  CHECK(server.server.counters().connections_accepted == 1);
  CHECK(server.server.counters().requests == 50);
}

TEST_CASE("session: pipelined requests are answered in order", "[http]") {
  TestServer server(mirror);
  RawClient client = server.connect();
  std::string all;
  for (int i = 0; i < 500; ++i)
    all += get("/" + std::to_string(i));
  client.send(all);
  for (int i = 0; i < 500; ++i)
    REQUIRE(body_of(client.read_answer()) == "GET /" + std::to_string(i) + "|Host=a|from 127.0.0.1");
}

TEST_CASE("session: requests that arrive byte by byte are the same", "[http]") {
  TestServer server(mirror);
  RawClient client = server.connect();
  const std::string bytes = get("/a") + get("/b");
  for (const char& byte : bytes)
    client.send(std::string_view(&byte, 1));
  CHECK(has(client.read_answer(), "GET /a|"));
  CHECK(has(client.read_answer(), "GET /b|"));
}

TEST_CASE("session: the connection closes when the client asks for it", "[http]") {
  TestServer server;
  RawClient client = server.connect();
  client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + get("/marker"));
  const std::string text = client.read_until_close();
  CHECK(has(text, "Connection: close\r\n"));
  CHECK(count_of(text, "HTTP/1.1 ") == 1);
  CHECK(server.handler.markers == 0);
}

TEST_CASE("session: HTTP/1.0 closes unless it asks to stay", "[http]") {
  TestServer server;
  RawClient client = server.connect();
  client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  CHECK(has(client.read_answer(), "Connection: keep-alive\r\n"));
  client.send("GET / HTTP/1.0\r\n\r\n");
  CHECK(has(client.read_until_close(), "Connection: close\r\n"));
}

TEST_CASE("session: HEAD answers with the length and without the body", "[http]") {
  TestServer server;
  RawClient client = server.connect();
  client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + get("/"));
  const std::string head = client.read_answer(false);
  CHECK(has(head, "Content-Length: 5\r\n"));
  CHECK(body_of(head).empty());
  CHECK(body_of(client.read_answer()) == "hello");
}

TEST_CASE("session: every probe that is refused hides what follows it", "[http]") {
  TestServer server;
  for (const Probe& probe : all_probes()) {
    if (probe.verdict == "passes") continue;
    INFO(probe.name);
    RawClient client = server.connect();
    client.send(probe.bytes + get("/marker"));
    client.finish_sending();
    const std::string text = client.read_until_close();
    CHECK(count_of(text, "HTTP/1.1 ") == 1);
    CHECK(has(text, "Connection: close\r\n"));
    CHECK(body_of(text) == probe.verdict);
  }
  CHECK(server.handler.markers == 0);
  CHECK(server.server.counters().requests == 0);
}

TEST_CASE("session: a refusal knows the path where there is one, and is counted by its kind", "[http]") {
  TestServer server;
  CHECK(has(server.ask("GET /api/x HTTP/1.1\r\n\r\n"), "HTTP/1.1 400 Bad Request\r\n"));
  CHECK(has(server.ask("GET /api/x HTTP/1.1\r\n\r\n"), "X-Path: /api/x\r\n"));
  CHECK(has(server.ask("GET /api/y HTTP/2.0\r\n\r\n"), "HTTP/1.1 505 HTTP Version Not Supported\r\n"));
  CHECK(has(server.ask("GET /z HTTP/1.1\r\nX: " + std::string(20'000, 'a')), "X-Path: /z\r\n"));
  CHECK(has(server.ask("\x16\x03\x01"), "X-Path: \r\n"));
  const Counters counters = server.server.counters();
  CHECK(counters.refused[static_cast<std::size_t>(RefusalKind::bad_frame)] == 3);
  CHECK(counters.refused[static_cast<std::size_t>(RefusalKind::version_unsupported)] == 1);
  CHECK(counters.refused[static_cast<std::size_t>(RefusalKind::head_too_large)] == 1);
}

TEST_CASE("session: a large shared body arrives whole, with a small receive buffer too", "[http]") {
  auto body = std::make_shared<std::string>();
  while (body->size() < 8U * 1024 * 1024)
    *body += std::to_string(body->size()) + ",";
  const std::shared_ptr<const std::string> shared = body;
  TestServer server([shared](Exchange& exchange) -> Task<void> {
    exchange.answer().begin(200);
    exchange.answer().finish_shared(shared);
    co_return;
  });
  RawClient client(server.port(), 4096);
  client.send(get("/") + get("/hello"));
  CHECK((body_of(client.read_answer()) == *shared));
  CHECK(body_of(client.read_answer()) == "hello");
  wait_until([&] { return server.server.counters().bytes_sent > body->size(); });
  CHECK(shared.use_count() == 3);  // body, shared, and the handler's copy: the answer has let go
}

TEST_CASE("session: a handler that throws or answers nothing makes a bare 500 and closes", "[http]") {
  TestServer server([](Exchange& exchange) -> Task<void> {
    if (exchange.request().path == "/throws") {
      exchange.answer().begin(200);
      exchange.answer().body() += "half";
      throw std::runtime_error("secret cause");
    }
    co_return;
  });
  for (const char* const path : {"/throws", "/nothing"}) {
    RawClient client = server.connect();
    client.send(get(path) + get("/marker"));
    const std::string text = client.read_until_close();
    CHECK(has(text, "HTTP/1.1 500 Internal Server Error\r\n"));
    CHECK(has(text, "Content-Length: 0\r\n"));
    CHECK_FALSE(has(text, "half"));
    CHECK_FALSE(has(text, "secret"));
  }
  CHECK(server.handler.markers == 0);
}

TEST_CASE("session: where memory was too short for the handler's own words it says so", "[http]") {
  TestServer server([](Exchange&) -> Task<void> {
    throw std::bad_alloc();
    co_return;
  });
  RawClient client = server.connect();
  client.send(get("/"));
  const std::string text = client.read_until_close();
  CHECK(has(text, "HTTP/1.1 503 Service Unavailable\r\n"));
  CHECK(has(text, "Retry-After: 2\r\n"));
}

TEST_CASE("session: a client that leaves in the middle of anything harms nobody", "[http]") {
  const auto large = std::make_shared<const std::string>(8U * 1024 * 1024, 'x');
  TestServer server([large](Exchange& exchange) -> Task<void> {
    const Result<std::string_view> body = co_await exchange.read_body(1000);
    exchange.answer().begin(body.has_value() ? 200 : 400);
    exchange.answer().finish_shared(large);
  });
  for (int i = 0; i < 20; ++i) {
    RawClient in_head = server.connect();
    in_head.send("GET / HT");
    i % 2 == 0 ? in_head.close() : in_head.reset();
    RawClient in_body = server.connect();
    in_body.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc");
    i % 2 == 0 ? in_body.close() : in_body.reset();
    RawClient in_answer = server.connect();
    in_answer.send(get("/"));
    in_answer.read_bytes(1000);
    i % 2 == 0 ? in_answer.close() : in_answer.reset();
  }
  CHECK(body_of(server.ask(get("/hello"))) == "hello");
  server.wait_for_connections(0);
}

TEST_CASE("session: connections are spread over the threads, and each stays on its own", "[http]") {
  TestServer server(
      [](Exchange& exchange) -> Task<void> {
        const auto thread = std::hash<std::thread::id>{}(std::this_thread::get_id());
        answer(exchange, std::to_string(thread));
        co_return;
      },
      quick_limits(), 2);
  std::map<std::string, int> connections;
  std::vector<RawClient> clients;
  for (int i = 0; i < 20; ++i) {
    RawClient& client = clients.emplace_back(server.port());
    std::set<std::string> seen;
    for (int request = 0; request < 5; ++request) {
      client.send(get("/"));
      seen.insert(body_of(client.read_answer()));
    }
    CHECK(seen.size() == 1);
    ++connections[*seen.begin()];
  }
  REQUIRE(connections.size() == 2);
  for (const auto& [thread, count] : connections)
    CHECK(count == 10);
}

TEST_CASE("session: beyond the limit connections wait, and idle ones make room", "[http]") {
  Limits limits = quick_limits();
  limits.connections = 2;
  TestServer server({}, limits);
  RawClient idle = server.connect();
  idle.send(get("/"));
  idle.read_answer();
  RawClient begun = server.connect();
  begun.send("GET / HT");
  RawClient third = server.connect();
  third.send(get("/"));
  CHECK(body_of(third.read_answer()) == "hello");
  CHECK(idle.reads_end());
  begun.send("TP/1.1\r\nHost: a\r\n\r\n");
  CHECK(body_of(begun.read_answer()) == "hello");
}

}  // namespace galley::http::test
