// How a coroutine waits for one of the store's own threads.
#pragma once

#include <functional>
#include <memory>

#include "base/result.hpp"
#include "base/task.hpp"

namespace galley::storage {

// Tells whoever waits. Called once, from any thread; must be called before it is destroyed.
class Completion {
 public:
  virtual ~Completion() = default;
  virtual void complete(Result<void> outcome) = 0;
};

// Calls submit with a completion and resumes on the caller's own executor once that was called; the executor is kept
// busy meanwhile. Does not react to cancellation: what was submitted may use the caller's frame. The executor's context
// outlives the thread that completes.
Task<Result<void>> await_completion(std::function<void(std::unique_ptr<Completion>)> submit);

// The same for threads that may block.
Result<void> wait_for_completion(const std::function<void(std::unique_ptr<Completion>)>& submit);

}  // namespace galley::storage
