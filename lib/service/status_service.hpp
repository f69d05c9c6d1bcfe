// How the server and an account's work are doing.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>
#include <vector>

#include "domain/job.hpp"
#include "domain/webhook.hpp"
#include "service/actor.hpp"
#include "service/context.hpp"
#include "service/job_service.hpp"

namespace galley::service {

struct SystemStatus {
  Time now{};
  std::chrono::seconds uptime{0};
  std::string_view backend{};
  bool database_answers = false;
  Milliseconds database_latency{0};
  JobCounts jobs{};  // failed ones of the last 24 hours
  DeliveryCounts deliveries{};
};

class StatusService {
 public:
  // Counts the time from now on.
  StatusService(const Context& context, const JobService& jobs)
      : context_(context), jobs_(jobs), started_(context.clock.instant()) {}

  // Of the actor's account.
  SystemStatus status(const Actor& actor) const;
  // A job by its number: what a task_id of the planner and writer API names.
  Result<JobDetail> task(const Actor& actor, std::int64_t number) const;
  Result<std::int64_t> number_of(const Actor& actor, const JobId& job) const;
  // The numbers of the articles of a job.
  Result<std::vector<std::int64_t>> contents(const Actor& actor, const JobDetail& detail) const;

 private:
  const Context& context_;
  const JobService& jobs_;
  Instant started_;
};

}  // namespace galley::service
