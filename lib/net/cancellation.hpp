// Whether the calling coroutine was cancelled from outside: send() reports that as a failure instead of throwing.
#pragma once

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>

#include "base/task.hpp"

namespace galley::net {

inline Task<bool> is_cancelled() {
  const boost::asio::cancellation_state state = co_await boost::asio::this_coro::cancellation_state;
  co_return state.cancelled() != boost::asio::cancellation_type::none;
}

}  // namespace galley::net
