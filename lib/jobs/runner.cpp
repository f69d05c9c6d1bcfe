#include "jobs/runner.hpp"

#include <algorithm>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdint>
#include <exception>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "domain/store.hpp"

namespace galley::jobs {
namespace asio = boost::asio;

namespace {

struct Lane {
  JobHandler* handler;
  int in_flight = 0;

  int room() const { return std::max(0, handler->limit() - in_flight); }
};

// How the handler came back, for the log.
struct Outcome {
  LogLevel level = LogLevel::info;
  std::string_view word = "done";
  std::string cause;
};

void log_end(Log& log, const JobItem& item, const Outcome& outcome, std::chrono::milliseconds took) {
  log.write(outcome.level, "job item",
            {{"outcome", outcome.word},
             {"kind", to_text(item.kind)},
             {"job", std::string_view(item.job.text())},
             {"article", std::string_view(item.article.text())},
             {"item", item.number},
             {"attempt", static_cast<std::int64_t>(item.attempts)},
             {"ms", static_cast<std::int64_t>(took.count())},
             {"cause", std::string_view(outcome.cause)}});
}

Task<Outcome> run_handler(JobHandler& handler, JobItem item) {
  Outcome outcome;
  // The second of the two places that catch what nobody expected; the lease is left to expire.
  try {
    const Result<void> result = co_await handler.run(std::move(item));
    if (result.has_error()) {
      outcome.level = LogLevel::error;
      outcome.word = "not written";
      outcome.cause = result.error().message + " " + result.error().cause;
    }
  } catch (const std::exception& exception) {
    outcome.level = LogLevel::error;
    outcome.word = "exception";
    outcome.cause = exception.what();
  } catch (...) {
    outcome.level = LogLevel::error;
    outcome.word = "exception";
    outcome.cause = "of an unknown type";
  }
  co_return outcome;
}

}  // namespace

// Everything but posted is touched on the executor alone.
struct Runner::State : std::enable_shared_from_this<State> {
  State(Store& store_of_items, const Clock& wall, Log& lines, asio::any_io_executor where, RunnerTimes limits)
      : store(store_of_items), clock(wall), log(lines), executor(std::move(where)), times(limits), sleep_(executor) {}

  Task<> work();
  // From any thread.
  void post_wake();
  void post_stop();

  Store& store;
  const Clock& clock;
  Log& log;
  asio::any_io_executor executor;
  RunnerTimes times;
  std::vector<Lane> lanes;

 private:
  struct Batch {
    std::size_t lane;
    std::vector<JobItem> items;
  };
  // A copy of what leasing must know of a lane: it is done on the store's thread, while the lane changes here.
  struct Want {
    std::size_t lane;
    JobKind kind;
    std::chrono::seconds hold;
    int room;
  };
  // Lanes that have room and something due, or how long until one has.
  struct Look {
    std::vector<Want> due;
    std::chrono::milliseconds until_next;
  };

  Task<std::chrono::milliseconds> take_due_or_log();
  Task<Result<std::chrono::milliseconds>> take_due();
  Result<Look> look();
  Task<Result<std::vector<Batch>>> lease(const std::vector<Want>& due);
  void start(std::vector<Batch> leased);
  static Task<> run_item(std::shared_ptr<State> state, std::size_t lane, JobItem item);
  Task<> drain();
  Task<> sleep_for(std::chrono::milliseconds duration);
  void wake();

