// What the server counts, for the metrics page.
#pragma once

#include <array>
#include <cstdint>

#include "http/refusal.hpp"

namespace galley::http {

// Sums over all threads at one moment; each only grows, but connections_open.
struct Counters {
  std::uint64_t connections_open = 0;
  std::uint64_t connections_accepted = 0;
  std::uint64_t accept_failures = 0;  // no descriptors or memory left
  std::uint64_t requests = 0;         // heads that passed the gate
  std::uint64_t bytes_received = 0;
  std::uint64_t bytes_sent = 0;
  std::uint64_t idle_closed = 0;
  std::uint64_t slow_bodies_cut = 0;
  std::uint64_t slow_readers_cut = 0;
  std::array<std::uint64_t, refusal_kinds> refused{};  // by RefusalKind
};

}  // namespace galley::http
