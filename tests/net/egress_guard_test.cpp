#include "net/egress_guard.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "support/forbidden_hosts.hpp"

namespace galley::net {
namespace {

Address address(std::string_view text) {
  return boost::asio::ip::make_address(text);
}

EgressGuard guard(const std::vector<std::string_view>& networks, bool allow_insecure = false) {
  EgressRules rules{.allow_insecure = allow_insecure};
  for (const std::string_view network : networks)
    rules.allowed_networks.push_back(parse_cidr(network).value());
  return EgressGuard(std::move(rules));
}

std::string reason(const Result<void>& verdict) {
  if (verdict) return "allowed";
  return verdict.error().fields.empty() ? verdict.error().message : verdict.error().fields[0].reason;
}

}  // namespace

TEST_CASE("egress guard: every kind of special address is forbidden, and named", "[net]") {
  struct Row {
    std::string_view address;
    std::string_view kind;
  };
  const Row rows[] = {
      {"0.0.0.0", "this network"},
      {"0.255.255.255", "this network"},
      {"10.0.0.0", "private"},
      {"10.255.255.255", "private"},
      {"100.64.0.0", "shared"},
      {"100.127.255.255", "shared"},
      {"127.0.0.1", "loopback"},
      {"127.255.255.255", "loopback"},
      {"169.254.0.1", "link-local"},
      {"172.16.0.0", "private"},
      {"172.31.255.255", "private"},
      {"192.0.0.1", "reserved"},
      {"192.0.2.1", "documentation"},
      {"192.88.99.1", "6to4"},
      {"192.168.0.0", "private"},
      {"192.168.255.255", "private"},
      {"198.18.0.0", "benchmark"},
      {"198.19.255.255", "benchmark"},
      {"198.51.100.1", "documentation"},
      {"203.0.113.1", "documentation"},
      {"224.0.0.1", "multicast"},
      {"239.255.255.255", "multicast"},
      {"240.0.0.1", "reserved"},
      {"255.255.255.255", "reserved"},
      {"169.254.169.254", "metadata"},
      {"169.254.170.2", "metadata"},
      {"100.100.100.200", "metadata"},
      {"168.63.129.16", "metadata"},
      {"192.0.0.192", "metadata"},
      {"::", "unspecified"},
      {"::1", "loopback"},
      {"::2", "IPv4-compatible"},
      {"::127.0.0.1", "IPv4-compatible"},
      {"::8.8.8.8", "IPv4-compatible"},
      {"::ffff:127.0.0.1", "IPv4-mapped"},
      {"::ffff:8.8.8.8", "IPv4-mapped"},
      {"::ffff:0:127.0.0.1", "IPv4-translated"},
      {"64:ff9b::127.0.0.1", "NAT64"},
      {"64:ff9b::8.8.8.8", "NAT64"},
      {"64:ff9b:1::1", "NAT64"},
      {"64:ff9b:1:ffff:ffff:ffff:ffff:ffff", "NAT64"},
      {"100::1", "discard"},
      {"2001::1", "Teredo"},
      {"2001:0:ffff:ffff:ffff:ffff:ffff:ffff", "Teredo"},
      {"2001:2::1", "benchmark"},
      {"2001:10::1", "reserved"},
      {"2001:20::1", "reserved"},
      {"2001:1ff:ffff::1", "reserved"},
      {"2001:db8::1", "documentation"},
      {"2002:7f00:1::1", "6to4"},
      {"2002:808:808::1", "6to4"},
      {"3fff::1", "documentation"},
      {"3fff:fff:ffff::1", "documentation"},
      {"3ffe::1", "reserved"},
      {"5f00::1", "segment"},
      {"fc00::1", "unique-local"},
      {"fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "unique-local"},
      {"fd00:ec2::254", "metadata"},
      {"fd20:ce::254", "metadata"},
      {"fe80::1", "link-local"},
      {"febf:ffff::1", "link-local"},
      {"fec0::1", "site-local"},
      {"ff02::1", "multicast"},
      {"ff0e::1", "multicast"},
      {"4000::1", "reserved"},
      {"1fff::1", "reserved"},
      {"2a00::5efe:10.0.0.1", "ISATAP"},
      {"2a00::200:5efe:8.8.8.8", "ISATAP"},
  };
  const EgressGuard closed = guard({});
  for (const Row& row : rows) {
    CAPTURE(row.address);
    CHECK_FALSE(closed.allows(address(row.address)));
    const Result<void> verdict = closed.check(address(row.address));
    REQUIRE(verdict.has_error());
    CHECK(verdict.error().code == ErrorCode::forbidden);
    CHECK_THAT(verdict.error().message, Catch::Contains(std::string(row.kind)));
  }
}

TEST_CASE("egress guard: neighbours of the special networks are public", "[net]") {
  const EgressGuard closed = guard({});
  for (const std::string_view text :
       {"1.0.0.0",    "9.255.255.255",   "11.0.0.0",        "100.63.255.255",  "100.128.0.0",      "126.255.255.255",
        "128.0.0.0",  "169.253.255.255", "169.255.0.0",     "172.15.255.255",  "172.32.0.0",       "192.0.1.0",
        "192.0.3.0",  "192.88.98.255",   "192.88.100.0",    "192.167.255.255", "192.169.0.0",      "198.17.255.255",
        "198.20.0.0", "198.51.99.255",   "198.51.101.0",    "203.0.112.255",   "203.0.114.0",      "223.255.255.255",
        "8.8.8.8",    "168.63.129.15",   "2606:4700::1111", "2001:200::1",     "2001:db7:ffff::1", "2001:db9::1",
        "2003::1",    "2a00:1450::1",    "3ffd::1",         "3fff:1000::1"}) {
    CAPTURE(text);
    CHECK(closed.allows(address(text)));
    CHECK(closed.check(address(text)).has_value());
  }
}

TEST_CASE("egress guard: an allowed network opens itself and nothing else", "[net]") {
  const EgressGuard open = guard({"10.1.0.0/16", "fd12::/16"});
  CHECK(open.allows(address("10.1.0.1")));
  CHECK(open.allows(address("10.1.255.255")));
  CHECK(open.allows(address("fd12::1")));
  CHECK_FALSE(open.allows(address("10.2.0.1")));
  CHECK_FALSE(open.allows(address("10.0.255.255")));
  CHECK_FALSE(open.allows(address("fd13::1")));
  CHECK_FALSE(open.allows(address("127.0.0.1")));
  CHECK_FALSE(open.allows(address("::ffff:10.1.0.1")));
  CHECK_FALSE(open.allows(address("64:ff9b::10.1.0.1")));
  CHECK_FALSE(open.allows(address("2002:a01:1::1")));
}

TEST_CASE("egress guard: allowing a form that embeds IPv4 does not allow what is embedded", "[net]") {
  const EgressGuard open =
      guard({"64:ff9b::/96", "::ffff:0:0/96", "2002::/16", "2001::/32", "64:ff9b:1::/48", "10.0.0.0/8", "::/96"});
  CHECK(open.allows(address("64:ff9b::8.8.8.8")));
  CHECK(open.allows(address("64:ff9b::10.0.0.1")));
  CHECK(open.allows(address("::ffff:10.0.0.1")));
  CHECK(open.allows(address("2002:808:808::1")));
  CHECK(open.allows(address("2001::f7f7:f7f7")));  // 8.8.8.8 inverted
  CHECK_FALSE(open.allows(address("64:ff9b::127.0.0.1")));
  CHECK_FALSE(open.allows(address("64:ff9b::169.254.169.254")));
  CHECK_FALSE(open.allows(address("64:ff9b:1:a9fe:a9:fe00::")));  // 169.254.169.254 as RFC 6052 lays it out after /48
  CHECK_FALSE(open.allows(address("::ffff:127.0.0.1")));
  CHECK_FALSE(open.allows(address("::127.0.0.1")));
  CHECK_FALSE(open.allows(address("2002:7f00:1::1")));
  CHECK_FALSE(open.allows(address("2001::80ff:fffe")));  // 127.0.0.1 inverted
}

TEST_CASE("egress guard: a metadata address passes only by its own name", "[net]") {
  const EgressGuard open = guard({"0.0.0.0/0", "::/0"});
  CHECK(open.allows(address("127.0.0.1")));
  CHECK(open.allows(address("fe80::1")));
  CHECK_FALSE(open.allows(address("169.254.169.254")));
  CHECK_FALSE(open.allows(address("100.100.100.200")));
  CHECK_FALSE(open.allows(address("fd00:ec2::254")));
  CHECK_FALSE(open.allows(address("::ffff:169.254.169.254")));
  CHECK(guard({"169.254.169.254"}).allows(address("169.254.169.254")));
  CHECK(guard({"fd00:ec2::254/128"}).allows(address("fd00:ec2::254")));
}

TEST_CASE("egress guard: a forbidden host is refused when it is saved, in whatever spelling", "[net]") {
  const EgressGuard closed = guard({});
  std::vector<std::string> urls{"https://127.0.0.1:8080/", "https://[::1]:8443/",
                                "https://169.254.169.254/latest/meta-data/"};
  for (const std::string_view host : test::forbidden_hosts)
    urls.push_back("https://" + std::string(host) + "/");
  for (const std::string& text : urls) {
    CAPTURE(text);
    const Result<Url> url = parse_url(text);
    REQUIRE(url.has_value());
    const Result<void> verdict = closed.check_url(*url);
    REQUIRE(verdict.has_error());
    CHECK(verdict.error().code == ErrorCode::validation_failed);
    CHECK(verdict.error().fields.at(0).field == "url");
    CHECK_THAT(verdict.error().fields.at(0).reason, Catch::Contains("host that is not allowed"));
  }
}

TEST_CASE("egress guard: a name is saved whatever it may resolve to", "[net]") {
  const EgressGuard closed = guard({});
  CHECK(closed.check_url(parse_url("https://hooks.example.com/x").value()).has_value());
  CHECK(closed.check_url(parse_url("https://does-not-resolve.invalid/").value()).has_value());
  CHECK(closed.check_url(parse_url("https://8.8.8.8/").value()).has_value());
}

TEST_CASE("egress guard: http and low ports need more than a wish", "[net]") {
  const auto verdict = [](const EgressGuard& judge, std::string_view url) {
    return reason(judge.check_url(parse_url(url).value()));
  };
  const EgressGuard strict = guard({});
  const EgressGuard insecure = guard({}, true);
  CHECK(verdict(strict, "http://example.com/") == "must use https");
  CHECK(verdict(insecure, "http://example.com/") == "allowed");
  CHECK(verdict(insecure, "http://127.0.0.1/") != "allowed");
  for (const std::string_view port : {"443", "80", "1024", "8443", "65535"}) {
    CAPTURE(port);
    CHECK(verdict(strict, "https://example.com:" + std::string(port) + "/") == "allowed");
  }
  for (const std::string_view port : {"1", "22", "25", "79", "81", "442", "444", "1023"}) {
    CAPTURE(port);
    CHECK_THAT(verdict(strict, "https://example.com:" + std::string(port) + "/"), Catch::Contains("port below 1024"));
  }
}

}  // namespace galley::net
