#include "jobs/runner.hpp"

#include <catch2/catch.hpp>

#include "jobs/runner_bench.hpp"

using namespace galley;
using namespace galley::test;
using galley::jobs::Runner;
using galley::jobs::RunnerTimes;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("runner: an item that is due is run once and its end is one log line", "[jobs]") {
  RunnerBench bench;
  ScriptedHandler handler(JobKind::publish, 4, [&](JobItem item) { return bench.succeed(item); });
  bench.queue(JobKind::publish, "first");
  {
    RunningRunner running(bench, {&handler});
    bench.run_until([&] { return bench.count(JobStatus::succeeded) == 1; });
    bench.settle();
  }
  REQUIRE(handler.seen.size() == 1);
  CHECK(handler.seen[0].article.text() == "art_first");
  CHECK(handler.seen[0].attempts == 1);
  const std::vector<std::string> lines = bench.lines_with("job item");
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].find("outcome=done") != std::string::npos);
  CHECK(lines[0].find("art_first") != std::string::npos);
}

TEST_CASE("runner: no more than a kind's limit are in flight, and all are run", "[jobs]") {
  RunnerBench bench;
  Gate gate(bench.context);
  ScriptedHandler handler(JobKind::generate, 2, [&](JobItem item) -> Task<Result<void>> {
    co_await gate.wait();
    co_return co_await bench.succeed(item);
  });
  for (int i = 0; i < 5; ++i)
    bench.queue(JobKind::generate, "a" + std::to_string(i));
  RunningRunner running(bench, {&handler});
  bench.run_until([&] { return handler.running == 2; });
  bench.settle();
  CHECK(handler.seen.size() == 2);
  CHECK(bench.count(JobStatus::queued) == 3);
  gate.open();
  bench.run_until([&] { return bench.count(JobStatus::succeeded) == 5; });
  CHECK(handler.most_running == 2);
  CHECK(handler.seen.size() == 5);
}

TEST_CASE("runner: an item queued while it sleeps wakes it", "[jobs]") {
  RunnerBench bench;
  ScriptedHandler handler(JobKind::publish, 4, [&](JobItem item) { return bench.succeed(item); });
  RunningRunner running(bench, {&handler}, {.longest_sleep = std::chrono::hours(1)});
  bench.settle();
  CHECK(handler.seen.empty());
  bench.queue(JobKind::publish, "late");
  bench.run_until([&] { return bench.count(JobStatus::succeeded) == 1; });
}

TEST_CASE("runner: what is not due yet waits for its time", "[jobs]") {
  RunnerBench bench;
  ScriptedHandler handler(JobKind::publish, 4, [&](JobItem item) { return bench.succeed(item); });
  bench.queue(JobKind::publish, "later", milliseconds(20));
  RunningRunner running(bench, {&handler}, {.longest_sleep = std::chrono::hours(1)});
  bench.settle();
  CHECK(handler.seen.empty());
  bench.clock.advance(milliseconds(19));
  bench.settle();
  CHECK(handler.seen.empty());
  // Nobody tells it: its own timer does.
  bench.clock.advance(milliseconds(1));
  bench.run_until([&] { return bench.count(JobStatus::succeeded) == 1; });
}

TEST_CASE("runner: a kind at its limit hides nothing that another kind has to do in time", "[jobs]") {
  RunnerBench bench;
  Gate gate(bench.context);
  ScriptedHandler slow(JobKind::generate, 1, [&](JobItem item) -> Task<Result<void>> {
    co_await gate.wait();
    co_return co_await bench.succeed(item);
  });
  ScriptedHandler quick(JobKind::publish, 1, [&](JobItem item) { return bench.succeed(item); });
  bench.queue(JobKind::generate, "one");
  bench.queue(JobKind::generate, "two");
  bench.queue(JobKind::publish, "timed", milliseconds(20));
  RunningRunner running(bench, {&slow, &quick}, {.longest_sleep = std::chrono::hours(1)});
  bench.run_until([&] { return slow.running == 1; });
  bench.settle();
  CHECK(quick.seen.empty());
  bench.clock.advance(milliseconds(20));
  bench.run_until([&] { return quick.seen.size() == 1; });
  CHECK(slow.seen.size() == 1);
  gate.open();
  bench.run_until([&] { return bench.count(JobStatus::succeeded) == 3; });
}

TEST_CASE("runner: a jump of the clock is noticed within the longest sleep", "[jobs]") {
  RunnerBench bench;
  ScriptedHandler handler(JobKind::publish, 4, [&](JobItem item) { return bench.succeed(item); });
  bench.queue(JobKind::publish, "tomorrow", std::chrono::hours(24));
  RunningRunner running(bench, {&handler}, {.longest_sleep = milliseconds(20)});
  bench.settle();
  CHECK(handler.seen.empty());
  bench.clock.set(bench.clock.now() + std::chrono::hours(25));
  bench.run_until([&] { return bench.count(JobStatus::succeeded) == 1; });
}

