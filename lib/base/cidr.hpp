// Cidr: a network of IP addresses, as operators name them.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace galley {

// A network: the address's bits beyond the prefix are zero.
struct Cidr {
  boost::asio::ip::address network;
  unsigned prefix = 0;  // 0 to 32, or 0 to 128

  // False for an address of the other family; no form of IPv6 that embeds IPv4 is unwrapped.
  bool contains(const boost::asio::ip::address& address) const;
  // "10.0.0.0/8"
  std::string text() const;

  bool operator==(const Cidr&) const = default;
};

// "10.0.0.0/8", "fd00::/8", or a bare address for itself alone. validation_failed naming "network" for anything else,
// for bits set beyond the prefix too.
Result<Cidr> parse_cidr(std::string_view text);

// Whether the first bits of two addresses of one family, as bytes, are the same.
bool same_prefix(std::span<const unsigned char> a, std::span<const unsigned char> b, unsigned bits);

}  // namespace galley
