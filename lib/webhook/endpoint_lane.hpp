// EndpointLane: one endpoint's share of the dispatcher. What is leased waits in it, so that a slow endpoint fills its
// own lane and no other; how much may be on its way at once follows how the endpoint answers. No I/O, one thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "domain/webhook.hpp"

namespace galley::webhook {

struct LeasedDelivery {
  Deliveries::Due due;
  Time lease_until{};

  // About what it holds in memory.
  std::size_t bytes() const;
};

class EndpointLane {
 public:
  // Leased rows that wait beyond those on their way: enough to keep a fast endpoint busy while the next are leased.
  static constexpr std::size_t prefetch = 128;
  static constexpr std::size_t careful_prefetch = 8;
  static constexpr std::size_t max_waiting_bytes = std::size_t{1} << 20;

  // webhook as it was leased. An endpoint that has only been failing begins with one at a time.
  EndpointLane(const Webhook& webhook, std::string host);

  // The endpoint as it is in the newest lease.
  void follow(const Webhook& webhook, std::string host);
  // Takes the row, or leaves it: there is no room. Rows are offered in the order in which they are to be sent.
  bool offer(LeasedDelivery& row);
  // The next that may go now, counted as on its way: within the window and the rate, and never two of one article, so
  // that these keep their order. Rows whose lease ends before now + needed are dropped: they are leased again then.
  std::optional<LeasedDelivery> take(Time now, Instant instant, Milliseconds needed);
  // What take() gave has ended. Success widens the window by one, up to max_in_flight; failure halves it.
  void finished(const std::optional<ArticleId>& article, bool succeeded);
  // All that waits, to be handed back.
  std::vector<LeasedDelivery> empty();

  // Whether more may be leased for it.
  bool wants_more() const;
  // Nothing waits, nothing is on its way, and the rate is kept without remembering this lane.
  bool idle(Instant instant) const { return waiting_.empty() && in_flight_ == 0 && instant >= next_turn_; }
  // When the rate lets the next one go, where the rate is what holds it back.
  std::optional<Instant> held_until(Instant instant) const;

  const std::string& host() const { return host_; }
  std::size_t waiting() const { return waiting_.size(); }
  std::size_t waiting_bytes() const { return waiting_bytes_; }
  int in_flight() const { return in_flight_; }
  int window() const { return window_; }

 private:
  std::size_t room() const;

  std::string host_;
  int max_in_flight_;
  std::optional<int> rate_limit_;
  int window_;
  int in_flight_ = 0;
  std::deque<LeasedDelivery> waiting_{};
  std::size_t waiting_bytes_ = 0;
  std::set<ArticleId> articles_{};  // of those on their way
  Instant next_turn_{};
};

}  // namespace galley::webhook