TEST_CASE("runner: items of a kind that nobody handles are left alone, and cost nothing while it sleeps", "[jobs]") {
  RunnerBench bench;
  ScriptedHandler handler(JobKind::publish, 4, [&](JobItem item) { return bench.succeed(item); });
  bench.queue(JobKind::generate, "nobody");
  RunningRunner running(bench, {&handler}, {.longest_sleep = std::chrono::hours(1)});
  bench.settle();
  bench.context.restart();
  CHECK(bench.context.poll() == 0);
  CHECK(handler.seen.empty());
  CHECK(bench.items().at(0).attempts == 0);
}

TEST_CASE("runner: it sleeps while a kind is at its limit with more to do", "[jobs]") {
  RunnerBench bench;
  Gate gate(bench.context);
  ScriptedHandler handler(JobKind::generate, 1, [&](JobItem item) -> Task<Result<void>> {
    co_await gate.wait();
    co_return co_await bench.succeed(item);
  });
  for (int i = 0; i < 3; ++i)
    bench.queue(JobKind::generate, "a" + std::to_string(i));
  RunningRunner running(bench, {&handler}, {.longest_sleep = std::chrono::hours(1)});
  bench.run_until([&] { return handler.running == 1; });
  bench.settle();
  bench.context.restart();
  CHECK(bench.context.poll() == 0);
  gate.open();
  bench.run_until([&] { return bench.count(JobStatus::succeeded) == 3; });
}

TEST_CASE("runner: an outcome that could not be written leaves the lease, and the item is run again behind it",
          "[jobs]") {
  RunnerBench bench;
  ScriptedHandler handler(JobKind::publish, 4, [&](JobItem item) -> Task<Result<void>> {
    if (item.attempts == 1) co_return internal_error("disk on fire");
    co_return co_await bench.succeed(item);
  });
  bench.queue(JobKind::publish, "once-more");
  {
    RunningRunner running(bench, {&handler}, {.longest_sleep = milliseconds(20)});
    bench.run_until([&] { return handler.seen.size() == 1; });
    bench.settle();
    bench.clock.advance(ScriptedHandler::lease - milliseconds(1));
    bench.settle();
    CHECK(handler.seen.size() == 1);
    CHECK(bench.count(JobStatus::running) == 1);
    bench.clock.advance(milliseconds(1));
    bench.run_until([&] { return bench.count(JobStatus::succeeded) == 1; });
  }
  CHECK(handler.seen.at(1).attempts == 2);
  const std::vector<std::string> lines = bench.lines_with("job item");
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].find("disk on fire") != std::string::npos);
  CHECK(lines[0].find("level=error") != std::string::npos);
  CHECK(lines[1].find("outcome=done") != std::string::npos);
}

TEST_CASE("runner: an exception of a handler is logged, and neither it nor others are lost", "[jobs]") {
  RunnerBench bench;
  ScriptedHandler handler(JobKind::publish, 1, [&](JobItem item) -> Task<Result<void>> {
    if (item.article.text() == "art_bad" && item.attempts == 1) throw std::runtime_error("surprise");
    co_return co_await bench.succeed(item);
  });
  bench.queue(JobKind::publish, "bad");
  bench.queue(JobKind::publish, "good");
  {
    RunningRunner running(bench, {&handler}, {.longest_sleep = milliseconds(20)});
    bench.run_until([&] { return bench.count(JobStatus::succeeded) == 1; });
    CHECK(bench.count(JobStatus::running) == 1);
    bench.clock.advance(ScriptedHandler::lease);
    bench.run_until([&] { return bench.count(JobStatus::succeeded) == 2; });
  }
  CHECK(handler.seen.size() == 3);
  CHECK(bench.lines_with("surprise").size() == 1);
}

TEST_CASE("runner: an item whose handler outlives the lease is not run twice at once", "[jobs]") {
  RunnerBench bench;
  Gate gate(bench.context);
  ScriptedHandler handler(JobKind::generate, 4, [&](JobItem item) -> Task<Result<void>> {
    co_await gate.wait();
    co_return co_await bench.succeed(item);
  });
  bench.queue(JobKind::generate, "slow");
  {
    RunningRunner running(bench, {&handler}, {.longest_sleep = milliseconds(20)});
    bench.run_until([&] { return handler.running == 1; });
    bench.clock.advance(ScriptedHandler::lease * 2);
    bench.run_until([&] { return bench.items().at(0).attempts == 2; });
    bench.settle();
    CHECK(handler.seen.size() == 1);
    gate.open();
    bench.run_until([&] { return bench.count(JobStatus::succeeded) == 1; });
  }
  CHECK(handler.seen.size() == 1);
  CHECK(bench.lines_with("outlived its lease").size() == 1);
}

