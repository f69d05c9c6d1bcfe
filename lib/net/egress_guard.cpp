#include "net/egress_guard.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>

namespace galley::net {
namespace {

using boost::asio::ip::address_v4;
using boost::asio::ip::address_v6;
using Bytes6 = address_v6::bytes_type;

struct Special4 {
  std::uint32_t network;
  unsigned prefix;
  std::string_view kind;
};

constexpr std::uint32_t v4(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}

// IANA's IPv4 Special-Purpose Address Registry, all that is not globally reachable, and multicast.
constexpr Special4 special4[] = {
    {v4(0, 0, 0, 0), 8, "an address of this network"},     {v4(10, 0, 0, 0), 8, "a private address"},
    {v4(100, 64, 0, 0), 10, "a shared (carrier) address"}, {v4(127, 0, 0, 0), 8, "a loopback address"},
    {v4(169, 254, 0, 0), 16, "a link-local address"},      {v4(172, 16, 0, 0), 12, "a private address"},
    {v4(192, 0, 0, 0), 24, "a reserved address"},          {v4(192, 0, 2, 0), 24, "a documentation address"},
    {v4(192, 88, 99, 0), 24, "a 6to4 relay address"},      {v4(192, 168, 0, 0), 16, "a private address"},
    {v4(198, 18, 0, 0), 15, "a benchmark address"},        {v4(198, 51, 100, 0), 24, "a documentation address"},
    {v4(203, 0, 113, 0), 24, "a documentation address"},   {v4(224, 0, 0, 0), 4, "a multicast address"},
    {v4(240, 0, 0, 0), 4, "a reserved address"},
};

// Where clouds hand out credentials to whoever asks. Azure's is a public address, and the others lie in networks that
// an operator may well allow (100.64.0.0/10 is what Tailscale uses), so each passes only by its own name.
constexpr std::uint32_t metadata4[] = {
    v4(169, 254, 169, 254),  // nearly all
    v4(169, 254, 170, 2),    // AWS ECS
    v4(169, 254, 170, 23),   // AWS EKS
    v4(169, 254, 0, 23),     // Tencent
    v4(100, 100, 100, 200),  // Alibaba
    v4(168, 63, 129, 16),    // Azure
    v4(192, 0, 0, 192),      // Oracle
};

constexpr Bytes6 v6(const std::array<std::uint16_t, 8>& groups) {
  Bytes6 bytes{};
  for (std::size_t i = 0; i < groups.size(); ++i) {
    bytes[2 * i] = static_cast<unsigned char>(groups[i] >> 8);
    bytes[2 * i + 1] = static_cast<unsigned char>(groups[i] & 0xff);
  }
  return bytes;
}

struct Special6 {
  Bytes6 network;
  unsigned prefix;
  std::string_view kind;
};

// IANA's IPv6 Special-Purpose Address Registry. What is outside 2000::/3 is named here only for the message.
constexpr Special6 special6[] = {
    {v6({}), 128, "the unspecified address"},
    {v6({0, 0, 0, 0, 0, 0, 0, 1}), 128, "a loopback address"},
    {v6({0x0100}), 64, "a discard address"},
    {v6({0x2001, 0x0002}), 48, "a benchmark address"},
    {v6({0x2001, 0x0db8}), 32, "a documentation address"},
    {v6({0x2001}), 23, "a reserved address"},
    {v6({0x3fff}), 20, "a documentation address"},
    {v6({0x3ffe}), 16, "a reserved address"},
    {v6({0x5f00}), 16, "a segment routing address"},
    {v6({0xfc00}), 7, "a unique-local address"},
    {v6({0xfe80}), 10, "a link-local address"},
    {v6({0xfec0}), 10, "a site-local address"},
    {v6({0xff00}), 8, "a multicast address"},
};

constexpr Bytes6 metadata6[] = {
    v6({0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254}),  // AWS
    v6({0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0023}),  // AWS EKS
    v6({0xfd20, 0x00ce, 0, 0, 0, 0, 0, 0x0254}),  // Google
};

struct Embedding {
  Bytes6 network;
  unsigned prefix;
  std::size_t offset;  // of the IPv4 address, in bytes
  std::string_view kind;
};

constexpr Embedding embeddings[] = {
    {v6({}), 96, 12, "an IPv4-compatible address"},
    {v6({0, 0, 0, 0, 0, 0xffff}), 96, 12, "an IPv4-mapped address"},
    {v6({0, 0, 0, 0, 0xffff}), 96, 12, "an IPv4-translated address"},
    {v6({0x0064, 0xff9b}), 96, 12, "a NAT64 address"},
    // RFC 8215 leaves the layout to the network: with another one these bytes are zero, which is never allowed.
    {v6({0x0064, 0xff9b, 1}), 48, 12, "a NAT64 address"},
    {v6({0x2001}), 32, 12, "a Teredo address"},
    {v6({0x2002}), 16, 2, "a 6to4 address"},
};

struct Embedded {
  address_v4 address;
  std::string_view kind;
};

std::optional<Embedded> embedded_ipv4(const Bytes6& bytes) {
  const auto at = [&bytes](std::size_t offset, unsigned char flip) {
    address_v4::bytes_type four{};
    for (std::size_t i = 0; i < four.size(); ++i)
      four[i] = static_cast<unsigned char>(bytes[offset + i] ^ flip);
    return address_v4(four);
  };
  const auto own = [&bytes](const Special6& special) { return same_prefix(bytes, special.network, special.prefix); };
  // :: and ::1 lie in ::/96 but embed nothing.
  if (own(special6[0]) || own(special6[1])) return std::nullopt;
  for (const Embedding& form : embeddings) {
    if (!same_prefix(bytes, form.network, form.prefix)) continue;
    // RFC 4380 §4: Teredo writes the client's address inverted.
    const bool teredo = form.prefix == 32;
    return Embedded{at(form.offset, teredo ? 0xff : 0x00), form.kind};
  }
  // RFC 5214 §6.1: an ISATAP interface identifier, under any prefix.
  if ((bytes[8] & 0xfd) == 0 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == 0xfe)
    return Embedded{at(12, 0), "an ISATAP address"};
  return std::nullopt;
}

using Kind = std::optional<std::string_view>;  // of a forbidden address

bool any_holds(const std::vector<Cidr>& networks, const Address& address) {
  return std::ranges::any_of(networks, [&address](const Cidr& network) { return network.contains(address); });
}

bool is_named(const std::vector<Cidr>& networks, const Address& address) {
  const unsigned whole = address.is_v4() ? 32 : 128;
  return std::ranges::any_of(networks, [&address, whole](const Cidr& network) {
    return network.prefix == whole && network.contains(address);
  });
}

Kind judge(const std::vector<Cidr>& allowed, const address_v4& address) {
  const std::uint32_t bits = address.to_uint();
  if (std::ranges::find(metadata4, bits) != std::end(metadata4))
    return is_named(allowed, address) ? Kind() : Kind("a cloud metadata address");
  if (any_holds(allowed, address)) return std::nullopt;
  for (const Special4& special : special4)
    if ((bits ^ special.network) >> (32 - special.prefix) == 0) return special.kind;
  return std::nullopt;
}

Kind judge(const std::vector<Cidr>& allowed, const address_v6& address) {
  const Bytes6 bytes = address.to_bytes();
  if (std::ranges::find(metadata6, bytes) != std::end(metadata6))
    return is_named(allowed, address) ? Kind() : Kind("a cloud metadata address");
  const bool named = any_holds(allowed, address);
  if (const std::optional<Embedded> embedded = embedded_ipv4(bytes)) {
    // The packet ends at the IPv4 address, so allowing the wrapper does not allow what is in it.
    return named ? judge(allowed, embedded->address) : Kind(embedded->kind);
  }
  if (named) return std::nullopt;
  for (const Special6& special : special6)
    if (same_prefix(bytes, special.network, special.prefix)) return special.kind;
  if ((bytes[0] & 0xe0) != 0x20) return "a reserved address";
  return std::nullopt;
}

Kind judge(const std::vector<Cidr>& allowed, const Address& address) {
  return address.is_v4() ? judge(allowed, address.to_v4()) : judge(allowed, address.to_v6());
}

}  // namespace

bool EgressGuard::allows(const Address& address) const {
  return !judge(rules_.allowed_networks, address);
}

Result<void> EgressGuard::check(const Address& address) const {
  const Kind kind = judge(rules_.allowed_networks, address);
  if (!kind) return {};
  return forbidden("Connecting to " + address.to_string() + " is not allowed: it is " + std::string(*kind) + ".");
}

Result<void> EgressGuard::check_url(const Url& url) const {
  if (!url.is_https() && !rules_.allow_insecure) return invalid("url", "must use https");
  if (url.port < 1024 && url.port != 80 && url.port != 443)
    return invalid("url", "has a port below 1024 other than 80 and 443, which is not allowed");
  if (!url.literal) return {};
  const Kind kind = judge(rules_.allowed_networks, *url.literal);
  if (!kind) return {};
  return invalid("url", "has a host that is not allowed: " + url.host + " is " + std::string(*kind));
}

}  // namespace galley::net
