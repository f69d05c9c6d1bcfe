#include "webhook/outcome.hpp"

#include <catch2/catch.hpp>
#include <chrono>

#include "base/encoding.hpp"
#include "webhook/remote_answer.hpp"

using namespace galley;
using namespace galley::webhook;
using namespace std::chrono_literals;

namespace {

constexpr Time now = std::chrono::sys_days(std::chrono::year(2026) / 3 / 30) + std::chrono::hours(15);
const ConnectionId connection{"conn_00000000000000000001"};

net::SendResult answered(int status, net::Headers headers = {}, std::string body = {}) {
  net::HttpResponse response;
  response.status = status;
  response.headers = std::move(headers);
  response.body = std::move(body);
  response.timings.total = 1500us;
  return response;
}

net::SendResult failed(net::FailureKind kind, std::optional<int> status = {}) {
  net::TransportError error;
  error.kind = kind;
  error.text = "It did not work.";
  error.status = status;
  return error;
}

ConnectorError classified(const net::SendResult& sent) {
  return classify(sent, judge(sent, now, now), connection);
}

}  // namespace

TEST_CASE("outcome: 2xx succeeds, 410 ends it, all else failed", "[webhook]") {
  for (const int status : {200, 201, 202, 204, 299}) {
    CHECK(judge(answered(status), now, now).verdict == Verdict::succeeded);
    CHECK(judge(answered(status), now, now).attempt.error_class.empty());
  }
  CHECK(judge(answered(410), now, now).verdict == Verdict::gone);
  for (const int status : {300, 301, 302, 304, 307, 308, 400, 401, 404, 408, 418, 429, 500, 503, 599}) {
    CAPTURE(status);
    const Outcome outcome = judge(answered(status), now, now);
    CHECK(outcome.verdict == Verdict::failed);
    CHECK(outcome.attempt.error_class == "status");
    CHECK(outcome.attempt.error.find(std::to_string(status)) != std::string::npos);
  }
  CHECK(judge(answered(302), now, now).attempt.error.find("redirects are not followed") != std::string::npos);
  CHECK(judge(answered(200), now, now).attempt.duration == 2ms);
}

TEST_CASE("outcome: Retry-After counts for 429 and 503 alone", "[webhook]") {
  const net::Headers two_minutes = {{"retry-after", "120"}};
  CHECK(judge(answered(429, two_minutes), now, now).retry_after == 120s);
  CHECK(judge(answered(503, two_minutes), now, now).retry_after == 120s);
  for (const int status : {200, 301, 400, 404, 500, 502})
    CHECK_FALSE(judge(answered(status, two_minutes), now, now).retry_after.has_value());
  CHECK_FALSE(judge(answered(429, {{"Retry-After", "soon"}}), now, now).retry_after.has_value());
}

TEST_CASE("outcome: every failure has its class", "[webhook]") {
  using net::FailureKind;
  const std::pair<FailureKind, std::string_view> table[] = {{FailureKind::invalid_request, "guard"},
                                                            {FailureKind::refused_by_guard, "guard"},
                                                            {FailureKind::dns, "dns"},
                                                            {FailureKind::connect_refused, "connect"},
                                                            {FailureKind::connect_timeout, "timeout"},
                                                            {FailureKind::tls, "tls"},
                                                            {FailureKind::timeout, "timeout"},
                                                            {FailureKind::reset, "reset"},
                                                            {FailureKind::bad_response, "response"},
                                                            {FailureKind::body_too_large, "response"},
                                                            {FailureKind::cancelled, "reset"}};
  for (const auto& [kind, expected] : table) {
    const Outcome outcome = judge(failed(kind), now, now);
    CHECK(outcome.verdict == Verdict::failed);
    CHECK(outcome.attempt.error_class == expected);
    CHECK(outcome.attempt.error == "It did not work.");
    CHECK_FALSE(outcome.attempt.status.has_value());
  }
}

TEST_CASE("outcome: an answer whose body broke off counts by its status", "[webhook]") {
  CHECK(judge(failed(net::FailureKind::timeout, 200), now, now).verdict == Verdict::succeeded);
  CHECK(judge(failed(net::FailureKind::reset, 500), now, now).verdict == Verdict::failed);
  CHECK(judge(failed(net::FailureKind::reset, 410), now, now).verdict == Verdict::gone);
}

