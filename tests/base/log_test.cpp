#include "base/log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/json.hpp"
#include "support/manual_clock.hpp"

using namespace galley;
using galley::test::ManualClock;
using namespace std::literals;

namespace {

class Pipe {
 public:
  Pipe() { REQUIRE(pipe2(ends_.data(), O_CLOEXEC) == 0); }
  ~Pipe() {
    close_reader();
    close_writer();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  int writer() const { return ends_[1]; }
  void close_reader() { close_end(ends_[0]); }
  void close_writer() { close_end(ends_[1]); }

  // All that is written until the last writer closes.
  std::string read_all() {
    std::string text;
    std::array<char, 65536> buffer;
    for (;;) {
      const ssize_t count = ::read(ends_[0], buffer.data(), buffer.size());
      if (count <= 0) return text;
      text.append(buffer.data(), static_cast<std::size_t>(count));
    }
  }

 private:
  static void close_end(int& descriptor) {
    if (descriptor >= 0) ::close(descriptor);
    descriptor = -1;
  }
  std::array<int, 2> ends_{-1, -1};
};

// What a log with these lines leaves.
std::string logged(LogFormat format, std::string_view message, std::initializer_list<LogField> fields) {
  const ManualClock clock;
  Pipe pipe;
  {
    Log log(clock, pipe.writer(), LogLevel::info, format);
    log.write(LogLevel::info, message, fields);
  }
  pipe.close_writer();
  return pipe.read_all();
}

std::size_t lines_in(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("log: a line of logfmt holds time, level, message and fields in order", "[base]") {
  CHECK(logged(LogFormat::logfmt, "request",
               {{"method", "GET"sv}, {"status", std::int64_t{200}}, {"ms", 1.25}, {"cached", false}}) ==
        "time=2026-03-30T15:00:00.000Z level=info message=\"request\" method=GET status=200 ms=1.25 cached=false\n");
}

TEST_CASE("log: a line of JSON is one object", "[base]") {
  CHECK(logged(LogFormat::json, "request",
               {{"method", "GET"sv}, {"status", std::int64_t{200}}, {"ms", 1.25}, {"cached", false}}) ==
        "{\"time\":\"2026-03-30T15:00:00.000Z\",\"level\":\"info\",\"message\":\"request\",\"method\":\"GET\","
        "\"status\":200,\"ms\":1.25,\"cached\":false}\n");
}

TEST_CASE("log: values that would be misread are quoted", "[base]") {
  CHECK(logged(LogFormat::logfmt, "m", {{"a", ""sv}, {"b", "x y"sv}, {"c", "k=v"sv}, {"d", "q\"\\"sv}, {"e", "ü"sv}})
            .ends_with(" a=\"\" b=\"x y\" c=\"k=v\" d=\"q\\\"\\\\\" e=\"ü\"\n"));
}

TEST_CASE("log: no value can forge a line or drive a terminal", "[base]") {
  const std::string hostile =
      "a\nlevel=error message=\"forged\"\r\t\x1B[2J\0\x7F"s + "\u0085\u009B31m\u2028\u2029" + "\xFF\xC3";
  for (const LogFormat format : {LogFormat::logfmt, LogFormat::json}) {
    const std::string text = logged(format, hostile, {{"path", hostile}});
    CHECK(lines_in(text) == 1);
    CHECK(std::none_of(text.begin(), text.end() - 1, [](char c) { return (c >= 0 && c < ' ') || c == 0x7F; }));
    for (const auto* const sequence : {"\xC2\x85", "\xC2\x9B", "\u2028", "\u2029", "\xFF"}) {
      CHECK(text.find(sequence) == std::string::npos);
    }
    CHECK(
        text.find(R"(a\nlevel=error message=\"forged\"\u000d\u0009\u001b[2J\u0000\u007f\u0085\u009b31m\u2028\u2029)") !=
        std::string::npos);
  }
}

TEST_CASE("log: every JSON line can be read again with its values", "[base]") {
  std::string all;
  for (int i = 1; i < 256; ++i)
    all += static_cast<char>(i < 128 ? i : 'x');
  const std::string text = logged(LogFormat::json, "m", {{"v", all}});
  const auto value = json::parse(text);
  REQUIRE(value.has_value());
  CHECK(*value->find("v")->text() == all);
}

TEST_CASE("log: a huge value is cut", "[base]") {
  const std::string text = logged(LogFormat::logfmt, "m", {{"v", std::string(1'000'000, 'x')}});
  CHECK(text.size() < 20'000);
  CHECK(text.ends_with("x…\"\n"));
}

TEST_CASE("log: lines below the level are left out, the others written at once by their level's name", "[base]") {
  const ManualClock clock;
  Pipe pipe;
  {
    Log log(clock, pipe.writer(), LogLevel::warning, LogFormat::logfmt);
    CHECK_FALSE(log.enabled(LogLevel::info));
    CHECK(log.enabled(LogLevel::error));
    log.write(LogLevel::debug, "one");
    log.write(LogLevel::info, "two");
    log.write(LogLevel::warning, "three");
    log.write(LogLevel::error, "four");
  }
  pipe.close_writer();
  const std::string text = pipe.read_all();
  CHECK(lines_in(text) == 2);
  CHECK(text.find("level=warning message=\"three\"\n") < text.find("level=error message=\"four\"\n"));
}

TEST_CASE("log: lines of many threads arrive whole, each thread's in order", "[base]") {
  const ManualClock clock;
  Pipe pipe;
  std::string text;
  std::thread reader([&] { text = pipe.read_all(); });
  {
    Log log(clock, pipe.writer(), LogLevel::info, LogFormat::logfmt);
    std::vector<std::thread> threads;
    for (std::int64_t t = 0; t < 4; ++t) {
      threads.emplace_back([&log, t] {
        for (std::int64_t i = 0; i < 1000; ++i)
          log.write(LogLevel::info, "line", {{"thread", t}, {"number", i}});
      });
    }
    for (std::thread& thread : threads)
      thread.join();
  }
  pipe.close_writer();
  reader.join();
  CHECK(lines_in(text) == 4000);
  for (int t = 0; t < 4; ++t) {
    std::size_t at = 0;
    for (int i = 0; i < 1000 && at != std::string::npos; ++i) {
      at = text.find("thread=" + std::to_string(t) + " number=" + std::to_string(i) + "\n", at);
    }
    CHECK(at != std::string::npos);
  }
}

TEST_CASE("log: a reader that stops reading blocks nobody, and what was lost is counted", "[base]") {
  const ManualClock clock;
  Pipe pipe;
  const std::string value(1000, 'v');
  std::string text;
  std::thread reader;
  {
    Log log(clock, pipe.writer(), LogLevel::info, LogFormat::logfmt);
    // 20 MB into a pipe of 64 KiB and a queue of 8 MiB: this returns all the same.
    for (int i = 0; i < 20'000; ++i)
      log.write(LogLevel::info, "line", {{"v", value}});
    reader = std::thread([&] { text = pipe.read_all(); });
  }
  pipe.close_writer();
  reader.join();
  CHECK(text.size() < 18'000'000);
  const std::size_t at = text.find("level=warning message=\"log lines lost\" count=");
  REQUIRE(at != std::string::npos);
  const std::size_t lost = std::stoul(text.substr(text.find("count=", at) + 6));
  CHECK(lines_in(text) - 1 + lost == 20'000);
}

TEST_CASE("log: a reader that is gone neither kills nor hangs the process", "[base]") {
  const ManualClock clock;
  Pipe pipe;
  pipe.close_reader();
  std::optional<Log> log(std::in_place, clock, pipe.writer(), LogLevel::info, LogFormat::logfmt);
  for (int i = 0; i < 100; ++i)
    log->write(LogLevel::info, "line");
  log.reset();
  SUCCEED("no SIGPIPE, and the end was reached");
}

TEST_CASE("log: a reader that never reads cannot keep the process from ending", "[base]") {
  const ManualClock clock;
  Pipe pipe;
  std::optional<Log> log(std::in_place, clock, pipe.writer(), LogLevel::info, LogFormat::logfmt);
  for (int i = 0; i < 1000; ++i)
    log->write(LogLevel::info, "line", {{"v", std::string(1000, 'v')}});
  log.reset();
  pipe.close_writer();
  const std::string text = pipe.read_all();
  CHECK(text.size() > 4096);
  CHECK(text.size() <= 65536);
}

TEST_CASE("log: without a descriptor nothing is written", "[base]") {
  const ManualClock clock;
  Log log(clock, -1, LogLevel::debug, LogFormat::json);
  log.write(LogLevel::error, "line", {{"a", "b"sv}});
  SUCCEED("nowhere to write to, nothing thrown");
}
