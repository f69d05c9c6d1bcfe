// The parts of a server that run side by side until they are told to end.
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <exception>
#include <functional>

#include "base/log.hpp"
#include "base/task.hpp"

namespace galley::app {

class RunningParts {
 public:
  // all_ended is called once, on the thread of the last part. log outlives this.
  RunningParts(Log& log, std::function<void()> all_ended) : log_(log), all_ended_(std::move(all_ended)) {}

  // A part that says itself when it has ended. All are added before the first may end.
  void add() { running_.fetch_add(1); }
  // Thread-safe.
  void ended();
  // A part that is a coroutine. Where memory runs short it is run again and goes on where it was; one that throws
  // anything else is a bug: it is logged, and the executor's thread throws, for the process must not go on half alive.
  void spawn(const boost::asio::any_io_executor& executor, std::function<Task<void>()> part);

 private:
  [[noreturn]] void stop_for(const std::exception_ptr& failure);

  Log& log_;
  std::function<void()> all_ended_;
  std::atomic<int> running_{0};
};

}  // namespace galley::app
