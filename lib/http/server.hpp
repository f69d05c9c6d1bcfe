// The inbound HTTP/1.1 server: accepts on every network thread, serves sessions, drains.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "http/counters.hpp"
#include "http/handler.hpp"
#include "http/limits.hpp"
#include "http/listener.hpp"
#include "http/network_threads.hpp"

namespace galley::http {

class Acceptor;
class Lane;

class Server {
 public:
  // Accepting begins when threads.run() is called. Everything referred to outlives the network threads' run().
  // listeners: at least one.
  Server(NetworkThreads& threads, std::vector<Listener> listeners, const Limits& limits, Handler& handler,
         const Clock& clock, Log& log);
  // After threads.run() has returned, or before it was called.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // In the order of the listeners.
  const std::vector<ListenAddress>& local_addresses() const { return local_addresses_; }

  // Thread-safe, once. Takes what the kernel has accepted already, then closes the listeners; idle connections close
  // (new ones that have sent nothing yet have a second to do so); running requests go on, with "Connection: close";
  // streams are told. What is left after grace is cut. Then drained is called on one of the network threads: stop them
  // there, or after other parts have finished too.
  void drain(Milliseconds grace, std::function<void()> drained);
  bool draining() const { return draining_.load(std::memory_order_relaxed); }

  // Thread-safe.
  Counters counters() const;

 private:
  // Both are shared with the coroutines that run on the threads: those that still wait are destroyed after this.
  std::shared_ptr<const std::vector<std::shared_ptr<Lane>>> lanes_;
  std::vector<std::shared_ptr<Acceptor>> acceptors_;
  std::vector<ListenAddress> local_addresses_;
  std::atomic<bool> draining_ = false;
};

}  // namespace galley::http
