// Dispatcher: sends the deliveries of subscriptions that are due, by leases on the store: a delivery whose process dies
// is leased again, so it arrives at least once and under the same webhook-id. Any number of dispatchers may work on one
// store. Deliveries of Generic Webhook connections are the connector's, not this one's.
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/log.hpp"
#include "base/task.hpp"
#include "domain/store.hpp"
#include "net/http_client.hpp"
#include "webhook/alarm.hpp"
#include "webhook/delivery_record.hpp"
#include "webhook/endpoint_lane.hpp"
#include "webhook/outcome.hpp"
#include "webhook/retry_schedule.hpp"

namespace galley::webhook {

struct DispatcherLimits {
  int in_flight = 512;           // of all endpoints together; each has its own Webhook::max_in_flight
  int in_flight_per_host = 128;  // of all endpoints on one host
  int leased_at_once = 128;
  std::size_t waiting = 4096;                            // leased and not yet on their way
  std::size_t waiting_bytes = std::size_t{64} << 20;     // of the same
  std::size_t in_flight_bytes = std::size_t{128} << 20;  // bodies on their way
  net::TimeLimits exchange{};                            // connect 5 s, all 15 s
  // A lease outlasts an exchange by this: it waits in its lane before, and is written down after.
  std::chrono::milliseconds lease_margin{30000};
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

  // Whether more may be due than was leased.
  Task<bool> lease_due();
  Task<> hand_back(std::vector<LeasedDelivery> rows);
  std::vector<LeasedDelivery> sort_into_lanes(std::vector<Deliveries::Due> rows, Time lease_until);
  bool may_lease() const;
  std::vector<WebhookId> busy() const;

  // Starts what may start, one of each lane in turn.
  void start_all();
  bool start_one(const WebhookId& id, EndpointLane& lane);
  Task<bool> deliver(LeasedDelivery leased);
  Task<Outcome> exchange(const Deliveries::Due& due);
  void finished(const WebhookId& id, const std::string& host, const std::optional<ArticleId>& article,
                std::size_t bytes, bool succeeded);
  void write_line(const Deliveries::Due& due, const Outcome& outcome, const Result<Recorded>& recorded);

  std::chrono::milliseconds time_to_sleep();
  std::chrono::milliseconds until_due(Time due) const;
  void drop_idle_lanes();

  boost::asio::any_io_executor executor_;
  Store& store_;
  net::HttpClient& client_;
  const Clock& clock_;
  IdSource& ids_;
  Log& log_;
  RetrySchedule schedule_;
  DispatcherLimits limits_;
  Alarm alarm_;
  std::atomic<bool> stopping_{false};

  // All below on the executor alone.
  Lanes lanes_{};
  std::map<std::string, int> hosts_{};  // in flight by host; those with none are absent
  int in_flight_ = 0;
  std::size_t in_flight_bytes_ = 0;
  bool lease_failed_ = false;  // the last one
  bool backlog_ = false;       // an endpoint may have had more than it had room for when the last lease was made
};

}  // namespace galley::webhook
