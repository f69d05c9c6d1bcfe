// GuardedEndpoints: the EndpointPolicy of the outbound client's rules.
#pragma once

#include "domain/endpoint_policy.hpp"
#include "net/egress_guard.hpp"

namespace galley::webhook {

class GuardedEndpoints final : public EndpointPolicy {
 public:
  explicit GuardedEndpoints(net::EgressGuard guard) : guard_(std::move(guard)) {}

  Result<void> check_endpoint(std::string_view url) const override;
  Result<void> check_headers(const HeaderList& headers) const override;
  Result<void> check_template(std::string_view text) const override;

 private:
  net::EgressGuard guard_;
};

}  // namespace galley::webhook
