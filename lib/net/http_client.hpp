// HttpClient: the port through which everything outbound goes (webhooks, CMS, language models, images), and what is
// sent and received through it. Knows neither sockets nor TLS; net/pooled_http_client.hpp does.
#pragma once

#include <boost/system/result.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/names.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "net/url.hpp"

namespace galley::net {

struct Header {
  std::string name;
  std::string value;

  bool operator==(const Header&) const = default;
};
using Headers = std::vector<Header>;

// The first value of that name, in any case; null where there is none. The pointer is into headers.
const std::string* find_header(const Headers& headers, std::string_view name);
// validation_failed naming the field "headers": the name must be a token (RFC 9110 §5.6.2), the value free of control
// characters (tab too) and of blanks at its ends, neither longer than 256 and 8192 bytes.
Result<void> check_header(std::string_view name, std::string_view value);
// True for the headers that the client writes itself or that steer the connection (Host, Content-Length, Connection,
// Transfer-Encoding, Upgrade, Expect, Proxy-…): a request that brings one is not sent.
bool is_connection_header(std::string_view name);

enum class Method : std::uint8_t { get, head, post, put, patch, del };

// Bytes to send: of its own, or shared where several requests send the same.
class RequestBody {
 public:
  RequestBody() = default;
  RequestBody(std::string bytes) : own_(std::move(bytes)) {}
  // Owned by every request that sends it.
  RequestBody(std::shared_ptr<const std::string> bytes) : shared_(std::move(bytes)) {}
  std::string_view view() const { return shared_ ? std::string_view(*shared_) : std::string_view(own_); }

 private:
  std::string own_;
  std::shared_ptr<const std::string> shared_;
};

struct TimeLimits {
  std::chrono::milliseconds connect{5000};  // waiting for a free connection, name, TCP and TLS together
  std::chrono::milliseconds total{15000};   // from the call to the last byte, connecting included
};

// What becomes of an answer's body beyond max_body. Either way the connection is closed.
enum class Excess : std::uint8_t { cut, fail };

struct HttpRequest {
  Method method = Method::get;
  Url url;
  Headers headers{};  // Host, Content-Length and Accept-Encoding: identity are added
  RequestBody body{};
  TimeLimits limits{};
  std::size_t max_body = std::size_t{64} * 1024;  // bytes of the answer's body that are read
  Excess excess = Excess::cut;
  // Send once more, on a new connection, where a kept one turned out to be closed: it had been idle and not one byte of
  // the answer came. The peer may have taken the first request all the same, so only for what may arrive twice.
  bool retry_on_stale = false;
  // Receives the answer's body piece by piece instead of HttpResponse::body, whatever the status; false ends the
  // exchange (body_truncated is set and the connection closed). Called on the caller's thread; must not throw or wait.
  std::function<bool(std::string_view)> on_body{};
};

// Zero where a kept connection was used. total ends with the last byte of the answer.
struct Timings {
  std::chrono::microseconds dns{0};
  std::chrono::microseconds connect{0};
  std::chrono::microseconds tls{0};
  std::chrono::microseconds first_byte{0};  // from the call
  std::chrono::microseconds total{0};
};

struct Peer {
  Address address{};
  std::uint16_t port = 0;  // 0: no connection was made
};

struct HttpResponse {
  int status = 0;  // 200 to 599: interim answers (1xx) are skipped
  Headers headers{};
  // As sent: no content coding is undone (a gzip bomb stays a gzip bomb of at most max_body bytes).
  std::string body{};
  // Cut at max_body, ended by on_body, or (a body without a length, over TLS) ended without TLS's closing alert.
  bool body_truncated = false;
  Timings timings{};
  Peer peer{};
  bool reused_connection = false;
};

enum class FailureKind : std::uint8_t {
  invalid_request,   // a header that must not be sent; nothing was
  refused_by_guard,  // EgressGuard: scheme, port or address
  dns,
  connect_refused,  // or unreachable
  connect_timeout,  // TimeLimits::connect ended: no free connection, TCP or TLS not finished
  tls,              // handshake or certificate
  timeout,          // TimeLimits::total ended
  reset,            // closed or reset before the answer was complete
  bad_response,     // not HTTP/1.1, or ambiguous, or its head is too large
  body_too_large,   // with Excess::fail
  cancelled,        // the caller's coroutine was cancelled
};

struct TransportError {
  FailureKind kind = FailureKind::reset;
  std::string text;  // a sentence that the connection's owner may read
  Timings timings{};
  Peer peer{};
  // False only where certainly no byte of the request reached the peer.
  bool request_may_have_arrived = false;
  // Of an answer whose head came whole before it failed: the peer did judge the request.
  std::optional<int> status{};
};

// Found by Boost.System when value() is called on a failure: a bug in the caller, so it throws.
[[noreturn]] void throw_exception_from_error(const TransportError& error, const boost::source_location& where);

using SendResult = boost::system::result<HttpResponse, TransportError>;

class HttpClient {
 public:
  virtual ~HttpClient() = default;
  // One request, one answer, on the caller's executor; ends within limits.total. Any status is an answer, not a
  // failure. No redirects: a 30x to an internal host would bypass EgressGuard.
  virtual Task<SendResult> send(HttpRequest request) = 0;
};

}  // namespace galley::net

template <>
struct galley::Names<galley::net::Method> {
  using enum galley::net::Method;
  static constexpr NameOf<galley::net::Method> all[] = {{get, "GET"}, {head, "HEAD"},   {post, "POST"},
                                                        {put, "PUT"}, {patch, "PATCH"}, {del, "DELETE"}};
};

template <>
struct galley::Names<galley::net::FailureKind> {
  using enum galley::net::FailureKind;
  static constexpr NameOf<galley::net::FailureKind> all[] = {{invalid_request, "invalid_request"},
                                                             {refused_by_guard, "refused_by_guard"},
                                                             {dns, "dns"},
                                                             {connect_refused, "connect_refused"},
                                                             {connect_timeout, "connect_timeout"},
                                                             {tls, "tls"},
                                                             {timeout, "timeout"},
                                                             {reset, "reset"},
                                                             {bad_response, "bad_response"},
                                                             {body_too_large, "body_too_large"},
                                                             {cancelled, "cancelled"}};
};
