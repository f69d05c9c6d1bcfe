// Task<T>: the coroutine type of everything that may wait. It never changes its thread: what runs elsewhere (the
// writer, a pool) completes by posting back to the executor that the task started on.
#pragma once

#include <boost/asio/awaitable.hpp>

namespace galley {

template <class T = void>
using Task = boost::asio::awaitable<T>;

}  // namespace galley
