#include "storage/webhook_repo.hpp"

#include <string>

#include "storage/paging.hpp"
#include "storage/webhook_row.hpp"

namespace galley::storage {
namespace {

// What an update writes too.
void bind_webhook(Query& query, const Webhook& webhook) {
  query.bind("id", webhook.id).bind("account", webhook.account).bind("url", webhook.url);
  query.bind("events", webhook.events).bind("format", webhook.format).bind("body_template", webhook.body_template);
  query.bind("headers", webhook.headers).bind("rate_limit", webhook.rate_limit);
  query.bind("max_in_flight", webhook.max_in_flight).bind("status", webhook.status);
  query.bind("disabled_reason", webhook.disabled_reason).bind("failing_since", webhook.failing_since);
  query.bind("version", webhook.version).bind("updated_at", webhook.updated_at);
}

void bind_sealed(Query& query, std::string_view name, const std::optional<Secret>& secret, const Sealer& sealer,
                 const SealedPlace& place) {
  if (secret)
    query.bind_bytes(name, sealer.seal(*secret, place));
  else
    query.bind(name, std::optional<std::string>());
}

}  // namespace

Result<Webhook> WebhookRepo::find(const AccountId& account, const WebhookId& id) const {
  static const std::string sql =
      "SELECT " + std::string(webhook_columns) + " FROM webhooks WHERE id = $id AND account_id = $account";
  Query query = connection_.query(sql);
  query.bind("id", id).bind("account", account);
  if (!GALLEY_TRY(query.step())) return not_found("webhook", id.text());
  return read_webhook(query.row());
}

Result<Page<Webhook>> WebhookRepo::list(const AccountId& account, const ProjectId& project,
                                        const PageRequest& page) const {
  const ListSql list{.columns = std::string(webhook_columns),
                     .from = "webhooks",
                     .where = "project_id = $project AND account_id = $account"};
  const auto bind = [&](Query& query) { query.bind("project", project).bind("account", account); };
  return read_page<Webhook>(connection_, list, page, bind, read_webhook);
}

Result<std::vector<Webhook>> WebhookRepo::active(const AccountId& account, const ProjectId& project) const {
  static const std::string sql = "SELECT " + std::string(webhook_columns) +
                                 " FROM webhooks WHERE project_id = $project AND account_id = $account "
                                 "AND status = 'active' ORDER BY created_at, row LIMIT $limit";
  Query query = connection_.query(sql);
  query.bind("project", project).bind("account", account).bind("limit", Webhook::max_per_project);
  std::vector<Webhook> webhooks;
  while (GALLEY_TRY(query.step()))
    webhooks.push_back(read_webhook(query.row()));
  return webhooks;
}

Result<std::int64_t> WebhookRepo::count(const AccountId& account, const ProjectId& project) const {
  Query query =
      connection_.query("SELECT count(*) FROM webhooks WHERE project_id = $project AND account_id = $account");
  query.bind("project", project).bind("account", account);
  GALLEY_TRY(query.step());
  return query.row().get<std::int64_t>(0);
}

Result<void> WebhookRepo::insert(const Webhook& webhook, const std::optional<Secret>& secret) {
  Query query = connection_.query(
      "INSERT INTO webhooks (id, account_id, project_id, url, events, format, body_template, headers, rate_limit, "
      "max_in_flight, status, disabled_reason, own_secret, failing_since, version, created_at, updated_at, secret) "
      "VALUES ($id, $account, $project, $url, $events, $format, $body_template, $headers, $rate_limit, "
      "$max_in_flight, $status, $disabled_reason, $own_secret, $failing_since, $version, $created_at, $updated_at, "
      "$secret)");
  bind_webhook(query, webhook);
  query.bind("project", webhook.project).bind("own_secret", secret.has_value());
  query.bind("created_at", webhook.created_at);
  bind_sealed(query, "secret", secret, sealer_, webhook_secret_place(webhook.account, webhook.id));
  GALLEY_TRY(query.run());
  return {};
}

Result<void> WebhookRepo::update(const Webhook& webhook) {
  Query query = connection_.query(
      "UPDATE webhooks SET url = $url, events = $events, format = $format, body_template = $body_template, "
      "headers = $headers, rate_limit = $rate_limit, max_in_flight = $max_in_flight, status = $status, "
      "disabled_reason = $disabled_reason, failing_since = $failing_since, version = $version, "
      "updated_at = $updated_at WHERE id = $id AND account_id = $account");
  bind_webhook(query, webhook);
  GALLEY_TRY(query.run());
  return require_change(connection_, "webhook", webhook.id.text());
}

Result<void> WebhookRepo::clear_failing(const AccountId& account, const WebhookId& id) {
  Query query = connection_.query(
      "UPDATE webhooks SET failing_since = NULL WHERE id = $id AND account_id = $account AND failing_since IS NOT "
      "NULL");
  query.bind("id", id).bind("account", account);
  GALLEY_TRY(query.run());
  return {};
}

Result<void> WebhookRepo::remove(const AccountId& account, const WebhookId& id) {
  Query query = connection_.query("DELETE FROM webhooks WHERE id = $id AND account_id = $account");
  query.bind("id", id).bind("account", account);
  GALLEY_TRY(query.run());
  return require_change(connection_, "webhook", id.text());
}

Result<Projects::WebhookSecrets> WebhookRepo::secrets(const AccountId& account, const WebhookId& id) const {
  static const std::string sql = "SELECT " + std::string(webhook_secret_columns) +
                                 " FROM webhooks JOIN projects ON projects.id = webhooks.project_id "
                                 "WHERE webhooks.id = $id AND webhooks.account_id = $account";
  Query query = connection_.query(sql);
  query.bind("id", id).bind("account", account);
  if (!GALLEY_TRY(query.step())) return not_found("webhook", id.text());
  return open_webhook_secrets(sealer_, query.row());
}

Result<void> WebhookRepo::set_secrets(const AccountId& account, const WebhookId& id,
                                      const Projects::WebhookSecrets& secrets) {
  Query query = connection_.query(
      "UPDATE webhooks SET own_secret = 1, secret = $secret, previous_secret = $previous, "
      "previous_secret_until = $previous_until WHERE id = $id AND account_id = $account");
  query.bind("id", id).bind("account", account).bind("previous_until", secrets.previous_until);
  bind_sealed(query, "secret", secrets.current, sealer_, webhook_secret_place(account, id));
  bind_sealed(query, "previous", secrets.previous, sealer_, previous_webhook_secret_place(account, id));
  GALLEY_TRY(query.run());
  return require_change(connection_, "webhook", id.text());
}

}  // namespace galley::storage