  std::set<std::int64_t> running_;  // numbers of items
  asio::steady_timer sleep_;
  bool stopping_ = false;
  bool woken_ = false;
  std::atomic<bool> posted_ = false;  // a wake-up is on its way: a burst of commits needs only one
};

void Runner::State::wake() {
  woken_ = true;
  sleep_.cancel();
}

void Runner::State::post_wake() {
  if (posted_.exchange(true)) return;
  asio::post(executor, [self = shared_from_this()] {
    // First: what commits from here on is told again.
    self->posted_ = false;
    self->wake();
  });
}

void Runner::State::post_stop() {
  asio::post(executor, [self = shared_from_this()] {
    self->stopping_ = true;
    self->wake();
  });
}

// Returns at once where something happened since the last sleep.
Task<> Runner::State::sleep_for(std::chrono::milliseconds duration) {
  if (!woken_) {
    sleep_.expires_after(duration);
    boost::system::error_code interrupted;
    co_await sleep_.async_wait(asio::redirect_error(asio::use_awaitable, interrupted));
  }
  woken_ = false;
}

// Reads only: a look that finds nothing costs no commit.
Result<Runner::State::Look> Runner::State::look() {
  return store.read([this](const Transaction& transaction) -> Result<Look> {
    Look look{.due = {}, .until_next = times.longest_sleep};
    const Time now = clock.now();
    for (std::size_t i = 0; i < lanes.size(); ++i) {
      // A lane without room is looked at again when one of its handlers ends; that wakes the runner.
      const int room = lanes[i].room();
      if (room == 0) continue;
      const JobHandler& handler = *lanes[i].handler;
      const std::optional<Time> next = GALLEY_TRY(transaction.jobs().next_due(handler.kind(), now));
      if (!next) continue;
      if (*next <= now) {
        look.due.push_back({.lane = i, .kind = handler.kind(), .hold = handler.hold(), .room = room});
      } else {
        look.until_next = std::min(look.until_next, *next - now);
      }
    }
    return look;
  });
}

Task<Result<std::vector<Runner::State::Batch>>> Runner::State::lease(const std::vector<Want>& due) {
  const auto body = [&wall = clock, &due](Transaction& transaction) -> Result<std::vector<Batch>> {
    std::vector<Batch> leased;
    const Time now = wall.now();
    for (const Want& want : due) {
      std::vector<JobItem> items = GALLEY_TRY(transaction.jobs().lease(want.kind, now, now + want.hold, want.room));
      leased.push_back({want.lane, std::move(items)});
    }
    return leased;
  };
  co_return co_await store.write(body);
}

void Runner::State::start(std::vector<Batch> leased) {
  for (Batch& batch : leased) {
    for (JobItem& item : batch.items) {
      // Its handler outlived the lease and is still at it here: never twice at once. The new lease covers it.
      if (!running_.insert(item.number).second) {
        log.write(LogLevel::warning, "job item outlived its lease",
                  {{"kind", to_text(item.kind)}, {"item", item.number}});
        continue;
      }
      ++lanes[batch.lane].in_flight;
      asio::co_spawn(executor, run_item(shared_from_this(), batch.lane, std::move(item)), asio::detached);
    }
  }
}

Task<> Runner::State::run_item(std::shared_ptr<State> state, std::size_t lane, JobItem item) {
  const Instant begun = state->clock.instant();
  JobHandler& handler = *state->lanes[lane].handler;
  const Outcome outcome = co_await run_handler(handler, item);
  // Before the log, which may throw where memory is short: a lane must not lose room for good.
  state->running_.erase(item.number);
  --state->lanes[lane].in_flight;
  state->wake();
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(state->clock.instant() - begun);
  log_end(state->log, item, outcome, took);
}

// Leases and starts what is due. Returns how long there is nothing to do: zero where more may be due at once.
Task<Result<std::chrono::milliseconds>> Runner::State::take_due() {
  const Look found = GALLEY_CO_TRY(look());
  if (found.due.empty()) co_return found.until_next;
  std::vector<Batch> leased = GALLEY_CO_TRY(co_await lease(found.due));
  const bool any = std::any_of(leased.begin(), leased.end(), [](const Batch& batch) { return !batch.items.empty(); });
  start(std::move(leased));
  if (any) co_return std::chrono::milliseconds(0);
  // Due, and yet not to be had: another server process was faster. Not at once again, or two would chase each other.
  co_return std::min(found.until_next, times.after_failure);
}

Task<std::chrono::milliseconds> Runner::State::take_due_or_log() {
  std::string cause;
  try {
    const Result<std::chrono::milliseconds> idle = co_await take_due();
    if (idle.has_value()) co_return *idle;
    cause = idle.error().message + " " + idle.error().cause;
  } catch (const std::exception& exception) {
    cause = exception.what();
  }
  log.write(LogLevel::error, "jobs cannot be leased", {{"cause", std::string_view(cause)}});
  co_return times.after_failure;
}

Task<> Runner::State::drain() {
  const auto over = std::make_shared<bool>(false);  // shared by this coroutine and the timer's handler
  asio::steady_timer deadline(executor, times.drain);
  deadline.async_wait([self = shared_from_this(), over](const boost::system::error_code& cancelled) {
    if (cancelled) return;
    *over = true;
    self->wake();
  });
  while (!running_.empty() && !*over)
    co_await sleep_for(times.longest_sleep);
  if (running_.empty()) co_return;
  log.write(LogLevel::warning, "job items left to their leases",
            {{"count", static_cast<std::int64_t>(running_.size())}});
}

Task<> Runner::State::work() {
  // Weak: whoever notifies must not keep alive, and then end on a thread of its own, what belongs to the executor.
  const auto on_commit = [weak = weak_from_this()] {
    if (const std::shared_ptr<State> self = weak.lock()) self->post_wake();
  };
  const ChangeFeed::Subscription subscription = store.changes().subscribe(std::string(topic::jobs), on_commit);
  while (!stopping_) {
    const std::chrono::milliseconds pause = co_await take_due_or_log();
    if (!stopping_ && pause.count() > 0) co_await sleep_for(pause);
  }
  co_await drain();
}

Runner::Runner(Store& store, const Clock& clock, Log& log, const std::vector<JobHandler*>& handlers,
               boost::asio::any_io_executor executor, RunnerTimes times)
    : state_(std::make_shared<State>(store, clock, log, std::move(executor), times)) {
  for (JobHandler* handler : handlers) {
    for (const Lane& lane : state_->lanes) {
      if (lane.handler->kind() == handler->kind()) throw std::logic_error("two job handlers of one kind");
    }
    state_->lanes.push_back({.handler = handler});
  }
}

Runner::~Runner() = default;

Task<> Runner::run() {
  // Held by this coroutine, so that what it calls may use the state's members.
  const std::shared_ptr<State> state = state_;
  co_await state->work();
}

void Runner::stop() {
  state_->post_stop();
}

}  // namespace galley::jobs
