// Sends a project's events to a server of the developer's own, as a webhook would be sent.
#pragma once

#include <chrono>
#include <string>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "domain/event.hpp"
#include "net/http_client.hpp"
#include "net/url.hpp"
#include "webhook/request.hpp"

namespace galley::app {

class Forwarder {
 public:
  // Somebody may be looking at the request in a debugger.
  static constexpr std::chrono::seconds patience{30};

  // client, clock and ids outlive this.
  Forwarder(net::HttpClient& client, const Clock& clock, IdSource& ids, net::Url target, Secret secret)
      : client_(client),
        clock_(clock),
        ids_(ids),
        endpoint_{.url = std::move(target), .secrets = {.current = std::move(secret)}} {}

  // Once, whatever comes of it.
  Task<net::SendResult> forward(EventId event, EventType type, std::string body);

 private:
  net::HttpClient& client_;
  const Clock& clock_;
  IdSource& ids_;
  const webhook::Endpoint endpoint_;
};

}  // namespace galley::app
