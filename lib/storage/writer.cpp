#include "storage/writer.hpp"

#include <algorithm>
#include <new>
#include <stdexcept>
#include <utility>

namespace galley::storage {
namespace {

void give_error(Result<void>& outcome, const Error& error) noexcept {
  try {
    outcome = error;
  } catch (const std::bad_alloc&) {
    outcome = out_of_memory();
  }
}

}  // namespace

Writer::Writer(Connection& connection, SqlTransaction& transaction, ChangeFeed& feed, WriterLimits limits)
    : connection_(connection), transaction_(transaction), feed_(feed), limits_(limits), thread_([this] { run(); }) {}

Writer::~Writer() {
  stop();
}

void Writer::submit(Body body, bool together, std::unique_ptr<Completion> completion) {
  if (std::this_thread::get_id() == thread_.get_id())
    throw std::logic_error("A body of the writer must not write again");
  std::string refusal;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) {
      refusal = "The server is shutting down. Please try again in a moment.";
    } else if (waiting_.size() >= limits_.max_waiting) {
      refusal = "Too many changes are waiting to be stored. Please try again in a moment.";
    } else {
      waiting_.push_back({.body = std::move(body), .together = together, .completion = std::move(completion)});
    }
  }
  if (refusal.empty())
    wakeup_.notify_one();
  else
    completion->complete(unavailable(std::move(refusal)));
}

void Writer::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wakeup_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Writer::run() {
  std::vector<Waiting> batch;
  batch.reserve(limits_.max_batch);
  std::unique_lock lock(mutex_);
  const auto something_to_do = [this] { return stopping_ || !waiting_.empty(); };
  while (true) {
    if (!wakeup_.wait_for(lock, limits_.rest, something_to_do)) {
      lock.unlock();
      connection_.tidy_at_rest();
      lock.lock();
      continue;
    }
    if (waiting_.empty()) break;
    const std::size_t count = std::min(waiting_.size(), limits_.max_batch);
    const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(count);
    batch.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
    waiting_.erase(waiting_.begin(), end);
    lock.unlock();
    write(batch);
    batch.clear();
    lock.lock();
  }
  lock.unlock();
  connection_.tidy_at_rest();
}

void Writer::write(std::vector<Waiting>& batch) {
  std::vector<std::string> topics;
  const auto run = [this, &batch, &topics]() -> Result<void> {
    const SqlResult<void> committed = run_batch(batch, topics);
    if (!committed.has_error()) return {};
    Error lost = unavailable("The change could not be stored at present. Please try again later.");
    lost.cause = committed.error().message;
    return lost;
  };
  const Result<void> committed = outcome_of(run);
  if (committed.has_error()) {
    connection_.rollback();
    topics.clear();
    // A body that failed by itself keeps its own error: it would not have been stored anyway.
    for (Waiting& waiting : batch)
      if (!waiting.outcome.has_error()) give_error(waiting.outcome, committed.error());
  }
  // Before the callers resume: what they do next already finds caches dropped and queues awake.
  tell(topics);
  for (Waiting& waiting : batch)
    waiting.completion->complete(std::move(waiting.outcome));
  connection_.tidy_after_commit();
}

SqlResult<void> Writer::run_batch(std::vector<Waiting>& batch, std::vector<std::string>& topics) {
  GALLEY_TRY(connection_.begin_writing());
  const bool alone = batch.size() == 1;
  for (Waiting& waiting : batch)
    GALLEY_TRY(run_body(waiting, alone, topics));
  const bool nothing_to_keep =
      std::ranges::all_of(batch, [](const Waiting& waiting) { return waiting.outcome.has_error(); });
  if (!nothing_to_keep) return connection_.commit();
  connection_.rollback();
  return {};
}

Result<void> Writer::write_within(const Body& body) {
  const std::size_t announced = transaction_.count_announcements();
  GALLEY_TRY(connection_.set_savepoint());
  Result<void> outcome = outcome_of(body, transaction_);
  // Else run_body() sees it too, and tells all.
  if (!connection_.in_transaction()) return unavailable("The change could not be stored at present. Please try again.");
  if (outcome.has_error()) {
    transaction_.drop_announcements(announced);
    GALLEY_TRY(connection_.undo_to_savepoint());
  } else {
    GALLEY_TRY(connection_.release_savepoint());
  }
  return outcome;
}

SqlResult<void> Writer::run_body(Waiting& waiting, bool alone, std::vector<std::string>& topics) {
  if (!alone) GALLEY_TRY(connection_.set_savepoint());
  joining_ = waiting.together;
  waiting.outcome = outcome_of(waiting.body, transaction_);
  joining_ = false;
  const std::vector<std::string> announced = transaction_.take_announcements();
  // On a full disk SQLite may roll back by itself, and the bodies before this one are gone with it.
  if (!connection_.in_transaction())
    return SqlError{.kind = SqlFailure::other, .message = "The database rolled the transaction back"};
  // Where the body is alone, write() rolls all of it back.
  if (waiting.outcome.has_error()) return alone ? SqlResult<void>() : connection_.undo_to_savepoint();
  for (const std::string& topic : announced)
    if (std::ranges::find(topics, topic) == topics.end()) topics.push_back(topic);
  return alone ? SqlResult<void>() : connection_.release_savepoint();
}

void Writer::tell(const std::vector<std::string>& topics) noexcept {
  for (const std::string& topic : topics) {
    try {
      feed_.notify(topic);
    } catch (...) {
      // A subscriber's bug. The change is committed, and its callers must hear of it.
    }
  }
}

}  // namespace galley::storage
