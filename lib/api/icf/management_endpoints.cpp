#include "api/icf/account.hpp"
#include "api/icf/audit.hpp"
#include "api/icf/connections.hpp"
#include "api/icf/deliveries.hpp"
#include "api/icf/endpoints.hpp"
#include "api/icf/events.hpp"
#include "api/icf/jobs.hpp"
#include "api/icf/keys.hpp"
#include "api/icf/webhooks.hpp"

namespace galley::api::icf {

namespace {

using enum http::Method;

constexpr auto plan = RateScope::plan;

void add_keys(EndpointTable& table) {
  table.push_back(
      endpoint<&list_keys>(get, "/api/v1/keys", "listKeys", Access::viewer, plan, "Lists the account's API keys."));
  table.push_back(endpoint<&create_key>(post, "/api/v1/keys", "createKey", Access::admin, plan,
                                        "Makes an API key; it is shown once.")
                      .or_fails(404));
  table.push_back(
      endpoint<&get_key>(get, "/api/v1/keys/{keyId}", "getKey", Access::viewer, plan, "Shows an API key's settings."));
  table.push_back(endpoint<&delete_key>(del, "/api/v1/keys/{keyId}", "deleteKey", Access::admin, plan,
                                        "Revokes an API key at once."));
  table.push_back(endpoint<&rotate_key>(post, "/api/v1/keys/{keyId}/rotate", "rotateKey", Access::admin, plan,
                                        "Makes a new key of the same kind; the former one holds for a grace."));
}

void add_connections(EndpointTable& table) {
  table.push_back(endpoint<&list_connections>(get, "/api/v1/projects/{projectId}/connections", "listConnections",
                                              Access::viewer, plan, "Lists a project's connections to a CMS."));
  table.push_back(endpoint<&create_connection>(post, "/api/v1/projects/{projectId}/connections", "createConnection",
                                               Access::admin, plan, "Connects a CMS and tests the connection.")
                      .finished_by(&finish_connection));
  table.push_back(endpoint<&get_connection>(get, "/api/v1/connections/{connectionId}", "getConnection", Access::viewer,
                                            plan, "Shows a connection; its credentials only as a hint."));
  table.push_back(endpoint<&update_connection>(patch, "/api/v1/connections/{connectionId}", "updateConnection",
                                               Access::admin, plan, "Changes a connection and tests it."));
  table.push_back(
      endpoint<&delete_connection>(del, "/api/v1/connections/{connectionId}", "deleteConnection", Access::admin, plan,
                                   "Deletes a connection; what was published through it stays on the CMS."));
  table.push_back(endpoint<&test_connection>(post, "/api/v1/connections/{connectionId}/test", "testConnection",
                                             Access::admin, plan, "Asks the CMS whether the connection works.")
                      .finished_by(&finish_test));
}

void add_webhooks(EndpointTable& table) {
  table.push_back(endpoint<&list_webhooks>(get, "/api/v1/projects/{projectId}/webhooks", "listWebhooks", Access::viewer,
                                           plan, "Lists a project's webhooks."));
  table.push_back(endpoint<&create_webhook>(post, "/api/v1/projects/{projectId}/webhooks", "createWebhook",
                                            Access::admin, plan, "Subscribes a server to events."));
  table.push_back(endpoint<&get_webhook>(get, "/api/v1/webhooks/{webhookId}", "getWebhook", Access::viewer, plan,
                                         "Shows a webhook and how its deliveries of the last day went."));
  table.push_back(endpoint<&update_webhook>(patch, "/api/v1/webhooks/{webhookId}", "updateWebhook", Access::admin, plan,
                                            "Changes, pauses or resumes a webhook."));
  table.push_back(endpoint<&delete_webhook>(del, "/api/v1/webhooks/{webhookId}", "deleteWebhook", Access::admin, plan,
                                            "Deletes a webhook; what was not delivered is dropped."));
  table.push_back(endpoint<&test_webhook>(post, "/api/v1/webhooks/{webhookId}/test", "testWebhook", Access::admin, plan,
                                          "Sends a webhook.test event to this webhook alone."));
  table.push_back(endpoint<&enable_webhook>(post, "/api/v1/webhooks/{webhookId}/enable", "enableWebhook", Access::admin,
                                            plan, "Makes a disabled or paused webhook active; what is due goes out."));
  table.push_back(endpoint<&rotate_webhook_secret>(post, "/api/v1/webhooks/{webhookId}/rotate-secret",
                                                   "rotateWebhookSecret", Access::admin, plan,
                                                   "Gives the webhook a new secret of its own; the former overlaps."));
  table.push_back(endpoint<&confirm_webhook_secret>(post, "/api/v1/webhooks/{webhookId}/confirm-secret",
                                                    "confirmWebhookSecret", Access::admin, plan,
                                                    "Tells that the receiver knows the new secret: the former one ends "
                                                    "now."));
  table.push_back(endpoint<&recover_webhook>(post, "/api/v1/webhooks/{webhookId}/recover", "recoverWebhook",
                                             Access::admin, plan, "Sends failed deliveries again."));
  table.push_back(
      endpoint<&replay_webhook>(post, "/api/v1/webhooks/{webhookId}/replay", "replayWebhook", Access::admin, plan,
                                "Sends again what happened in a stretch of time, at the endpoint's pace, as "
                                "a job."));
}

void add_events(EndpointTable& table) {
  table.push_back(endpoint<&follow_project>(get, "/api/v1/projects/{projectId}/events", "followProject", Access::viewer,
                                            plan,
                                            "Streams what happens in a project as server-sent events, resumable with "
                                            "Last-Event-ID: each one's data is what a webhook would carry.")
                      .answers(200, Reply::Kind::streamed, "text/event-stream"));
}

void add_deliveries(EndpointTable& table) {
  table.push_back(endpoint<&list_deliveries>(get, "/api/v1/webhooks/{webhookId}/deliveries", "listDeliveries",
                                             Access::viewer, plan, "Lists a webhook's deliveries."));
  table.push_back(endpoint<&get_delivery>(get, "/api/v1/deliveries/{deliveryId}", "getDelivery", Access::viewer, plan,
                                          "Shows a delivery with every attempt."));
  table.push_back(endpoint<&retry_delivery>(post, "/api/v1/deliveries/{deliveryId}/retry", "retryDelivery",
                                            Access::admin, plan, "Sends a failed delivery again now."));
}

void add_jobs(EndpointTable& table) {
  table.push_back(
      endpoint<&list_jobs>(get, "/api/v1/jobs", "listJobs", Access::viewer, plan, "Lists jobs.").or_fails(404));
  table.push_back(endpoint<&get_job>(get, "/api/v1/jobs/{jobId}", "getJob", Access::viewer, plan,
                                     "Shows a job with its articles."));
  table.push_back(endpoint<&cancel_job>(post, "/api/v1/jobs/{jobId}/cancel", "cancelJob", Access::editor, plan,
                                        "Cancels what has not finished of a job."));
  table.push_back(endpoint<&follow_job>(get, "/api/v1/jobs/{jobId}/events", "followJob", Access::viewer, plan,
                                        "Streams a job's progress as server-sent events, resumable with "
                                        "Last-Event-ID.")
                      .answers(200, Reply::Kind::streamed, "text/event-stream", &shape_of<JobNewsView>)
                      .or_answers(204));
}

}  // namespace

void add_management_endpoints(EndpointTable& table) {
  table.push_back(endpoint<&get_account>(get, "/api/v1/account", "getAccount", Access::viewer, plan,
                                         "Shows the account, its plan and what of it is used."));
  table.push_back(endpoint<&list_audit>(get, "/api/v1/audit", "listAudit", Access::admin, plan,
                                        "Lists who did what, when and from where."));
  add_keys(table);
  add_connections(table);
  add_webhooks(table);
  add_events(table);
  add_deliveries(table);
  add_jobs(table);
}

}  // namespace galley::api::icf
