#include "webhook/endpoint_policy.hpp"

#include "net/url.hpp"
#include "webhook/body_template.hpp"
#include "webhook/request.hpp"

namespace galley::webhook {

Result<void> GuardedEndpoints::check_endpoint(std::string_view url) const {
  const net::Url parsed = GALLEY_TRY(net::parse_url(url));
  return guard_.check_url(parsed);
}

Result<void> GuardedEndpoints::check_headers(const HeaderList& headers) const {
  return webhook::check_headers(headers);
}

Result<void> GuardedEndpoints::check_template(std::string_view text) const {
  return webhook::check_template(text);
}

}  // namespace galley::webhook
