#include "app/listen/forwarder.hpp"

#include <utility>

namespace galley::app {

Task<net::SendResult> Forwarder::forward(EventId event, EventType type, std::string body) {
  const webhook::Envelope envelope{
      .event = std::move(event), .type = type, .delivery = ids_.make<DeliveryId>(), .sent_at = clock_.now()};
  co_return co_await client_.send(
      webhook::make_request(endpoint_, envelope, std::move(body), {.connect = patience, .total = patience}));
}

}  // namespace galley::app
