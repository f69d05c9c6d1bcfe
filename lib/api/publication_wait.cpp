#include "api/publication_wait.hpp"

#include "service/article_service.hpp"
#include "service/job_service.hpp"

namespace galley::api {

namespace {

// How long an answer waits for the CMS before it becomes a job to follow.
constexpr std::chrono::seconds longest_wait{10};

// The CMS's own words, where it refused within the wait.
Error refusal(const ArticleError& error, const service::ArticleDetail& detail) {
  Error refused{.code = ErrorCode::connection_rejected, .message = error.message};
  for (const Publication& publication : detail.publications)
    if (publication.connection && publication.status == PublicationStatus::failed)
      refused.details.push_back({"connection_id", publication.connection->text()});
  refused.details.push_back({"reason", error.message});
  return refused;
}

}  // namespace

Task<Result<PublicationWait>> wait_for_publication(Call& call, JobId job) {
  const auto detail =
      GALLEY_CO_TRY(co_await call.services.jobs.wait(call.actor, std::move(job), Milliseconds(longest_wait)));
  const ArticleId& article = detail.articles.front().article;
  if (detail.job.status == JobStatus::failed && detail.job.error) {
    const auto shown = GALLEY_CO_TRY(call.services.articles.get(call.actor, article));
    co_return refusal(*detail.job.error, shown);
  }
  co_return PublicationWait{.job = detail.job, .article = article};
}

}  // namespace galley::api
