// Jobs as their caller sees them: looked at, followed, waited for, cancelled.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "domain/change_feed.hpp"
#include "domain/job.hpp"
#include "service/actor.hpp"
#include "service/article_transitions.hpp"
#include "service/context.hpp"
#include "service/job_progress.hpp"

namespace galley::service {

struct JobArticle {
  ArticleId article;
  JobStatus status = JobStatus::queued;
  std::optional<ArticleError> error{};
};

struct JobDetail {
  Job job;
  std::vector<JobArticle> articles{};
  std::optional<json::Value> outcome{};  // of work that is about no article, once it is done: the handler's own
};

class JobService {
 public:
  JobService(const Context& context, const JobProgress& progress, const ArticleTransitions& transitions)
      : context_(context), progress_(progress), transitions_(transitions) {}

  Result<Page<Job>> list(const Actor& actor, const std::optional<ProjectId>& project, const PageRequest& page) const;
  Result<JobDetail> get(const Actor& actor, const JobId& id) const;

  struct News {
    std::int64_t number = 0;
    JobNews news;
  };
  // Behind number after, oldest first, at most max.
  Result<std::vector<News>> news(const Actor& actor, const JobId& id, std::int64_t after, int max) const;
  // Calls back whenever there may be news, until the subscription goes. See ChangeFeed::subscribe for what the callback
  // may do: it runs on the thread that committed.
  ChangeFeed::Subscription follow(const JobId& id, std::function<void()> callback) const;

  // What is queued or running stops; finished articles stay. conflict when the job has finished.
  Task<Result<JobDetail>> cancel(Actor actor, JobId id) const;

  // Until the job has finished, or at most that long; the job as it is then.
  Task<Result<JobDetail>> wait(Actor actor, JobId id, Milliseconds at_most) const;

 private:
  Result<void> cancel_article(Transaction& transaction, const Actor& actor, const JobItem& item) const;

  const Context& context_;
  const JobProgress& progress_;
  const ArticleTransitions& transitions_;
};

}  // namespace galley::service
