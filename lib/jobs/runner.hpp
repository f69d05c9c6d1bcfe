// Works off the items of jobs: leases what is due, runs the handler of its kind, and sleeps until the next is due or
// something committed. The items themselves are durable; the runner keeps nothing that a crash could lose.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <memory>
#include <vector>

#include "base/task.hpp"
#include "domain/job.hpp"

namespace galley {
class Clock;
class Log;
class Store;
}  // namespace galley

namespace galley::jobs {

struct RunnerTimes {
  // How long run() waits, once stopped, for the handlers that are at work.
  std::chrono::milliseconds drain = std::chrono::seconds(30);
  // The longest sleep: after that the clock is looked at again, so that a jump of the wall time is noticed.
  std::chrono::milliseconds longest_sleep = std::chrono::seconds(60);
  // The sleep after the store failed.
  std::chrono::milliseconds after_failure = std::chrono::seconds(1);
};

class Runner {
 public:
  // handlers: one for each kind at most; items of other kinds are left alone. All of these outlive this and whatever
  // still runs when the drain's time is over. executor: of one thread, or a strand; all work is done there, and its
  // context outlives this.
  Runner(Store& store, const Clock& clock, Log& log, const std::vector<JobHandler*>& handlers,
         boost::asio::any_io_executor executor, RunnerTimes times = {});
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  // Ends after stop(), when every handler is done or the drain's time is over; leases of those that are not done
  // expire, and the items are run again. To be spawned on the executor, once.
  Task<> run();
  // Nothing more is leased. Thread-safe; may be called again, and before run().
  void stop();

 private:
  struct State;
  // Shared by the runner, the handlers that outlast the drain, and wake-ups that are on their way.
  std::shared_ptr<State> state_;
};

}  // namespace galley::jobs