TEST_CASE("runner: once stopped it leases nothing and waits for what is at work", "[jobs]") {
  RunnerBench bench;
  Gate gate(bench.context);
  ScriptedHandler handler(JobKind::generate, 1, [&](JobItem item) -> Task<Result<void>> {
    co_await gate.wait();
    co_return co_await bench.succeed(item);
  });
  bench.queue(JobKind::generate, "one");
  bench.queue(JobKind::generate, "two");
  RunningRunner running(bench, {&handler});
  bench.run_until([&] { return handler.running == 1; });
  running.runner.stop();
  bench.settle();
  CHECK_FALSE(running.ended);
  gate.open();
  bench.run_until([&] { return running.ended; });
  CHECK_FALSE(running.failed);
  CHECK(bench.count(JobStatus::succeeded) == 1);
  CHECK(bench.count(JobStatus::queued) == 1);
  bench.queue(JobKind::generate, "three");
  bench.settle();
  CHECK(handler.seen.size() == 1);
}

TEST_CASE("runner: the drain ends at its deadline, and the runner may go before the handler does", "[jobs]") {
  RunnerBench bench;
  Gate gate(bench.context);
  ScriptedHandler handler(JobKind::generate, 1, [&](JobItem item) -> Task<Result<void>> {
    co_await gate.wait();
    co_return co_await bench.succeed(item);
  });
  bench.queue(JobKind::generate, "hangs");
  {
    RunningRunner running(bench, {&handler}, {.drain = milliseconds(10)});
    bench.run_until([&] { return handler.running == 1; });
    running.runner.stop();
    bench.run_until([&] { return running.ended; });
  }
  CHECK(bench.count(JobStatus::running) == 1);
  gate.open();
  bench.run_until([&] { return bench.count(JobStatus::succeeded) == 1; });
  bench.settle();
  CHECK(bench.lines_with("left to their leases").size() == 1);
}

TEST_CASE("runner: one that is stopped before it runs ends at once", "[jobs]") {
  RunnerBench bench;
  ScriptedHandler handler(JobKind::publish, 4, [&](JobItem item) { return bench.succeed(item); });
  bench.queue(JobKind::publish, "never");
  Runner runner(*bench.store, bench.clock, *bench.log, {&handler}, bench.context.get_executor());
  runner.stop();
  runner.stop();
  bench.settle();
  bool ended = false;
  boost::asio::co_spawn(bench.context, runner.run(), [&](std::exception_ptr) { ended = true; });
  bench.run_until([&] { return ended; });
  CHECK(handler.seen.empty());
}

TEST_CASE("runner: two handlers of one kind are a mistake of the wiring", "[jobs]") {
  RunnerBench bench;
  ScriptedHandler first(JobKind::publish, 1, [&](JobItem item) { return bench.succeed(item); });
  ScriptedHandler second(JobKind::publish, 1, [&](JobItem item) { return bench.succeed(item); });
  const std::vector<JobHandler*> both{&first, &second};
  CHECK_THROWS_AS(Runner(*bench.store, bench.clock, *bench.log, both, bench.context.get_executor()), std::logic_error);
}

namespace {

// A disk that refuses: the one thing that the real store cannot be made to do here.
class RefusingStore final : public Store {
 public:
  std::string_view backend() const override { return "refusing"; }
  ChangeFeed& changes() override { return feed_; }
  int reads = 0;

 private:
  Task<Result<void>> run_write(std::function<Result<void>(Transaction&)>) override {
    co_return unavailable("The disk is full.");
  }
  Task<Result<void>> run_write_together(std::function<Result<void>(Transaction&)>) override {
    co_return unavailable("The disk is full.");
  }
  Result<void> run_write_and_wait(std::function<Result<void>(Transaction&)>) override {
    return unavailable("The disk is full.");
  }
  Result<void> run_read(const std::function<Result<void>(const Transaction&)>&) override {
    if (++reads == 2) throw std::runtime_error("the disk is gone");
    return unavailable("The disk is full.");
  }
  Task<Result<void>> run_read_slowly(std::function<Result<void>(const Transaction&)>) override {
    co_return unavailable("The disk is full.");
  }

  ChangeFeed feed_;
};

}  // namespace

TEST_CASE("runner: a store that fails is logged and tried again after a pause", "[jobs]") {
  RunnerBench bench;
  RefusingStore refusing;
  ScriptedHandler handler(JobKind::publish, 1, [&](JobItem item) { return bench.succeed(item); });
  Runner runner(refusing, bench.clock, *bench.log, {&handler}, bench.context.get_executor(),
                {.after_failure = milliseconds(5)});
  bool ended = false;
  boost::asio::co_spawn(bench.context, runner.run(), [&](std::exception_ptr) { ended = true; });
  bench.run_until([&] { return refusing.reads == 1; });
  bench.context.restart();
  bench.context.poll();
  CHECK(refusing.reads <= 2);
  bench.run_until([&] { return refusing.reads == 4; });
  runner.stop();
  bench.run_until([&] { return ended; });
  const std::vector<std::string> lines = bench.lines_with("jobs cannot be leased");
  CHECK(lines.size() == 4);
  CHECK(lines.at(0).find("The disk is full.") != std::string::npos);
  CHECK(lines.at(1).find("the disk is gone") != std::string::npos);
}
