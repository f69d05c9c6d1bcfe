// Holds coroutines back until a test lets them go on.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/task.hpp"

namespace galley::test {

// Opened once; whoever waits goes on from then. The context outlives it.
class Gate {
 public:
  explicit Gate(boost::asio::io_context& context) : timer_(context, boost::asio::steady_timer::time_point::max()) {}

  Task<> wait() {
    boost::system::error_code cancelled;
    co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
  }
  void open() { timer_.expires_at(boost::asio::steady_timer::time_point::min()); }

 private:
  boost::asio::steady_timer timer_;
};

}  // namespace galley::test
