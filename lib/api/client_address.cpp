#include "api/client_address.hpp"

#include <algorithm>
#include <optional>
#include <ranges>

#include "base/encoding.hpp"

namespace galley::api {

namespace {

using boost::asio::ip::address;

std::optional<address> read(std::string_view text) {
  // Some write "1.2.3.4:5678" or "[::1]:5678".
  if (text.starts_with('[')) {
    text = text.substr(1, text.find(']') - 1);
  } else if (std::ranges::count(text, ':') == 1) {
    text = text.substr(0, text.find(':'));
  }
  boost::system::error_code problem;
  const address read = boost::asio::ip::make_address(std::string(text), problem);
  if (problem) return std::nullopt;
  // A listener on [::] hears IPv4 as mapped addresses.
  if (read.is_v6() && read.to_v6().is_v4_mapped())
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, read.to_v6());
  return read;
}

// Of all fields of the name in turn, which are one list: RFC 9110 §5.3.
std::vector<std::string_view> forwarded_for(const http::Request& request) {
  std::vector<std::string_view> addresses;
  for (const http::Header& header : request.headers) {
    if (!equals_ignoring_case(header.name, "X-Forwarded-For")) continue;
    for (const auto part : header.value | std::views::split(','))
      addresses.push_back(trim_ascii(std::string_view(part.begin(), part.end())));
  }
  return addresses;
}

}  // namespace

bool TrustedProxies::holds(std::string_view text) const {
  if (networks_.empty()) return false;
  const std::optional<address> found = read(text);
  return found && std::ranges::any_of(networks_, [&](const Cidr& network) { return network.contains(*found); });
}

bool TrustedProxies::trusts(const http::Request& request) const {
  return holds(request.peer);
}

std::string TrustedProxies::client(const http::Request& request) const {
  std::string nearest(request.peer);
  if (!trusts(request)) return nearest;
  for (const std::string_view text : forwarded_for(request) | std::views::reverse) {
    const std::optional<address> found = read(text);
    if (!found) return nearest;
    nearest = found->to_string();
    if (!holds(nearest)) return nearest;
  }
  return nearest;
}

}  // namespace galley::api
