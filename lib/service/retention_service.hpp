// Forgets what is old: a pass now and then, in small transactions with pauses between them, so that no delivery and no
// request waits for it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "base/log.hpp"
#include "base/task.hpp"
#include "domain/retention.hpp"
#include "service/context.hpp"

namespace galley::service {

struct RetentionPace {
  int rows_a_step = 200;
  Milliseconds between_steps{50};
  Milliseconds before_first = std::chrono::minutes(1);
  Milliseconds between_passes = std::chrono::hours(1);
};

class RetentionService {
 public:
  // context and log outlive this. executor: of one thread, where run() is spawned.
  RetentionService(const Context& context, Log& log, boost::asio::any_io_executor executor, RetentionTimes times = {},
                   RetentionPace pace = {});

  // One kind of old rows. What else is to be forgotten is a row more in purges_of().
  struct Purge {
    std::string_view name;
    Milliseconds age;
    std::function<Result<PurgeStep>(Transaction&, Time before, Time now, const PurgePlace& after, int max)> step;
  };

  // All kinds once, from their oldest rows on. Ends early after stop() and at the first error, which leaves what was
  // done. On the executor.
  Task<Result<void>> pass();
  // Passes until stop(); one that fails is logged, and the next one goes on. Once, on the executor; this outlives it.
  Task<void> run();
  // Thread-safe; may be called before run().
  void stop();

 private:
  Task<Result<std::int64_t>> purge(const Purge& kind);
  Task<void> sleep(Milliseconds duration);

  const Context& context_;
  Log& log_;
  RetentionPace pace_;
  std::vector<Purge> purges_;
  boost::asio::steady_timer timer_;
  bool stopping_ = false;  // on the executor alone
};

}  // namespace galley::service
