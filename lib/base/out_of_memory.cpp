#include "base/out_of_memory.hpp"

#include <chrono>
#include <thread>

namespace galley {

Error out_of_memory() noexcept {
  Error error;
  error.code = ErrorCode::unavailable;
  error.message = "Out of memory.";  // so short that the string holds it by itself
  return error;
}

void wait_for_memory() noexcept {
  std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

}  // namespace galley
