// Server-sent events (WHATWG HTML §9.2) over an exchange.
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "http/exchange.hpp"

namespace galley::api {

// How many streams the server keeps open at once. Thread-safe.
class StreamSlots {
 public:
  class Slot {
   public:
    explicit Slot(std::atomic<int>& taken) : taken_(&taken) {}
    Slot(Slot&& other) noexcept : taken_(std::exchange(other.taken_, nullptr)) {}
    Slot& operator=(Slot&&) = delete;
    ~Slot() {
      if (taken_ != nullptr) taken_->fetch_sub(1, std::memory_order_relaxed);
    }

   private:
    std::atomic<int>* taken_;
  };

  explicit StreamSlots(int max = 1000) : max_(max) {}

  // Taken until the slot goes, which this outlives; unavailable when all are.
  Result<Slot> take();

 private:
  int max_;
  std::atomic<int> taken_ = 0;
};

// Wakes an exchange's wait from other threads. Belongs to the coroutine that answers the exchange, and ends before the
// exchange does.
class ExchangeBell {
 public:
  ExchangeBell(http::Exchange& exchange, boost::asio::any_io_executor executor);
  ~ExchangeBell();
  ExchangeBell(const ExchangeBell&) = delete;
  ExchangeBell& operator=(const ExchangeBell&) = delete;

  // Thread-safe; may be called after the bell has gone, and then does nothing.
  std::function<void()> ringer() const;

 private:
  struct Wire;
  boost::asio::any_io_executor executor_;
  // Owners: this, and the ringers with what they have posted.
  std::shared_ptr<Wire> wire_;
};

struct ServerEvent {
  std::int64_t id = 0;  // what Last-Event-ID carries
  std::string_view name;
  std::string data{};  // one line
};
void append_event(std::string& out, const ServerEvent& event);

// What a stream does between its head and its end.
class EventSource {
 public:
  struct Step {
    std::string text{};  // events, by append_event
    bool more = false;   // and there is more already
    bool last = false;   // and nothing will follow
  };
  virtual ~EventSource() = default;
  // What is new since the last call. An error ends the stream.
  virtual Result<Step> next() = 0;
};

inline constexpr std::chrono::seconds heartbeat_interval{15};
// The client comes again, with its credential, and goes on where it was.
inline constexpr std::chrono::seconds longest_stream = std::chrono::hours(1);

// Sends what source has, looks again whenever the exchange is woken, and keeps the connection alive with comments.
// Ends after the last step, when the server drains, when the client has gone, and after longest_stream. The head was
// framed. source and clock outlive the call.
Task<void> stream_events(http::Exchange& exchange, EventSource& source, const Clock& clock);

}  // namespace galley::api
