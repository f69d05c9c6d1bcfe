#include "net/pooled_http_client.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "net/client_fixture.hpp"
#include "support/loopback_server.hpp"

namespace galley::net {
namespace {

using test::Afterwards;
using test::answer;
using test::ClientFixture;
using test::ClientSetup;
using test::LoopbackServer;
using test::ReceivedRequest;
using test::ScriptedAnswer;

// Sends all at once, on one thread.
std::vector<SendResult> send_all(ClientFixture& fixture, const std::vector<HttpRequest>& requests) {
  std::vector<std::optional<SendResult>> results(requests.size());
  std::size_t left = requests.size();
  for (std::size_t i = 0; i < requests.size(); ++i) {
    boost::asio::co_spawn(fixture.context, fixture.client->send(requests[i]),
                          [&results, &left, i](std::exception_ptr thrown, SendResult result) {
                            if (thrown) std::rethrow_exception(thrown);
                            results[i].emplace(std::move(result));
                            --left;
                          });
  }
  fixture.context.restart();
  while (left > 0 && fixture.context.run_one_for(std::chrono::seconds(30)) > 0) {
  }
  REQUIRE(left == 0);
  std::vector<SendResult> all;
  for (std::optional<SendResult>& result : results)
    all.push_back(*std::move(result));
  return all;
}

}  // namespace

TEST_CASE("client: a request arrives as it was meant, and the answer comes back", "[net]") {
  LoopbackServer server([](const ReceivedRequest&) { return answer(201, "made", "X-Made: yes\r\n"); });
  ClientFixture fixture;
  HttpRequest post = ClientFixture::post(server.url("/hook?x=1"), "{\"a\":1}");
  post.headers = {{"Content-Type", "application/json"}};
  const SendResult result = fixture.send(post);
  REQUIRE(result.has_value());
  CHECK(result->status == 201);
  CHECK(result->body == "made");
  CHECK_FALSE(result->body_truncated);
  CHECK_FALSE(result->reused_connection);
  REQUIRE(find_header(result->headers, "x-made") != nullptr);
  CHECK(*find_header(result->headers, "x-made") == "yes");
  CHECK(result->peer.address.to_string() == "127.0.0.1");
  CHECK(result->peer.port == server.port());

  REQUIRE(server.request_count() == 1);
  const ReceivedRequest request = server.requests()[0];
  CHECK(request.method == "POST");
  CHECK(request.target == "/hook?x=1");
  CHECK(request.body == "{\"a\":1}");
  CHECK(request.header("host") == "127.0.0.1:" + std::to_string(server.port()));
  CHECK(request.header("content-type") == "application/json");
  CHECK(request.header("accept-encoding") == "identity");
}

TEST_CASE("client: large bodies arrive whole, in both directions", "[net]") {
  const std::string down(300'000, 'd');
  LoopbackServer server([&down](const ReceivedRequest&) { return answer(200, down); });
  ClientFixture fixture;
  for (const std::size_t size : {std::size_t{16 * 1024}, std::size_t{16 * 1024 + 1}, std::size_t{3'000'000}}) {
    HttpRequest post = ClientFixture::post(server.url(), std::string(size, 'u'));
    post.max_body = down.size();
    const SendResult result = fixture.send(post);
    REQUIRE(result.has_value());
    CHECK(result->body == down);
    CHECK_FALSE(result->body_truncated);
    CHECK(server.requests().back().body.size() == size);
  }
  CHECK(server.connection_count() == 1);
}

TEST_CASE("client: connections are kept and used again", "[net]") {
  LoopbackServer server([](const ReceivedRequest&) { return answer(200, "ok"); });
  ClientFixture fixture;
  for (int i = 0; i < 5; ++i) {
    const SendResult result = fixture.send(ClientFixture::post(server.url(), "x"));
    REQUIRE(result.has_value());
    CHECK(result->reused_connection == (i > 0));
  }
  CHECK(server.connection_count() == 1);
  CHECK(fixture.client->counters().connections == 1);
  CHECK(fixture.client->counters().reused == 4);
}

TEST_CASE("client: after the chunks of an answer the connection is kept", "[net]") {
  LoopbackServer server([](const ReceivedRequest&) {
    return ScriptedAnswer{.bytes =
                              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                              "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-Trailer: no\r\n\r\n"};
  });
  ClientFixture fixture;
  for (int i = 0; i < 2; ++i) {
    const SendResult result = fixture.get(server.url());
    REQUIRE(result.has_value());
    CHECK(result->body == "abcde");
    CHECK(find_header(result->headers, "X-Trailer") == nullptr);
  }
  CHECK(server.connection_count() == 1);
}

TEST_CASE("client: answers without a body end where their head does", "[net]") {
  LoopbackServer server([](const ReceivedRequest& request) {
    if (request.method == "HEAD") return ScriptedAnswer{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"};
    return ScriptedAnswer{.bytes = "HTTP/1.1 " + request.target.substr(1) + " None\r\n\r\n"};
  });
  ClientFixture fixture;
  HttpRequest head = ClientFixture::request(server.url());
  head.method = Method::head;
  for (const HttpRequest& request :
       {head, ClientFixture::request(server.url("/204")), ClientFixture::request(server.url("/304"))}) {
    const SendResult result = fixture.send(request);
    REQUIRE(result.has_value());
    CHECK(result->body.empty());
  }
  CHECK(server.connection_count() == 1);
}

TEST_CASE("client: interim answers are skipped", "[net]") {
  LoopbackServer server([](const ReceivedRequest&) {
    return ScriptedAnswer{.bytes = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" +
                                   answer(200, "final").bytes};
  });
  ClientFixture fixture;
  const SendResult result = fixture.get(server.url());
  REQUIRE(result.has_value());
  CHECK(result->status == 200);
  CHECK(result->body == "final");
  CHECK(find_header(result->headers, "Link") == nullptr);
}

TEST_CASE("client: a connection that the peer wants closed, or that said too much, is not kept", "[net]") {
  const std::string endings[] = {
      answer(200, "ok", "Connection: close\r\n").bytes,
      "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
      answer(200, "ok").bytes + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged",
  };
  for (const std::string& bytes : endings) {
    CAPTURE(bytes);
    LoopbackServer server([&bytes](const ReceivedRequest&) { return ScriptedAnswer{.bytes = bytes}; });
    ClientFixture fixture;
    for (int i = 0; i < 2; ++i) {
      const SendResult result = fixture.get(server.url());
      REQUIRE(result.has_value());
      CHECK(result->body == "ok");
      CHECK_FALSE(result->reused_connection);
    }
    CHECK(server.connection_count() == 2);
  }
}

TEST_CASE("client: an idle connection is closed when its time is over", "[net]") {
  LoopbackServer server([](const ReceivedRequest&) { return answer(200); });
  ClientFixture fixture;
  REQUIRE(fixture.get(server.url()).has_value());
  fixture.clock.advance(std::chrono::seconds(29));
  CHECK(fixture.get(server.url())->reused_connection);
  fixture.clock.advance(std::chrono::seconds(30));
  CHECK_FALSE(fixture.get(server.url())->reused_connection);
  CHECK(server.connection_count() == 2);
}

TEST_CASE("client: a busy connection is not kept for ever", "[net]") {
  LoopbackServer server([](const ReceivedRequest&) { return answer(200); });
  ClientFixture fixture;
  for (int i = 0; i < 16; ++i) {
    REQUIRE(fixture.get(server.url()).has_value());
    fixture.clock.advance(std::chrono::seconds(20));
  }
  CHECK(server.connection_count() == 2);
}

TEST_CASE("client: close_idle closes, and lets the io_context end", "[net]") {
  LoopbackServer server([](const ReceivedRequest&) { return answer(200); });
  ClientFixture fixture;
  REQUIRE(fixture.get(server.url()).has_value());
  fixture.client->close_idle(fixture.context.get_executor());
  fixture.context.run();  // would wait for the idle timer otherwise
  CHECK_FALSE(fixture.get(server.url())->reused_connection);
}

TEST_CASE("client: idle connections are bounded for each origin and in all", "[net]") {
  LoopbackServer first([](const ReceivedRequest&) { return answer(200); });
  LoopbackServer second([](const ReceivedRequest&) { return answer(200); });
  ClientFixture fixture(ClientSetup{.pool = {.idle_per_origin = 2, .idle = 3}});
  const std::vector<HttpRequest> to_first(4, ClientFixture::request(first.url()));
  const std::vector<HttpRequest> to_second(4, ClientFixture::request(second.url()));
  send_all(fixture, to_first);   // 2 kept
  send_all(fixture, to_second);  // 2 kept, of the first's the older one goes
  CHECK(fixture.client->counters().connections == 8);
  send_all(fixture, to_second);
  CHECK(fixture.client->counters().reused == 2);
  send_all(fixture, to_first);
  CHECK(fixture.client->counters().reused == 3);
}

TEST_CASE("client: requests beyond an origin's places wait their turn", "[net]") {
  LoopbackServer server([](const ReceivedRequest&) { return answer(200, "ok"); });
  ClientFixture fixture(ClientSetup{.pool = {.in_use_per_origin = 3}});
  const std::vector<HttpRequest> requests(20, ClientFixture::request(server.url()));
  for (const SendResult& result : send_all(fixture, requests))
    REQUIRE(result.has_value());
  CHECK(server.request_count() == 20);
  CHECK(server.connection_count() == 3);
}

TEST_CASE("client: waiting for a place ends with the connect limit, and nothing was sent", "[net]") {
  LoopbackServer server([](const ReceivedRequest&) { return ScriptedAnswer{.afterwards = Afterwards::hang}; });
  ClientFixture fixture(ClientSetup{.pool = {.in_use_per_origin = 1}});
  HttpRequest slow = ClientFixture::request(server.url());
  slow.limits.total = std::chrono::milliseconds(300);
  HttpRequest impatient = slow;
  impatient.limits.connect = std::chrono::milliseconds(20);
  const std::vector<SendResult> results = send_all(fixture, {slow, impatient});
  REQUIRE(results[0].has_error());
  CHECK(results[0].error().kind == FailureKind::timeout);
  REQUIRE(results[1].has_error());
  CHECK(results[1].error().kind == FailureKind::connect_timeout);
  CHECK_FALSE(results[1].error().request_may_have_arrived);
  CHECK(server.request_count() == 1);
}

TEST_CASE("client: a kept connection that the peer has closed is not used", "[net]") {
  ScriptedAnswer last = answer(200);
  last.afterwards = Afterwards::close;
  LoopbackServer server([&last](const ReceivedRequest&) { return last; });
  ClientFixture fixture;
  REQUIRE(fixture.send(ClientFixture::post(server.url(), "1")).has_value());
  while (server.closed_count() == 0)
    std::this_thread::yield();
  const SendResult result = fixture.send(ClientFixture::post(server.url(), "2"));
  REQUIRE(result.has_value());
  CHECK_FALSE(result->reused_connection);
  CHECK(server.request_count() == 2);
}

TEST_CASE("client: a stale connection is retried once where the caller allows it", "[net]") {
  // Reads the second request of a connection and closes without a word: what a race with an idle time-out looks like.
  LoopbackServer server([seen = std::make_shared<std::atomic<std::size_t>>(0)](const ReceivedRequest&) {
    if (++*seen == 2) return ScriptedAnswer{.afterwards = Afterwards::close};
    return answer(200, "ok");
  });
  ClientFixture fixture;
  REQUIRE(fixture.send(ClientFixture::post(server.url(), "1")).has_value());
  HttpRequest again = ClientFixture::post(server.url(), "2");
  again.retry_on_stale = true;
  const SendResult result = fixture.send(again);
  REQUIRE(result.has_value());
  CHECK(result->body == "ok");
  CHECK(server.request_count() == 3);
  CHECK(server.connection_count() == 2);
  CHECK(server.requests()[1].body == "2");
  CHECK(server.requests()[2].body == "2");
  CHECK(server.requests()[2].head == server.requests()[1].head);
  CHECK(fixture.client->counters().stale_retries == 1);
}

TEST_CASE("client: a stale connection is not retried where the caller does not allow it", "[net]") {
  LoopbackServer server([](const ReceivedRequest& request) {
    if (request.body == "2") return ScriptedAnswer{.afterwards = Afterwards::close};
    return answer(200, "ok");
  });
  ClientFixture fixture;
  REQUIRE(fixture.send(ClientFixture::post(server.url(), "1")).has_value());
  const SendResult result = fixture.send(ClientFixture::post(server.url(), "2"));
  REQUIRE(result.has_error());
  CHECK(result.error().kind == FailureKind::reset);
  CHECK(result.error().request_may_have_arrived);
  CHECK(server.request_count() == 2);
  CHECK(fixture.client->counters().stale_retries == 0);
}

TEST_CASE("client: a new connection that breaks is not retried, nor one that began to answer", "[net]") {
  LoopbackServer server([](const ReceivedRequest& request) {
    if (request.body == "1") return answer(200, "ok");
    const std::string begun = request.body == "2" ? "HTTP/1.1 2" : "";
    return ScriptedAnswer{.bytes = begun, .afterwards = Afterwards::close};
  });
  ClientFixture fixture;
  REQUIRE(fixture.send(ClientFixture::post(server.url(), "1")).has_value());
  for (const std::string& body : {"2", "3"}) {  // on the kept connection, then on a new one
    HttpRequest request = ClientFixture::post(server.url(), body);
    request.retry_on_stale = true;
    const SendResult result = fixture.send(request);
    REQUIRE(result.has_error());
    CHECK(result.error().kind == FailureKind::reset);
  }
  CHECK(server.request_count() == 3);
  CHECK(fixture.client->counters().stale_retries == 0);
}

TEST_CASE("client: a body is streamed to the caller, who may end it", "[net]") {
  LoopbackServer server([](const ReceivedRequest&) { return answer(200, "abcdefghij"); });
  ClientFixture fixture;
  std::string received;
  HttpRequest all = ClientFixture::request(server.url());
  all.on_body = [&received](std::string_view piece) {
    received += piece;
    return true;
  };
  const SendResult whole = fixture.send(all);
  REQUIRE(whole.has_value());
  CHECK(received == "abcdefghij");
  CHECK(whole->body.empty());
  CHECK_FALSE(whole->body_truncated);

  HttpRequest none = ClientFixture::request(server.url());
  none.on_body = [](std::string_view) { return false; };
  const SendResult ended = fixture.send(none);
  REQUIRE(ended.has_value());
  CHECK(ended->status == 200);
  CHECK(ended->body_truncated);
  CHECK_FALSE(fixture.get(server.url())->reused_connection);
}

TEST_CASE("client: a cancelled request is a failure and not an exception", "[net]") {
  LoopbackServer server([](const ReceivedRequest&) { return ScriptedAnswer{.afterwards = Afterwards::hang}; });
  ClientFixture fixture;
  boost::asio::cancellation_signal signal;
  std::optional<SendResult> result;
  boost::asio::co_spawn(
      fixture.context, fixture.client->send(ClientFixture::request(server.url())),
      boost::asio::bind_cancellation_slot(signal.slot(), [&result](std::exception_ptr thrown, SendResult outcome) {
        if (thrown) std::rethrow_exception(thrown);
        result.emplace(std::move(outcome));
      }));
  while (server.request_count() == 0)
    fixture.context.run_one_for(std::chrono::milliseconds(1));
  signal.emit(boost::asio::cancellation_type::terminal);
  while (!result)
    fixture.context.run_one();
  REQUIRE(result->has_error());
  CHECK(result->error().kind == FailureKind::cancelled);
  CHECK(result->error().request_may_have_arrived);
}

TEST_CASE("client: an io_context can go while requests are under way and connections idle", "[net]") {
  LoopbackServer server([](const ReceivedRequest& request) {
    return request.target == "/hang" ? ScriptedAnswer{.afterwards = Afterwards::hang} : answer(200);
  });
  ClientFixture fixture(ClientSetup{.pool = {.in_use_per_origin = 2}});
  auto context = std::make_unique<boost::asio::io_context>(1);
  bool finished = false;
  const auto on_end = [&finished](std::exception_ptr, SendResult) { finished = true; };
  boost::asio::co_spawn(*context, fixture.client->send(ClientFixture::request(server.url())), [](auto&&...) {});
  for (int i = 0; i < 3; ++i)  // the third waits for a place
    boost::asio::co_spawn(*context, fixture.client->send(ClientFixture::request(server.url("/hang"))), on_end);
  while (server.request_count() < 3)
    context->run_one_for(std::chrono::milliseconds(1));
  context.reset();
  CHECK_FALSE(finished);
  CHECK(fixture.get(server.url()).has_value());
}

}  // namespace galley::net
