// Runs a coroutine like a function.
#pragma once

#include "base/task.hpp"

namespace galley {

// On the calling thread, until it is done; what it throws is thrown. std::logic_error where it waits for something that
// does not come from this thread: it is given up then, and what it holds is destroyed.
void run_to_end(Task<void> task);

}  // namespace galley
