// Sends a webhook again what happened in a stretch of time: step by step, never far ahead of what the endpoint takes.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "domain/job.hpp"
#include "domain/webhook.hpp"
#include "service/context.hpp"
#include "service/event_recorder.hpp"
#include "service/job_progress.hpp"

namespace galley::service {

struct Replay {
  WebhookId webhook;
  std::vector<std::string> events{};  // patterns; empty: what the webhook is subscribed to
  Time until{};                       // what happened from then on is left out
  EventPlace after{};                 // where it is
};
// As it travels in the item of its job: what a crash finds again.
json::Value encode_replay(const Replay& replay);
Replay decode_replay(const json::Value& value);

struct ReplayPace {
  int events_a_step = 200;          // looked at
  std::int64_t most_pending = 500;  // deliveries of the webhook; beyond it waits
  std::chrono::milliseconds between_steps{200};
  std::chrono::milliseconds while_pending{2000};
};

class ReplayHandler final : public JobHandler {
 public:
  // All outlive this.
  ReplayHandler(const Context& context, const EventRecorder& events, const JobProgress& progress, ReplayPace pace = {})
      : context_(context), events_(events), progress_(progress), pace_(pace) {}

  JobKind kind() const override { return JobKind::replay; }
  int limit() const override { return 4; }
  std::chrono::seconds hold() const override { return std::chrono::minutes(1); }
  // One step; the item is queued again behind it until there is no more.
  Task<Result<void>> run(JobItem item) override;

 private:
  Result<void> step(Transaction& transaction, JobItem item) const;
  Result<void> go_on(Transaction& transaction, JobItem item, Milliseconds wait) const;

  const Context& context_;
  const EventRecorder& events_;
  const JobProgress& progress_;
  const ReplayPace pace_;
};

}  // namespace galley::service
