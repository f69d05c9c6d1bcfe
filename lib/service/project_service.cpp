#include "service/project_service.hpp"

#include "domain/webhook.hpp"
#include "service/audit.hpp"
#include "service/authenticator.hpp"
#include "service/quota.hpp"
#include "service/webhook_secret.hpp"

namespace galley::service {

namespace {

Result<ProjectDetail> detail_of(const Transaction& transaction, Project project) {
  ProjectCounts counts = GALLEY_TRY(transaction.projects().counts(project.account, project.id));
  return ProjectDetail{std::move(project), std::move(counts)};
}

Result<Project> find(const Transaction& transaction, const Actor& actor, const ProjectId& id) {
  GALLEY_TRY(require_sight(actor, id));
  return transaction.projects().find(actor.account, id);
}

Result<void> require_connection(const Transaction& transaction, const Project& project) {
  if (!project.default_connection) return {};
  const Result<Connection> connection = transaction.connections().find(project.account, *project.default_connection);
  if (!connection || connection->project != project.id)
    return invalid("default_connection_id", "must be a connection of this project");
  return {};
}

// What is queued or being generated goes with the project, but its units are the account's.
Result<void> release_reserved(Transaction& transaction, const Context& context, const AccountId& account,
                              const ProjectId& project) {
  const ArticleFilter in_work{.statuses = {ArticleStatus::queued, ArticleStatus::generating}, .project = project};
  PageRequest request{.size = PageRequest::max_size};
  do {
    const Page<Article> page = GALLEY_TRY(transaction.articles().list(account, in_work, request));
    for (const Article& article : page.rows)
      for (const JobItem& item :
           GALLEY_TRY(transaction.jobs().cancel_of_article(account, article.id, JobKind::generate)))
        GALLEY_TRY(release_quota(transaction, context, item));
    request.after = page.next;
  } while (request.after);
  return {};
}

// What an address in the sitemap is made from.
bool changes_addresses(const Project& a, const Project& b) {
  return a.target_domain != b.target_domain || a.permalink != b.permalink ||
         a.sitemap.changefreq != b.sitemap.changefreq || a.sitemap.priority != b.sitemap.priority ||
         a.sitemap.base_url != b.sitemap.base_url;
}

}  // namespace

Result<Page<ProjectDetail>> ProjectService::list(const Actor& actor, const PageRequest& page) const {
  return context_.store.read([&](const Transaction& transaction) -> Result<Page<ProjectDetail>> {
    Page<Project> found = GALLEY_TRY(transaction.projects().list(actor.account, page, actor.project));
    Page<ProjectDetail> details{
        .rows = {}, .total = found.total, .total_is_exact = found.total_is_exact, .next = found.next};
    for (Project& project : found.rows)
      details.rows.push_back(GALLEY_TRY(detail_of(transaction, std::move(project))));
    return details;
  });
}

Result<ProjectDetail> ProjectService::get(const Actor& actor, const ProjectId& id) const {
  return context_.store.read([&](const Transaction& transaction) -> Result<ProjectDetail> {
    return detail_of(transaction, GALLEY_TRY(find(transaction, actor, id)));
  });
}

Result<ProjectService::Created> ProjectService::make(Transaction& transaction, const Actor& actor,
                                                     const Project& wanted) const {
  GALLEY_TRY(require_whole_account(actor));
  const Account account = GALLEY_TRY(transaction.accounts().find(actor.account));
  const std::optional<std::int64_t> most = context_.plans.of(account.plan).projects;
  const std::int64_t have = GALLEY_TRY(transaction.projects().count(actor.account));
  if (most && have >= *most)
    return Error{.code = ErrorCode::quota_exceeded,
                 .message = "Your plan's number of projects is reached.",
                 .details = {{"limit", *most}, {"used", have}}};
  Project project = wanted;
  project.id = context_.ids.make<ProjectId>();
  project.account = actor.account;
  project.version = 1;
  project.created_at = project.updated_at = context_.clock.now();
  project.default_connection.reset();
  if (project.target_domain) project.target_domain = GALLEY_TRY(normalize_target_domain(*project.target_domain));
  GALLEY_TRY(check(project));
  Created created{.detail = {.project = project}, .webhook_secret = new_webhook_secret()};
  GALLEY_TRY(transaction.projects().insert(project, created.webhook_secret));
  GALLEY_TRY(
      audit(transaction, context_, actor, {AuditAction::project_created, project.id, project.id.text(), project.name}));
  return created;
}

Task<Result<ProjectService::Created>> ProjectService::create(Actor actor, Project wanted) const {
  auto body = [&](Transaction& transaction) { return make(transaction, actor, wanted); };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<ProjectDetail>> ProjectService::update(Actor actor, ProjectId id, std::optional<std::int64_t> known_version,
                                                   Edit edit) const {
  auto body = [&](Transaction& transaction) -> Result<ProjectDetail> {
    const Project before = GALLEY_TRY(find(transaction, actor, id));
    GALLEY_TRY(require_version(known_version, before.version));
    Project project = before;
    GALLEY_TRY(edit(project));
    if (project.target_domain) project.target_domain = GALLEY_TRY(normalize_target_domain(*project.target_domain));
    GALLEY_TRY(check(project));
    GALLEY_TRY(require_connection(transaction, project));
    project.version = before.version + 1;
    project.updated_at = context_.clock.now();
    GALLEY_TRY(transaction.projects().update(project));
    GALLEY_TRY(audit(transaction, context_, actor, {AuditAction::project_updated, id, id.text(), project.name}));
    if (changes_addresses(before, project))
      GALLEY_TRY(transaction.sitemap_pages().bump_all(project.id, project.updated_at));
    // Feeds carry the project's name too.
    transaction.announce(topic::sitemap);
    return detail_of(transaction, std::move(project));
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<void>> ProjectService::remove(Actor actor, ProjectId id, std::optional<std::int64_t> known_version,
                                          std::string confirm) const {
  auto body = [&](Transaction& transaction) -> Result<void> {
    GALLEY_TRY(require_whole_account(actor));
    const Project project = GALLEY_TRY(find(transaction, actor, id));
    GALLEY_TRY(require_version(known_version, project.version));
    if (confirm != project.name) return invalid("confirm", "must be the project's name, to confirm that it is meant");
    GALLEY_TRY(release_reserved(transaction, context_, actor.account, id));
    GALLEY_TRY(transaction.projects().remove(actor.account, id));
    GALLEY_TRY(audit(transaction, context_, actor, {AuditAction::project_deleted, id, id.text(), project.name}));
    transaction.announce(topic::sitemap);
    // Whoever follows it learns that it is gone.
    transaction.announce(topic::events(id.text()));
    // Keys that are bound to it went with it.
    transaction.announce(credentials_topic);
    return {};
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<Secret>> ProjectService::rotate_webhook_secret(Actor actor, ProjectId id,
                                                           std::chrono::seconds overlap) const {
  auto body = [&](Transaction& transaction) -> Result<Secret> {
    GALLEY_TRY(find(transaction, actor, id));
    const auto secrets = GALLEY_TRY(transaction.projects().webhook_secrets(actor.account, id));
    Secret next = new_webhook_secret();
    const auto rotated = rotate(secrets, next, context_.clock.now(), overlap);
    GALLEY_TRY(transaction.projects().set_webhook_secrets(actor.account, id, rotated));
    GALLEY_TRY(audit(transaction, context_, actor, {AuditAction::project_secret_rotated, id, id.text()}));
    return next;
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<void>> ProjectService::confirm_webhook_secret(Actor actor, ProjectId id) const {
  auto body = [&](Transaction& transaction) -> Result<void> {
    GALLEY_TRY(find(transaction, actor, id));
    const auto secrets = GALLEY_TRY(transaction.projects().webhook_secrets(actor.account, id));
    GALLEY_TRY(transaction.projects().set_webhook_secrets(actor.account, id, {.current = secrets.current}));
    return audit(transaction, context_, actor, {AuditAction::project_secret_confirmed, id, id.text()});
  };
  co_return co_await context_.store.write(std::move(body));
}

}  // namespace galley::service
