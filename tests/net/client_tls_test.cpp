#include <catch2/catch.hpp>

#include <fstream>
#include <string>
#include <string_view>

#include "net/client_fixture.hpp"
#include "support/loopback_server.hpp"
#include "support/test_authority.hpp"

namespace galley::net {
namespace {

using test::Afterwards;
using test::answer;
using test::ClientFixture;
using test::ClientSetup;
using test::LoopbackServer;
using test::ReceivedRequest;
using test::ScriptedAnswer;
using test::TestAuthority;
using test::TestCertificate;

LoopbackServer::Options with(const TestCertificate& certificate) {
  LoopbackServer::Options options;
  options.certificate_pem = certificate.certificate_pem;
  options.private_key_pem = certificate.private_key_pem;
  return options;
}

ScriptedAnswer ok(const ReceivedRequest&) {
  return answer(200, "ok");
}
ScriptedAnswer ok_and_close(const ReceivedRequest&) {
  return answer(200, "ok", "Connection: close\r\n");
}

struct TlsFixture : ClientFixture {
  explicit TlsFixture(const TestAuthority& authority)
      : ClientFixture(ClientSetup{.allow_insecure = false, .trusted_ca_file = authority.file()}) {
    resolver.answers["hooks.example"] = {{"127.0.0.1"}};
  }
};

void check_refused(const SendResult& result, std::string_view why) {
  REQUIRE(result.has_error());
  CHECK(result.error().kind == FailureKind::tls);
  CHECK_FALSE(result.error().request_may_have_arrived);
  CHECK_THAT(result.error().text, Catch::Contains(std::string(why)));
}

}  // namespace

TEST_CASE("client tls: a certificate for the name is accepted, and the connection kept", "[net]") {
  const TestAuthority authority;
  LoopbackServer server(ok, with(authority.issue("DNS:hooks.example")));
  TlsFixture fixture(authority);
  for (int i = 0; i < 3; ++i) {
    const SendResult result =
        fixture.send(ClientFixture::post(server.url("/", "hooks.example"), std::string(50'000, 'x')));
    REQUIRE(result.has_value());
    CHECK(result->body == "ok");
    CHECK(result->reused_connection == (i > 0));
  }
  CHECK(server.connection_count() == 1);
  CHECK(fixture.client->counters().full_handshakes == 1);
  CHECK(fixture.client->counters().resumed_handshakes == 0);
}

TEST_CASE("client tls: a certificate for the address is accepted for the address", "[net]") {
  const TestAuthority authority;
  LoopbackServer server(ok, with(authority.issue("IP:127.0.0.1")));
  TlsFixture fixture(authority);
  CHECK(fixture.get(server.url()).has_value());
  check_refused(fixture.get(server.url("/", "hooks.example")), "hostname mismatch");
}

TEST_CASE("client tls: a certificate for another name is refused before anything is sent", "[net]") {
  const TestAuthority authority;
  TlsFixture fixture(authority);
  for (const std::string names : {"DNS:other.example", "DNS:*.hooks.example", "DNS:h*.example", "DNS:*.example.",
                                  "DNS:example", "IP:127.0.0.1", "DNS:hooks.example.evil.example"}) {
    CAPTURE(names);
    LoopbackServer server(ok, with(authority.issue(names)));
    check_refused(fixture.get(server.url("/", "hooks.example")), "hostname mismatch");
    CHECK(server.request_count() == 0);
  }
  LoopbackServer named(ok, with(authority.issue("DNS:hooks.example")));
  check_refused(fixture.get(named.url()), "IP address mismatch");
}

TEST_CASE("client tls: an authority that nobody trusts is refused", "[net]") {
  const TestAuthority authority;
  const TestAuthority stranger;
  LoopbackServer server(ok, with(stranger.issue("DNS:hooks.example")));
  TlsFixture fixture(authority);
  check_refused(fixture.get(server.url("/", "hooks.example")), "certificate");
  CHECK(server.request_count() == 0);
}

TEST_CASE("client tls: without the file its authority is not trusted", "[net]") {
  const TestAuthority authority;
  LoopbackServer server(ok, with(authority.issue("DNS:hooks.example")));
  ClientFixture fixture;
  fixture.resolver.answers["hooks.example"] = {{"127.0.0.1"}};
  check_refused(fixture.get(server.url("/", "hooks.example")), "certificate");
}

TEST_CASE("client tls: certificates out of their time are refused", "[net]") {
  using std::chrono::hours;
  const TestAuthority authority;
  TlsFixture fixture(authority);
  LoopbackServer expired(ok, with(authority.issue("DNS:hooks.example", hours(-2), hours(-1))));
  check_refused(fixture.get(expired.url("/", "hooks.example")), "has expired");
  LoopbackServer early(ok, with(authority.issue("DNS:hooks.example", hours(1), hours(2))));
  check_refused(fixture.get(early.url("/", "hooks.example")), "not yet valid");
}

TEST_CASE("client tls: TLS 1.2 is spoken, 1.1 is not", "[net]") {
  const TestAuthority authority;
  TlsFixture fixture(authority);
  LoopbackServer::Options options = with(authority.issue("DNS:hooks.example"));
  options.max_tls_version = TLS1_2_VERSION;
  LoopbackServer good(ok, options);
  CHECK(fixture.get(good.url("/", "hooks.example")).has_value());
  options.max_tls_version = TLS1_1_VERSION;
  LoopbackServer old(ok, options);
  check_refused(fixture.get(old.url("/", "hooks.example")), "");
}

TEST_CASE("client tls: a peer that does not speak TLS, or stops in the handshake", "[net]") {
  const TestAuthority authority;
  TlsFixture fixture(authority);
  const auto url = [](const LoopbackServer& server) {
    return "https://hooks.example:" + std::to_string(server.port()) + "/";
  };
  LoopbackServer::Options options;
  options.on_accept = [](std::size_t) {
    return std::optional<ScriptedAnswer>({.bytes = "HTTP/1.1 400 Bad\r\n\r\n", .afterwards = Afterwards::hang});
  };
  LoopbackServer plain(ok, options);
  check_refused(fixture.get(url(plain)), "");
  options.on_accept = [](std::size_t) { return std::optional<ScriptedAnswer>({.afterwards = Afterwards::close}); };
  LoopbackServer closing(ok, options);
  check_refused(fixture.get(url(closing)), "");
  options.on_accept = [](std::size_t) { return std::optional<ScriptedAnswer>({.afterwards = Afterwards::hang}); };
  LoopbackServer silent(ok, options);
  HttpRequest request = ClientFixture::request(url(silent));
  request.limits.connect = std::chrono::milliseconds(60);
  const SendResult result = fixture.send(request);
  REQUIRE(result.has_error());
  CHECK(result.error().kind == FailureKind::connect_timeout);
  CHECK_FALSE(result.error().request_may_have_arrived);
}

TEST_CASE("client tls: new connections resume the session of the one before", "[net]") {
  const TestAuthority authority;
  for (const int version : {TLS1_2_VERSION, 0}) {
    CAPTURE(version);
    LoopbackServer::Options options = with(authority.issue("DNS:hooks.example,DNS:other.example"));
    options.max_tls_version = version;
    LoopbackServer server(ok_and_close, options);
    TlsFixture fixture(authority);
    fixture.resolver.answers["other.example"] = {{"127.0.0.1"}};
    for (int i = 0; i < 4; ++i)
      REQUIRE(fixture.get(server.url("/", "hooks.example")).has_value());
    CHECK(server.connection_count() == 4);
    CHECK(fixture.client->counters().full_handshakes == 1);
    CHECK(fixture.client->counters().resumed_handshakes == 3);
    // A session belongs to its origin: another name starts anew.
    REQUIRE(fixture.get(server.url("/", "other.example")).has_value());
    CHECK(fixture.client->counters().full_handshakes == 2);
  }
}

TEST_CASE("client tls: a body without a length that ends without the closing alert is marked", "[net]") {
  const TestAuthority authority;
  const auto ending = [](bool rudely) {
    return [rudely](const ReceivedRequest&) {
      return ScriptedAnswer{.bytes = "HTTP/1.1 200 OK\r\n\r\nabc", .afterwards = Afterwards::close, .rudely = rudely};
    };
  };
  TlsFixture fixture(authority);
  LoopbackServer polite(ending(false), with(authority.issue("DNS:hooks.example")));
  const SendResult whole = fixture.get(polite.url("/", "hooks.example"));
  REQUIRE(whole.has_value());
  CHECK(whole->body == "abc");
  CHECK_FALSE(whole->body_truncated);
  LoopbackServer rude(ending(true), with(authority.issue("DNS:hooks.example")));
  const SendResult cut = fixture.get(rude.url("/", "hooks.example"));
  REQUIRE(cut.has_value());
  CHECK(cut->status == 200);
  CHECK(cut->body_truncated);
}

TEST_CASE("client tls: a trusted CA file that cannot be read is an error at the start", "[net]") {
  test::ManualClock clock;
  test::ScriptedResolver resolver;
  const auto created = [&](const std::filesystem::path& file) {
    return PooledHttpClient::create({.trusted_ca_file = file}, resolver, clock);
  };
  const auto missing = created("/nonexistent/ca.pem");
  REQUIRE(missing.has_error());
  CHECK_THAT(missing.error().cause, Catch::Contains("/nonexistent/ca.pem"));
  const TestAuthority authority;
  std::ofstream(authority.file()) << "not PEM";
  CHECK(created(authority.file()).has_error());
}

}  // namespace galley::net
