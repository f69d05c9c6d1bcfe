#include "http/grammar.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "base/encoding.hpp"

namespace galley::http::grammar {
namespace {

constexpr std::uint8_t token = 1;
constexpr std::uint8_t value = 2;
constexpr std::uint8_t path = 4;
constexpr std::uint8_t query = 8;
constexpr std::uint8_t host = 16;
constexpr std::uint8_t hex = 32;

constexpr auto make_classes() {
  std::array<std::uint8_t, 256> classes{};
  auto add = [&classes](std::string_view characters, std::uint8_t mask) {
    for (const char c : characters)
      classes[static_cast<unsigned char>(c)] |= mask;
  };
  for (std::size_t c = 0x20; c < 256; ++c)
    if (c != 0x7f) classes[c] |= value;
  for (std::size_t c = 0x21; c < 0x7f; ++c)
    if (c != '#') classes[c] |= query;
  add("\t", value);
  add("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", token | path | host);
  add("!#$%&'*+-.^_`|~", token);
  add("-._~!$&'()*+,;=:@/%", path);
  add("-._~", host);
  add("0123456789abcdefABCDEF", hex);
  return classes;
}

constexpr std::array<std::uint8_t, 256> classes = make_classes();

bool is(char c, std::uint8_t mask) {
  return (classes[static_cast<unsigned char>(c)] & mask) != 0;
}

bool all(std::string_view text, std::uint8_t mask) {
  return std::ranges::all_of(text, [mask](char c) { return is(c, mask); });
}

bool is_port(std::string_view text) {
  unsigned port = 0;
  if (text.empty() || text.size() > 5 || text.front() == '0') return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc{} && end == text.data() + text.size() && port <= 65535;
}

bool is_ipv6(std::string_view text) {
  // inet_pton takes no zone ("%eth0"), which has no meaning to another machine.
  in6_addr address{};
  return text.size() < INET6_ADDRSTRLEN && inet_pton(AF_INET6, std::string(text).c_str(), &address) == 1;
}

}  // namespace

bool is_token_character(char c) {
  return is(c, token);
}

bool is_token(std::string_view text) {
  return !text.empty() && all(text, token);
}

bool is_field_value(std::string_view text) {
  return all(text, value);
}

bool is_path(std::string_view text) {
  if (!all(text, path)) return false;
  for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1))
    if (text.size() - at < 3 || !is(text[at + 1], hex) || !is(text[at + 2], hex)) return false;
  return true;
}

bool is_query(std::string_view text) {
  return all(text, query);
}

bool is_authority(std::string_view text) {
  if (text.empty() || text.size() > 255 + 6) return false;
  if (text.front() == '[') {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos || !is_ipv6(text.substr(1, close - 1))) return false;
    const std::string_view rest = text.substr(close + 1);
    return rest.empty() || (rest.front() == ':' && is_port(rest.substr(1)));
  }
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  if (name.empty() || name.size() > 255 || !all(name, host)) return false;
  return colon == std::string_view::npos || is_port(text.substr(colon + 1));
}

std::optional<std::uint64_t> to_length(std::string_view text) {
  if (text.empty() || text.size() > 15 || (text.front() == '0' && text.size() > 1)) return std::nullopt;
  std::uint64_t length = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    length = length * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return length;
}

bool list_has(std::string_view list, std::string_view member) {
  while (true) {
    const std::size_t comma = list.find(',');
    if (equals_ignoring_case(trim_space(list.substr(0, comma)), member)) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
}

std::string_view trim_space(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

}  // namespace galley::http::grammar
