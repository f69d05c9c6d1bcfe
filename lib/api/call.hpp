// One request on its way through the pipeline: what was found out so far.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "api/query.hpp"
#include "api/rate_limiter.hpp"
#include "api/services.hpp"
#include "base/json.hpp"
#include "http/exchange.hpp"
#include "service/actor.hpp"

namespace galley::api {

struct Endpoint;
class Dialect;

inline constexpr std::size_t max_path_parameters = 3;

struct Call {
  Call(const Services& services_, http::Exchange& exchange_) : services(services_), exchange(exchange_) {}

  const Services& services;
  http::Exchange& exchange;
  std::string request_id{};
  std::string client{};                // whose request it is: an address without a port
  bool from_proxy = false;             // of the operator's own: what it forwards is believed
  const Endpoint* endpoint = nullptr;  // null until the route is known
  const Dialect* dialect = nullptr;
  std::array<std::string_view, max_path_parameters> path{};  // decoded values stand in the target: ids need no escapes
  Parameters query{};
  service::Actor actor{};  // meaningful where the endpoint is not open
  bool recognised = false;
  std::optional<RateVerdict> rate{};
  bool replayed = false;            // an earlier request under the same Idempotency-Key did it
  std::string_view content_type{};  // "application/json", lower case, without parameters; empty without a body
  std::string_view body_text{};
  std::optional<json::Value> body{};

  const http::Request& request() const { return exchange.request(); }
  // The version that If-Match names; nothing where there is no such field, or it is "*".
  std::optional<std::int64_t> known_version() const;
  bool prefers_async() const;
};

}  // namespace galley::api
