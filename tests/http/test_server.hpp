// The real server on 127.0.0.1, with a handler that the test scripts and a clock that the test turns.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "http/server.hpp"
#include "support/manual_clock.hpp"
#include "support/raw_client.hpp"

namespace galley::http::test {

using galley::test::ManualClock;
using galley::test::RawClient;

// Looks until condition holds; throws where it never does.
inline void wait_until(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) throw std::runtime_error("the condition never held");
    std::this_thread::yield();
  }
}

// Answers "hello" on every path but /marker, which it counts, unless the test gives it a function.
class ScriptedHandler final : public Handler {
 public:
  using Script = std::function<Task<void>(Exchange&)>;

  explicit ScriptedHandler(Script script) : script_(std::move(script)) {}

  Task<void> handle(Exchange& exchange) override {
    if (exchange.request().path == "/marker") ++markers;
    if (exchange.request().path == "/hello" || exchange.request().path == "/marker" || !script_) {
      exchange.answer().begin(200);
      exchange.answer().finish("hello");
      co_return;
    }
    co_await script_(exchange);
  }
  void refuse(const Refusal& refusal, Exchange& exchange) override {
    ++refusals;
    exchange.answer().begin(status_of(refusal.kind));
    exchange.answer().add("X-Path", exchange.request().path);
    exchange.answer().finish(to_text(refusal.kind));
  }

  std::atomic<int> markers = 0;
  std::atomic<int> refusals = 0;

 private:
  Script script_;
};

inline Limits quick_limits() {
  Limits limits;
  limits.tick = std::chrono::milliseconds(5);
  return limits;
}

class TestServer {
 public:
  explicit TestServer(ScriptedHandler::Script script = {}, const Limits& limits = quick_limits(), std::size_t count = 1)
      : handler(std::move(script)), threads(count), server(threads, listen(), limits, handler, clock, log) {
    runner_ = std::thread([this] { threads.run(); });
  }
  ~TestServer() {
    threads.stop();
    if (runner_.joinable()) runner_.join();
  }

  std::uint16_t port() const { return server.local_addresses().front().port; }
  RawClient connect() const { return RawClient(port()); }
  std::string ask(std::string_view bytes) const {
    RawClient client = connect();
    client.send(bytes);
    return client.read_answer();
  }
  void wait_for_connections(std::uint64_t count) const {
    wait_until([&] { return server.counters().connections_open == count; });
  }
  // Turns the clock and returns when the server has looked at it: its Date shows it. One thread only.
  void advance(std::chrono::seconds by) {
    clock.advance(by);
    const std::string date = "Date: " + to_http_date(clock.now());
    wait_until([&] {
      try {
        return ask("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").find(date) != std::string::npos;
      } catch (const std::runtime_error&) {
        return false;  // to the server this connection is older than the turn of the clock
      }
    });
  }
  // The threads end when it is done.
  void drain(std::chrono::seconds grace = std::chrono::seconds(30)) {
    server.drain(grace, [this] { threads.stop(); });
  }
  // The drain is under way once nobody can connect.
  void wait_for_drain() const {
    wait_until([this] {
      try {
        connect();
        return false;
      } catch (const std::runtime_error&) {
        return true;
      }
    });
  }
  void join() { runner_.join(); }

  ManualClock clock;
  Log log{clock, -1, LogLevel::error, LogFormat::logfmt};
  ScriptedHandler handler;
  NetworkThreads threads;
  Server server;

 private:
  static std::vector<Listener> listen() {
    std::vector<Listener> listeners;
    listeners.push_back(Listener::bind({"127.0.0.1", 0}).value());
    return listeners;
  }
  std::thread runner_;
};

inline std::string get(std::string_view path) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n\r\n";
}
inline std::string body_of(const std::string& answer) {
  return answer.substr(answer.find("\r\n\r\n") + 4);
}
inline bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}
inline std::size_t count_of(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
    ++found;
  return found;
}

}  // namespace galley::http::test
