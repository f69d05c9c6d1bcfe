// Who is at the other end of a request, where proxies of the operator's own stand between.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/cidr.hpp"
#include "http/message.hpp"

namespace galley::api {

class TrustedProxies {
 public:
  // Of the operator's own proxies; empty: there are none, and what is forwarded is not believed.
  explicit TrustedProxies(std::vector<Cidr> networks) : networks_(std::move(networks)) {}

  // Whether the connection comes from one of them, so that its X-Forwarded-… are believed.
  bool trusts(const http::Request& request) const;
  // The nearest address in X-Forwarded-For that is none of them: each proxy appends whom it heard, and what stands
  // before that is what its sender likes. The connection's own where it is not trusted.
  std::string client(const http::Request& request) const;

 private:
  bool holds(std::string_view address) const;

  std::vector<Cidr> networks_;
};

}  // namespace galley::api
