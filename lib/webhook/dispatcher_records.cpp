// The part of Dispatcher that writes down what was tried.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <iterator>
#include <string>
#include <utility>

#include "webhook/dispatcher.hpp"

namespace galley::webhook {

namespace {

constexpr std::size_t most_recorded_at_once = 256;
constexpr std::chrono::milliseconds pause_before_recording{1000};  // where the last time failed
// The wall clock was set where it went so much further than time did. For an hour from then on nobody is disabled for
// failing for days: what went by were no days. Whoever still fails then is.
constexpr std::chrono::minutes a_step{10};
constexpr std::chrono::hours until_trusted{1};

}  // namespace

std::string Dispatcher::cause_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& exception) {
    return exception.what();
  }
}

void Dispatcher::start_recording() {
  if (recorder_runs_) return;
  recorder_runs_ = true;
  auto end = [this](const std::exception_ptr& thrown) {
    recorder_runs_ = false;
    if (thrown) {
      // No memory, or a bug: what was in hand is announced again, so that nothing stays unsent.
      records_lost_ = true;
      log_.write(LogLevel::error, "tries were not written down", {{"cause", cause_of(thrown)}});
    }
    alarm_.ring();
  };
  boost::asio::co_spawn(executor_, record_all(), std::move(end));
}

Task<> Dispatcher::record_all() {
  while (!tried_.empty()) {
    const bool was_full = tried_.size() >= limits_.unrecorded;
    const std::size_t count = std::min(tried_.size(), most_recorded_at_once);
    const auto end = tried_.begin() + static_cast<std::ptrdiff_t>(count);
    std::vector<Tried> batch(std::make_move_iterator(tried_.begin()), std::make_move_iterator(end));
    tried_.erase(tried_.begin(), end);
    recording_ = batch.size();
    // The store does what it is asked in order: a later lease sees these as they will be then.
    for (const Tried& tried : batch)
      lanes_.at(tried.due.webhook->id).let_go(tried.due.row);
    const std::vector<Result<Recorded>> results = co_await record(batch);
    recording_ = 0;
    bool failed = false;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      EndpointLane& lane = lanes_.at(batch[i].due.webhook->id);
      if (results[i].has_error() && !stopping_) {
        // What was sent is not sent again for want of a disk: it is written down later.
        failed = true;
        lane.keep(batch[i].due.row);
        tried_.push_back(std::move(batch[i]));
        continue;
      }
      lane.written();
      recorded(batch[i], results[i]);
    }
    if (failed) co_await wait_for_the_disk(results);
    if (was_full) alarm_.ring();
  }
}

Task<> Dispatcher::wait_for_the_disk(const std::vector<Result<Recorded>>& results) {
  const auto first = std::ranges::find_if(results, [](const Result<Recorded>& one) { return one.has_error(); });
  log_.write(LogLevel::error, "tries could not be written down",
             {{"waiting", static_cast<std::int64_t>(tried_.size())},
              {"error", std::string_view(first->error().message)},
              {"cause", std::string_view(first->error().cause)}});
  boost::asio::steady_timer timer(executor_, pause_before_recording);
  co_await timer.async_wait(boost::asio::use_awaitable);
}

ClockState Dispatcher::clock_state() {
  const Time now = clock_.now();
  const Instant instant = clock_.instant();
  const auto walked = now - wall_time_;
  const auto passed = std::chrono::duration_cast<Milliseconds>(instant - looked_at_);
  if (walked > passed + a_step || walked < passed - a_step) clock_set_at_ = instant;
  wall_time_ = now;
  looked_at_ = instant;
  return clock_set_at_ && instant - *clock_set_at_ < until_trusted ? ClockState::was_set : ClockState::steady;
}

Task<std::vector<Result<Recorded>>> Dispatcher::record(const std::vector<Tried>& batch) {
  std::vector<Result<Recorded>> results;
  const ClockState clock = clock_state();
  auto all = [&](Transaction& transaction) -> Result<void> {
    for (const Tried& one : batch)
      results.push_back(
          GALLEY_TRY(record_outcome(transaction, one.due, one.outcome, schedule_, one.fraction, one.ended_at, clock)));
    return {};
  };
  const Result<void> done = co_await store_.write(std::move(all));
  if (done.has_value()) co_return results;
  results.assign(batch.size(), Result<Recorded>(done.error()));
  if (done.error().code == ErrorCode::unavailable) co_return results;
  // One that cannot be written down does not hold up the others.
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const Tried& one = batch[i];
    auto alone = [&](Transaction& transaction) {
      return record_outcome(transaction, one.due, one.outcome, schedule_, one.fraction, one.ended_at, clock);
    };
    results[i] = co_await store_.write(std::move(alone));
  }
  co_return results;
}

void Dispatcher::recorded(const Tried& tried, const Result<Recorded>& recorded) {
  write_line(tried, recorded);
  if (recorded.has_error()) return;
  if (recorded->disabled_reason) give_up(tried.due.webhook->id);
  // A retry may be due before the sleeper means to look again.
  if (recorded->next_attempt_at) alarm_.ring();
}

void Dispatcher::write_line(const Tried& tried, const Result<Recorded>& recorded) {
  const auto& [due, outcome, ended_at, fraction] = tried;
  const std::string next =
      recorded.has_value() && recorded->next_attempt_at ? to_rfc3339(*recorded->next_attempt_at) : "";
  std::string_view state = "not recorded";
  LogLevel level = LogLevel::error;
  if (recorded.has_value()) {
    state = recorded->deleted ? "deleted" : to_text(recorded->status);
    level =
        recorded->status == DeliveryStatus::failed || recorded->disabled_reason ? LogLevel::warning : LogLevel::info;
  }
  log_.write(level, "webhook attempt",
             {{"delivery", due.delivery.id.text()},
              {"webhook", due.webhook->id.text()},
              {"event", due.event->id.text()},
              {"type", to_text(due.event->type)},
              {"attempt", std::int64_t{due.delivery.attempts + 1}},
              {"http_status", std::int64_t{outcome.attempt.status.value_or(0)}},
              {"duration_ms", std::int64_t{outcome.attempt.duration.count()}},
              {"error_class", outcome.attempt.error_class},
              {"status", state},
              {"next_attempt_at", next},
              {"endpoint_disabled", recorded.has_value() && recorded->disabled_reason.has_value()},
              {"cause", recorded.has_error() ? std::string_view(recorded.error().cause) : std::string_view()}});
}

}  // namespace galley::webhook
