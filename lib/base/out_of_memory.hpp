// What is done where memory is short.
#pragma once

#include "base/result.hpp"

namespace galley {

// Unavailable. Allocates nothing: for whoever caught std::bad_alloc.
Error out_of_memory() noexcept;

// Blocks the thread for some milliseconds, in which others may free some. For the few that must go on: a timer would
// take memory itself.
void wait_for_memory() noexcept;

}  // namespace galley
