#include "service/webhook_service.hpp"

#include "service/audit.hpp"
#include "service/replay_handler.hpp"
#include "service/webhook_secret.hpp"

namespace galley::service {

namespace {

constexpr std::string_view make_one = "generate";

Result<Webhook> find(const Transaction& transaction, const Actor& actor, const WebhookId& id) {
  Webhook webhook = GALLEY_TRY(transaction.webhooks().find(actor.account, id));
  GALLEY_TRY(require_sight(actor, webhook.project, WebhookTag::noun, id.text()));
  return webhook;
}

Result<Delivery> find(const Transaction& transaction, const Actor& actor, const DeliveryId& id) {
  Delivery delivery = GALLEY_TRY(transaction.deliveries().find(actor.account, id));
  GALLEY_TRY(require_sight(actor, delivery.project, DeliveryTag::noun, id.text()));
  return delivery;
}

Result<WebhookDetail> detail_of(const Transaction& transaction, Webhook webhook, Time now) {
  WebhookDetail detail{.webhook = std::move(webhook)};
  detail.stats = GALLEY_TRY(transaction.deliveries().stats(detail.webhook.account, detail.webhook.id, now));
  return detail;
}

WebhookDraft draft_of(const Webhook& webhook) {
  return {.url = webhook.url,
          .events = webhook.events,
          .format = webhook.format,
          .body_template = webhook.body_template,
          .headers = webhook.headers,
          .rate_limit = webhook.rate_limit,
          .max_in_flight = webhook.max_in_flight,
          .status = webhook.status};
}

void fill(const WebhookDraft& draft, Webhook& webhook) {
  webhook.url = draft.url;
  webhook.events = draft.events;
  webhook.format = draft.format;
  webhook.body_template = draft.body_template;
  webhook.headers = draft.headers;
  webhook.rate_limit = draft.rate_limit;
  webhook.max_in_flight = draft.max_in_flight;
  webhook.status = draft.status;
}

// Of a draft that was checked.
std::optional<Secret> secret_of(const WebhookDraft& draft) {
  if (draft.secret && draft.secret->reveal() == make_one) return new_webhook_secret();
  return draft.secret;
}

// Without the address: its path or query may be a secret.
Result<void> audit_webhook(Transaction& transaction, const Context& context, const Actor& actor, AuditAction action,
                           const Webhook& webhook) {
  return audit(transaction, context, actor,
               {action, webhook.project, webhook.id.text(), std::string(to_text(webhook.status))});
}

}  // namespace

Result<void> WebhookService::check(const WebhookDraft& draft) const {
  std::vector<FieldError> errors;
  gather_fields(policy_.check_endpoint(draft.url), errors);
  gather_fields(check_event_patterns(draft.events), errors);
  gather_fields(policy_.check_headers(draft.headers), errors);
  if (draft.format == BodyFormat::custom) {
    if (draft.body_template)
      gather_fields(policy_.check_template(*draft.body_template), errors);
    else
      errors.push_back({"template", "is required with the format template"});
  } else if (draft.body_template) {
    errors.push_back({"template", "is only used with the format template"});
  }
  if (draft.status == WebhookStatus::disabled) errors.push_back({"status", "must be active or paused"});
  if (draft.secret && draft.secret->reveal() != make_one) gather_fields(check_webhook_secret(*draft.secret), errors);
  if (!errors.empty()) return invalid(std::move(errors));
  return {};
}

Result<Page<WebhookDetail>> WebhookService::list(const Actor& actor, const ProjectId& project,
                                                 const PageRequest& page) const {
  GALLEY_TRY(require_sight(actor, project));
  return context_.store.read([&](const Transaction& transaction) -> Result<Page<WebhookDetail>> {
    GALLEY_TRY(transaction.projects().find(actor.account, project));
    Page<Webhook> found = GALLEY_TRY(transaction.webhooks().list(actor.account, project, page));
    Page<WebhookDetail> details{
        .rows = {}, .total = found.total, .total_is_exact = found.total_is_exact, .next = found.next};
    for (Webhook& webhook : found.rows)
      details.rows.push_back(GALLEY_TRY(detail_of(transaction, std::move(webhook), context_.clock.now())));
    return details;
  });
}

Result<WebhookDetail> WebhookService::get(const Actor& actor, const WebhookId& id) const {
  return context_.store.read([&](const Transaction& transaction) -> Result<WebhookDetail> {
    return detail_of(transaction, GALLEY_TRY(find(transaction, actor, id)), context_.clock.now());
  });
}

Task<Result<WebhookDetail>> WebhookService::create(Actor actor, ProjectId project, WebhookDraft draft) const {
  GALLEY_CO_TRY(check(draft));
  const std::optional<Secret> secret = secret_of(draft);
  auto body = [&](Transaction& transaction) -> Result<WebhookDetail> {
    GALLEY_TRY(require_sight(actor, project));
    GALLEY_TRY(transaction.projects().find(actor.account, project));
    if (GALLEY_TRY(transaction.webhooks().count(actor.account, project)) >= Webhook::max_per_project)
      return conflict("The project has as many webhooks as it may have.");
    WebhookDetail detail;
    detail.webhook.id = context_.ids.make<WebhookId>();
    detail.webhook.account = actor.account;
    detail.webhook.project = project;
    detail.webhook.own_secret = secret.has_value();
    detail.webhook.created_at = detail.webhook.updated_at = context_.clock.now();
    fill(draft, detail.webhook);
    GALLEY_TRY(transaction.webhooks().insert(detail.webhook, secret));
    GALLEY_TRY(audit_webhook(transaction, context_, actor, AuditAction::webhook_created, detail.webhook));
    detail.secret = secret;
    return detail;
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<WebhookDetail>> WebhookService::update(Actor actor, WebhookId id, std::optional<std::int64_t> known_version,
                                                   Edit edit) const {
  auto body = [&](Transaction& transaction) -> Result<WebhookDetail> {
    const Webhook before = GALLEY_TRY(find(transaction, actor, id));
    GALLEY_TRY(require_version(known_version, before.version));
    WebhookDraft draft = draft_of(before);
    // Disabled is the dispatcher's word: it stays unless the caller says something else.
    if (before.status == WebhookStatus::disabled) draft.status = WebhookStatus::paused;
    GALLEY_TRY(edit(draft));
    GALLEY_TRY(check(draft));
    Webhook webhook = before;
    fill(draft, webhook);
    if (before.status == WebhookStatus::disabled && draft.status == WebhookStatus::paused)
      webhook.status = WebhookStatus::disabled;
    if (webhook.status == WebhookStatus::active) {
      webhook.disabled_reason.reset();
      if (before.status != WebhookStatus::active) webhook.failing_since.reset();
    }
    const std::optional<Secret> secret = secret_of(draft);
    webhook.own_secret = before.own_secret || secret.has_value();
    ++webhook.version;
    webhook.updated_at = context_.clock.now();
    GALLEY_TRY(transaction.webhooks().update(webhook));
    if (secret) GALLEY_TRY(transaction.webhooks().set_secrets(actor.account, id, {.current = *secret}));
    GALLEY_TRY(audit_webhook(transaction, context_, actor, AuditAction::webhook_updated, webhook));
    if (webhook.status == WebhookStatus::active) transaction.announce(topic::deliveries);
    WebhookDetail detail = GALLEY_TRY(detail_of(transaction, std::move(webhook), context_.clock.now()));
    detail.secret = secret;
    return detail;
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<void>> WebhookService::remove(Actor actor, WebhookId id, std::optional<std::int64_t> known_version) const {
  auto body = [&](Transaction& transaction) -> Result<void> {
    const Webhook webhook = GALLEY_TRY(find(transaction, actor, id));
    GALLEY_TRY(require_version(known_version, webhook.version));
    GALLEY_TRY(audit_webhook(transaction, context_, actor, AuditAction::webhook_deleted, webhook));
    return transaction.webhooks().remove(actor.account, id);
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<WebhookDetail>> WebhookService::enable(Actor actor, WebhookId id) const {
  Edit activate = [](WebhookDraft& draft) -> Result<void> {
    draft.status = WebhookStatus::active;
    return {};
  };
  co_return co_await update(std::move(actor), std::move(id), std::nullopt, std::move(activate));
}

Task<Result<Delivery>> WebhookService::test(Actor actor, WebhookId id) const {
  auto body = [&](Transaction& transaction) -> Result<Delivery> {
    const Webhook webhook = GALLEY_TRY(find(transaction, actor, id));
    if (webhook.status != WebhookStatus::active)
      return wrong_state("The webhook is not active. Enable it first.", to_text(webhook.status), {"active"});
    GALLEY_TRY(audit_webhook(transaction, context_, actor, AuditAction::webhook_tested, webhook));
    return events_.test(transaction, webhook, TestSnapshot{"This is a test of the webhook."});
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<WebhookDetail>> WebhookService::rotate_secret(Actor actor, WebhookId id,
                                                          std::chrono::seconds overlap) const {
  auto body = [&](Transaction& transaction) -> Result<WebhookDetail> {
    Webhook webhook = GALLEY_TRY(find(transaction, actor, id));
    const auto secrets = GALLEY_TRY(transaction.webhooks().secrets(actor.account, id));
    Secret next = new_webhook_secret();
    const auto rotated = rotate(secrets, next, context_.clock.now(), overlap);
    GALLEY_TRY(transaction.webhooks().set_secrets(actor.account, id, rotated));
    webhook.own_secret = true;
    GALLEY_TRY(audit_webhook(transaction, context_, actor, AuditAction::webhook_secret_rotated, webhook));
    ++webhook.version;
    webhook.updated_at = context_.clock.now();
    GALLEY_TRY(transaction.webhooks().update(webhook));
    WebhookDetail detail = GALLEY_TRY(detail_of(transaction, std::move(webhook), context_.clock.now()));
    detail.secret = std::move(next);
    return detail;
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<WebhookDetail>> WebhookService::confirm_secret(Actor actor, WebhookId id) const {
  auto body = [&](Transaction& transaction) -> Result<WebhookDetail> {
    Webhook webhook = GALLEY_TRY(find(transaction, actor, id));
    if (webhook.own_secret) {
      const auto secrets = GALLEY_TRY(transaction.webhooks().secrets(actor.account, id));
      GALLEY_TRY(transaction.webhooks().set_secrets(actor.account, id, {.current = secrets.current}));
    }
    GALLEY_TRY(audit_webhook(transaction, context_, actor, AuditAction::webhook_secret_confirmed, webhook));
    ++webhook.version;
    webhook.updated_at = context_.clock.now();
    GALLEY_TRY(transaction.webhooks().update(webhook));
    return detail_of(transaction, std::move(webhook), context_.clock.now());
  };
  co_return co_await context_.store.write(std::move(body));
}

Result<Page<Delivery>> WebhookService::deliveries(const Actor& actor, const WebhookId& id, const DeliveryFilter& filter,
                                                  const PageRequest& page) const {
  return context_.store.read([&](const Transaction& transaction) -> Result<Page<Delivery>> {
    GALLEY_TRY(find(transaction, actor, id));
    return transaction.deliveries().list(actor.account, id, filter, page);
  });
}

Result<DeliveryDetail> WebhookService::delivery(const Actor& actor, const DeliveryId& id) const {
  return context_.store.read([&](const Transaction& transaction) -> Result<DeliveryDetail> {
    DeliveryDetail detail{.delivery = GALLEY_TRY(find(transaction, actor, id))};
    detail.attempts = GALLEY_TRY(transaction.deliveries().attempts(actor.account, id));
    return detail;
  });
}

Task<Result<DeliveryDetail>> WebhookService::retry(Actor actor, DeliveryId id) const {
  auto body = [&](Transaction& transaction) -> Result<DeliveryDetail> {
    DeliveryDetail detail{.delivery = GALLEY_TRY(find(transaction, actor, id))};
    Delivery& delivery = detail.delivery;
    if (!delivery.webhook) return conflict("The delivery is part of a publication. Publish the article again instead.");
    if (delivery.status != DeliveryStatus::failed && delivery.status != DeliveryStatus::cancelled)
      return wrong_state("Only a failed delivery can be retried.", to_text(delivery.status), {"failed", "cancelled"});
    if (!GALLEY_TRY(transaction.events().has_payload(actor.account, delivery.event)))
      return conflict("What the delivery carried is no longer kept, so it cannot be sent again.");
    delivery.status = DeliveryStatus::pending;
    delivery.next_attempt_at = context_.clock.now();
    delivery.finished_at.reset();
    GALLEY_TRY(transaction.deliveries().update(delivery));
    transaction.announce(topic::deliveries);
    GALLEY_TRY(audit(transaction, context_, actor, {AuditAction::delivery_retried, delivery.project, id.text()}));
    detail.attempts = GALLEY_TRY(transaction.deliveries().attempts(actor.account, id));
    return detail;
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<std::int64_t>> WebhookService::recover(Actor actor, WebhookId id, Time since) const {
  auto body = [&](Transaction& transaction) -> Result<std::int64_t> {
    const Webhook webhook = GALLEY_TRY(find(transaction, actor, id));
    GALLEY_TRY(audit_webhook(transaction, context_, actor, AuditAction::webhook_recovered, webhook));
    const std::int64_t recovered =
        GALLEY_TRY(transaction.deliveries().recover(actor.account, id, since, context_.clock.now(), max_recovered));
    if (recovered > 0) transaction.announce(topic::deliveries);
    return recovered;
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<Job>> WebhookService::replay(Actor actor, WebhookId id, Time since, std::optional<Time> until,
                                         std::vector<std::string> events) const {
  const Time now = context_.clock.now();
  std::vector<FieldError> errors;
  if (!events.empty()) gather_fields(check_event_patterns(events), errors);
  if (since >= until.value_or(now)) errors.push_back({"since", "must be before until, and not in the future"});
  if (!errors.empty()) co_return invalid(std::move(errors));
  auto body = [&](Transaction& transaction) -> Result<Job> {
    const Webhook webhook = GALLEY_TRY(find(transaction, actor, id));
    GALLEY_TRY(audit_webhook(transaction, context_, actor, AuditAction::webhook_replayed, webhook));
    Job job{.id = context_.ids.make<JobId>(),
            .account = actor.account,
            .project = webhook.project,
            .kind = JobKind::replay,
            .created_at = now,
            .updated_at = now};
    GALLEY_TRY(transaction.jobs().insert(job));
    // What happens from now on is delivered anyway.
    const Replay replay{.webhook = webhook.id,
                        .events = events,
                        .until = std::min(until.value_or(now), now),
                        .after = {.created_at = since}};
    GALLEY_TRY(transaction.jobs().insert_item({.job = job.id,
                                               .account = actor.account,
                                               .kind = JobKind::replay,
                                               .options = encode_replay(replay),
                                               .due_at = now}));
    GALLEY_TRY(progress_.queued(transaction, job));
    return job;
  };
  co_return co_await context_.store.write(std::move(body));
}

}  // namespace galley::service
