// Works off clustering items: keywords are read, grouped on a thread of its own, and put into their clusters.
#pragma once

#include <chrono>

#include "domain/job.hpp"
#include "service/clustering_service.hpp"
#include "service/context.hpp"
#include "service/job_progress.hpp"
#include "service/work_pool.hpp"

namespace galley::service {

class ClusterHandler final : public JobHandler {
 public:
  // All outlive this.
  ClusterHandler(const Context& context, const JobProgress& progress, const ClusteringService& clustering)
      : context_(context), progress_(progress), clustering_(clustering) {}

  JobKind kind() const override { return JobKind::cluster; }
  int limit() const override { return 2; }
  std::chrono::seconds hold() const override { return std::chrono::minutes(10); }
  Task<Result<void>> run(JobItem item) override;
  // Ends the thread. Nothing may run meanwhile, or later.
  void stop() { pool_.stop(); }

 private:
  Result<void> succeed(Transaction& transaction, JobItem item, const Project& project,
                       const std::vector<Keyword>& keywords, const Clusterer::Grouping& grouping) const;
  Result<void> fail(Transaction& transaction, JobItem item, const Error& error) const;

  const Context& context_;
  const JobProgress& progress_;
  const ClusteringService& clustering_;
  WorkPool pool_{{.threads = 1}};
};

}  // namespace galley::service
