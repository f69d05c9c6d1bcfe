#include "storage/webhook_row.hpp"

#include <string_view>

namespace galley::storage {
namespace {

struct SealedPair {
  std::string_view current;
  std::string_view previous;
  Time previous_until;
  SealedPlace current_place;
  SealedPlace previous_place;
};

Result<Projects::WebhookSecrets> open_pair(const Sealer& sealer, const SealedPair& pair) {
  Projects::WebhookSecrets secrets;
  secrets.current = GALLEY_TRY(sealer.open(pair.current, pair.current_place));
  if (!pair.previous.empty()) secrets.previous = GALLEY_TRY(sealer.open(pair.previous, pair.previous_place));
  secrets.previous_until = pair.previous_until;
  return secrets;
}

}  // namespace

Webhook read_webhook(const Row& row) {
  Webhook webhook;
  row.into(webhook.id, webhook.account, webhook.project, webhook.url, webhook.events, webhook.format,
           webhook.body_template, webhook.headers, webhook.rate_limit, webhook.max_in_flight, webhook.status,
           webhook.disabled_reason, webhook.own_secret, webhook.failing_since, webhook.version, webhook.created_at,
           webhook.updated_at);
  return webhook;
}

SealedPlace webhook_secret_place(const AccountId& account, const WebhookId& id) {
  return {.table = "webhooks", .column = "secret", .row = id.text(), .account = account};
}

SealedPlace previous_webhook_secret_place(const AccountId& account, const WebhookId& id) {
  return {.table = "webhooks", .column = "previous_secret", .row = id.text(), .account = account};
}

Result<Projects::WebhookSecrets> open_webhook_secrets(const Sealer& sealer, const Row& row) {
  const WebhookId id = row.get<WebhookId>(0);
  const AccountId account = row.get<AccountId>(1);
  if (!row.bytes(2).empty())
    return open_pair(sealer, {.current = row.bytes(2),
                              .previous = row.bytes(3),
                              .previous_until = row.get<Time>(4),
                              .current_place = webhook_secret_place(account, id),
                              .previous_place = previous_webhook_secret_place(account, id)});
  const std::string project = row.get<std::string>(5);
  const SealedPlace current{.table = "projects", .column = "webhook_secret", .row = project, .account = account};
  const SealedPlace previous{
      .table = "projects", .column = "previous_webhook_secret", .row = project, .account = account};
  return open_pair(sealer, {.current = row.bytes(6),
                            .previous = row.bytes(7),
                            .previous_until = row.get<Time>(8),
                            .current_place = current,
                            .previous_place = previous});
}

}  // namespace galley::storage
