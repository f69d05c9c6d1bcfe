// The composition root of the server: one line for each part.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/backend.hpp"
#include "app/config.hpp"
#include "base/log.hpp"
#include "base/result.hpp"

namespace galley::app {

class ServerParts;

// A running server on the threads of run().
class RunningServer {
 public:
  // Binds the listeners; nothing is served before run(). backend and log outlive this. Errors are in words for the
  // operator.
  static Result<std::unique_ptr<RunningServer>> make(const Config& config, Backend& backend, Log& log);
  ~RunningServer();

  // "http://127.0.0.1:8080"
  const std::string& address() const;
  // Empty where there is no such listener.
  const std::string& admin_address() const;
  // Serves until stop() and blocks so long. ready is called once requests are taken.
  void run(const std::function<void()>& ready);
  // Thread-safe, once: not ready any more, no new work; what runs has 30 seconds.
  void stop();
  // SIGINT and SIGTERM call stop().
  void stop_on_signals();

 private:
  explicit RunningServer(std::unique_ptr<ServerParts> parts);
  std::unique_ptr<ServerParts> parts_;
};

}  // namespace galley::app
