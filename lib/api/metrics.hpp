// What the API counts, for operators' dashboards: requests by route and status class, and their time.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "api/endpoint.hpp"

namespace galley::api {

class Metrics {
 public:
  // Rows outlive this.
  explicit Metrics(const std::vector<const EndpointTable*>& tables);

  // endpoint: null for what no route was found for. Thread-safe.
  void count(const Endpoint* endpoint, int status, std::chrono::nanoseconds took);
  // Appends Prometheus' text format.
  void write(std::string& out) const;

 private:
  struct Counters {
    std::array<std::atomic<std::uint64_t>, 6> by_class{};  // of the status: 2 for 2xx
    std::atomic<std::uint64_t> nanoseconds{0};
  };
  std::map<const Endpoint*, Counters> counters_;  // never changes its keys after construction
};

}  // namespace galley::api
