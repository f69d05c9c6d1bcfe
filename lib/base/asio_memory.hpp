// Memory that Asio's operations are sure to get. Where one cannot be allocated, Asio ends the process: the coroutine
// that wanted to wait is destroyed by an operation of its own, which needs memory again, in a destructor
// (boost::asio::detail::awaitable_thread). So these small allocations are made to succeed where others fail: Asio takes
// them by aligned_alloc(), which nothing else here does, and which this program therefore replaces.
#pragma once

namespace galley {

// Sets some memory aside, which is given to Asio when there is no other. Before that, and in builds with a sanitizer,
// which has an aligned_alloc() of its own, there is none. By the main thread, once.
void set_memory_for_asio_aside();

}  // namespace galley
