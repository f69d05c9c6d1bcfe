// Jobs, their items and their event streams, in SQL.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/job.hpp"
#include "storage/sql.hpp"

namespace galley::storage {

class JobRepo final : public Jobs {
 public:
  // connection outlives this.
  explicit JobRepo(Connection& connection);

  Result<Job> find(const AccountId& account, const JobId& id) const override;
  // By SortField::created_at or updated_at.
  Result<Page<Job>> list(const AccountId& account, const std::optional<ProjectId>& project,
                         const PageRequest& page) const override;
  // By number.
  Result<std::vector<JobItem>> items(const AccountId& account, const JobId& id) const override;
  Result<JobCounts> counts(const AccountId& account, Time failed_since) const override;
  Result<void> insert(const Job& job) override;
  Result<void> update(const Job& job) override;
  Result<void> insert_item(const JobItem& item) override;
  // Ends the lease unless the item goes on running.
  Result<void> update_item(const JobItem& item) override;
  // By number.
  Result<std::vector<JobItem>> cancel_items(const AccountId& account, const JobId& id) override;
  Result<std::vector<JobItem>> cancel_of_article(const AccountId& account, const ArticleId& article,
                                                 JobKind kind) override;
  Result<std::optional<JobItem>> last_item(const AccountId& account, const ArticleId& article,
                                           JobKind kind) const override;

  // Items of finished jobs are never leased.
  Result<std::vector<JobItem>> lease(JobKind kind, Time now, Time until, int max) override;
  Result<JobItem> find_item(std::int64_t number) const override;
  Result<std::optional<Time>> next_due(JobKind kind, Time now) const override;

  Result<void> append_event(const AccountId& account, const JobId& job, const std::string& type,
                            const std::string& body, Time now) override;
  Result<std::vector<JobEvent>> events(const AccountId& account, const JobId& job, std::int64_t after,
                                       int max) const override;

 private:
  Result<void> lease_by(const std::string& sql, JobKind kind, Time now, Time until, int max, std::vector<JobItem>& out);

  Connection& connection_;
  std::string lease_expired_sql_;
  std::string lease_late_sql_;
  std::string lease_queued_sql_;
};

}  // namespace galley::storage
