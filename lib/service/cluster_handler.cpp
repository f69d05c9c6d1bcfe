#include "service/cluster_handler.hpp"

#include "service/credits.hpp"

namespace galley::service {

Result<void> ClusterHandler::succeed(Transaction& transaction, JobItem item, const Project& project,
                                     const std::vector<Keyword>& keywords, const Clusterer::Grouping& grouping) const {
  if (!GALLEY_TRY(progress_.still_running(transaction, item))) return {};
  ClusterOutcome outcome = GALLEY_TRY(clustering_.apply(transaction, item.account, project.id, keywords, grouping));
  outcome.credits_used = credits_of(item);
  GALLEY_TRY(log_use(transaction, context_, item, project.id, CreditOperation::clustering, std::string(lexical_model)));
  put_outcome(item, encode_outcome(outcome));
  return progress_.ended(transaction, std::move(item), JobStatus::succeeded, nullptr);
}

Result<void> ClusterHandler::fail(Transaction& transaction, JobItem item, const Error& error) const {
  if (!GALLEY_TRY(progress_.still_running(transaction, item))) return {};
  GALLEY_TRY(refund_credits(transaction, context_, item, CreditOperation::clustering));
  item.error = ArticleError{"CLUSTERING_FAILED", error.message};
  return progress_.ended(transaction, std::move(item), JobStatus::failed, nullptr);
}

Task<Result<void>> ClusterHandler::run(JobItem item) {
  auto first = [&](Transaction& transaction) -> Result<std::optional<Project>> {
    if (!GALLEY_TRY(progress_.still_running(transaction, item))) return std::optional<Project>();
    GALLEY_TRY(progress_.started(transaction, item));
    const Job job = GALLEY_TRY(transaction.jobs().find(item.account, item.job));
    return std::optional(GALLEY_TRY(transaction.projects().find(item.account, job.project)));
  };
  const std::optional<Project> project = GALLEY_CO_TRY(co_await context_.store.write(std::move(first)));
  if (!project) co_return Result<void>();
  const std::vector<KeywordId> wanted = keywords_of(item);
  std::vector<Keyword> keywords;
  Clusterer::Grouping grouping;
  std::function<Result<void>()> work = [&]() -> Result<void> {
    keywords = GALLEY_TRY(clustering_.read(item.account, wanted));
    grouping = clustering_.group(keywords, project->language);
    return {};
  };
  const Result<void> worked = co_await pool_.run(std::move(work));
  // A full queue or memory that is short passes: the lease expires, and it is tried again.
  if (!worked && worked.error().code == ErrorCode::unavailable) co_return worked;
  auto last = [&](Transaction& transaction) -> Result<void> {
    if (worked) return succeed(transaction, std::move(item), *project, keywords, grouping);
    return fail(transaction, std::move(item), worked.error());
  };
  co_return co_await context_.store.write(std::move(last));
}

}  // namespace galley::service
