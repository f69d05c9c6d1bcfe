#include "base/run_to_end.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <stdexcept>
#include <utility>

namespace galley {

void run_to_end(Task<void> task) {
  boost::asio::io_context context(1);
  bool done = false;
  std::exception_ptr failure;
  boost::asio::co_spawn(context, std::move(task), [&](std::exception_ptr thrown) {
    done = true;
    failure = std::move(thrown);
  });
  // Not run(): that would wait for timers, sockets and other threads.
  context.poll();
  if (!done) throw std::logic_error("A coroutine that must not wait for the outside did");
  if (failure) std::rethrow_exception(failure);
}

}  // namespace galley
