#include "base/cidr.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>

namespace galley {

bool same_prefix(std::span<const unsigned char> a, std::span<const unsigned char> b, unsigned bits) {
  const std::size_t whole = bits / 8;
  if (!std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(whole), b.begin())) return false;
  if (bits % 8 == 0) return true;
  const auto mask = static_cast<unsigned>(0xff00U >> (bits % 8)) & 0xffU;
  return ((static_cast<unsigned>(a[whole]) ^ static_cast<unsigned>(b[whole])) & mask) == 0;
}

bool Cidr::contains(const boost::asio::ip::address& address) const {
  if (address.is_v4() != network.is_v4()) return false;
  if (address.is_v4()) return same_prefix(address.to_v4().to_bytes(), network.to_v4().to_bytes(), prefix);
  return same_prefix(address.to_v6().to_bytes(), network.to_v6().to_bytes(), prefix);
}

std::string Cidr::text() const {
  return network.to_string() + "/" + std::to_string(prefix);
}

Result<Cidr> parse_cidr(std::string_view text) {
  const auto bad = [text](std::string_view reason) {
    return invalid("network", "\"" + std::string(text.substr(0, 64)) + "\" " + std::string(reason));
  };
  const std::size_t slash = text.find('/');
  const std::string host(text.substr(0, slash));
  boost::system::error_code error;
  Cidr cidr{.network = boost::asio::ip::make_address(host, error)};
  if (error || host.find('%') != std::string::npos) return bad("is not an address and a prefix length");
  const unsigned whole = cidr.network.is_v4() ? 32 : 128;
  cidr.prefix = whole;
  if (slash == std::string_view::npos) return cidr;
  const std::string_view digits = text.substr(slash + 1);
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), cidr.prefix);
  if (fault != std::errc{} || end != digits.data() + digits.size() || cidr.prefix > whole)
    return bad("has a prefix length that is not between 0 and " + std::to_string(whole));
  const auto clean = [&cidr](const auto& bytes) {
    for (unsigned bit = cidr.prefix; bit < bytes.size() * 8; ++bit)
      if ((bytes[bit / 8] >> (7 - bit % 8) & 1) != 0) return false;
    return true;
  };
  if (!(cidr.network.is_v4() ? clean(cidr.network.to_v4().to_bytes()) : clean(cidr.network.to_v6().to_bytes())))
    return bad("has bits set beyond its prefix");
  return cidr;
}

}  // namespace galley
