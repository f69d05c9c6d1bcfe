// Waits for a topic of the change feed within a coroutine.
#pragma once

#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/task.hpp"
#include "domain/change_feed.hpp"

namespace galley::service {

// Subscribes at once, so that what commits between looking and waiting is not missed: make it, look, wait, look again.
// Belongs to the coroutine that made it.
class ChangeWait {
 public:
  ChangeWait(ChangeFeed& feed, std::string topic, boost::asio::any_io_executor executor);
  ~ChangeWait();

  // Until the topic was announced since construction or the last call, or at most that long.
  Task<void> wait(Milliseconds at_most);

 private:
  struct Alarm;
  // Owners: this, and the callback that a committing thread may be running.
  std::shared_ptr<Alarm> alarm_;
  ChangeFeed::Subscription subscription_;
};

}  // namespace galley::service
