// Alarm: lets one coroutine sleep until somebody rings or a time is up.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>

#include "base/task.hpp"

namespace galley::webhook {

class Alarm {
 public:
  explicit Alarm(boost::asio::any_io_executor executor);

  // Ends the sleep under way, or the next one where none is. Thread-safe, does not block; many rings before the sleeper
  // runs are one.
  void ring() const;
  // At most for so long. On the alarm's executor; one sleeper at a time.
  Task<> sleep(std::chrono::milliseconds longest);

 private:
  struct Bell;
  // Owned by this and by each ring on its way to the executor, which may outlive this.
  std::shared_ptr<Bell> bell_;
};

}  // namespace galley::webhook
