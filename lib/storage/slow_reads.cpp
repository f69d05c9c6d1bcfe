#include "storage/slow_reads.hpp"

#include <string>
#include <utility>

namespace galley::storage {

SlowReads::SlowReads(std::vector<std::unique_ptr<Reader>> readers, std::size_t max_waiting)
    : max_waiting_(max_waiting), readers_(std::move(readers)) {
  for (const std::unique_ptr<Reader>& reader : readers_)
    threads_.emplace_back([this, &reader] { run(*reader); });
}

SlowReads::~SlowReads() {
  stop();
}

void SlowReads::submit(Reader::Body body, std::unique_ptr<Completion> completion) {
  bool refused = false;
  {
    const std::lock_guard lock(mutex_);
    refused = stopping_ || waiting_.size() >= max_waiting_;
    if (!refused) waiting_.push_back({.body = std::move(body), .completion = std::move(completion)});
  }
  if (refused)
    completion->complete(unavailable("Too many long reads are waiting. Please try again in a moment."));
  else
    wakeup_.notify_one();
}

void SlowReads::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wakeup_.notify_all();
  for (std::thread& thread : threads_)
    if (thread.joinable()) thread.join();
}

void SlowReads::run(Reader& reader) {
  std::unique_lock lock(mutex_);
  while (true) {
    wakeup_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    const auto read = [&reader](Reader::Body& body) { return reader.run(body); };
    next.completion->complete(outcome_of(read, next.body));
    lock.lock();
  }
}

}  // namespace galley::storage
