// The one thread that writes. It takes all bodies that wait, runs each in its own savepoint, commits once and then
// tells the feed and the callers: durable before anybody hears of it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/completion.hpp"
#include "domain/change_feed.hpp"
#include "storage/sql_transaction.hpp"

namespace galley::storage {

struct WriterLimits {
  std::size_t max_waiting = 10000;  // beyond it: unavailable
  std::size_t max_batch = 256;
  std::chrono::milliseconds rest{2000};  // after which without a write the log is folded into the database
};

class Writer {
 public:
  using Body = std::function<Result<void>(Transaction&)>;

  // All three outlive this. From here on the connection belongs to the writer's thread.
  Writer(Connection& connection, SqlTransaction& transaction, ChangeFeed& feed, WriterLimits limits);
  // Finishes what waits.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Thread-safe; not from a body. Completes with what the body returned, internal where it threw, unavailable when too
  // much waits, the writer stops or the commit failed.
  void submit(Body body, std::unique_ptr<Completion> completion) {
    submit(std::move(body), false, std::move(completion));
  }
  // The same for a body within which others may write: see joins() and write_within().
  void submit_together(Body body, std::unique_ptr<Completion> completion) {
    submit(std::move(body), true, std::move(completion));
  }
  // Whether the calling thread is the writer's, in a body of submit_together.
  bool joins() const { return std::this_thread::get_id() == thread_.get_id() && joining_; }
  // Where joins(): runs body in a savepoint of the transaction that is open. What fails undoes itself alone.
  Result<void> write_within(const Body& body);
  // Where joins(): what was written before is seen.
  Transaction& joined() { return transaction_; }
  // Refuses what comes from now on, finishes what waits and ends the thread. Not thread-safe.
  void stop();

 private:
  struct Waiting {
    Body body;
    bool together = false;
    std::unique_ptr<Completion> completion;
    Result<void> outcome{};
  };

  void submit(Body body, bool together, std::unique_ptr<Completion> completion);
  void run();
  void write(std::vector<Waiting>& batch);
  // An error where the whole transaction is lost and not this body alone.
  SqlResult<void> run_body(Waiting& waiting, bool alone, std::vector<std::string>& topics);
  SqlResult<void> run_batch(std::vector<Waiting>& batch, std::vector<std::string>& topics);
  void tell(const std::vector<std::string>& topics) noexcept;

  Connection& connection_;
  SqlTransaction& transaction_;
  ChangeFeed& feed_;
  const WriterLimits limits_;
  std::mutex mutex_{};
  std::condition_variable wakeup_{};
  std::deque<Waiting> waiting_{};  // at most max_waiting
  bool stopping_ = false;
  bool joining_ = false;  // the writer's thread alone
  std::thread thread_{};  // last: it uses all of the above
};

}  // namespace galley::storage
