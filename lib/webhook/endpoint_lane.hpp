// EndpointLane: one endpoint's share of the dispatcher. What is leased waits in it, so that a slow endpoint fills its
// own lane and no other; how much may be on its way at once follows how the endpoint answers. No I/O, one thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "domain/webhook.hpp"

namespace galley::webhook {

// About what it holds in memory.
std::size_t bytes_of(const Deliveries::Due& due);

class EndpointLane {
 public:
  // Leased rows that wait beyond those on their way: enough to keep a fast endpoint busy while the next are leased.
  static constexpr std::size_t prefetch = 128;
  static constexpr std::size_t careful_prefetch = 8;
  static constexpr std::size_t max_waiting_bytes = std::size_t{1} << 20;
  static constexpr std::chrono::milliseconds longest_pause{1000};

  // webhook as it was leased. An endpoint begins with eight at a time, one that has only been failing with one.
  explicit EndpointLane(const Webhook& webhook);

  // Takes a row of the newest lease, whose settings hold for all that waits. instant: now. Rows are added in the order
  // in which they are to be sent.
  void add(Deliveries::Due row, Instant instant);
  // The next that may go now, counted as on its way: within the window and the rate, and never two of one article, so
  // that these keep their order. Nothing where the lease may end before now + needed.
  std::optional<Deliveries::Due> take(Time now, Instant instant, Milliseconds needed);
  // What take() gave was answered, or was not. Success widens the window by one, up to max_in_flight; failure halves
  // it, and where it was one already, lets the next wait: 50 ms, and twice as long with each failure up to
  // longest_pause, so that an endpoint that refuses at once is not asked as often as it refuses.
  void answered(const std::optional<ArticleId>& article, bool succeeded, Instant instant);
  // What take() gave is being written down: the store knows from then on what is due.
  void let_go(std::int64_t row);
  // It is written down, or it is kept, to be written down later.
  void written() { --being_written_; }
  void keep(std::int64_t row);
  // Nothing waits any more.
  void give_up();

  // Until when nobody else works off the endpoint. Long ago for a lane that has no lease.
  void lease(Time until) { lease_until_ = until; }
  Time lease_until() const { return lease_until_; }

  Deliveries::InHand in_hand() const;
  // Whether more should be leased for it.
  bool wants_more() const;
  // Nothing waits, is on its way or is to be written down, and rate and pause are kept without remembering this lane.
  bool idle(Instant instant) const { return in_hand_.empty() && being_written_ == 0 && instant >= next_turn_; }
  // When the next one may go, where the rate or a pause is what holds it back.
  std::optional<Instant> held_until(Instant instant) const;
  // Since when the first has been waiting.
  std::optional<Instant> waiting_since() const;

  const std::string& host() const { return host_; }
  std::int64_t version() const { return webhook_->version; }
  std::size_t waiting() const { return waiting_.size(); }
  std::size_t waiting_bytes() const { return waiting_bytes_; }
  int in_flight() const { return in_flight_; }
  int window() const { return window_; }

 private:
  struct Waiting {
    Deliveries::Due due;
    Instant since{};
  };

  void follow(const std::shared_ptr<const Webhook>& webhook);
  std::size_t room() const;

  std::shared_ptr<const Webhook> webhook_{};
  std::shared_ptr<const Projects::WebhookSecrets> secrets_{};
  std::string host_{};
  int max_in_flight_ = 1;
  int window_ = 1;
  int in_flight_ = 0;
  Time lease_until_ = Time::min();
  std::deque<Waiting> waiting_{};
  std::size_t waiting_bytes_ = 0;
  std::set<std::int64_t> in_hand_{};  // Due::row of what waits, is on its way or is to be written down
  int being_written_ = 0;
  std::set<ArticleId> articles_{};  // of those on their way
  Instant next_turn_{};
  std::chrono::milliseconds pause_{0};  // after the last failure; none since a success
};

}  // namespace galley::webhook
