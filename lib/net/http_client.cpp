#include "net/http_client.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "base/encoding.hpp"

namespace galley::net {
namespace {

constexpr std::size_t max_name_length = 256;
constexpr std::size_t max_value_length = 8192;

// RFC 9110 §5.6.2
bool is_token(std::string_view text) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [others](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || others.find(c) != others.npos;
  });
}

constexpr std::array<std::string_view, 12> connection_headers = {
    "host",    "content-length", "transfer-encoding", "connection",     "keep-alive",         "te", "trailer",
    "upgrade", "expect",         "proxy-connection",  "http2-settings", "proxy-authorization"};

}  // namespace

const std::string* find_header(const Headers& headers, std::string_view name) {
  for (const Header& header : headers)
    if (equals_ignoring_case(header.name, name)) return &header.value;
  return nullptr;
}

Result<void> check_header(std::string_view name, std::string_view value) {
  const auto bad = [name](std::string_view reason) {
    return invalid("headers", "\"" + std::string(name.substr(0, 64)) + "\" " + std::string(reason));
  };
  if (name.size() > max_name_length) return bad("has a name that is too long");
  if (!is_token(name)) return bad("is not a header name");
  if (value.size() > max_value_length) return bad("has a value that is too long");
  for (const char c : value)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return bad("has a control character in its value");
  if (value.starts_with(' ') || value.ends_with(' ')) return bad("has a blank at an end of its value");
  return {};
}

bool is_connection_header(std::string_view name) {
  return std::ranges::any_of(connection_headers,
                             [name](std::string_view known) { return equals_ignoring_case(known, name); });
}

void throw_exception_from_error(const TransportError& error, const boost::source_location&) {
  throw std::logic_error("value() of a failed exchange: " + error.text);
}

}  // namespace galley::net
