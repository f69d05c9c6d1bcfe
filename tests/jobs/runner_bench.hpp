// What a test of the runner needs: the real store in a folder of its own, a job to hang items on, handlers that do what
// the test says, and an event loop that is driven until something holds.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "jobs/runner.hpp"
#include "support/gate.hpp"
#include "support/manual_clock.hpp"
#include "support/run_task.hpp"
#include "support/temp_store.hpp"

namespace galley::test {

class ScriptedHandler final : public JobHandler {
 public:
  using Script = std::function<Task<Result<void>>(JobItem)>;
  static constexpr std::chrono::seconds lease{30};

  ScriptedHandler(JobKind kind, int limit, Script script) : kind_(kind), limit_(limit), script_(std::move(script)) {}

  JobKind kind() const override { return kind_; }
  int limit() const override { return limit_; }
  std::chrono::seconds hold() const override { return lease; }
  Task<Result<void>> run(JobItem item) override {
    seen.push_back(item);
    most_running = std::max(most_running, ++running);
    Result<void> result = co_await script_(item);
    --running;
    co_return result;
  }

  std::vector<JobItem> seen;
  int running = 0;  // stays raised where the script throws
  int most_running = 0;

 private:
  JobKind kind_;
  int limit_;
  Script script_;
};

class RunnerBench {
 public:
  RunnerBench() : log_file_(store.folder() / "lines") {
    descriptor_ = ::open(log_file_.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    if (descriptor_ < 0) throw std::runtime_error("no file for the log");
    log.emplace(clock, descriptor_, LogLevel::debug, LogFormat::logfmt);
    store.write([&](Transaction& transaction) { return fill(transaction); });
  }
  ~RunnerBench() {
    log.reset();
    ::close(descriptor_);
  }

  // Queues an item that is due so much later than now.
  void queue(JobKind kind, std::string article, Milliseconds later = Milliseconds(0)) {
    JobItem item;
    item.job = job.id;
    item.account = job.account;
    item.kind = kind;
    item.article = ArticleId("art_" + std::move(article));
    item.due_at = clock.now() + later;
    store.write([&](Transaction& transaction) -> Result<void> {
      GALLEY_TRY(transaction.jobs().insert_item(item));
      transaction.announce(topic::jobs);
      return {};
    });
  }

  // The usual end of a handler.
  Task<Result<void>> succeed(JobItem item) {
    item.status = JobStatus::succeeded;
    const auto body = [&](Transaction& transaction) { return transaction.jobs().update_item(item); };
    co_return co_await store->write(body);
  }

  std::vector<JobItem> items() {
    return store->read([&](const Transaction& transaction) { return transaction.jobs().items(job.account, job.id); })
        .value();
  }
  int count(JobStatus status) {
    const std::vector<JobItem> all = items();
    return static_cast<int>(
        std::count_if(all.begin(), all.end(), [&](const JobItem& item) { return item.status == status; }));
  }

  // Drives the loop until it holds; throws after ten seconds.
  void run_until(const std::function<bool()>& holds) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    context.restart();
    while (!holds()) {
      if (context.run_one_until(end) == 0 && !holds()) throw std::logic_error("it did not happen in time");
    }
  }
  // Drives the loop until everything that was begun has come to rest but for timers: what was given to the writer
  // before is done before.
  void settle() {
    for (int round = 0; round < 4; ++round) {
      const auto nothing = [](Transaction&) -> Result<int> { return 0; };
      run_task(context, store->write(nothing)).value();
      context.restart();
      while (context.poll() > 0) {
      }
    }
  }

  // What was logged so far with this message. Ends the log.
  std::vector<std::string> lines_with(const std::string& text) {
    log.reset();
    std::ifstream file(log_file_);
    std::vector<std::string> found;
    for (std::string line; std::getline(file, line);) {
      if (line.find(text) != std::string::npos) found.push_back(line);
    }
    return found;
  }

  // First, so that it goes last: the store's thread posts to it.
  boost::asio::io_context context{1};
  TempStore store{};
  ManualClock clock{};
  std::optional<Log> log{};
  Job job{};

 private:
  Result<void> fill(Transaction& transaction) {
    const Account account = make_account(1);
    const Project project = make_project(2, account.id);
    GALLEY_TRY(transaction.accounts().insert(account));
    GALLEY_TRY(transaction.projects().insert(project, Secret("secret")));
    job.id = numbered<JobId>(3);
    job.account = account.id;
    job.project = project.id;
    job.status = JobStatus::running;
    return transaction.jobs().insert(job);
  }

  std::filesystem::path log_file_;
  int descriptor_ = -1;
};

// A runner at work; stopped and run to its end when this goes.
class RunningRunner {
 public:
  RunningRunner(RunnerBench& bench, std::vector<JobHandler*> handlers, jobs::RunnerTimes times = {})
      : bench_(bench), runner(*bench.store, bench.clock, *bench.log, handlers, bench.context.get_executor(), times) {
    boost::asio::co_spawn(bench.context, runner.run(), [this](std::exception_ptr thrown) {
      ended = true;
      failed = thrown != nullptr;
    });
  }
  ~RunningRunner() {
    if (!ended) {
      runner.stop();
      bench_.run_until([this] { return ended; });
    }
  }
  RunningRunner(const RunningRunner&) = delete;
  RunningRunner& operator=(const RunningRunner&) = delete;

 private:
  RunnerBench& bench_;

 public:
  jobs::Runner runner;
  bool ended = false;
  bool failed = false;
};

}  // namespace galley::test
