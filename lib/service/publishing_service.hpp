// Publishing: natively, or through a connection as a durable job; scheduling, unpublishing, retrying.
#pragma once

#include <optional>
#include <vector>

#include "domain/cms_connector.hpp"
#include "domain/connection.hpp"
#include "domain/job.hpp"
#include "service/actor.hpp"
#include "service/article_service.hpp"
#include "service/article_transitions.hpp"
#include "service/context.hpp"
#include "service/generation_service.hpp"
#include "service/job_progress.hpp"

namespace galley::service {

struct PublishRequest {
  std::optional<ConnectionId> connection{};  // absent: the project's default, else its only one, else natively
  PublicationStatus wanted = PublicationStatus::live;  // live or draft
  std::optional<Time> scheduled_for{};
};

// What started: done already where there is no job.
struct PublishStarted {
  ArticleDetail detail;
  std::optional<Job> job{};
};

// What a publishing item carries in its options.
struct PublishOptions {
  PublicationStatus wanted = PublicationStatus::live;
  EventId message;  // the same on every try
  Time at{};        // the time that the post shall bear
};
json::Value encode_options(const PublishOptions& options);
PublishOptions decode_publish_options(const json::Value& options);

class PublishingService {
 public:
  static constexpr std::size_t max_bulk = 500;

  PublishingService(const Context& context, const ArticleTransitions& transitions, const EventRecorder& events,
                    const JobProgress& progress, const GenerationService& generation)
      : context_(context), transitions_(transitions), events_(events), progress_(progress), generation_(generation) {}

  Task<Result<PublishStarted>> publish(Actor actor, ArticleId id, PublishRequest request) const;
  // All or none is queued: the first article that cannot be published is the error. Native ones are done at once, and
  // count as done in the job.
  Task<Result<Job>> publish_many(Actor actor, std::vector<ArticleId> ids, PublishRequest request) const;
  // connection: absent takes down every live publication.
  Task<Result<PublishStarted>> unpublish(Actor actor, ArticleId id, std::optional<ConnectionId> connection) const;
  Task<Result<ArticleDetail>> unschedule(Actor actor, ArticleId id) const;
  // From error to the stage that failed.
  Task<Result<Job>> retry(Actor actor, ArticleId id) const;

  Result<Page<Publication>> publications(const Actor& actor, PublicationFilter filter, const PageRequest& page) const;

  // In the caller's transaction: publishes natively at once, or adds an item to the job, making the job where there is
  // none yet. made_by is for the revision log.
  Result<void> begin(Transaction& transaction, const Project& project, Article& article, const PublishRequest& request,
                     const std::string& made_by, std::optional<Job>& job) const;

 private:
  Result<std::optional<ConnectionId>> choose(const Transaction& transaction, const Project& project,
                                             const std::optional<ConnectionId>& wanted) const;
  // The pending items and publications of a scheduled article go.
  Result<void> drop_schedule(Transaction& transaction, Article& article) const;
  Result<void> open_publication(Transaction& transaction, const Article& article,
                                const std::optional<ConnectionId>& connection, PublicationStatus wanted) const;
  // Publications that are or may be public are taken down: by items of the job, natively at once.
  Result<void> take_down(Transaction& transaction, const Project& project, Article& article,
                         const std::optional<ConnectionId>& connection, const std::string& made_by,
                         std::optional<Job>& job) const;
  Result<Job> retry_publication(Transaction& transaction, Article& article, const std::string& made_by) const;
  // published is not empty.
  Result<Job> finished_job(Transaction& transaction, const std::vector<Article>& published) const;
  Result<void> publish_natively(Transaction& transaction, const Project& project, Article& article,
                                const std::string& made_by) const;
  Result<void> add_item(Transaction& transaction, const Article& article, JobKind kind,
                        const std::optional<ConnectionId>& connection, const PublishRequest& request,
                        std::optional<Job>& job) const;

  const Context& context_;
  const ArticleTransitions& transitions_;
  const EventRecorder& events_;
  const JobProgress& progress_;
  const GenerationService& generation_;
};

// The time by which a publication has to be scheduled at the latest, counted from now.
inline constexpr std::chrono::days longest_schedule{5 * 366};

// Marks the native publication live in the caller's transaction; shared with the handler of scheduled ones.
Result<void> publish_natively(Transaction& transaction, const Context& context, const ArticleTransitions& transitions,
                              const Project& project, Article& article, const std::string& made_by);

}  // namespace galley::service
