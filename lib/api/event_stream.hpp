// Server-sent events (WHATWG HTML §9.2) over an exchange.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "api/reply.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "domain/identity.hpp"
#include "http/exchange.hpp"

namespace galley::api {

// How many streams the server keeps open at once, and of them how many for one account. Thread-safe.
class StreamSlots {
 public:
  // Gives back what was taken when it goes.
  class Slot {
   public:
    Slot(StreamSlots& slots, AccountId account) : slots_(&slots), account_(std::move(account)) {}
    Slot(Slot&& other) noexcept : slots_(std::exchange(other.slots_, nullptr)), account_(std::move(other.account_)) {}
    Slot& operator=(Slot&&) = delete;
    ~Slot() {
      if (slots_ != nullptr) slots_->give_back(account_);
    }

   private:
    StreamSlots* slots_;
    AccountId account_;
  };

  explicit StreamSlots(int max = 1000, int max_of_account = 200) : max_(max), max_of_account_(max_of_account) {}

  // Taken until the slot goes, which this outlives; unavailable when all are, or all that one account may have.
  Result<Slot> take(const AccountId& account);

 private:
  void give_back(const AccountId& account) noexcept;

  const int max_;
  const int max_of_account_;
  std::mutex mutex_;
  int taken_ = 0;
  std::map<AccountId, int> of_accounts_;
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
  std::string id;  // what Last-Event-ID carries
  std::string_view name;
  std::string data{};  // one line
};
void append_event(std::string& out, const ServerEvent& event);
// No event, but where the stream is: a client that comes again before the first event begins there.
void append_place(std::string& out, std::string_view id);

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
// The client comes again, with its credential, and goes on where it was: one that was revoked ends by then.
inline constexpr std::chrono::seconds longest_stream = std::chrono::minutes(15);

// What a client sends that comes again: the id of the last event that it has.
inline constexpr std::string_view last_event_field = "Last-Event-ID";
// The head of a stream; what sends it is still to be set.
Reply event_stream_reply();

// Sends what source has, looks again whenever the exchange is woken, and keeps the connection alive with comments.
// Ends after the last step, when the server drains, when the client has gone, and after longest_stream. The head was
// framed. source and clock outlive the call.
Task<void> stream_events(http::Exchange& exchange, EventSource& source, const Clock& clock);

}  // namespace galley::api
