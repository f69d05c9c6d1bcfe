#include "webhook/request.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "node_program.hpp"
#include "sample_event.hpp"
#include "webhook/body.hpp"
#include "webhook/endpoint_policy.hpp"
#include "webhook/signature.hpp"

using namespace galley;
using namespace galley::webhook;
using galley::test::sample_event;

namespace {

const std::string standard_text = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

Endpoint endpoint_with(Projects::WebhookSecrets secrets, HeaderList headers = {}) {
  return {.url = net::parse_url("https://example.com:8443/hook?x=1").value(),
          .headers = std::move(headers),
          .secrets = std::move(secrets)};
}

Envelope envelope_at(Time now) {
  return {.event = EventId("evt_00000000000000000001"),
          .type = EventType::article_published,
          .delivery = DeliveryId("dlv_00000000000000000002"),
          .attempt = 3,
          .sent_at = now};
}

std::string header(const net::HttpRequest& request, std::string_view name) {
  const std::string* value = net::find_header(request.headers, name);
  return value == nullptr ? "(none)" : *value;
}

// A line for peers/verify.js.
std::string case_line(const net::HttpRequest& request, const std::string& secret, bool sample, bool standard) {
  std::string line;
  json::Writer out(line);
  out.begin_object()
      .member("secret", secret)
      .member("body", request.body.view())
      .member("sample", sample)
      .member("standard", standard);
  out.key("headers").begin_object();
  for (const net::Header& header : request.headers)
    out.member(to_lower_ascii(header.name), header.value);
  out.end_object().end_object();
  return line + "\n";
}

}  // namespace

TEST_CASE("request: of its headers all names are kept, and no signature or value of the customer's", "[webhook]") {
  const Endpoint endpoint =
      endpoint_with({.current = Secret(standard_text)}, {{"Authorization", "Bearer canary"}, {"X-Mine", "canary"}});
  const net::HttpRequest request = make_request(endpoint, envelope_at(Time()), std::string("{}"), {});
  const HeaderList kept = kept_headers(request.headers);
  REQUIRE(kept.size() == request.headers.size());
  for (const auto& [name, value] : kept) {
    INFO(name);
    const bool secret = name == "Authorization" || name == "X-Mine" || name.ends_with("ignature");
    CHECK((value == "[redacted]") == secret);
    if (!secret) CHECK(value == header(request, name));
  }
}

TEST_CASE("request: it carries every documented header, signed", "[webhook]") {
  const Time now{std::chrono::milliseconds(1774882800999)};
  const Projects::WebhookSecrets secrets{.current = Secret(standard_text)};
  const auto request =
      make_request(endpoint_with(secrets, {{"X-Site", "blog"}}), envelope_at(now), std::string("{\"a\":1}"), {});
  CHECK(request.method == net::Method::post);
  CHECK(request.url.text() == "https://example.com:8443/hook?x=1");
  CHECK(request.body.view() == "{\"a\":1}");
  CHECK(header(request, "content-type") == "application/json");
  CHECK(header(request, "x-icf-event") == "article.published");
  CHECK(header(request, "x-icf-delivery") == "dlv_00000000000000000002");
  CHECK(header(request, "x-icf-attempt") == "3");
  CHECK(header(request, "x-icf-timestamp") == "1774882800");
  CHECK(header(request, "webhook-id") == "evt_00000000000000000001");
  CHECK(header(request, "webhook-timestamp") == "1774882800");
  CHECK(header(request, "x-icf-signature") == icf_signature(secrets, now, "{\"a\":1}"));
  CHECK(header(request, "webhook-signature").starts_with("v1,"));
  CHECK(header(request, "user-agent").starts_with("Galley"));
  CHECK(header(request, "x-site") == "blog");
  CHECK(request.max_body == 65536);
  CHECK(request.limits.connect == std::chrono::seconds(5));
  CHECK(request.limits.total == std::chrono::seconds(15));
  for (const net::Header& one : request.headers) {
    CAPTURE(one.name);
    CHECK(net::check_header(one.name, one.value).has_value());
    CHECK_FALSE(net::is_connection_header(one.name));
  }
}

TEST_CASE("request: a secret of another form has no webhook-signature header", "[webhook]") {
  const auto request = make_request(endpoint_with({.current = Secret("my own words")}),
                                    envelope_at(Time(std::chrono::seconds(1))), std::string("{}"), {});
  CHECK(header(request, "webhook-signature") == "(none)");
  CHECK(header(request, "x-icf-signature").size() == 64);
}

