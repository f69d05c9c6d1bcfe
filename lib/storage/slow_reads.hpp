// Threads with reading connections of their own, for reads that grow with the data.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/completion.hpp"
#include "storage/reader_pool.hpp"

namespace galley::storage {

class SlowReads {
 public:
  // One thread for each reader; at most max_waiting reads wait.
  SlowReads(std::vector<std::unique_ptr<Reader>> readers, std::size_t max_waiting);
  ~SlowReads();
  SlowReads(const SlowReads&) = delete;
  SlowReads& operator=(const SlowReads&) = delete;

  // Thread-safe. Completes with what body returned, internal where it threw, unavailable when too much waits.
  void submit(Reader::Body body, std::unique_ptr<Completion> completion);
  // Finishes what waits and ends the threads. Not thread-safe.
  void stop();

 private:
  struct Waiting {
    Reader::Body body;
    std::unique_ptr<Completion> completion;
  };
  void run(Reader& reader);

  const std::size_t max_waiting_;
  std::mutex mutex_{};
  std::condition_variable wakeup_{};
  std::deque<Waiting> waiting_{};
  bool stopping_ = false;
  std::vector<std::unique_ptr<Reader>> readers_;
  std::vector<std::thread> threads_{};  // last: they use all of the above
};

}  // namespace galley::storage
