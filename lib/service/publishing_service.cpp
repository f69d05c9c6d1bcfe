#include "service/publishing_service.hpp"

#include <algorithm>

#include "service/audit.hpp"

namespace galley::service {

namespace {

bool in_work(const Publication& publication) {
  return publication.status == PublicationStatus::pending;
}

// A failed try to update or to remove a post leaves it where it is.
bool may_be_public(const Publication& publication) {
  return publication.status == PublicationStatus::live ||
         (publication.status == PublicationStatus::failed && (publication.published_at || publication.external_id));
}

Publication new_publication(const Context& context, const Article& article,
                            const std::optional<ConnectionId>& connection) {
  Publication publication;
  publication.id = context.ids.make<PublicationId>();
  publication.account = article.account;
  publication.project = article.project;
  publication.article = article.id;
  publication.connection = connection;
  publication.created_at = publication.updated_at = context.clock.now();
  return publication;
}

Job new_job(const Context& context, const Article& article, JobKind kind) {
  Job job;
  job.id = context.ids.make<JobId>();
  job.account = article.account;
  job.project = article.project;
  job.kind = kind;
  job.created_at = job.updated_at = context.clock.now();
  return job;
}

}  // namespace

Result<void> publish_natively(Transaction& transaction, const Context& context, const ArticleTransitions& transitions,
                              const Project& project, Article& article, const std::string& made_by) {
  GALLEY_TRY(transitions.published(transaction, project, article, made_by));
  std::optional<Publication> known =
      GALLEY_TRY(transaction.publications().find_for(article.account, article.id, std::nullopt));
  Publication publication = known ? *known : new_publication(context, article, std::nullopt);
  publication.status = PublicationStatus::live;
  publication.external_url = public_url(project, article);
  publication.last_error.reset();
  ++publication.attempts;
  publication.published_at = article.last_updated_at;
  publication.updated_at = context.clock.now();
  if (!known) return transaction.publications().insert(publication);
  ++publication.version;
  return transaction.publications().update(publication);
}

Result<void> PublishingService::publish_natively(Transaction& transaction, const Project& project, Article& article,
                                                 const std::string& made_by) const {
  return service::publish_natively(transaction, context_, transitions_, project, article, made_by);
}

Result<std::optional<ConnectionId>> PublishingService::choose(const Transaction& transaction, const Project& project,
                                                              const std::optional<ConnectionId>& wanted) const {
  if (wanted) {
    const Result<Connection> connection = transaction.connections().find(project.account, *wanted);
    if (!connection || connection->project != project.id) return not_found(ConnectionTag::noun, wanted->text());
    return wanted;
  }
  if (project.default_connection) return project.default_connection;
  const Page<Connection> connections =
      GALLEY_TRY(transaction.connections().list(project.account, project.id, {.size = PageRequest::max_size}));
  if (connections.rows.empty()) return std::optional<ConnectionId>();
  if (connections.rows.size() == 1) return std::optional(connections.rows.front().id);
  std::vector<std::string> ids;
  for (const Connection& connection : connections.rows)
    ids.push_back(connection.id.text());
  Error choice = conflict("The project has several connections and no default one. Name the connection to publish to.");
  choice.details.push_back({"connection_ids", std::move(ids)});
  return choice;
}

Result<void> PublishingService::open_publication(Transaction& transaction, const Article& article,
                                                 const std::optional<ConnectionId>& connection,
                                                 PublicationStatus wanted) const {
  std::optional<Publication> known =
      GALLEY_TRY(transaction.publications().find_for(article.account, article.id, connection));
  if (!known) return transaction.publications().insert(new_publication(context_, article, connection));
  if (in_work(*known)) return conflict("The article is being published to this connection already.");
  if (wanted == PublicationStatus::draft && known->status == PublicationStatus::live)
    return conflict("The article is public on this connection. Unpublish it before you make it a draft there.");
  known->status = PublicationStatus::pending;
  ++known->version;
  known->updated_at = context_.clock.now();
  return transaction.publications().update(*known);
}

Result<void> PublishingService::add_item(Transaction& transaction, const Article& article, JobKind kind,
                                         const std::optional<ConnectionId>& connection, const PublishRequest& request,
                                         std::optional<Job>& job) const {
  const Time now = context_.clock.now();
  if (!job) {
    job = new_job(context_, article, kind);
    job->total = 1;
    GALLEY_TRY(transaction.jobs().insert(*job));
    GALLEY_TRY(progress_.queued(transaction, *job));
  } else {
    ++job->total;
    GALLEY_TRY(transaction.jobs().update(*job));
  }
  const Time due = request.scheduled_for.value_or(now);
  JobItem item{.job = job->id,
               .account = article.account,
               .kind = kind,
               .article = article.id,
               .connection = connection,
               .due_at = due};
  const PublishOptions options{.wanted = request.wanted, .message = context_.ids.make<EventId>(), .at = due};
  item.options = encode_options(options);
  GALLEY_TRY(transaction.jobs().insert_item(item));
  transaction.announce(topic::jobs);
  return {};
}

Result<void> PublishingService::begin(Transaction& transaction, const Project& project, Article& article,
                                      const PublishRequest& request, const std::string& made_by,
                                      std::optional<Job>& job) const {
  GALLEY_TRY(require(article, request.scheduled_for ? ArticleAction::schedule : ArticleAction::publish));
  const std::optional<ConnectionId> connection = GALLEY_TRY(choose(transaction, project, request.connection));
  if (!connection && request.wanted == PublicationStatus::draft)
    return invalid("status", "must be publish: without a connection there is no CMS to hold a draft");
  if (!connection && !project.target_domain)
    return conflict("The project has neither a connection nor a target domain to publish at.");
  if (article.status == ArticleStatus::scheduled) GALLEY_TRY(drop_schedule(transaction, article));
  if (!request.scheduled_for && !connection) return publish_natively(transaction, project, article, made_by);

  if (connection) GALLEY_TRY(open_publication(transaction, article, connection, request.wanted));
  GALLEY_TRY(add_item(transaction, article, JobKind::publish, connection, request, job));
  if (request.scheduled_for) {
    article.status = ArticleStatus::scheduled;
    article.stage = Stage::none;
    article.scheduled_for = request.scheduled_for;
    return transitions_.saved(transaction, project, article, EventType::article_scheduled, made_by);
  }
  // Readers go on seeing what is published while it is published again.
  if (article.status == ArticleStatus::published) return {};
  return transitions_.moved(transaction, article, ArticleStatus::queued, Stage::publication, made_by);
}

namespace {

AuditAction action_of(const PublishRequest& request) {
  return request.scheduled_for ? AuditAction::article_scheduled : AuditAction::article_publishing;
}

Result<void> check_schedule(const PublishRequest& request, Time now) {
  if (!request.scheduled_for) return {};
  if (*request.scheduled_for <= now) return invalid("scheduled_for", "must be in the future");
  if (*request.scheduled_for > now + longest_schedule) return invalid("scheduled_for", "must be within five years");
  return {};
}

}  // namespace

Task<Result<PublishStarted>> PublishingService::publish(Actor actor, ArticleId id, PublishRequest request) const {
  GALLEY_CO_TRY(check_schedule(request, context_.clock.now()));
  auto body = [&](Transaction& transaction) -> Result<PublishStarted> {
    Article article = GALLEY_TRY(find_article(transaction, actor, id));
    const Project project = GALLEY_TRY(transaction.projects().find(actor.account, article.project));
    PublishStarted started;
    GALLEY_TRY(begin(transaction, project, article, request, actor.name(), started.job));
    GALLEY_TRY(audit_article(transaction, context_, actor, action_of(request), article));
    started.detail = GALLEY_TRY(article_detail(transaction, std::move(article)));
    return started;
  };
  co_return co_await context_.store.write(std::move(body));
}

Result<Job> PublishingService::finished_job(Transaction& transaction, const std::vector<Article>& published) const {
  Job job = new_job(context_, published.front(), JobKind::publish);
  job.status = JobStatus::succeeded;
  job.finished_at = job.created_at;
  job.total = job.done = static_cast<std::int64_t>(published.size());
  GALLEY_TRY(transaction.jobs().insert(job));
  for (const Article& article : published) {
    JobItem item{.job = job.id,
                 .account = job.account,
                 .kind = JobKind::publish,
                 .article = article.id,
                 .status = JobStatus::succeeded,
                 .due_at = job.created_at};
    GALLEY_TRY(transaction.jobs().insert_item(item));
  }
  GALLEY_TRY(events_.job(transaction, job));
  return job;
}

Task<Result<Job>> PublishingService::publish_many(Actor actor, std::vector<ArticleId> ids,
                                                  PublishRequest request) const {
  GALLEY_CO_TRY(check_schedule(request, context_.clock.now()));
  if (ids.empty() || ids.size() > max_bulk)
    co_return invalid("article_ids", "must have 1 to " + std::to_string(max_bulk) + " elements");
  auto body = [&](Transaction& transaction) -> Result<Job> {
    std::optional<Job> job;
    std::optional<Project> project;
    std::vector<Article> done;
    for (const ArticleId& id : ids) {
      Article article = GALLEY_TRY(find_article(transaction, actor, id));
      if (!project) project = GALLEY_TRY(transaction.projects().find(actor.account, article.project));
      if (project->id != article.project) return invalid("article_ids", "must be articles of one project");
      GALLEY_TRY(begin(transaction, *project, article, request, actor.name(), job));
      GALLEY_TRY(audit_article(transaction, context_, actor, action_of(request), article));
      done.push_back(std::move(article));
    }
    // What was published natively is a job that has finished already, so that callers read one kind of answer.
    if (!job) return finished_job(transaction, done);
    return *job;
  };
  co_return co_await context_.store.write(std::move(body));
}

Result<void> PublishingService::take_down(Transaction& transaction, const Project& project, Article& article,
                                          const std::optional<ConnectionId>& connection, const std::string& made_by,
                                          std::optional<Job>& job) const {
  GALLEY_TRY(require(article, ArticleAction::unpublish));
  bool found = false;
  bool public_elsewhere = false;
  for (Publication& publication : GALLEY_TRY(transaction.publications().of_article(article.account, article.id))) {
    const bool meant = !connection || publication.connection == connection;
    // What is under way would be public again behind this.
    if (meant && in_work(publication))
      return conflict("The article is being published or taken down already. Wait until that is done.");
    if (!meant) public_elsewhere = public_elsewhere || in_work(publication) || may_be_public(publication);
    if (!meant || !may_be_public(publication)) continue;
    found = true;
    publication.status = publication.connection ? PublicationStatus::pending : PublicationStatus::removed;
    ++publication.version;
    publication.updated_at = context_.clock.now();
    GALLEY_TRY(transaction.publications().update(publication));
    if (publication.connection)
      GALLEY_TRY(add_item(transaction, article, JobKind::unpublish, publication.connection, {}, job));
  }
  if (!found && connection) return conflict("The article is not published to this connection.");
  if (job || public_elsewhere) return {};
  return transitions_.unpublished(transaction, project, article, made_by);
}

Task<Result<PublishStarted>> PublishingService::unpublish(Actor actor, ArticleId id,
                                                          std::optional<ConnectionId> connection) const {
  auto body = [&](Transaction& transaction) -> Result<PublishStarted> {
    Article article = GALLEY_TRY(find_article(transaction, actor, id));
    const Project project = GALLEY_TRY(transaction.projects().find(actor.account, article.project));
    PublishStarted started;
    GALLEY_TRY(take_down(transaction, project, article, connection, actor.name(), started.job));
    GALLEY_TRY(audit_article(transaction, context_, actor, AuditAction::article_unpublishing, article));
    started.detail = GALLEY_TRY(article_detail(transaction, std::move(article)));
    return started;
  };
  co_return co_await context_.store.write(std::move(body));
}

Result<void> PublishingService::drop_schedule(Transaction& transaction, Article& article) const {
  for (JobItem& item : GALLEY_TRY(transaction.jobs().cancel_of_article(article.account, article.id, JobKind::publish)))
    GALLEY_TRY(progress_.ended(transaction, std::move(item), JobStatus::cancelled, &article));
  for (Publication& publication : GALLEY_TRY(transaction.publications().of_article(article.account, article.id)))
    if (in_work(publication)) GALLEY_TRY(transitions_.given_up(transaction, article, std::move(publication)));
  article.scheduled_for.reset();
  return {};
}

Task<Result<ArticleDetail>> PublishingService::unschedule(Actor actor, ArticleId id) const {
  auto body = [&](Transaction& transaction) -> Result<ArticleDetail> {
    Article article = GALLEY_TRY(find_article(transaction, actor, id));
    GALLEY_TRY(require(article, ArticleAction::unschedule));
    GALLEY_TRY(drop_schedule(transaction, article));
    const Project project = GALLEY_TRY(transaction.projects().find(actor.account, article.project));
    article.status = ArticleStatus::ready;
    article.stage = Stage::approved;
    GALLEY_TRY(audit_article(transaction, context_, actor, AuditAction::article_unscheduled, article));
    GALLEY_TRY(transitions_.saved(transaction, project, article, EventType::article_updated, actor.name()));
    return article_detail(transaction, std::move(article));
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<Job>> PublishingService::retry(Actor actor, ArticleId id) const {
  auto body = [&](Transaction& transaction) -> Result<Job> {
    Article article = GALLEY_TRY(find_article(transaction, actor, id));
    GALLEY_TRY(require(article, ArticleAction::retry));
    GALLEY_TRY(audit_article(transaction, context_, actor, AuditAction::article_retried, article));
    if (article.stage == Stage::generation) {
      const auto last = GALLEY_TRY(transaction.jobs().last_item(actor.account, id, JobKind::generate));
      const GenerationOptions options = last ? service::decode_options(last->options) : GenerationOptions{};
      return generation_.queue_again(transaction, actor, article, options);
    }
    return retry_publication(transaction, article, actor.name());
  };
  co_return co_await context_.store.write(std::move(body));
}

Result<Job> PublishingService::retry_publication(Transaction& transaction, Article& article,
                                                 const std::string& made_by) const {
  const Project project = GALLEY_TRY(transaction.projects().find(article.account, article.project));
  const auto sent = GALLEY_TRY(transaction.jobs().last_item(article.account, article.id, JobKind::publish));
  const auto taken = GALLEY_TRY(transaction.jobs().last_item(article.account, article.id, JobKind::unpublish));
  std::optional<Job> job;
  if (taken && (!sent || sent->number < taken->number)) {
    GALLEY_TRY(take_down(transaction, project, article, taken->connection, made_by, job));
    if (!job) return conflict("There is nothing left to take down. Publish or unpublish the article instead.");
    return *job;
  }
  PublishRequest request;
  if (sent) {
    if (sent->connection && !transaction.connections().find(article.account, *sent->connection))
      return conflict("The connection that it was to be published to was removed. Publish it again instead.");
    request.connection = sent->connection;
    request.wanted = decode_publish_options(sent->options).wanted;
  }
  GALLEY_TRY(begin(transaction, project, article, request, made_by, job));
  if (!job) return finished_job(transaction, {article});
  return *job;
}

Result<Page<Publication>> PublishingService::publications(const Actor& actor, PublicationFilter filter,
                                                          const PageRequest& page) const {
  if (filter.project) GALLEY_TRY(require_sight(actor, *filter.project));
  if (actor.project) filter.project = actor.project;
  return context_.store.read([&](const Transaction& transaction) -> Result<Page<Publication>> {
    if (filter.project) GALLEY_TRY(transaction.projects().find(actor.account, *filter.project));
    return transaction.publications().list(actor.account, filter, page);
  });
}

}  // namespace galley::service
