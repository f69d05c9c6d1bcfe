#include "service/job_service.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/this_coro.hpp>

#include "service/audit.hpp"
#include "service/change_wait.hpp"
#include "service/credits.hpp"
#include "service/quota.hpp"

namespace galley::service {

namespace {

Result<Job> find(const Transaction& transaction, const Actor& actor, const JobId& id) {
  Job job = GALLEY_TRY(transaction.jobs().find(actor.account, id));
  GALLEY_TRY(require_sight(actor, job.project, JobTag::noun, id.text()));
  return job;
}

Result<JobDetail> detail_of(const Transaction& transaction, Job job) {
  JobDetail detail{.job = std::move(job)};
  for (JobItem& item : GALLEY_TRY(transaction.jobs().items(detail.job.account, detail.job.id)))
    if (item.article.empty())
      detail.outcome = outcome_of_work(item);
    else
      detail.articles.push_back({std::move(item.article), item.status, std::move(item.error)});
  return detail;
}

}  // namespace

Result<Page<Job>> JobService::list(const Actor& actor, const std::optional<ProjectId>& project,
                                   const PageRequest& page) const {
  const std::optional<ProjectId>& seen = actor.project ? actor.project : project;
  if (project) GALLEY_TRY(require_sight(actor, *project));
  return context_.store.read([&](const Transaction& transaction) -> Result<Page<Job>> {
    if (seen) GALLEY_TRY(transaction.projects().find(actor.account, *seen));
    return transaction.jobs().list(actor.account, seen, page);
  });
}

Result<JobDetail> JobService::get(const Actor& actor, const JobId& id) const {
  return context_.store.read([&](const Transaction& transaction) -> Result<JobDetail> {
    return detail_of(transaction, GALLEY_TRY(find(transaction, actor, id)));
  });
}

Result<std::vector<JobService::News>> JobService::news(const Actor& actor, const JobId& id, std::int64_t after,
                                                       int max) const {
  return context_.store.read([&](const Transaction& transaction) -> Result<std::vector<News>> {
    GALLEY_TRY(find(transaction, actor, id));
    std::vector<News> news;
    for (const JobEvent& event : GALLEY_TRY(transaction.jobs().events(actor.account, id, after, max)))
      news.push_back({event.number, GALLEY_TRY(decode_news(event))});
    return news;
  });
}

ChangeFeed::Subscription JobService::follow(const JobId& id, std::function<void()> callback) const {
  return context_.store.changes().subscribe(topic::job(id.text()), std::move(callback));
}

Result<void> JobService::cancel_article(Transaction& transaction, const Actor& actor, const JobItem& item) const {
  if (item.kind == JobKind::replay) return {};  // what it queued so far is on its way
  if (item.kind == JobKind::cluster) return refund_credits(transaction, context_, item, CreditOperation::clustering);
  Result<Article> found = transaction.articles().find(item.account, item.article);
  if (!found) return found.error().code == ErrorCode::not_found ? Result<void>() : found.error();
  Article article = *std::move(found);
  const Project project = GALLEY_TRY(transaction.projects().find(item.account, article.project));
  if (item.kind == JobKind::generate) {
    GALLEY_TRY(release_quota(transaction, context_, item));
    ArticleError error{"CANCELLED", "The generation was cancelled."};
    GALLEY_TRY(transitions_.failed(transaction, project, article, Stage::generation, std::move(error), actor.name()));
    return transitions_.set_origin_status(transaction, article, KeywordStatus::not_generated);
  }
  const auto publication = GALLEY_TRY(transaction.publications().find_for(item.account, item.article, item.connection));
  if (publication && publication->status == PublicationStatus::pending)
    GALLEY_TRY(transitions_.given_up(transaction, article, *publication));
  if (item.kind == JobKind::unpublish || article.status == ArticleStatus::published) return {};
  article.scheduled_for.reset();
  return transitions_.moved(transaction, article, ArticleStatus::ready, Stage::approved, actor.name());
}

Task<Result<JobDetail>> JobService::cancel(Actor actor, JobId id) const {
  auto body = [&](Transaction& transaction) -> Result<JobDetail> {
    Job job = GALLEY_TRY(find(transaction, actor, id));
    if (job.finished()) return wrong_state("The job has finished.", to_text(job.status), {"queued", "running"});
    for (const JobItem& item : GALLEY_TRY(transaction.jobs().cancel_items(actor.account, id)))
      GALLEY_TRY(cancel_article(transaction, actor, item));
    GALLEY_TRY(audit(transaction, context_, actor, {AuditAction::job_cancelled, job.project, id.text()}));
    return detail_of(transaction, GALLEY_TRY(progress_.cancelled(transaction, std::move(job))));
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<JobDetail>> JobService::wait(Actor actor, JobId id, Milliseconds at_most) const {
  const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
  const Instant until = context_.clock.instant() + at_most;
  ChangeWait change(context_.store.changes(), topic::job(id.text()), executor);
  for (;;) {
    Result<JobDetail> detail = get(actor, id);
    if (!detail || detail->job.finished()) co_return detail;
    const auto left = std::chrono::ceil<Milliseconds>(until - context_.clock.instant());
    if (left <= Milliseconds::zero()) co_return detail;
    co_await change.wait(left);
  }
}

}  // namespace galley::service
