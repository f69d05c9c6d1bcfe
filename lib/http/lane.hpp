// What the server keeps for each network thread: its sessions, the clock that they go by, its share of the counters.
#pragma once

#include <array>
#include <atomic>
#include <boost/intrusive/list.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "http/counters.hpp"
#include "http/handler.hpp"
#include "http/limits.hpp"

namespace boost::asio {
class io_context;
}

namespace galley::http {

class Session;
using SessionHook = boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

// Written by one thread, read by any.
class Count {
 public:
  // A plain addition: a locked one would cost more than the rest of a small request's bookkeeping.
  void add(std::uint64_t amount = 1) { store(value() + amount); }
  void take() { store(value() - 1); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  void store(std::uint64_t value) { value_.store(value, std::memory_order_relaxed); }
  std::atomic<std::uint64_t> value_ = 0;
};

struct LaneCounts {
  Count open;
  Count accepted;
  Count accept_failures;
  Count requests;
  Count bytes_received;
  Count bytes_sent;
  Count idle_closed;
  Count slow_bodies_cut;
  Count slow_readers_cut;
  std::array<Count, refusal_kinds> refused;
};

// All but counts and open belongs to the lane's own thread. Owned by the server and by every coroutine that runs on it
// (shared), because coroutines that still wait are destroyed with the io_context, after the server.
class Lane {
 public:
  Lane(boost::asio::io_context& context, const Limits& limits, Handler& handler, const Clock& clock, Log& log);

  // Looks at the clock and at every session's deadline. full: idle sessions make room for others.
  void tick(bool full);
  // Idle sessions close, running ones close after their answer.
  void begin_drain();
  // Every session loses its connection.
  void cut();

  bool draining() const { return draining_; }
  // As of the last tick.
  Instant now() const { return now_; }
  // "Server: …\r\nDate: …\r\n", always of one length.
  std::string_view fixed_fields() const { return fixed_; }

  boost::asio::io_context& context;
  const Limits limits;
  Handler& handler;
  Log& log;
  LaneCounts counts;
  boost::intrusive::list<SessionHook, boost::intrusive::constant_time_size<false>> sessions;
  // Connections that are handed to this lane, from the acceptance on. Any thread.
  std::atomic<std::size_t> load = 0;
  // Acceptors that still run on this lane. Any thread.
  std::atomic<std::size_t> acceptors = 0;

 private:
  const Clock& clock_;
  Instant now_;
  std::int64_t second_ = -1;
  std::string fixed_;
  bool draining_ = false;
};

}  // namespace galley::http
