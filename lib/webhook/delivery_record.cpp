#include "webhook/delivery_record.hpp"

#include <algorithm>
#include <utility>

namespace galley::webhook {

namespace {

std::string seconds_of(Milliseconds wait) {
  const auto seconds = std::chrono::round<std::chrono::seconds>(wait).count();
  return wait < std::chrono::seconds(1) ? std::to_string(wait.count()) + " ms" : std::to_string(seconds) + " s";
}

// Sets when the next try is; returns why, or why there is none.
std::string plan_next(Delivery& delivery, const Outcome& outcome, const RetrySchedule& schedule, double fraction,
                      Time now) {
  const std::string waits = std::to_string(schedule.waits().size());
  const std::optional<Milliseconds> wait = schedule.wait_after(delivery.attempts, fraction);
  if (!wait) return "No more tries: the " + waits + " waits of the schedule are used up.";
  if (outcome.retry_after) {
    delivery.next_attempt_at = now + std::max<Milliseconds>(*outcome.retry_after, soonest_retry);
    return "The endpoint asked for it: Retry-After, " + seconds_of(*outcome.retry_after) + ".";
  }
  delivery.next_attempt_at = now + *wait;
  const Milliseconds planned = schedule.waits()[static_cast<std::size_t>(delivery.attempts - 1)];
  return "Wait " + std::to_string(delivery.attempts) + " of " + waits + " of the schedule, " + seconds_of(planned) +
         ", spread by a fifth: " + seconds_of(*wait) + ".";
}

void finish(Delivery& delivery, DeliveryStatus status, Time now) {
  delivery.status = status;
  delivery.next_attempt_at.reset();
  delivery.finished_at = now;
}

// Returns why the next try is when it is, or why there is none; empty on success.
std::string advance(Delivery& delivery, const Outcome& outcome, const RetrySchedule& schedule, double fraction,
                    Time now) {
  std::string reason;
  switch (outcome.verdict) {
    case Verdict::succeeded:
      finish(delivery, DeliveryStatus::succeeded, now);
      break;
    case Verdict::gone:
      finish(delivery, DeliveryStatus::failed, now);
      reason = "No more tries: 410 disables the endpoint.";
      break;
    case Verdict::impossible:
      finish(delivery, DeliveryStatus::failed, now);
      reason = "No more tries: what was to be sent cannot be made.";
      break;
    case Verdict::failed:
      delivery.next_attempt_at.reset();
      reason = plan_next(delivery, outcome, schedule, fraction, now);
      if (!delivery.next_attempt_at) finish(delivery, DeliveryStatus::failed, now);
      break;
  }
  return reason;
}

// The reason, where this failure disables the endpoint.
Result<std::optional<std::string>> mark_failing(Transaction& transaction, const Webhook& leased, bool gone, Time now,
                                                ClockState clock) {
  Webhook webhook = GALLEY_TRY(transaction.webhooks().find(leased.account, leased.id));
  const bool first = !webhook.failing_since;
  if (first) webhook.failing_since = now;
  std::optional<std::string> reason;
  if (webhook.status != WebhookStatus::disabled) {
    if (gone)
      reason = "The endpoint answered 410 Gone.";
    else if (clock == ClockState::steady && now - *webhook.failing_since >= longest_failing)
      reason = "Nothing but failures since " + to_rfc3339(*webhook.failing_since) + ".";
  }
  if (reason) {
    webhook.status = WebhookStatus::disabled;
    webhook.disabled_reason = reason;
    webhook.updated_at = now;
    ++webhook.version;
  }
  if (first || reason) GALLEY_TRY(transaction.webhooks().update(webhook));
  return reason;
}

// What nobody asked for and somebody has to look at.
Result<void> audit(Transaction& transaction, const Deliveries::Due& due, AuditAction action, std::string subject,
                   std::string note, Time now) {
  return transaction.audit_trail().append({.account = due.delivery.account,
                                           .action = action,
                                           .project = due.delivery.project,
                                           .subject = std::move(subject),
                                           .note = std::move(note),
                                           .actor = "dispatcher",
                                           .created_at = now});
}

// The delivery after the try, whose number and reason it sets.
Delivery after_try(Delivery delivery, Attempt& attempt, const Outcome& outcome, const RetrySchedule& schedule,
                   double fraction, Time now) {
  attempt.delivery = delivery.id;
  attempt.number = ++delivery.attempts;
  delivery.last_status = attempt.status;
  delivery.last_error.reset();
  if (!attempt.error.empty()) delivery.last_error = attempt.error;
  // One that was cancelled meanwhile stays so, unless it did arrive.
  if (delivery.status == DeliveryStatus::pending || outcome.verdict == Verdict::succeeded)
    attempt.next_reason = advance(delivery, outcome, schedule, fraction, now);
  else
    attempt.next_reason = "No more tries: the delivery was cancelled meanwhile.";
  return delivery;
}

}  // namespace

Result<Recorded> record_outcome(Transaction& transaction, const Deliveries::Due& due, const Outcome& outcome,
                                const RetrySchedule& schedule, double fraction, Time now, ClockState clock) {
  Attempt attempt = outcome.attempt;
  Delivery delivery = after_try(due.delivery, attempt, outcome, schedule, fraction, now);
  if (!GALLEY_TRY(transaction.deliveries().conclude(due, delivery))) {
    // While the request was under way it was cancelled, or went with its endpoint.
    Result<Delivery> found = transaction.deliveries().find(due.delivery.account, due.delivery.id);
    if (found.has_error()) {
      if (found.error().code == ErrorCode::not_found) return Recorded{.deleted = true};
      return std::move(found).error();
    }
    delivery = after_try(*std::move(found), attempt, outcome, schedule, fraction, now);
    GALLEY_TRY(transaction.deliveries().update(delivery));
  }
  GALLEY_TRY(transaction.deliveries().insert_attempt(delivery, attempt));
  if (delivery.status == DeliveryStatus::failed)
    GALLEY_TRY(audit(transaction, due, AuditAction::delivery_failed, delivery.id.text(), attempt.error, now));

  Recorded recorded{.status = delivery.status, .attempt = attempt.number, .next_attempt_at = delivery.next_attempt_at};
  switch (outcome.verdict) {
    case Verdict::succeeded:
      GALLEY_TRY(transaction.webhooks().clear_failing(due.delivery.account, due.webhook->id));
      break;
    case Verdict::failed:
    case Verdict::gone:
      recorded.disabled_reason =
          GALLEY_TRY(mark_failing(transaction, *due.webhook, outcome.verdict == Verdict::gone, now, clock));
      if (recorded.disabled_reason)
        GALLEY_TRY(audit(transaction, due, AuditAction::webhook_disabled, due.webhook->id.text(),
                         *recorded.disabled_reason, now));
      break;
    case Verdict::impossible:
      break;  // our own doing: it says nothing of the endpoint
  }
  return recorded;
}

}  // namespace galley::webhook
