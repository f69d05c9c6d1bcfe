// How long publishing waits between its tries.
#pragma once

#include <chrono>
#include <vector>

#include "webhook/retry_schedule.hpp"

namespace galley::app {

// Publishing is retried within an hour (a person waits for it), at the pace of the webhook schedule.
std::vector<std::chrono::seconds> publishing_schedule(const webhook::RetrySchedule& schedule);

}  // namespace galley::app
