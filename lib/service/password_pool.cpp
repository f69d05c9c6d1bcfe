#include "service/password_pool.hpp"

#include <utility>

#include "base/crypto.hpp"

namespace galley::service {

namespace {

// Of no password: what is compared where there is no user, so that it takes as long as where there is one.
constexpr std::string_view nobodys_hash =
    "$scrypt$ln=14,r=8,p=5$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

}  // namespace

PasswordPool::PasswordPool(std::size_t threads) {
  for (std::size_t i = 0; i < threads; ++i)
    threads_.emplace_back([this] { work_off(); });
}

PasswordPool::~PasswordPool() {
  stop();
}

void PasswordPool::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wakeup_.notify_all();
  for (std::thread& thread : threads_)
    thread.join();
  threads_.clear();
}

void PasswordPool::submit(std::function<Result<void>()> work, std::unique_ptr<Completion> completion) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_ && waiting_.size() < max_waiting) {
      waiting_.push_back({std::move(work), std::move(completion)});
      wakeup_.notify_one();
      return;
    }
  }
  completion->complete(unavailable("Too many sign-ins at once. Try again in a moment."));
}

void PasswordPool::work_off() {
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

Task<Result<void>> PasswordPool::run(std::function<Result<void>()> work) {
  std::function<void(std::unique_ptr<Completion>)> submitting = [this, &work](std::unique_ptr<Completion> completion) {
    submit(std::move(work), std::move(completion));
  };
  co_return co_await await_completion(std::move(submitting));
}

Task<Result<std::string>> PasswordPool::hash(Secret password) {
  std::string hashed;
  std::function<Result<void>()> work = [&password, &hashed]() -> Result<void> {
    hashed = hash_password(password);
    return {};
  };
  GALLEY_CO_TRY(co_await run(std::move(work)));
  co_return hashed;
}

Task<Result<bool>> PasswordPool::check(Secret password, std::string hash) {
  bool right = false;
  std::function<Result<void>()> work = [&]() -> Result<void> {
    const bool is_hash = hash.starts_with("$scrypt$");
    right = check_password(password, is_hash ? std::string_view(hash) : nobodys_hash) && is_hash;
    return {};
  };
  GALLEY_CO_TRY(co_await run(std::move(work)));
  co_return right;
}

}  // namespace galley::service
