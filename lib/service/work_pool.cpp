#include "service/work_pool.hpp"

#include <utility>

namespace galley::service {

WorkPool::WorkPool(Limits limits) : limits_(std::move(limits)) {
  for (std::size_t i = 0; i < limits_.threads; ++i)
    threads_.emplace_back([this] { work_off(); });
}

WorkPool::~WorkPool() {
  stop();
}

void WorkPool::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wakeup_.notify_all();
  for (std::thread& thread : threads_)
    thread.join();
  threads_.clear();
}

void WorkPool::submit(std::function<Result<void>()> work, std::unique_ptr<Completion> completion) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_ && waiting_.size() < limits_.waiting) {
      waiting_.push_back({std::move(work), std::move(completion)});
      wakeup_.notify_one();
      return;
    }
  }
  completion->complete(unavailable(limits_.refusal));
}

void WorkPool::work_off() {
  for (;;) {
    Waiting next;
    {
      std::unique_lock lock(mutex_);
      wakeup_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      next = std::move(waiting_.front());
      waiting_.pop_front();
    }
    next.completion->complete(outcome_of(next.work));
  }
}

Task<Result<void>> WorkPool::run(std::function<Result<void>()> work) {
  std::function<void(std::unique_ptr<Completion>)> submitting = [this, &work](std::unique_ptr<Completion> completion) {
    submit(std::move(work), std::move(completion));
  };
  co_return co_await await_completion(std::move(submitting));
}

}  // namespace galley::service
