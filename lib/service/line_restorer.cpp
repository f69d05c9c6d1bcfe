#include "service/line_restorer.hpp"

#include <algorithm>

#include "base/unicode.hpp"
#include "domain/field_check.hpp"
#include "service/connection_service.hpp"
#include "service/import_ids.hpp"

namespace galley::service {

namespace {

constexpr std::size_t max_name = 200, max_url = 2000, max_terms = 100, max_words = 65536;

Result<void> require_name(const std::string& field, const std::string& name) {
  FieldCheck fields;
  fields.required_line(field, name, max_name);
  if (name != tidy_line(name)) fields.add(field, "must not have white space to fold");
  return std::move(fields).result();
}

Result<void> check_webhook(const WebhookLine& webhook) {
  FieldCheck fields;
  // Where calls may go is judged when they are made, and when the webhook is activated.
  const bool is_web = webhook.url.starts_with("https://") || webhook.url.starts_with("http://");
  fields.required_line("url", webhook.url, max_url);
  if (!is_web) fields.add("url", "must be an http or https URL");
  fields.add_all(check_event_patterns(webhook.events));
  fields.text("disabled_reason", webhook.disabled_reason, max_words);
  if ((webhook.format == BodyFormat::custom) != webhook.body_template.has_value())
    fields.add("template", "stands with the format template, and with no other");
  return std::move(fields).result();
}

Result<void> check_connection(const ConnectionLine& connection) {
  FieldCheck fields;
  fields.required_line("name", connection.name, max_name);
  if (connection.settings.object() == nullptr) fields.add("settings", "must be an object");
  for (const auto* terms : {&connection.default_categories, &connection.default_tags})
    if (terms->size() > max_terms || !std::ranges::all_of(*terms, is_storable_text))
      fields.add("default_categories and default_tags", "must be at most 100 texts without control characters");
  fields.text("last_error", connection.last_error, max_words);
  return std::move(fields).result();
}

}  // namespace

Result<bool> LineRestorer::restore(LineGroup group) {
  group_ = std::move(group);
  return visit([&](auto& noun) { return restore_noun(noun); }, group_.head);
}

Result<ProjectId> LineRestorer::project_of(const ProjectId& id) const {
  const Placed<ProjectId> placed = GALLEY_TRY(place_of(reading_, actor_.account, id));
  if (!placed.present && !planned(placed.id.text()))
    return invalid("projectId", "leads to no project that came before it");
  GALLEY_TRY(require_sight(actor_, placed.id));
  return placed.id;
}

Result<bool> LineRestorer::restore_noun(ExportHeader&) {
  return invalid("line", "is a second header");
}
Result<bool> LineRestorer::restore_noun(Revision&) {
  return invalid("line", "stands without its article");
}
Result<bool> LineRestorer::restore_noun(Publication&) {
  return invalid("line", "stands without its article");
}

Result<bool> LineRestorer::restore_noun(Project& project) {
  GALLEY_TRY(require_whole_account(actor_));
  GALLEY_TRY(check(project));
  const Placed<ProjectId> placed = GALLEY_TRY(place_of(reading_, actor_.account, project.id));
  if (placed.present) return false;
  project.id = placed.id;
  project.account = actor_.account;
  if (writing_ == nullptr)
    planned_.insert(project.id.text());
  else
    GALLEY_TRY(writing_->projects().insert(project, new_webhook_secret()));
  return true;
}

Result<bool> LineRestorer::restore_noun(Cluster& cluster) {
  GALLEY_TRY(require_name("name", cluster.name));
  cluster.project = GALLEY_TRY(project_of(cluster.project));
  const Placed<ClusterId> placed = GALLEY_TRY(place_of(reading_, actor_.account, cluster.id));
  if (placed.present) return false;
  if (GALLEY_TRY(reading_.keywords().find_cluster_by_name(actor_.account, cluster.project, cluster.name)))
    return conflict("The project has a cluster of this name already.");
  cluster.id = placed.id;
  cluster.account = actor_.account;
  if (writing_ == nullptr)
    planned_.insert(cluster.id.text());
  else
    GALLEY_TRY(writing_->keywords().insert_cluster(cluster));
  return true;
}

Result<bool> LineRestorer::restore_noun(Keyword& keyword) {
  GALLEY_TRY(check(keyword));
  GALLEY_TRY(require_name("keyword", keyword.text));
  keyword.project = GALLEY_TRY(project_of(keyword.project));
  GALLEY_TRY(follow(
      keyword.cluster, keyword.project,
      [&](const ClusterId& id) { return reading_.keywords().find_cluster(actor_.account, id); }, "clusterId"));
  const Placed<KeywordId> placed = GALLEY_TRY(place_of(reading_, actor_.account, keyword.id));
  if (placed.present) return false;
  if (GALLEY_TRY(reading_.keywords().find_by_text(actor_.account, keyword.project, keyword.text)))
    return conflict("The project has this keyword already.");
  keyword.id = placed.id;
  keyword.account = actor_.account;
  // The job that it waited for stayed behind.
  if (keyword.status == KeywordStatus::queued) keyword.status = KeywordStatus::not_generated;
  if (writing_ != nullptr) GALLEY_TRY(writing_->keywords().insert(keyword));
  return true;
}

Result<bool> LineRestorer::restore_noun(Idea& idea) {
  GALLEY_TRY(check(idea));
  idea.project = GALLEY_TRY(project_of(idea.project));
  GALLEY_TRY(follow(
      idea.cluster, idea.project,
      [&](const ClusterId& id) { return reading_.keywords().find_cluster(actor_.account, id); }, "clusterId"));
  const Placed<IdeaId> placed = GALLEY_TRY(place_of(reading_, actor_.account, idea.id));
  if (placed.present) return false;
  idea.id = placed.id;
  idea.account = actor_.account;
  if (writing_ == nullptr)
    planned_.insert(idea.id.text());
  else
    GALLEY_TRY(writing_->ideas().insert(idea));
  return true;
}

Result<bool> LineRestorer::restore_noun(WritingTask& task) {
  GALLEY_TRY(check(task));
  task.project = GALLEY_TRY(project_of(task.project));
  GALLEY_TRY(follow(
      task.cluster, task.project,
      [&](const ClusterId& id) { return reading_.keywords().find_cluster(actor_.account, id); }, "clusterId"));
  GALLEY_TRY(follow(
      task.idea, task.project, [&](const IdeaId& id) { return reading_.ideas().find(actor_.account, id); }, "ideaId"));
  if (writing_ != nullptr)
    GALLEY_TRY(follow(
        task.article, task.project, [&](const ArticleId& id) { return reading_.articles().find(actor_.account, id); },
        "articleId"));
  const Placed<WritingTaskId> placed = GALLEY_TRY(place_of(reading_, actor_.account, task.id));
  if (placed.present) return false;
  task.id = placed.id;
  task.account = actor_.account;
  // The job that wrote it stayed behind.
  if (task.status == TaskStatus::in_progress) task.status = TaskStatus::failed;
  if (writing_ != nullptr) GALLEY_TRY(writing_->writing_tasks().insert(task));
  return true;
}

Result<bool> LineRestorer::restore_noun(ConnectionLine& connection) {
  GALLEY_TRY(check_connection(connection));
  connection.project = GALLEY_TRY(project_of(connection.project));
  const Placed<ConnectionId> placed = GALLEY_TRY(place_of(reading_, actor_.account, connection.id));
  if (placed.present) return false;
  const auto others = GALLEY_TRY(reading_.connections().list(actor_.account, connection.project, {.size = 1}));
  if (others.total >= ConnectionService::max_per_project)
    return conflict("The project has as many connections as it may have.");
  connection.id = placed.id;
  connection.account = actor_.account;
  if (connection.had_credentials || !connection.header_names.empty()) {
    connection.status = ConnectionStatus::error;
    connection.last_error = "It was imported without its credentials and header fields. Set them, then test it.";
    remark("the connection \"" + connection.name + "\" has to be given its credentials and header fields again");
  }
  if (writing_ == nullptr) {
    planned_.insert(connection.id.text());
    return true;
  }
  GALLEY_TRY(writing_->connections().insert(connection, Secret()));
  if (!connection.is_default) return true;
  Project project = GALLEY_TRY(writing_->projects().find(actor_.account, connection.project));
  if (project.default_connection) return true;
  project.default_connection = connection.id;
  GALLEY_TRY(writing_->projects().update(project));
  return true;
}

Result<bool> LineRestorer::restore_noun(WebhookLine& webhook) {
  GALLEY_TRY(check_webhook(webhook));
  webhook.project = GALLEY_TRY(project_of(webhook.project));
  const Placed<WebhookId> placed = GALLEY_TRY(place_of(reading_, actor_.account, webhook.id));
  if (placed.present) return false;
  if (GALLEY_TRY(reading_.webhooks().count(actor_.account, webhook.project)) >= Webhook::max_per_project)
    return conflict("The project has as many webhooks as it may have.");
  webhook.id = placed.id;
  webhook.account = actor_.account;
  if (webhook.status == WebhookStatus::active) {
    // Its receiver does not know the new secret yet, and is told by the former server perhaps.
    webhook.status = WebhookStatus::paused;
    remark("the webhook to " + webhook.url + " is paused: its secret is new" +
           (webhook.header_names.empty() ? "" : ", and its header fields have to be set again"));
  }
  std::optional<Secret> secret;
  if (webhook.own_secret) secret = new_webhook_secret();
  if (writing_ != nullptr) GALLEY_TRY(writing_->webhooks().insert(webhook, secret));
  return true;
}

}  // namespace galley::service
