#include <catch2/catch.hpp>
#include <string>

#include "http/test_server.hpp"

namespace galley::http::test {
namespace {

constexpr std::size_t limit = 100'000;

// Answers with the body, or with the error's status; "/ignore" never asks for the body.
Task<void> echo(Exchange& exchange) {
  if (exchange.request().path == "/ignore") {
    exchange.answer().begin(200);
    exchange.answer().finish("ignored");
    co_return;
  }
  const Result<std::string_view> body = co_await exchange.read_body(limit);
  if (body.has_value()) {
    const Result<std::string_view> again = co_await exchange.read_body(limit);
    exchange.answer().begin(again.has_value() && again->data() == body->data() ? 200 : 500);
    exchange.answer().finish(*body);
    co_return;
  }
  const ErrorCode code = body.error().code;
  exchange.answer().begin(code == ErrorCode::payload_too_large ? 413 : code == ErrorCode::timed_out ? 408 : 400);
  exchange.answer().finish(body.error().message);
}

std::string post(std::string_view path, std::size_t length, std::string_view fields = "") {
  return "POST " + std::string(path) + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(length) + "\r\n" +
         std::string(fields) + "\r\n";
}
const std::string chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

std::string letters(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i)
    text += static_cast<char>('a' + i % 26);
  return text;
}

}  // namespace

TEST_CASE("body: one that comes with its head, and the request behind it", "[http]") {
  TestServer server(echo);
  RawClient client = server.connect();
  client.send(post("/", 5) + "hello" + get("/marker"));
  CHECK(body_of(client.read_answer()) == "hello");
  CHECK(body_of(client.read_answer()) == "hello");
  CHECK(server.handler.markers == 1);
}

TEST_CASE("body: one that comes in pieces of any size", "[http]") {
  TestServer server(echo);
  for (const std::size_t size : {1U, 3000U, 5000U, 70'000U, 100'000U}) {
    RawClient client = server.connect();
    const std::string body = letters(size);
    const std::string bytes = post("/", size) + body + get("/hello");
    for (std::size_t at = 0; at < bytes.size(); at += 1777)
      client.send(std::string_view(bytes).substr(at, 1777));
    CHECK((body_of(client.read_answer()) == body));
    CHECK(body_of(client.read_answer()) == "hello");
  }
}

TEST_CASE("body: none is empty", "[http]") {
  TestServer server(echo);
  CHECK(has(server.ask(get("/")), "Content-Length: 0\r\n"));
  CHECK(has(server.ask(post("/", 0)), "Content-Length: 0\r\n"));
}

