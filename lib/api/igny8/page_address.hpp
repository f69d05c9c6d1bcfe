// Addresses of the pages beside a list's page.
#pragma once

#include <optional>
#include <string>

#include "api/call.hpp"
#include "api/reply.hpp"

namespace galley::api::igny8 {

struct PageAddresses {
  std::optional<std::string> next{};
  std::optional<std::string> previous{};
};

// Absolute, with all other parameters as they were sent. Scheme and host are those that the client used: what a proxy
// that is trusted says in X-Forwarded-Proto and X-Forwarded-Host, else the Host field.
PageAddresses page_addresses(const Call& call, const Reply::Paging& paging);

}  // namespace galley::api::igny8
