#include "service/publish_handler.hpp"

#include <algorithm>

namespace galley::service {

namespace {

std::string made_by(const JobItem& item) {
  return item.connection ? "connection " + item.connection->text() : "schedule";
}

}  // namespace

CmsConnector* find_connector(const ConnectorTable& table, ConnectionType type) {
  const auto found = std::find_if(table.begin(), table.end(), [&](const CmsConnector* c) { return c->type() == type; });
  return found == table.end() ? nullptr : *found;
}

Result<void> PublishHandler::drop(Transaction& transaction, const JobItem& item) const {
  Article gone;
  gone.id = item.article;
  gone.status = ArticleStatus::error;
  return progress_.ended(transaction, item, JobStatus::cancelled, &gone);
}

// The publication went with its connection.
Result<void> PublishHandler::orphaned(Transaction& transaction, JobItem item, const Project& project,
                                      Article& article) const {
  item.error =
      ArticleError{"CONNECTION_REMOVED", kind_ == JobKind::publish
                                             ? "The connection was removed before the article was published."
                                             : "The connection was removed before the article was taken down."};
  GALLEY_TRY(transitions_.failed(transaction, project, article, Stage::publication, *item.error, made_by(item)));
  return progress_.ended(transaction, item, JobStatus::failed, &article);
}

Result<PublishHandler::Work> PublishHandler::begin(Transaction& transaction, const JobItem& item) const {
  const std::optional<JobItem> current = GALLEY_TRY(progress_.still_running(transaction, item));
  if (!current) return Work{};
  const Result<Article> found = transaction.articles().find(item.account, item.article);
  if (!found) {
    if (found.error().code != ErrorCode::not_found) return found.error();
    GALLEY_TRY(drop(transaction, *current));
    return Work{};
  }
  Article article = *found;
  const Project project = GALLEY_TRY(transaction.projects().find(item.account, article.project));
  GALLEY_TRY(progress_.started(transaction, item));
  if (!item.connection) {
    // Scheduled, and native: the time has come, and nothing outside has to agree.
    GALLEY_TRY(publish_natively(transaction, context_, transitions_, project, article, made_by(item)));
    GALLEY_TRY(progress_.ended(transaction, *current, JobStatus::succeeded, &article));
    return Work{};
  }
  const std::optional<Publication> publication =
      GALLEY_TRY(transaction.publications().find_for(item.account, item.article, item.connection));
  if (!publication) {
    GALLEY_TRY(orphaned(transaction, *current, project, article));
    return Work{};
  }
  if (kind_ == JobKind::publish && article.status == ArticleStatus::scheduled)
    GALLEY_TRY(transitions_.moved(transaction, article, ArticleStatus::queued, Stage::publication, made_by(item)));
  return begin_remote(transaction, item, project, article, *publication);
}

Result<PublishHandler::Work> PublishHandler::begin_remote(Transaction& transaction, const JobItem& item,
                                                          const Project& project, const Article& article,
                                                          Publication publication) const {
  const PublishOptions options = decode_publish_options(item.options);
  ++publication.attempts;
  GALLEY_TRY(transaction.publications().update(publication));
  Work work{.wanted = true};
  work.target.connection = GALLEY_TRY(transaction.connections().find(item.account, *item.connection));
  work.target.credentials = GALLEY_TRY(transaction.connections().credentials(item.account, *item.connection));
  work.target.project_secrets = GALLEY_TRY(transaction.projects().webhook_secrets(item.account, project.id));
  Article seen = article;
  if (kind_ == JobKind::publish && options.wanted == PublicationStatus::live) {
    seen.status = ArticleStatus::published;
    seen.published_at = article.published_at.value_or(options.at);
    seen.last_updated_at = options.at;
  } else if (kind_ == JobKind::unpublish) {
    seen.status = ArticleStatus::ready;
  }
  work.order = {.article = snapshot_of(project, seen),
                .wanted = options.wanted,
                .external_id = publication.external_id,
                .message = options.message,
                .attempt = item.attempts};
  const auto add_missing = [](std::vector<std::string>& to, const std::vector<std::string>& from) {
    for (const std::string& text : from)
      if (std::find(to.begin(), to.end(), text) == to.end()) to.push_back(text);
  };
  add_missing(work.order.article.categories, work.target.connection.default_categories);
  add_missing(work.order.article.tags, work.target.connection.default_tags);
  return work;
}

Result<void> PublishHandler::published(Transaction& transaction, const JobItem& item, const Project& project,
                                       Article& article, Publication& publication, const RemotePost& post) const {
  const PublishOptions options = decode_publish_options(item.options);
  if (post.external_id) publication.external_id = post.external_id;
  if (post.external_url) publication.external_url = post.external_url;
  publication.status = options.wanted;
  publication.last_error.reset();
  if (options.wanted == PublicationStatus::live) {
    publication.published_at = context_.clock.now();
    // The date that the CMS was told: its permalink may carry it.
    if (!article.published_at) article.published_at = options.at;
    if (post.external_url) article.external_url = post.external_url;
    return transitions_.published(transaction, project, article, made_by(item));
  }
  // A draft on the CMS is not public: the article stays ready and out of the sitemap.
  if (article.status == ArticleStatus::published) return {};
  article.error.reset();
  article.scheduled_for.reset();
  return transitions_.moved(transaction, article, ArticleStatus::ready, Stage::approved, made_by(item));
}

Result<void> PublishHandler::unpublished(Transaction& transaction, const Project& project, Article& article,
                                         Publication& publication) const {
  publication.status = PublicationStatus::removed;
  publication.last_error.reset();
  const auto all = GALLEY_TRY(transaction.publications().of_article(article.account, article.id));
  const bool elsewhere = std::any_of(all.begin(), all.end(), [&](const Publication& other) {
    return other.id != publication.id &&
           (other.status == PublicationStatus::live || other.status == PublicationStatus::pending);
  });
  if (elsewhere || !allows(article.status, article.stage, ArticleAction::unpublish)) return {};
  return transitions_.unpublished(transaction, project, article, "connection " + publication.connection->text());
}

Result<void> PublishHandler::succeed(Transaction& transaction, const JobItem& item, const RemotePost& post) const {
  const std::optional<JobItem> current = GALLEY_TRY(progress_.still_running(transaction, item));
  const Result<Article> found = transaction.articles().find(item.account, item.article);
  if (!found) {
    if (found.error().code != ErrorCode::not_found) return found.error();
    return current ? drop(transaction, *current) : Result<void>();
  }
  Article article = *found;
  const Project project = GALLEY_TRY(transaction.projects().find(item.account, article.project));
  std::optional<Publication> known =
      GALLEY_TRY(transaction.publications().find_for(item.account, item.article, item.connection));
  if (!known) return current ? orphaned(transaction, *current, project, article) : Result<void>();
  Publication publication = *std::move(known);
  if (kind_ == JobKind::publish)
    GALLEY_TRY(published(transaction, item, project, article, publication, post));
  else
    GALLEY_TRY(unpublished(transaction, project, article, publication));
  ++publication.version;
  publication.updated_at = context_.clock.now();
  GALLEY_TRY(transaction.publications().update(publication));
  Connection connection = GALLEY_TRY(transaction.connections().find(item.account, *item.connection));
  connection.status = ConnectionStatus::connected;
  connection.last_error.reset();
  connection.last_used_at = context_.clock.now();
  GALLEY_TRY(transaction.connections().update(connection));
  // What happened on the CMS happened: a job that was cancelled meanwhile keeps its state, the article tells the truth.
  if (!current) return {};
  return progress_.ended(transaction, *current, JobStatus::succeeded, &article);
}

std::optional<Milliseconds> PublishHandler::wait_before_next(const JobItem& item, const ConnectorError& error) const {
  if (!error.transient || item.attempts < 1 || static_cast<std::size_t>(item.attempts) > limits_.schedule.size())
    return std::nullopt;
  const auto planned = limits_.schedule[static_cast<std::size_t>(item.attempts) - 1];
  const auto jittered = std::chrono::duration<double>(planned) * (0.8 + 0.4 * context_.ids.fraction());
  return std::max(std::chrono::duration_cast<Milliseconds>(jittered),
                  Milliseconds(error.retry_after.value_or(std::chrono::seconds::zero())));
}

Result<void> PublishHandler::break_connection(Transaction& transaction, const JobItem& item,
                                              const ConnectorError& error) const {
  Connection connection = GALLEY_TRY(transaction.connections().find(item.account, *item.connection));
  connection.status = ConnectionStatus::error;
  connection.last_error = error.error.message;
  ++connection.version;
  connection.updated_at = context_.clock.now();
  GALLEY_TRY(transaction.connections().update(connection));
  return events_.connection_failed(transaction, connection);
}

Result<void> PublishHandler::fail(Transaction& transaction, JobItem item, const ConnectorError& error) const {
  if (!GALLEY_TRY(progress_.still_running(transaction, item))) return {};
  const Result<Article> found = transaction.articles().find(item.account, item.article);
  if (!found) return found.error().code == ErrorCode::not_found ? drop(transaction, item) : found.error();
  Article article = *found;
  const Project project = GALLEY_TRY(transaction.projects().find(item.account, article.project));
  std::optional<Publication> known =
      GALLEY_TRY(transaction.publications().find_for(item.account, item.article, item.connection));
  if (!known) return orphaned(transaction, item, project, article);
  Publication publication = *std::move(known);
  item.error = ArticleError{kind_ == JobKind::publish ? "PUBLICATION_FAILED" : "UNPUBLISH_FAILED", error.error.message};
  publication.last_error = error.error.message;
  ++publication.version;
  publication.updated_at = context_.clock.now();
  if (const std::optional<Milliseconds> wait = wait_before_next(item, error)) {
    item.status = JobStatus::queued;
    item.due_at = context_.clock.now() + *wait;
    GALLEY_TRY(transaction.jobs().update_item(item));
    transaction.announce(topic::jobs);
    return transaction.publications().update(publication);
  }
  // A failed unpublish leaves the post where it is.
  publication.status = kind_ == JobKind::publish ? PublicationStatus::failed : PublicationStatus::live;
  GALLEY_TRY(transaction.publications().update(publication));
  if (error.connection_is_broken) GALLEY_TRY(break_connection(transaction, item, error));
  GALLEY_TRY(transitions_.failed(transaction, project, article, Stage::publication, *item.error, made_by(item)));
  return progress_.ended(transaction, item, JobStatus::failed, &article);
}

Task<Result<void>> PublishHandler::run(JobItem item) {
  auto first = [&](Transaction& transaction) { return begin(transaction, item); };
  Work work = GALLEY_CO_TRY(co_await context_.store.write(std::move(first)));
  if (!work.wanted) co_return Result<void>();
  CmsConnector* connector = find_connector(connectors_, work.target.connection.type);
  ConnectorResult<RemotePost> outcome = ConnectorError{internal_error("no connector of the connection's type")};
  ConnectorTarget target = std::move(work.target);
  PublishOrder order = std::move(work.order);
  if (connector != nullptr && kind_ == JobKind::publish) {
    outcome = co_await connector->publish(std::move(target), std::move(order));
  } else if (connector != nullptr) {
    const ConnectorResult<> taken_down = co_await connector->unpublish(std::move(target), std::move(order));
    if (taken_down)
      outcome = RemotePost{};
    else
      outcome = taken_down.error();
  }
  auto last = [&](Transaction& transaction) -> Result<void> {
    if (outcome) return succeed(transaction, item, *outcome);
    return fail(transaction, item, outcome.error());
  };
  co_return co_await context_.store.write(std::move(last));
}

}  // namespace galley::service
