// How a coroutine waits for a thread that is not its own.
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <new>

#include "base/out_of_memory.hpp"
#include "base/result.hpp"
#include "base/task.hpp"

namespace galley {

// Tells whoever waits. Called once, from any thread; must be called before it is destroyed.
class Completion {
 public:
  virtual ~Completion() = default;
  // Where memory is too short for it, waits until there is some: whoever waits must hear.
  virtual void complete(Result<void> outcome) noexcept = 0;
};

// What body returned: internal where it threw, unavailable where that was for want of memory.
template <class Body, class... T>
Result<void> outcome_of(Body& body, T&... arguments) noexcept {
  try {
    try {
      return body(arguments...);
    } catch (const std::bad_alloc&) {
      throw;
    } catch (const std::exception& exception) {
      return internal_error(exception.what());
    } catch (...) {
      return internal_error("An exception of unknown type left the body of a transaction");
    }
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  }
}

// Calls submit with a completion and resumes on the caller's own executor once that was called; the executor is kept
// busy meanwhile. Does not react to cancellation: what was submitted may use the caller's frame. The executor's context
// outlives the thread that completes.
Task<Result<void>> await_completion(std::function<void(std::unique_ptr<Completion>)> submit);

// The same for threads that may block.
Result<void> wait_for_completion(const std::function<void(std::unique_ptr<Completion>)>& submit);

}  // namespace galley
