// What the client makes of peers that fail, stall, lie or never end.
#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "net/client_fixture.hpp"
#include "support/invalid_answers.hpp"
#include "support/loopback_server.hpp"
#include "support/unserved_port.hpp"

namespace galley::net {
namespace {

using test::Afterwards;
using test::answer;
using test::cidr;
using test::ClientFixture;
using test::ClientSetup;
using test::LoopbackServer;
using test::ReceivedRequest;
using test::ScriptedAnswer;
using test::UnservedPort;

// One POST to a server that answers with these bytes and then does that.
SendResult exchange_with(const ScriptedAnswer& scripted, std::size_t max_body = 65536, Excess excess = Excess::cut) {
  LoopbackServer server([&scripted](const ReceivedRequest&) { return scripted; });
  ClientFixture fixture;
  HttpRequest post = ClientFixture::post(server.url(), "body");
  post.max_body = max_body;
  post.excess = excess;
  return fixture.send(post);
}

FailureKind failure_of(const SendResult& result) {
  REQUIRE(result.has_error());
  CHECK_FALSE(result.error().text.empty());
  return result.error().kind;
}

}  // namespace

TEST_CASE("client faults: a refused connection is told, and nothing arrived", "[net]") {
  const UnservedPort dead(UnservedPort::Kind::refusing);
  ClientFixture fixture;
  const SendResult result = fixture.get(dead.url());
  CHECK(failure_of(result) == FailureKind::connect_refused);
  CHECK_FALSE(result.error().request_may_have_arrived);
  CHECK(result.error().peer.address.to_string() == "127.0.0.1");
  CHECK(fixture.client->counters().connections == 0);
}

TEST_CASE("client faults: the next address is tried where one refuses", "[net]") {
  LoopbackServer server([](const ReceivedRequest&) { return answer(200); });
  ClientFixture fixture;
  fixture.resolver.answers["hooks.example"] = {{"127.0.0.9", "127.0.0.1"}};  // the server listens on the second only
  const SendResult result = fixture.get(server.url("/", "hooks.example"));
  REQUIRE(result.has_value());
  CHECK(result->peer.address.to_string() == "127.0.0.1");
  CHECK(server.requests()[0].header("host") == "hooks.example:" + std::to_string(server.port()));
}

TEST_CASE("client faults: a name without an address", "[net]") {
  ClientFixture fixture;
  const SendResult result = fixture.get("http://nowhere.example/");
  CHECK(failure_of(result) == FailureKind::dns);
  CHECK_FALSE(result.error().request_may_have_arrived);
  CHECK_THAT(result.error().text, Catch::Contains("nowhere.example"));
}

TEST_CASE("client faults: a peer that never answers costs the limit and no more", "[net]") {
  LoopbackServer server([](const ReceivedRequest& request) {
    return ScriptedAnswer{.bytes = request.body, .afterwards = Afterwards::hang};
  });
  ClientFixture fixture;
  for (const std::string& begun : {std::string(), std::string("HTTP/1.1 200 OK\r\n"),
                                   std::string("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")}) {
    CAPTURE(begun);
    HttpRequest post = ClientFixture::post(server.url(), begun);
    post.limits.total = std::chrono::milliseconds(60);
    const SendResult result = fixture.send(post);
    CHECK(failure_of(result) == FailureKind::timeout);
    CHECK(result.error().request_may_have_arrived);
  }
}

TEST_CASE("client faults: a peer that never reads costs the limit and no more", "[net]") {
  const UnservedPort deaf(UnservedPort::Kind::listening);
  ClientFixture fixture;
  HttpRequest post = ClientFixture::post(deaf.url(), std::string(32'000'000, 'x'));
  post.limits.total = std::chrono::milliseconds(100);
  const SendResult result = fixture.send(post);
  CHECK(failure_of(result) == FailureKind::timeout);
  CHECK(result.error().request_may_have_arrived);
}

TEST_CASE("client faults: an endless body is cut, and its connection closed", "[net]") {
  const std::string heads[] = {
      "HTTP/1.1 200 OK\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n",
  };
  for (const std::string& head : heads) {
    CAPTURE(head);
    LoopbackServer server([&head](const ReceivedRequest& request) {
      if (request.method == "GET") return answer(204);
      return ScriptedAnswer{.bytes = head, .endlessly = std::string(10'000, 'x')};
    });
    ClientFixture fixture;
    const SendResult result = fixture.send(ClientFixture::post(server.url(), "x"));
    REQUIRE(result.has_value());
    CHECK(result->status == 200);
    CHECK(result->body == std::string(65536, 'x'));
    CHECK(result->body_truncated);
    CHECK_FALSE(fixture.get(server.url())->reused_connection);
  }
}

TEST_CASE("client faults: the bound of a body holds to the byte", "[net]") {
  const SendResult exact = exchange_with(answer(200, "0123456789"), 10);
  REQUIRE(exact.has_value());
  CHECK(exact->body == "0123456789");
  CHECK_FALSE(exact->body_truncated);
  const SendResult over = exchange_with(answer(200, "0123456789"), 9);
  REQUIRE(over.has_value());
  CHECK(over->body == "012345678");
  CHECK(over->body_truncated);
  const SendResult none = exchange_with(answer(200, "x"), 0);
  REQUIRE(none.has_value());
  CHECK(none->body.empty());
  CHECK(none->body_truncated);
  const SendResult failed = exchange_with(answer(200, "0123456789"), 9, Excess::fail);
  CHECK(failure_of(failed) == FailureKind::body_too_large);
  CHECK(failed.error().status == 200);
}

TEST_CASE("client faults: a compressed answer stays as it is", "[net]") {
  const std::string zipped("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
  const SendResult result = exchange_with(answer(200, zipped, "Content-Encoding: gzip\r\n"));
  REQUIRE(result.has_value());
  CHECK(result->body == zipped);
}

TEST_CASE("client faults: closed or reset before, within and after the head", "[net]") {
  for (const Afterwards afterwards : {Afterwards::close, Afterwards::reset}) {
    const auto broken = [afterwards](std::string bytes) {
      return exchange_with(ScriptedAnswer{.bytes = std::move(bytes), .afterwards = afterwards});
    };
    for (const std::string_view bytes : {"", "H", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n"}) {
      CAPTURE(bytes);
      const SendResult result = broken(std::string(bytes));
      CHECK(failure_of(result) == FailureKind::reset);
      CHECK(result.error().request_may_have_arrived);
      CHECK_FALSE(result.error().status);
    }
    for (const std::string_view bytes :
         {"HTTP/1.1 500 No\r\nContent-Length: 10\r\n\r\n", "HTTP/1.1 500 No\r\nContent-Length: 10\r\n\r\nabc",
          "HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
          "HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n"}) {
      CAPTURE(bytes);
      const SendResult result = broken(std::string(bytes));
      CHECK(failure_of(result) == FailureKind::reset);
      // A reset may overtake the bytes before it; a close cannot.
      if (afterwards == Afterwards::close) CHECK(result.error().status == 500);
    }
  }
  CHECK(exchange_with(ScriptedAnswer{.bytes = "HTTP/1.1 200 OK\r\n\r\nabc", .afterwards = Afterwards::close})->body ==
        "abc");
}

TEST_CASE("client faults: what is not HTTP/1.x, or says two things at once, is refused", "[net]") {
  for (const std::string& bytes : test::invalid_answers()) {
    CAPTURE(bytes.substr(0, 120));
    const SendResult result = exchange_with(ScriptedAnswer{.bytes = bytes, .afterwards = Afterwards::hang});
    CHECK(failure_of(result) == FailureKind::bad_response);
    CHECK(result.error().request_may_have_arrived);
  }
}

TEST_CASE("client faults: heads, trailers, chunk lines and interim answers that never end are refused", "[net]") {
  for (const ScriptedAnswer& scripted : test::endless_answers()) {
    CAPTURE(scripted.bytes, scripted.endlessly);
    CHECK(failure_of(exchange_with(scripted)) == FailureKind::bad_response);
  }
}

TEST_CASE("client faults: an early refusal counts though the request was not read", "[net]") {
  test::LoopbackServer::Options options;
  // After its answer it drains what comes, so that no reset overtakes the answer.
  options.on_accept = [](std::size_t) {
    ScriptedAnswer refusal = answer(413, "", "Connection: close\r\n");
    refusal.afterwards = Afterwards::hang;
    return std::optional<ScriptedAnswer>(refusal);
  };
  LoopbackServer server([](const ReceivedRequest&) { return answer(500); }, options);
  ClientFixture fixture;
  const SendResult result = fixture.send(ClientFixture::post(server.url(), std::string(4'000'000, 'x')));
  REQUIRE(result.has_value());
  CHECK(result->status == 413);
}

TEST_CASE("client faults: a redirect is an answer and is not followed", "[net]") {
  LoopbackServer target([](const ReceivedRequest&) { return answer(200); });
  for (const int status : {300, 301, 302, 303, 307, 308}) {
    CAPTURE(status);
    LoopbackServer server(
        [&](const ReceivedRequest&) { return answer(status, "", "Location: " + target.url() + "\r\n"); });
    ClientFixture fixture;
    const SendResult result = fixture.get(server.url());
    REQUIRE(result.has_value());
    CHECK(result->status == status);
  }
  CHECK(target.connection_count() == 0);
}

TEST_CASE("client faults: a forbidden address is never connected to", "[net]") {
  LoopbackServer server([](const ReceivedRequest&) { return answer(200); });
  ClientFixture fixture(ClientSetup{.allowed = {}});
  for (const std::string_view host :
       {"127.0.0.1", "localtest.example", "mixed.example", "[::ffff:127.0.0.1]", "127.1"}) {
    CAPTURE(host);
    fixture.resolver.answers["localtest.example"] = {{"127.0.0.1"}};
    fixture.resolver.answers["mixed.example"] = {{"10.0.0.1", "::ffff:127.0.0.1", "169.254.169.254", "127.0.0.1"}};
    const SendResult result = fixture.get(server.url("/", host));
    CHECK(failure_of(result) == FailureKind::refused_by_guard);
    CHECK_FALSE(result.error().request_may_have_arrived);
  }
  CHECK(server.connection_count() == 0);
  CHECK(fixture.client->counters().connections == 0);
}

TEST_CASE("client faults: a name that changes its answer is judged by the address that is used", "[net]") {
  LoopbackServer server([](const ReceivedRequest&) { return answer(200, "", "Connection: close\r\n"); });
  // 127.0.0.1 plays the harmless address, 127.0.0.2 the forbidden one; the server would take both.
  ClientFixture fixture(ClientSetup{.allowed = {cidr("127.0.0.1/32")}});
  fixture.resolver.answers["rebind.example"] = {{"127.0.0.1"}, {"127.0.0.2"}};
  const std::string url = server.url("/", "rebind.example");
  const SendResult first = fixture.get(url);
  REQUIRE(first.has_value());
  CHECK(first->peer.address.to_string() == "127.0.0.1");
  CHECK(fixture.resolver.asked == 1);  // asked once: check and connect use one answer
  const SendResult second = fixture.get(url);
  CHECK(failure_of(second) == FailureKind::refused_by_guard);
  CHECK_THAT(second.error().text, Catch::Contains("127.0.0.2"));
  CHECK(server.connection_count() == 1);
}

TEST_CASE("client faults: of several addresses only those that are allowed are tried", "[net]") {
  LoopbackServer server([](const ReceivedRequest&) { return answer(200); });
  ClientFixture fixture(ClientSetup{.allowed = {cidr("127.0.0.1/32")}});
  fixture.resolver.answers["mixed.example"] = {{"10.0.0.1", "127.0.0.2", "127.0.0.1"}};
  const SendResult result = fixture.get(server.url("/", "mixed.example"));
  REQUIRE(result.has_value());
  CHECK(result->peer.address.to_string() == "127.0.0.1");
}

TEST_CASE("client faults: http and low ports are refused by the guard, bad headers before anything else", "[net]") {
  LoopbackServer server([](const ReceivedRequest&) { return answer(200); });
  ClientFixture strict(ClientSetup{.allow_insecure = false});
  CHECK(failure_of(strict.get(server.url())) == FailureKind::refused_by_guard);
  ClientFixture fixture;
  CHECK(failure_of(fixture.get("http://127.0.0.1:22/")) == FailureKind::refused_by_guard);
  HttpRequest request = ClientFixture::request(server.url());
  request.headers = {{"X-A", "b\r\nX-Forged: c"}};
  CHECK(failure_of(fixture.send(request)) == FailureKind::invalid_request);
  request.headers = {{"Transfer-Encoding", "chunked"}};
  CHECK(failure_of(fixture.send(request)) == FailureKind::invalid_request);
  CHECK(server.connection_count() == 0);
}

TEST_CASE("client faults: one peer that hangs does not hold up another", "[net]") {
  LoopbackServer hanging([](const ReceivedRequest&) { return ScriptedAnswer{.afterwards = Afterwards::hang}; });
  LoopbackServer healthy([](const ReceivedRequest&) { return answer(200); });
  ClientFixture fixture;
  bool ended = false;
  for (int i = 0; i < 50; ++i)
    boost::asio::co_spawn(fixture.context, fixture.client->send(ClientFixture::request(hanging.url())),
                          [&ended](std::exception_ptr, SendResult) { ended = true; });
  for (int i = 0; i < 20; ++i)
    CHECK(fixture.get(healthy.url()).has_value());
  CHECK_FALSE(ended);
}

}  // namespace galley::net
