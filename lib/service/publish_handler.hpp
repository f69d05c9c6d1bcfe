// Works off publishing and unpublishing items through the connection's connector.
#pragma once

#include <chrono>
#include <vector>

#include "domain/cms_connector.hpp"
#include "domain/job.hpp"
#include "service/article_transitions.hpp"
#include "service/context.hpp"
#include "service/job_progress.hpp"
#include "service/publishing_service.hpp"

namespace galley::service {

// The connectors of this program: one for each ConnectionType.
using ConnectorTable = std::vector<CmsConnector*>;
CmsConnector* find_connector(const ConnectorTable& table, ConnectionType type);

class PublishHandler final : public JobHandler {
 public:
  struct Limits {
    int in_flight = 16;
    std::chrono::seconds hold = std::chrono::minutes(2);
    // Waits before the tries after the first.
    std::vector<std::chrono::seconds> schedule{};
  };

  // kind: publish or unpublish; each has a handler of its own.
  PublishHandler(JobKind kind, const Context& context, const EventRecorder& events,
                 const ArticleTransitions& transitions, const JobProgress& progress, const ConnectorTable& connectors,
                 Limits limits)
      : kind_(kind),
        context_(context),
        events_(events),
        transitions_(transitions),
        progress_(progress),
        connectors_(connectors),
        limits_(std::move(limits)) {}

  JobKind kind() const override { return kind_; }
  int limit() const override { return limits_.in_flight; }
  std::chrono::seconds hold() const override { return limits_.hold; }
  Task<Result<void>> run(JobItem item) override;

 private:
  struct Work {
    bool wanted = false;  // and not done already
    ConnectorTarget target{};
    PublishOrder order{};
  };
  Result<Work> begin(Transaction& transaction, const JobItem& item) const;
  Result<Work> begin_remote(Transaction& transaction, const JobItem& item, const Project& project,
                            const Article& article, Publication publication) const;
  Result<void> orphaned(Transaction& transaction, JobItem item, const Project& project, Article& article) const;
  Result<void> drop(Transaction& transaction, const JobItem& item) const;
  Result<void> succeed(Transaction& transaction, const JobItem& item, const RemotePost& post) const;
  Result<void> published(Transaction& transaction, const JobItem& item, const Project& project, Article& article,
                         Publication& publication, const RemotePost& post) const;
  Result<void> unpublished(Transaction& transaction, const Project& project, Article& article,
                           Publication& publication) const;
  Result<void> fail(Transaction& transaction, JobItem item, const ConnectorError& error) const;
  Result<void> break_connection(Transaction& transaction, const JobItem& item, const ConnectorError& error) const;
  std::optional<Milliseconds> wait_before_next(const JobItem& item, const ConnectorError& error) const;

  JobKind kind_;
  const Context& context_;
  const EventRecorder& events_;
  const ArticleTransitions& transitions_;
  const JobProgress& progress_;
  const ConnectorTable& connectors_;
  Limits limits_;
};

}  // namespace galley::service