TEST_CASE("body: chunks are put together, and the request behind them is served", "[http]") {
  TestServer server(echo);
  // With a short head, with one that almost fills the first buffer, and with a large one.
  for (const std::size_t padding : {0U, 3900U, 4200U, 15'000U}) {
    const std::string head =
        "POST / HTTP/1.1\r\nHost: a\r\nX: " + std::string(padding, 'p') + "\r\nTransfer-Encoding: chunked\r\n\r\n";
    const std::string piece = letters(777);
    std::string bytes = head;
    std::string body;
    for (int i = 0; i < 100; ++i) {
      bytes += "309\r\n" + piece + "\r\n";
      body += piece;
    }
    bytes += "0\r\n\r\n" + get("/hello");
    for (const std::size_t step : {bytes.size(), std::size_t{1000}}) {
      RawClient client = server.connect();
      for (std::size_t at = 0; at < bytes.size(); at += step)
        client.send(std::string_view(bytes).substr(at, step));
      CHECK((body_of(client.read_answer()) == body));
      CHECK(body_of(client.read_answer()) == "hello");
    }
  }
}

TEST_CASE("body: broken chunks are answered with 400, and what follows is never served", "[http]") {
  TestServer server(echo);
  for (const char* const broken :
       {"5;a=b\r\nhello\r\n0\r\n\r\n", "5 \r\nhello\r\n0\r\n\r\n", "0x5\r\nhello\r\n0\r\n\r\n",
        "+5\r\nhello\r\n0\r\n\r\n", "5\nhello\n0\n\n", "5\r\nhello\r\n0\r\nX: y\r\n\r\n",
        "5\r\nhello\r\n0\r\nContent-Length: 5\r\n\r\n", "5\r\nhello!\r\n0\r\n\r\n",
        "10000000000000005\r\nhello\r\n0\r\n\r\n", "\r\n5\r\nhello\r\n0\r\n\r\n", "5\r\nhello0\r\n\r\n",
        "5\r\nhello\r\n0\n\n", "5\r\nhello\r\n0\r\n\n", "5\r\nhello\r\n0\r\n\r"}) {
    INFO(broken);
    RawClient client = server.connect();
    client.send(chunked + broken + get("/marker"));
    client.finish_sending();
    const std::string text = client.read_until_close();
    CHECK(has(text, "HTTP/1.1 400 "));
    CHECK(has(text, "Connection: close\r\n"));
    CHECK(count_of(text, "HTTP/1.1 ") == 1);
  }
  CHECK(server.handler.markers == 0);
}

TEST_CASE("body: 100 Continue is sent when the handler asks for the body, and only then", "[http]") {
  TestServer server(echo);
  RawClient client = server.connect();
  client.send(post("/", 5, "Expect: 100-continue\r\n"));
  CHECK(client.read_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("hello" + get("/hello"));
  CHECK(body_of(client.read_answer()) == "hello");
  CHECK(body_of(client.read_answer()) == "hello");

  RawClient impatient = server.connect();
  impatient.send(post("/", 5, "Expect: 100-continue\r\n") + "hello");
  CHECK(has(impatient.read_answer(), "HTTP/1.1 200 OK\r\n"));

  RawClient ignored = server.connect();
  ignored.send(post("/ignore", 5, "Expect: 100-continue\r\n"));
  const std::string text = ignored.read_until_close();
  CHECK(text.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(has(text, "Connection: close\r\n"));

  RawClient too_large = server.connect();
  too_large.send(post("/", limit + 1, "Expect: 100-continue\r\n"));
  CHECK(too_large.read_until_close().starts_with("HTTP/1.1 413 "));
}

TEST_CASE("body: beyond the limit it is refused, announced or chunked, and the answer is not lost", "[http]") {
  TestServer server(echo);
  RawClient announced = server.connect();
  announced.send(post("/", limit + 1) + letters(limit + 1) + get("/marker"));
  announced.finish_sending();
  CHECK(has(announced.read_until_close(), "HTTP/1.1 413 "));

  RawClient in_chunks = server.connect();
  std::string bytes = chunked;
  for (int i = 0; i < 200; ++i)
    bytes += "3e8\r\n" + letters(1000) + "\r\n";
  in_chunks.send(bytes + "0\r\n\r\n" + get("/marker"));
  in_chunks.finish_sending();
  CHECK(has(in_chunks.read_until_close(), "HTTP/1.1 413 "));

  RawClient huge = server.connect();
  huge.send(post("/", 999'999'999'999'999) + "x");
  CHECK(has(huge.read_answer(), "HTTP/1.1 413 "));
  RawClient exact = server.connect();
  exact.send(post("/", limit) + letters(limit));
  CHECK(has(exact.read_answer(), "HTTP/1.1 200 OK\r\n"));
  CHECK(server.handler.markers == 0);
}

TEST_CASE("body: one that nobody reads is dropped where it is short, and closes the connection where it is not",
          "[http]") {
  TestServer server(echo);
  RawClient short_one = server.connect();
  short_one.send(post("/ignore", 60'000) + letters(60'000) + get("/hello"));
  CHECK(body_of(short_one.read_answer()) == "ignored");
  CHECK(body_of(short_one.read_answer()) == "hello");

  RawClient long_one = server.connect();
  long_one.send(post("/ignore", 70'000) + letters(70'000) + get("/marker"));
  long_one.finish_sending();
  const std::string text = long_one.read_until_close();
  CHECK(has(text, "Connection: close\r\n"));
  CHECK(count_of(text, "HTTP/1.1 ") == 1);

  RawClient in_chunks = server.connect();
  in_chunks.send("POST /ignore HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + get("/marker"));
  CHECK(count_of(in_chunks.read_until_close(), "HTTP/1.1 ") == 1);
  CHECK(server.handler.markers == 0);
}

TEST_CASE("body: a client that stops sending is told so", "[http]") {
  TestServer server(echo);
  RawClient client = server.connect();
  client.send(post("/", 5) + "hel");
  client.finish_sending();
  const std::string text = client.read_until_close();
  CHECK(has(text, "HTTP/1.1 400 "));
  CHECK(has(text, "The connection closed before the whole body had arrived."));
}

}  // namespace galley::http::test
