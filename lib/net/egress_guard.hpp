// EgressGuard: which addresses this program may connect to on behalf of its users. Denied is the default: only globally
// reachable unicast addresses pass, and what the operator allowed by name of the network. Immutable, so thread-safe.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/cidr.hpp"
#include "base/result.hpp"
#include "net/url.hpp"

namespace galley::net {

struct EgressRules {
  // The operator's own decision (allowedPrivateNetworks); empty allows nothing but the public internet.
  std::vector<Cidr> allowed_networks{};
  // http as well as https (allowInsecureWebhooks).
  bool allow_insecure = false;
};

class EgressGuard {
 public:
  explicit EgressGuard(EgressRules rules) : rules_(std::move(rules)) {}

  // Forbidden unless an allowed network holds it: loopback, unspecified, private, link-local, shared (CGNAT),
  // multicast, documentation, benchmark, reserved, unique-local, and every IPv6 outside 2000::/3; IPv6 that embeds IPv4
  // (mapped, compatible, translated, NAT64, 6to4, Teredo, ISATAP). An allowed network that holds such an embedding form
  // opens it only for IPv4 that is allowed itself. Cloud metadata addresses pass only where the very address is
  // allowed.
  bool allows(const Address& address) const;
  // The same, as forbidden with a sentence that says which kind of address it is.
  Result<void> check(const Address& address) const;
  // The judgement when a URL is saved, and again before each request: validation_failed naming "url" for http without
  // allow_insecure, a port below 1024 other than 80 and 443, and a host that is a forbidden address. A name is not
  // resolved here: it is judged at each connect.
  Result<void> check_url(const Url& url) const;

 private:
  EgressRules rules_;
};

}  // namespace galley::net
