#include "app/publishing_schedule.hpp"

#include <algorithm>

#include "base/clock.hpp"

namespace galley::app {

std::vector<std::chrono::seconds> publishing_schedule(const webhook::RetrySchedule& schedule) {
  std::vector<std::chrono::seconds> waits;
  Milliseconds sum{};
  for (const Milliseconds wait : schedule.waits()) {
    sum += wait;
    if (sum > std::chrono::hours(1)) break;
    waits.push_back(std::max(std::chrono::seconds(1), std::chrono::round<std::chrono::seconds>(wait)));
  }
  return waits;
}

}  // namespace galley::app