TEST_CASE("request: customers' headers cannot replace ours or steer the connection", "[webhook]") {
  for (const std::string name :
       {"Content-Type", "content-length", "X-iCF-Signature", "x-icf-anything", "Webhook-Id", "WEBHOOK-SIGNATURE",
        "User-Agent", "Host", "Transfer-Encoding", "Connection", "Accept-Encoding", "Content-Encoding", "Expect",
        "Upgrade", "Proxy-Authorization", "Bad Name", "", "X:Y", "X\r\nY"}) {
    CAPTURE(name);
    const auto judged = check_headers({{name, "x"}});
    REQUIRE(judged.has_error());
    CHECK(judged.error().code == ErrorCode::validation_failed);
    CHECK(judged.error().fields.at(0).field == "headers");
  }
  for (const std::string value : {"a\r\nX-Evil: 1", "a\nb", "a\tb", "\x7f", " a"}) {
    CAPTURE(value);
    CHECK(check_headers({{"X-Site", value}}).has_error());
  }
  CHECK(check_headers({{"X-Site", std::string("a\0b", 3)}}).has_error());
  CHECK(check_headers({{"X-Site", "a"}, {"x-site", "b"}}).has_error());
  CHECK(check_headers(HeaderList(21, {"X-Site", "a"})).has_error());
  CHECK(check_headers({{"Authorization", "Bearer abc"}, {"X-Site", "blog"}}).has_value());
  CHECK(check_headers({}).has_value());
}

TEST_CASE("request: every bad header is named at once", "[webhook]") {
  const auto judged = check_headers({{"Host", "x"}, {"X-Fine", "y"}, {"X-iCF-Event", "z"}});
  REQUIRE(judged.has_error());
  REQUIRE(judged.error().fields.size() == 2);
  CHECK(judged.error().fields[0].reason.find("Host") != std::string::npos);
  CHECK(judged.error().fields[1].reason.find("X-iCF-Event") != std::string::npos);
}

TEST_CASE("request: endpoints are judged when they are saved", "[webhook]") {
  const GuardedEndpoints strict{net::EgressGuard(net::EgressRules{})};
  CHECK(strict.check_endpoint("https://example.com/hook").has_value());
  CHECK(strict.check_endpoint("https://does-not-resolve.invalid/hook").has_value());
  for (const std::string_view url :
       {"http://example.com/", "https://127.0.0.1/", "https://2130706433/", "https://0x7f.1/", "https://[::1]/",
        "https://[::ffff:10.0.0.1]/", "https://10.0.0.1/", "https://169.254.169.254/", "https://user:pw@example.com/",
        "https://example.com:22/", "ftp://example.com/", "/hook", "", "https://exa mple.com/"}) {
    CAPTURE(url);
    const auto judged = strict.check_endpoint(url);
    REQUIRE(judged.has_error());
    CHECK(judged.error().code == ErrorCode::validation_failed);
    CHECK(judged.error().fields.at(0).field == "url");
  }
  CHECK(strict.check_headers({{"Host", "x"}}).error().fields.at(0).field == "headers");
  CHECK(strict.check_template("{{").error().fields.at(0).field == "template");
  CHECK(strict.check_template(R"({"t":"{{title}}"})").has_value());

  const GuardedEndpoints development{
      net::EgressGuard({.allowed_networks = {parse_cidr("127.0.0.0/8").value()}, .allow_insecure = true})};
  CHECK(development.check_endpoint("http://127.0.0.1:8080/").has_value());
  CHECK(development.check_endpoint("http://10.0.0.1:8080/").has_error());
}

TEST_CASE("request: the sample receiver, standardwebhooks and svix verify our requests", "[webhook]") {
  // tests/run installs the peers (npm ci); without them this test fails.
  REQUIRE(std::filesystem::exists(test::peers_folder() / "node_modules/standardwebhooks/package.json"));
  REQUIRE(std::filesystem::exists(test::peers_folder() / "node_modules/svix/package.json"));
  // The libraries compare the timestamp with the machine's time.
  const Time now = SystemClock().now();
  const Time later = now + std::chrono::hours(1);
  const std::string other = std::string(new_webhook_secret().reveal());
  ArticleSnapshot odd = test::sample_snapshot();
  odd.text.title = "Größe </script> \x01 \xe2\x80\xa8 😀";
  std::string lines;
  int count = 0;
  for (const BodyFormat format : {BodyFormat::event, BodyFormat::flat, BodyFormat::custom}) {
    const std::string body = make_body(format, R"({"t": "{{title}}", "n": {{wordCount}}})", sample_event(odd)).value();
    const auto add = [&](const Projects::WebhookSecrets& secrets, const std::string& receiver, bool sample,
                         bool standard) {
      lines += case_line(make_request(endpoint_with(secrets), envelope_at(now), body, {}), receiver, sample, standard);
      ++count;
    };
    add({.current = Secret(standard_text)}, standard_text, true, true);
    add({.current = Secret(other)}, other, true, true);
    add({.current = Secret("my own wörds")}, "my own wörds", true, false);
    // During a rotation the libraries verify with either secret, the reference's way with the old one; behind it with
    // the new one.
    const Projects::WebhookSecrets rotating{
        .current = Secret(other), .previous = Secret(standard_text), .previous_until = later};
    add(rotating, standard_text, true, true);
    add(rotating, other, false, true);
    add({.current = Secret(other), .previous = Secret(standard_text), .previous_until = now}, other, true, true);
  }
  CHECK(test::run_node("verify.js", lines) == "verified " + std::to_string(count) + "\n");
}
