// The network threads: one io_context each. Whatever is started on one stays there.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace galley::http {

class NetworkThreads {
 public:
  // count: at least 1. No thread starts before run().
  explicit NetworkThreads(std::size_t count);
  // After run() has returned. Coroutines that still wait are destroyed with their frames, so the objects that they
  // refer to, and whatever posts to these threads from outside, must outlive this or have stopped.
  ~NetworkThreads();
  NetworkThreads(const NetworkThreads&) = delete;
  NetworkThreads& operator=(const NetworkThreads&) = delete;

  std::size_t size() const;
  // For co_spawn and timers. index < size().
  boost::asio::any_io_executor executor(std::size_t index) const;
  boost::asio::io_context& context(std::size_t index) const;
  // Runs work on that thread, later. Thread-safe.
  void post(std::size_t index, std::function<void()> work) const;

  // Runs them, the first on the calling thread, and blocks until stop(). Once. An exception that leaves a posted
  // function stops all and is thrown again from here; std::bad_alloc ends that function alone.
  void run();
  // Thread-safe, and from signal handlers' threads. What still waits is abandoned: drain first.
  void stop();

 private:
  struct Worker;
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace galley::http
