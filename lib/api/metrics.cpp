#include "api/metrics.hpp"

namespace galley::api {

Metrics::Metrics(const std::vector<const EndpointTable*>& tables) {
  counters_.try_emplace(nullptr);
  for (const EndpointTable* table : tables)
    for (const Endpoint& endpoint : *table)
      counters_.try_emplace(&endpoint);
}

void Metrics::count(const Endpoint* endpoint, int status, std::chrono::nanoseconds took) {
  Counters& counters = counters_.find(endpoint)->second;
  counters.by_class[static_cast<std::size_t>(status / 100) % 6].fetch_add(1, std::memory_order_relaxed);
  counters.nanoseconds.fetch_add(static_cast<std::uint64_t>(took.count()), std::memory_order_relaxed);
}

void Metrics::write(std::string& out) const {
  out += "# HELP galley_requests_total Requests answered.\n# TYPE galley_requests_total counter\n";
  const auto operation = [](const Endpoint* endpoint) {
    return endpoint == nullptr ? std::string("none") : std::string(endpoint->operation);
  };
  for (const auto& [endpoint, counters] : counters_)
    for (std::size_t status = 1; status < counters.by_class.size(); ++status)
      if (const std::uint64_t count = counters.by_class[status].load(std::memory_order_relaxed); count != 0)
        out += "galley_requests_total{operation=\"" + operation(endpoint) + "\",status=\"" + std::to_string(status) +
               "xx\"} " + std::to_string(count) + "\n";
  out += "# HELP galley_request_seconds_total Time spent answering.\n# TYPE galley_request_seconds_total counter\n";
  for (const auto& [endpoint, counters] : counters_)
    if (const std::uint64_t spent = counters.nanoseconds.load(std::memory_order_relaxed); spent != 0)
      out += "galley_request_seconds_total{operation=\"" + operation(endpoint) + "\"} " +
             std::to_string(static_cast<double>(spent) / 1e9) + "\n";
}

}  // namespace galley::api
