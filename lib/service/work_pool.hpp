// Threads for work that takes too long for a network thread, with a bounded queue.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/completion.hpp"
#include "base/result.hpp"
#include "base/task.hpp"

namespace galley::service {

class WorkPool {
 public:
  struct Limits {
    std::size_t threads = 1;
    std::size_t waiting = 64;
    std::string refusal = "Too much waits already. Try again in a moment.";
  };

  explicit WorkPool(Limits limits);
  ~WorkPool();
  WorkPool(const WorkPool&) = delete;
  WorkPool& operator=(const WorkPool&) = delete;

  // Runs work on one of the threads and resumes on the caller's executor. unavailable where too much waits.
  // Thread-safe; work may use the caller's frame.
  Task<Result<void>> run(std::function<Result<void>()> work);
  // Finishes what waits and ends the threads; what comes later is unavailable. Not thread-safe; may be called again.
  void stop();

 private:
  struct Waiting {
    std::function<Result<void>()> work;
    std::unique_ptr<Completion> completion;
  };
  void submit(std::function<Result<void>()> work, std::unique_ptr<Completion> completion);
  void work_off();

  const Limits limits_;
  std::mutex mutex_{};
  std::condition_variable wakeup_{};
  std::deque<Waiting> waiting_{};
  bool stopping_ = false;
  std::vector<std::thread> threads_{};  // last: they use all of the above
};

}  // namespace galley::service
