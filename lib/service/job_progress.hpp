// A job's counters, state and event stream, moved on in the transaction in which one of its items ends.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/job.hpp"
#include "domain/store.hpp"
#include "service/context.hpp"
#include "service/event_recorder.hpp"

namespace galley::service {

// A line of a job's stream: what happened to which article, and where the job stands.
struct JobNews {
  std::string type;  // "queued", "started", "article", "finished"
  JobStatus status = JobStatus::queued;
  std::int64_t total = 0;
  std::int64_t done = 0;
  std::int64_t failed = 0;
  std::optional<ArticleId> article{};
  std::optional<ArticleStatus> article_status{};
};

// What came of work that is about no article travels in its item's options.
void put_outcome(JobItem& item, json::Value outcome);
std::optional<json::Value> outcome_of_work(const JobItem& item);

std::string encode_news(const JobNews& news);
Result<JobNews> decode_news(const JobEvent& event);

class JobProgress {
 public:
  JobProgress(const Context& context, const EventRecorder& events) : context_(context), events_(events) {}

  Result<void> queued(Transaction& transaction, const Job& job) const;
  // The first item that starts sets the job running.
  Result<void> started(Transaction& transaction, const JobItem& item) const;
  // The item as it is now; nothing where it was cancelled, or went with its project, while its handler was at work.
  Result<std::optional<JobItem>> still_running(const Transaction& transaction, const JobItem& item) const;
  // article: null for an item that is about none. status: succeeded, failed or cancelled. The last item ends the job,
  // emits job.completed and closes its streams.
  Result<void> ended(Transaction& transaction, JobItem item, JobStatus status, const Article* article) const;
  // Of a job that counts its own work: so much more was done.
  Result<void> advanced(Transaction& transaction, const JobItem& item, std::int64_t more) const;
  // The same, and that was all: the item and the job end.
  Result<void> closed(Transaction& transaction, JobItem item, std::int64_t more, JobStatus status) const;
  // All items of the job were cancelled.
  Result<Job> cancelled(Transaction& transaction, Job job) const;

 private:
  Result<JobStatus> final_status(const Transaction& transaction, const Job& job) const;
  Result<void> tell(Transaction& transaction, const Job& job, std::string type, const Article* article) const;
  Result<void> finish(Transaction& transaction, Job& job) const;

  const Context& context_;
  const EventRecorder& events_;
};

}  // namespace galley::service
