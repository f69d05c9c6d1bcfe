#include "api/client_address.hpp"

#include <catch2/catch.hpp>

namespace galley::api {
namespace {

TrustedProxies proxies(const std::vector<std::string_view>& networks) {
  std::vector<Cidr> parsed;
  for (const std::string_view network : networks)
    parsed.push_back(parse_cidr(network).value());
  return TrustedProxies(std::move(parsed));
}

http::Request from(std::string_view peer, const std::vector<std::string_view>& forwarded = {}) {
  http::Request request;
  request.peer = peer;
  for (const std::string_view value : forwarded)
    request.headers.push_back({"X-Forwarded-For", value});
  return request;
}

TEST_CASE("client address: what is forwarded is believed of trusted proxies alone", "[api]") {
  const http::Request request = from("10.0.0.7", {"203.0.113.9"});
  CHECK(proxies({}).client(request) == "10.0.0.7");
  CHECK(proxies({"10.0.1.0/24"}).client(request) == "10.0.0.7");
  CHECK(proxies({"10.0.0.0/24"}).client(request) == "203.0.113.9");
  CHECK(proxies({"10.0.0.0/24"}).client(from("10.0.0.7")) == "10.0.0.7");
  CHECK(proxies({"127.0.0.1"}).client(from("::ffff:127.0.0.1", {"203.0.113.9"})) == "203.0.113.9");
}

TEST_CASE("client address: it is the nearest one that no trusted proxy has, whatever the client put before it",
          "[api]") {
  const TrustedProxies trusted = proxies({"10.0.0.0/24", "fd00::/8"});
  CHECK(trusted.client(from("10.0.0.7", {"1.2.3.4, 203.0.113.9, 10.0.0.8"})) == "203.0.113.9");
  CHECK(trusted.client(from("10.0.0.7", {"1.2.3.4", "203.0.113.9", "fd00::1"})) == "203.0.113.9");
  CHECK(trusted.client(from("10.0.0.7", {"10.0.0.9, 10.0.0.8"})) == "10.0.0.9");
}

TEST_CASE("client address: ports are left out, and what is no address ends the search", "[api]") {
  const TrustedProxies trusted = proxies({"10.0.0.0/24"});
  CHECK(trusted.client(from("10.0.0.7", {"203.0.113.9:4711"})) == "203.0.113.9");
  CHECK(trusted.client(from("10.0.0.7", {"[2001:db8::1]:4711"})) == "2001:db8::1");
  CHECK(trusted.client(from("10.0.0.7", {"::ffff:203.0.113.9"})) == "203.0.113.9");
  for (const std::string_view nonsense : {"", ",", "unknown", "1.2.3", "[", "[]", ":", "1.2.3.4.5", "a, b"})
    CHECK(trusted.client(from("10.0.0.7", {nonsense})) == "10.0.0.7");
  CHECK(trusted.client(from("10.0.0.7", {"203.0.113.9, unknown, 10.0.0.8"})) == "10.0.0.8");
}

}  // namespace
}  // namespace galley::api
