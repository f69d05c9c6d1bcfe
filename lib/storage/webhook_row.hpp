// How a webhook and the secrets that it signs with lie in rows: for the webhooks' and the deliveries' statements.
#pragma once

#include <string_view>

#include "domain/webhook.hpp"
#include "storage/sealer.hpp"
#include "storage/sql.hpp"

namespace galley::storage {

// Of a table named webhooks, in the order of read_webhook.
inline constexpr std::string_view webhook_columns =
    "webhooks.id, webhooks.account_id, webhooks.project_id, webhooks.url, webhooks.events, webhooks.format, "
    "webhooks.body_template, webhooks.headers, webhooks.rate_limit, webhooks.max_in_flight, webhooks.status, "
    "webhooks.disabled_reason, webhooks.own_secret, webhooks.failing_since, webhooks.version, webhooks.created_at, "
    "webhooks.updated_at";
inline constexpr int webhook_column_count = 17;
Webhook read_webhook(const Row& row);

SealedPlace webhook_secret_place(const AccountId& account, const WebhookId& id);
SealedPlace previous_webhook_secret_place(const AccountId& account, const WebhookId& id);

// Of tables named webhooks and projects, joined, in the order of open_webhook_secrets.
inline constexpr std::string_view webhook_secret_columns =
    "webhooks.id, webhooks.account_id, webhooks.secret, webhooks.previous_secret, webhooks.previous_secret_until, "
    "projects.id, projects.webhook_secret, projects.previous_webhook_secret, projects.previous_secret_until";
// The webhook's own, else the project's. internal where one does not open.
Result<Projects::WebhookSecrets> open_webhook_secrets(const Sealer& sealer, const Row& row);

}  // namespace galley::storage
