// Dialer: one new connection to a URL's host: name, judgement of every address, TCP, TLS.
#pragma once

#include <boost/system/result.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "net/client_parts.hpp"
#include "net/connection.hpp"
#include "net/http_client.hpp"

namespace galley::net {

using DialResult = boost::system::result<std::shared_ptr<Connection>, TransportError>;

// For one call of dial(), in the frame of the exchange that makes it.
class Dialer {
 public:
  // All outlive this. timings receives dns, connect and tls.
  Dialer(ClientParts& parts, const Url& url, Timings& timings) : parts_(parts), url_(url), timings_(timings) {}

  // Within limit. The connection's timer is not running. session: the origin's.
  Task<DialResult> dial(std::shared_ptr<TlsSession> session, std::chrono::milliseconds limit);

 private:
  using Addresses = std::vector<Address>;

  // Those of the host that EgressGuard allows; the error where there is none.
  Task<boost::system::result<Addresses, TransportError>> find_addresses();
  Task<DialResult> connect_to(Addresses addresses, std::shared_ptr<TlsSession> session);
  Task<DialResult> secure(std::shared_ptr<Connection> connection);
  std::chrono::milliseconds left() const;
  TransportError failure(FailureKind kind, std::string text) const;

  ClientParts& parts_;
  const Url& url_;
  Timings& timings_;
  Instant end_{};
  Peer peer_{};
};

}  // namespace galley::net