TEST_CASE("outcome: what is kept of an answer is bounded and readable", "[webhook]") {
  net::Headers many(200, {"X-Fill", std::string(5000, 'v')});
  many.insert(many.begin(), {"X-Odd", "a\xff"});
  const Outcome outcome =
      judge(answered(200, many, std::string(4095, 'a') + "😀" + std::string("\0\xff", 2)), now, now);
  CHECK(outcome.attempt.response_headers.size() == 50);
  CHECK(outcome.attempt.response_headers[0].second == "a\uFFFD");
  CHECK(outcome.attempt.response_headers[1].second.size() == 1024);
  CHECK(is_utf8(outcome.attempt.response_body));
  CHECK(outcome.attempt.response_body == std::string(4095, 'a') + "\uFFFD");
  CHECK(judge(answered(200, {}, std::string("a\0b", 3)), now, now).attempt.response_body == "a\uFFFDb");
}

TEST_CASE("outcome: a connection's errors are transient, permanent or the connection's own", "[webhook]") {
  for (const int status : {408, 429, 500, 502, 503, 504}) {
    CAPTURE(status);
    CHECK(classified(answered(status)).transient);
    CHECK_FALSE(classified(answered(status)).connection_is_broken);
  }
  for (const int status : {301, 302, 400, 404, 409, 413, 422}) {
    CAPTURE(status);
    CHECK_FALSE(classified(answered(status)).transient);
    CHECK_FALSE(classified(answered(status)).connection_is_broken);
    CHECK(classified(answered(status)).error.code == ErrorCode::connection_rejected);
  }
  for (const int status : {401, 403, 410}) {
    CAPTURE(status);
    CHECK_FALSE(classified(answered(status)).transient);
    CHECK(classified(answered(status)).connection_is_broken);
  }
  CHECK(classified(answered(429, {{"Retry-After", "7"}})).retry_after == 7s);
  CHECK(classified(failed(net::FailureKind::timeout)).error.code == ErrorCode::timed_out);
  CHECK(classified(failed(net::FailureKind::reset)).transient);
  CHECK(classified(failed(net::FailureKind::connect_refused)).transient);
  CHECK_FALSE(classified(failed(net::FailureKind::refused_by_guard)).transient);
}

TEST_CASE("outcome: a refusal is told in the endpoint's own words, shortened", "[webhook]") {
  const ConnectorError error = classified(answered(422, {}, "The  title\nis too long. " + std::string(5000, 'x')));
  CHECK(error.error.message.find("The endpoint answered 422. It said: The title is too long. xxx") == 0);
  CHECK(error.error.message.size() < 300);
}

TEST_CASE("outcome: url and id of a JSON answer become the remote post", "[webhook]") {
  const RemotePost post = read_remote_post(R"({"url":"https://blog.example/p/1","id":"p1","x":[1]})");
  CHECK(post.external_url == "https://blog.example/p/1");
  CHECK(post.external_id == "p1");
  CHECK(read_remote_post(R"({"id":17})").external_id == "17");
  CHECK(read_remote_post(R"({"url":"http://127.0.0.1:8080/p"})").external_url == "http://127.0.0.1:8080/p");
}

TEST_CASE("outcome: an answer that is no post gives none", "[webhook]") {
  for (const std::string text :
       {R"()", R"(ok)", R"([])", R"("https://a.example/")", R"(null)", R"({"url":"/p/1"})",
        R"j({"url":"javascript:alert(1)"})j", R"({"url":"ftp://a.example/"})", R"({"url":17})",
        R"({"url":null,"id":null})", R"({"id":""})", R"({"id":true})", R"({"id":1.5})", R"({"id":{"a":1}})",
        R"({"id":"a\nb"})", R"({"data":{"id":"1","url":"https://a.example/"}})", R"({"url":"https://u:p@a.example/"})",
        R"({"url":"https://a.example/ x"})"}) {
    CAPTURE(text);
    const RemotePost post = read_remote_post(text);
    CHECK_FALSE(post.external_id.has_value());
    CHECK_FALSE(post.external_url.has_value());
  }
  CHECK_FALSE(read_remote_post("{\"id\":\"" + std::string(257, 'x') + "\"}").external_id.has_value());
}
