// Dispatcher: sends the deliveries of subscriptions that are due. It leases endpoints from the store: where its process
// dies, what it had in hand is due again when the leases end, so it arrives at least once and under the same
// webhook-id. Any number of dispatchers may work on one store. Deliveries of Generic Webhook connections are the
// connector's, not this one's.
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstddef>
#include <exception>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/log.hpp"
#include "base/task.hpp"
#include "domain/store.hpp"
#include "net/http_client.hpp"
#include "webhook/alarm.hpp"
#include "webhook/body_cache.hpp"
#include "webhook/delivery_record.hpp"
#include "webhook/endpoint_lane.hpp"
#include "webhook/outcome.hpp"
#include "webhook/retry_schedule.hpp"

namespace galley::webhook {

struct DispatcherLimits {
  int in_flight = 512;           // of all endpoints together; each has its own Webhook::max_in_flight
  int in_flight_per_host = 128;  // of all endpoints on one host
  int leased_at_once = 512;
  std::size_t waiting = 4096;                            // leased and not yet on their way
  std::size_t waiting_bytes = std::size_t{64} << 20;     // of the same
  std::size_t in_flight_bytes = std::size_t{128} << 20;  // bodies on their way
  net::TimeLimits exchange{};                            // connect 5 s, all 15 s
  std::size_t leased_bytes = std::size_t{16} << 20;      // of the events of one lease
  std::size_t unrecorded = 1024;                         // tries that are not written down yet
  std::chrono::milliseconds lease{60000};                // of an endpoint, renewed while there is work
  std::chrono::milliseconds renewal{10000};
  std::chrono::milliseconds longest_wait{60000};  // of what was leased; then it is leased anew, as it is by then
  std::chrono::milliseconds longest_sleep{60000};
};

class Dispatcher {
 public:
  // Everything outlives this. It works on executor, which one thread runs; schedule: the waits between tries.
  Dispatcher(boost::asio::any_io_executor executor, Store& store, net::HttpClient& client, const Clock& clock,
             IdSource& ids, Log& log, RetrySchedule schedule = {}, DispatcherLimits limits = {});
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  // Sends until stop(); then hands back what it leased and returns when the last exchange under way is written down, so
  // within the exchange's time limit. Once, on the executor. This outlives it.
  Task<> run();
  // Thread-safe; may be called before run().
  void stop();

 private:
  using Lanes = std::map<WebhookId, EndpointLane>;
  // A try that ended and is not written down yet.
  struct Tried {
    Deliveries::Due due;
    Outcome outcome;
    Time ended_at{};
    double fraction = 0;  // spreads the next one
  };

  // Whether more may be due than was leased.
  Task<bool> lease_due();
  Deliveries::LeaseTerms lease_terms(Time now) const;
  void sort_into_lanes(std::vector<Deliveries::Due> rows, Time lease_until);
  bool may_lease() const;
  // Renews the leases of lanes at work, ends those of lanes that rest, when it is time.
  Task<> look_after_leases();
  bool leases_want_care(Time now, Instant instant) const;
  Task<> release_all();

  // Starts what may start, one of each lane in turn.
  void start_all();
  bool may_start() const;
  bool start_one(const WebhookId& id, EndpointLane& lane);
  static std::string cause_of(const std::exception_ptr& thrown);
  Outcome broken_off(const std::exception_ptr& thrown);
  Task<Outcome> exchange(const Deliveries::Due& due);
  void finished(const WebhookId& id, const std::string& host, std::size_t bytes, Tried tried);
  void give_up(const WebhookId& id);

  // Writes down what was tried, many together, while there is something.
  void start_recording();
  Task<> record_all();
  Task<> wait_for_the_disk(const std::vector<Result<Recorded>>& results);
  Task<std::vector<Result<Recorded>>> record(const std::vector<Tried>& batch);
  void recorded(const Tried& tried, const Result<Recorded>& recorded);
  ClockState clock_state();
  void write_line(const Tried& tried, const Result<Recorded>& recorded);

  std::chrono::milliseconds time_to_sleep();
  std::chrono::milliseconds until_due(Time due) const;

  boost::asio::any_io_executor executor_;
  Store& store_;
  net::HttpClient& client_;
  const Clock& clock_;
  IdSource& ids_;
  Log& log_;
  RetrySchedule schedule_;
  DispatcherLimits limits_;
  std::string owner_;  // of its leases
  Alarm alarm_;
  std::atomic<bool> stopping_{false};

  // All below on the executor alone.
  Lanes lanes_{};
  std::map<std::string, int> hosts_{};  // in flight by host; those with none are absent
  int in_flight_ = 0;
  std::size_t in_flight_bytes_ = 0;
  std::vector<Tried> tried_{};  // not asked to be written down yet
  std::size_t recording_ = 0;   // asked, and not done yet
  bool recorder_runs_ = false;
  bool records_lost_ = false;  // by an exception: what waits is to be leased anew
  BodyCache bodies_{};
  Instant cared_at_{};   // when the leases were looked after last
  Time wall_time_{};     // when the clock was looked at last
  Instant looked_at_{};  // the same
  std::optional<Instant> clock_set_at_{};
  bool lease_failed_ = false;  // the last one
  bool backlog_ = false;       // an endpoint may have had more than it had room for when the last lease was made
};

}  // namespace galley::webhook
