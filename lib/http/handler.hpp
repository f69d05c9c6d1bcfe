// What answers requests. One handler serves all network threads at once: it must be thread-safe.
#pragma once

#include "base/task.hpp"
#include "http/exchange.hpp"
#include "http/refusal.hpp"

namespace galley::http {

class Handler {
 public:
  virtual ~Handler() = default;

  // Finishes the exchange's answer or ends its stream. Runs on the connection's thread and must not block it. An
  // exception is a bug: it is logged, answered with a bare 500 where nothing was sent, and closes the connection.
  virtual Task<void> handle(Exchange& exchange) = 0;

  // Finishes the answer to what was refused before a route was known; the connection closes behind it. The request
  // holds what could be read: its path may be empty. status_of(refusal.kind) is the status.
  virtual void refuse(const Refusal& refusal, Exchange& exchange) = 0;
};

}  // namespace galley::http
