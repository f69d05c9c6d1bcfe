#include "base/cidr.hpp"

#include <catch2/catch.hpp>

#include <string_view>

namespace galley {
namespace {

boost::asio::ip::address address(std::string_view text) {
  return boost::asio::ip::make_address(text);
}

}  // namespace

TEST_CASE("cidr: well-formed networks come back as they are", "[base]") {
  for (const std::string_view text :
       {"0.0.0.0/0", "10.0.0.0/8", "192.168.1.0/24", "127.0.0.1/32", "::/0", "fd00::/8", "2001:db8::/33", "::1/128"}) {
    CAPTURE(text);
    CHECK(parse_cidr(text).value().text() == text);
  }
  CHECK(parse_cidr("127.0.0.1").value().text() == "127.0.0.1/32");
  CHECK(parse_cidr("::1").value().text() == "::1/128");
}

TEST_CASE("cidr: what is not a network is refused", "[base]") {
  for (const std::string_view text : {"",
                                      "/",
                                      "/8",
                                      "10.0.0.0/",
                                      "10.0.0.0/33",
                                      "10.0.0.0/-1",
                                      "10.0.0.0/+8",
                                      "10.0.0.0/8 ",
                                      " 10.0.0.0/8",
                                      "10/8",
                                      "10.0.0/8",
                                      "010.0.0.0/8",
                                      "10.0.0.1/8",
                                      "10.0.0.0/8/8",
                                      "::/129",
                                      "fd00::1/8",
                                      "fe80::%eth0/10",
                                      "localhost",
                                      "example.com/24",
                                      "10.0.0.0/0x8"}) {
    CAPTURE(text);
    const Result<Cidr> network = parse_cidr(text);
    REQUIRE(network.has_error());
    CHECK(network.error().fields.at(0).field == "network");
  }
}

TEST_CASE("cidr: prefixes end at bits, not bytes, and families do not mix", "[base]") {
  const Cidr twelve = parse_cidr("172.16.0.0/12").value();
  CHECK(twelve.contains(address("172.31.255.255")));
  CHECK_FALSE(twelve.contains(address("172.32.0.0")));
  CHECK_FALSE(twelve.contains(address("::ffff:172.16.0.1")));
  const Cidr seven = parse_cidr("fc00::/7").value();
  CHECK(seven.contains(address("fdff::1")));
  CHECK_FALSE(seven.contains(address("fe00::1")));
  CHECK_FALSE(parse_cidr("::/0").value().contains(address("1.2.3.4")));
  CHECK(parse_cidr("0.0.0.0/0").value().contains(address("255.255.255.255")));
}

}  // namespace galley
