// EndpointPolicy: what an endpoint that deliveries are sent to may look like. A port, because judging a URL takes the
// rules of the outbound client, and reading a body template those of the bodies.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "domain/webhook.hpp"

namespace galley {

// The judgement when an endpoint is saved. Thread-safe, without waiting: a host's name is not resolved here, it is
// judged at each connect.
class EndpointPolicy {
 public:
  virtual ~EndpointPolicy() = default;

  // validation_failed for field "url".
  virtual Result<void> check_endpoint(std::string_view url) const = 0;
  // validation_failed for field "headers", naming every bad header: control characters, one of our own or one that
  // steers the connection, a name used twice, too many.
  virtual Result<void> check_headers(const HeaderList& headers) const = 0;
  // validation_failed for field "template", with the line and column of what is wrong.
  virtual Result<void> check_template(std::string_view text) const = 0;
};

}  // namespace galley
