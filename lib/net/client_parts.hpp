// What all exchanges of one client share. Owned by the client; immutable but for the counters, so thread-safe.
#pragma once

#include <atomic>
#include <cstdint>

#include "base/clock.hpp"
#include "net/pooled_http_client.hpp"
#include "net/resolver.hpp"
#include "net/tls.hpp"

namespace galley::net {

struct ClientParts {
  ClientOptions options;
  Resolver& resolver;
  const Clock& clock;
  TlsContext tls;
  std::uint64_t number;  // of this client among all that the process ever makes
  std::atomic<std::uint64_t> connections{0};
  std::atomic<std::uint64_t> reused{0};
  std::atomic<std::uint64_t> stale_retries{0};
  std::atomic<std::uint64_t> full_handshakes{0};
  std::atomic<std::uint64_t> resumed_handshakes{0};
};

}  // namespace galley::net
