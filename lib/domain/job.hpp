// Jobs: what a caller asked for and follows; and their items, the durable queue that the runner works off with leases.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/names.hpp"
#include "base/task.hpp"
#include "domain/article.hpp"
#include "domain/identity.hpp"

namespace galley {

enum class JobKind : std::uint8_t { generate, publish, unpublish, cluster, replay };
enum class JobStatus : std::uint8_t { queued, running, succeeded, failed, cancelled };

template <>
struct Names<JobKind> {
  static constexpr NameOf<JobKind> all[] = {{JobKind::generate, "generate"},
                                            {JobKind::publish, "publish"},
                                            {JobKind::unpublish, "unpublish"},
                                            {JobKind::cluster, "cluster"},
                                            {JobKind::replay, "replay"}};
};
template <>
struct Names<JobStatus> {
  static constexpr NameOf<JobStatus> all[] = {{JobStatus::queued, "queued"},
                                              {JobStatus::running, "running"},
                                              {JobStatus::succeeded, "succeeded"},
                                              {JobStatus::failed, "failed"},
                                              {JobStatus::cancelled, "cancelled"}};
};

struct Job {
  JobId id;
  AccountId account;
  ProjectId project;
  JobKind kind = JobKind::generate;
  JobStatus status = JobStatus::queued;
  std::int64_t total = 0;
  std::int64_t done = 0;
  std::int64_t failed = 0;
  std::optional<ArticleError> error{};
  std::int64_t version = 1;
  Time created_at{};
  Time updated_at{};
  std::optional<Time> finished_at{};

  bool finished() const {
    return status == JobStatus::succeeded || status == JobStatus::failed || status == JobStatus::cancelled;
  }
};

// One article of a job, or the whole work of a job that is about none.
struct JobItem {
  std::int64_t number = 0;  // given by the store
  JobId job;
  AccountId account;
  JobKind kind = JobKind::generate;
  ArticleId article{};  // empty where it is about none
  std::optional<ConnectionId> connection{};
  json::Value options{json::Object{}};  // the handler's own: word count, provider, wanted remote status, what came out
  JobStatus status = JobStatus::queued;
  int attempts = 0;
  Time due_at{};
  std::optional<ArticleError> error{};
};

// A line of a job's event stream.
struct JobEvent {
  std::int64_t number = 0;  // rises within the table; what Last-Event-ID carries
  std::string type;         // "progress", "article", "finished"
  std::string body;         // compact JSON of internal names: see service/job_service
};

// How many there are; each counted to most_counted.
struct JobCounts {
  std::int64_t queued = 0;
  std::int64_t running = 0;
  std::int64_t failed = 0;  // that ended since the time that was asked for
};

class Jobs {
 public:
  virtual ~Jobs() = default;

  virtual Result<Job> find(const AccountId& account, const JobId& id) const = 0;
  virtual Result<Page<Job>> list(const AccountId& account, const std::optional<ProjectId>& project,
                                 const PageRequest& page) const = 0;
  virtual Result<std::vector<JobItem>> items(const AccountId& account, const JobId& id) const = 0;
  virtual Result<JobCounts> counts(const AccountId& account, Time failed_since) const = 0;
  virtual Result<void> insert(const Job& job) = 0;
  virtual Result<void> update(const Job& job) = 0;
  // number is given by the store.
  virtual Result<void> insert_item(const JobItem& item) = 0;
  virtual Result<void> update_item(const JobItem& item) = 0;
  // Queued and leased items of the job become cancelled; returns them.
  virtual Result<std::vector<JobItem>> cancel_items(const AccountId& account, const JobId& id) = 0;
  // The same for the unfinished items of an article.
  virtual Result<std::vector<JobItem>> cancel_of_article(const AccountId& account, const ArticleId& article,
                                                         JobKind kind) = 0;
  // The article's newest item of the kind, in whatever state.
  virtual Result<std::optional<JobItem>> last_item(const AccountId& account, const ArticleId& article,
                                                   JobKind kind) const = 0;

  // Leases up to max due items of the kind until the given time, oldest due first. attempts is raised. A lease that
  // expires is leased again, and so is a retry that seems to wait for longer than longest_retry: the clock was put back
  // since. For the runner, which serves all accounts.
  static constexpr Milliseconds longest_retry = std::chrono::hours(25);
  virtual Result<std::vector<JobItem>> lease(JobKind kind, Time now, Time until, int max) = 0;
  // The item as it is now: cancelled while its handler ran?
  virtual Result<JobItem> find_item(std::int64_t number) const = 0;
  // When the next item of the kind is due, or its lease ends; nothing when none waits or runs. By kind: one that is at
  // its limit must not hide when another is due.
  virtual Result<std::optional<Time>> next_due(JobKind kind, Time now) const = 0;

  virtual Result<void> append_event(const AccountId& account, const JobId& job, const std::string& type,
                                    const std::string& body, Time now) = 0;
  // Behind number after, oldest first, at most max.
  virtual Result<std::vector<JobEvent>> events(const AccountId& account, const JobId& job, std::int64_t after,
                                               int max) const = 0;
};

// Works off one leased item. Implementations write the outcome themselves, in one transaction with what it changed.
class JobHandler {
 public:
  virtual ~JobHandler() = default;
  virtual JobKind kind() const = 0;
  // In flight at once.
  virtual int limit() const = 0;
  // How long an item may take: the lease.
  virtual std::chrono::seconds hold() const = 0;
  // An Error means that the outcome could not be written: the runner leaves the lease to expire and logs it.
  virtual Task<Result<void>> run(JobItem item) = 0;
};

}  // namespace galley
