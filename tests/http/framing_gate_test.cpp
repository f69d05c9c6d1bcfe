#include "http/framing_gate.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <string_view>

#include "http/framing_probes.hpp"

namespace galley::http::test {
namespace {

struct Reading {
  std::string verdict;
  Request request;
};

// Feeds the bytes in pieces of that size, as a connection would.
Reading read(std::string_view bytes, std::size_t piece) {
  const HeadLimits limits;
  HeadScan scan;
  for (std::size_t arrived = 0; arrived < bytes.size();) {
    arrived = std::min(bytes.size(), arrived + piece);
    const HeadScan::State state = scan.feed(bytes.substr(0, arrived), limits);
    if (state == HeadScan::State::incomplete) continue;
    Reading reading;
    if (state == HeadScan::State::refused) {
      reading.verdict = to_text(scan.refusal().kind);
      return reading;
    }
    const auto refusal = read_head(bytes.substr(scan.begin(), scan.end() - scan.begin()), limits, reading.request);
    reading.verdict = refusal ? std::string(to_text(refusal->kind)) : "passes";
    return reading;
  }
  return {"incomplete", {}};
}

Request passed(std::string_view bytes) {
  const Reading reading = read(bytes, bytes.size());
  REQUIRE(reading.verdict == "passes");
  return reading.request;
}

}  // namespace

TEST_CASE("framing gate: every probe gets its verdict, in one piece and byte by byte", "[http]") {
  for (const Probe& probe : all_probes()) {
    INFO(probe.name);
    CHECK(read(probe.bytes, probe.bytes.size()).verdict == probe.verdict);
    CHECK(read(probe.bytes, 1).verdict == probe.verdict);
  }
}

TEST_CASE("framing gate: what follows the head does not change its verdict", "[http]") {
  for (const Probe& probe : all_probes()) {
    INFO(probe.name);
    // A head that is endless alone stays so; all others end where they end.
    CHECK(read(probe.bytes + "GET /marker HTTP/1.1\r\nHost: a\r\n\r\n", 100'000).verdict == probe.verdict);
  }
}

TEST_CASE("framing gate: a passing head cut short anywhere is incomplete, never passing", "[http]") {
  const std::string head = "POST /a?b HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nX: y\r\n\r\n";
  for (std::size_t size = 0; size < head.size(); ++size) {
    INFO(size);
    CHECK(read(std::string_view(head).substr(0, size), 7).verdict == "incomplete");
  }
}

TEST_CASE("framing gate: the parts of a request are found", "[http]") {
  const std::string bytes =
      "PATCH /a%20b/../c?d=e?f HTTP/1.1\r\nHost: Example.com:81\r\nX-Thing:  some value \r\nContent-Length: 12\r\n\r\n";
  const Request request = passed(bytes);
  CHECK(request.method == Method::patch);
  CHECK(request.method_text == "PATCH");
  CHECK(request.target == "/a%20b/../c?d=e?f");
  CHECK(request.path == "/a%20b/../c");
  CHECK(request.query == "d=e?f");
  CHECK(request.host == "Example.com:81");
  CHECK(request.header("x-thing") == "some value");
  CHECK_FALSE(request.header("x-thin").has_value());
  CHECK(request.count("HOST") == 1);
  CHECK(request.content_length == 12);
  CHECK(request.has_body());
  CHECK(request.keep_alive);
  CHECK(request.minor_version == 1);
  CHECK_FALSE(request.chunked);
  CHECK_FALSE(request.expects_continue);
}

TEST_CASE("framing gate: an absolute target gives the same path and host as its origin form", "[http]") {
  const std::string with_path = "GET http://a:81/b?c HTTP/1.1\r\nHost: A:81\r\n\r\n";
  CHECK(passed(with_path).path == "/b");
  CHECK(passed(with_path).query == "c");
  CHECK(passed(with_path).host == "a:81");
  const std::string bare = "GET http://a?c HTTP/1.0\r\n\r\n";
  CHECK(passed(bare).path == "/");
  CHECK(passed(bare).query == "c");
  CHECK(passed(bare).host == "a");
}

TEST_CASE("framing gate: the connection is kept by version and Connection", "[http]") {
  const auto keeps = [](const std::string& version, const std::string& lines) {
    const std::string bytes = "GET / HTTP/" + version + "\r\nHost: a\r\n" + lines + "\r\n";
    return passed(bytes).keep_alive;
  };
  CHECK(keeps("1.1", ""));
  CHECK(keeps("1.1", "Connection: Keep-Alive\r\n"));
  CHECK_FALSE(keeps("1.1", "Connection: close\r\n"));
  CHECK_FALSE(keeps("1.1", "Connection: upgrade, CLOSE\r\n"));
  CHECK_FALSE(keeps("1.1", "Connection: keep-alive\r\nConnection: close\r\n"));
  CHECK_FALSE(keeps("1.0", ""));
  CHECK(keeps("1.0", "Connection: keep-alive\r\n"));
  CHECK_FALSE(keeps("1.0", "Connection: keep-alive, close\r\n"));
}

TEST_CASE("framing gate: 100-continue counts only where a body is announced, on 1.1", "[http]") {
  CHECK(passed("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n").expects_continue);
  CHECK_FALSE(passed("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n").expects_continue);
  CHECK_FALSE(passed("POST / HTTP/1.0\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n").expects_continue);
}

TEST_CASE("framing gate: a refused request still tells its path", "[http]") {
  const HeadLimits limits;
  Request request;
  CHECK(read_head("POST /api/v1/x?y HTTP/1.1\r\nHost: a\r\nBad Name: b\r\n\r\n", limits, request));
  CHECK(request.path == "/api/v1/x");
  CHECK(request.method == Method::post);
  // Cut short within the fields, as when its time is over.
  CHECK(read_head("GET /api/v1/z HTTP/1.1\r\nHost: a\r\nX", limits, request));
  CHECK(request.path == "/api/v1/z");
  CHECK(request.query.empty());
  CHECK(request.method == Method::get);
  // Cut short within the target: half a path is none.
  CHECK(read_head("GET /api/v", limits, request));
  CHECK(request.path.empty());
  CHECK(request.host.empty());
}

TEST_CASE("framing gate: a request reuses the fields' memory and keeps nothing of the former one", "[http]") {
  const HeadLimits limits;
  Request request;
  CHECK_FALSE(read_head("POST /a?b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", limits, request));
  CHECK(request.headers.size() == 2);
  CHECK_FALSE(read_head("GET /c HTTP/1.0\r\nX: y\r\n\r\n", limits, request));
  CHECK(request.headers.size() == 1);
  CHECK_FALSE(request.chunked);
  CHECK(request.query.empty());
  CHECK(request.host.empty());
  CHECK_FALSE(request.keep_alive);
}

TEST_CASE("framing gate: a second message in the bytes of one head is refused", "[http]") {
  const HeadLimits limits;
  Request request;
  CHECK(read_head("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", limits, request));
}

}  // namespace galley::http::test
