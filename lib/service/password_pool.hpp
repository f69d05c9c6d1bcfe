// Hashes and checks passwords on threads of its own: each takes a tenth of a second and 16 MiB.
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
#include "base/secret.hpp"
#include "base/task.hpp"

namespace galley::service {

class PasswordPool {
 public:
  static constexpr std::size_t max_waiting = 64;  // some seconds of work

  explicit PasswordPool(std::size_t threads = 2);
  ~PasswordPool();
  PasswordPool(const PasswordPool&) = delete;
  PasswordPool& operator=(const PasswordPool&) = delete;

  // unavailable where too many wait. Thread-safe.
  Task<Result<std::string>> hash(Secret password);
  // Takes the same time whether or not hash is one of a password: false for one that is none.
  Task<Result<bool>> check(Secret password, std::string hash);
  // Finishes what waits and ends the threads; what comes later is unavailable. Not thread-safe.
  void stop();

 private:
  struct Waiting {
    std::function<Result<void>()> work;
    std::unique_ptr<Completion> completion;
  };
  Task<Result<void>> run(std::function<Result<void>()> work);
  void submit(std::function<Result<void>()> work, std::unique_ptr<Completion> completion);
  void work_off();

  std::mutex mutex_{};
  std::condition_variable wakeup_{};
  std::deque<Waiting> waiting_{};
  bool stopping_ = false;
  std::vector<std::thread> threads_{};  // last: they use all of the above
};

}  // namespace galley::service
