// PooledHttpClient: HTTP/1.1 over TCP and TLS with kept connections. Each io_context (one per network thread) has its
// own pool, reached through the executor of the calling coroutine, so that nothing is shared between threads and a
// coroutine never changes its thread. An io_context that calls send() must be run by one thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include "base/clock.hpp"
#include "net/egress_guard.hpp"
#include "net/http_client.hpp"
#include "net/resolver.hpp"

namespace galley::net {

struct ClientParts;

// Bounds of the pool of one thread.
struct PoolLimits {
  std::size_t in_use_per_origin = 256;  // exchanges under way; more wait in turn, within TimeLimits::connect
  std::size_t idle_per_origin = 32;     // kept after use
  std::size_t idle = 1024;              // kept of all origins together; the one idle longest goes first
  std::size_t origins = 4096;           // remembered with their TLS sessions
  std::chrono::milliseconds idle_time{30000};
  std::chrono::milliseconds life_time{300000};  // so that a changed name is followed in the end
};

struct ClientOptions {
  EgressGuard guard{EgressRules{}};
  // PEM, trusted in addition to the system's authorities (trustedCaFile).
  std::optional<std::filesystem::path> trusted_ca_file{};
  PoolLimits pool{};
};

// Since the start, of all threads.
struct ClientCounters {
  std::uint64_t connections = 0;         // TCP connections that were opened
  std::uint64_t reused = 0;              // exchanges begun on a kept connection
  std::uint64_t stale_retries = 0;       // of them, sent once more
  std::uint64_t full_handshakes = 0;     // TLS
  std::uint64_t resumed_handshakes = 0;  // TLS, with a session kept from before
};

class PooledHttpClient final : public HttpClient {
 public:
  // resolver and clock outlive the client, and the client outlives every send() under way; pools go with their
  // io_context. internal where the system's authorities or trusted_ca_file cannot be read.
  static Result<std::unique_ptr<PooledHttpClient>> create(ClientOptions options, Resolver& resolver,
                                                          const Clock& clock);
  ~PooledHttpClient() override;

  Task<SendResult> send(HttpRequest request) override;
  // Closes the idle connections of this executor's pool. While some are idle a timer waits to close them, which keeps
  // io_context::run() from returning; this ends that wait. Call on the executor's thread.
  void close_idle(const boost::asio::any_io_executor& executor);
  ClientCounters counters() const;

 private:
  explicit PooledHttpClient(std::unique_ptr<ClientParts> parts);
  std::unique_ptr<ClientParts> parts_;
};

}  // namespace galley::net
