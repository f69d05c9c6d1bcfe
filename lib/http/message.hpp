// What a request says, as views into the connection's input buffer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace galley::http {

// Methods are case-sensitive (RFC 9110 §9.1): "get" is other. HEAD is a method of its own: a handler treats it as GET
// and the Answer leaves the body out.
enum class Method : std::uint8_t { get, head, post, put, patch, del, options, other };

// "GET", …; empty for other.
std::string_view to_text(Method method);

struct Header {
  std::string_view name;   // as it was sent; compare it ignoring case
  std::string_view value;  // without the white space around it
};

// All views are valid until the exchange ends. Nothing is decoded or normalised: percent escapes, "..", "//" are raw.
struct Request {
  Method method = Method::other;
  std::string_view method_text;
  std::string_view target;  // as it was sent: "/a?b", "http://host/a?b" or "*"
  std::string_view path;    // of the target, before "?": begins with "/", or is "*"
  std::string_view query;   // after "?", without it
  std::string_view host;    // the Host field, else an absolute target's authority; empty on HTTP/1.0 without either
  int minor_version = 1;    // HTTP/1.0 or HTTP/1.1
  bool keep_alive = true;   // what the client asked for
  bool chunked = false;
  bool expects_continue = false;
  std::optional<std::uint64_t> content_length;
  std::vector<Header> headers;
  std::string_view peer;  // the address of the other end of the connection, without a port: "127.0.0.1", "::1"

  // The first field of that name, ignoring case; nothing where there is none. Host, Content-Length, Transfer-Encoding,
  // Content-Type and Authorization never occur twice: the framing gate refuses that.
  std::optional<std::string_view> header(std::string_view name) const;
  std::size_t count(std::string_view name) const;
  // A body is announced: chunked, or a Content-Length above 0.
  bool has_body() const { return chunked || content_length.value_or(0) > 0; }
};

}  // namespace galley::http
