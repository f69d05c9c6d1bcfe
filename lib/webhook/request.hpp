// The signed request of a message: the same for subscriptions and for Generic Webhook connections.
#pragma once

#include <chrono>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "domain/identity.hpp"
#include "domain/project.hpp"
#include "domain/webhook.hpp"
#include "net/http_client.hpp"
#include "net/url.hpp"

namespace galley::webhook {

inline constexpr std::size_t max_headers = 20;
// Bytes of an answer that are read.
inline constexpr std::size_t max_answer_bytes = std::size_t{64} << 10;

// Who is spoken to.
struct Endpoint {
  net::Url url;
  HeaderList headers{};  // the customer's, checked when they were saved
  Projects::WebhookSecrets secrets;
};

// What one try says of itself in the headers.
struct Envelope {
  EventId event;  // webhook-id: the same on every try
  EventType type = EventType::webhook_test;
  DeliveryId delivery;
  int attempt = 1;  // from 1
  Time sent_at{};
};

// A POST of body with the documented headers, signed, followed by the customer's. No redirects, at most
// max_answer_bytes of the answer.
net::HttpRequest make_request(const Endpoint& endpoint, const Envelope& envelope, net::RequestBody body,
                              const net::TimeLimits& limits);

// What may be kept of the headers of a request: all names, and the values but for signatures and the customer's own,
// which may be credentials.
HeaderList kept_headers(const net::Headers& headers);

// validation_failed for the field, one reason for each bad header: its form (net::check_header), a name that is ours,
// the connection's or used twice; more than max_headers.
Result<void> check_headers(const HeaderList& headers, const std::string& field = "headers");

}  // namespace galley::webhook
