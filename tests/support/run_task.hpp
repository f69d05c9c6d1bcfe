// Runs a coroutine to its end on an io_context, on the calling thread.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

#include "base/task.hpp"

namespace galley::test {

// What the task returns or throws. The context stays usable for more, and its other work (timers of pools) may be
// unfinished. Throws where the task is not done within limit.
template <class T>
T run_task(boost::asio::io_context& context, Task<T> task, std::chrono::seconds limit = std::chrono::seconds(30)) {
  std::optional<T> outcome;
  std::exception_ptr thrown;
  bool done = false;
  boost::asio::co_spawn(context, std::move(task), [&](std::exception_ptr exception, T value) {
    thrown = exception;
    if (!exception) outcome.emplace(std::move(value));
    done = true;
  });
  const auto end = std::chrono::steady_clock::now() + limit;
  context.restart();
  while (!done && std::chrono::steady_clock::now() < end)
    if (context.run_one_until(end) == 0 && !done) break;
  if (!done) throw std::logic_error("the task did not end in time");
  if (thrown) std::rethrow_exception(thrown);
  return *std::move(outcome);
}

}  // namespace galley::test
