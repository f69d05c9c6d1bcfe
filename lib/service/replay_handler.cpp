#include "service/replay_handler.hpp"

#include <utility>

namespace galley::service {

namespace {

json::Value from_time(Time time) {
  return json::Value(static_cast<std::int64_t>(time.time_since_epoch().count()));
}

Time time_in(const json::Value& value, std::string_view name) {
  return Time(Milliseconds(value.integer_at({name})));
}

// Tests told of nothing that happened; a delivery of what a format does not carry is not made.
bool is_wanted(const Webhook& webhook, const Replay& replay, EventType type) {
  if (type == EventType::webhook_test || !carries(webhook.format, type)) return false;
  return matches(replay.events.empty() ? webhook.events : replay.events, type);
}

}  // namespace

json::Value encode_replay(const Replay& replay) {
  json::Array events;
  for (const std::string& pattern : replay.events)
    events.push_back(json::Value(pattern));
  return json::Value(json::Object{{"webhook", json::Value(replay.webhook.text())},
                                  {"events", json::Value(std::move(events))},
                                  {"until", from_time(replay.until)},
                                  {"after", from_time(replay.after.created_at)},
                                  {"after_row", json::Value(replay.after.row)}});
}

Replay decode_replay(const json::Value& value) {
  Replay replay{.webhook = WebhookId(value.text_at({"webhook"})),
                .until = time_in(value, "until"),
                .after = {.created_at = time_in(value, "after"), .row = value.integer_at({"after_row"})}};
  const json::Value* events = value.find("events");
  if (events == nullptr || events->array() == nullptr) return replay;
  for (const json::Value& pattern : *events->array())
    if (pattern.text() != nullptr) replay.events.push_back(*pattern.text());
  return replay;
}

Result<void> ReplayHandler::go_on(Transaction& transaction, JobItem item, Milliseconds wait) const {
  item.status = JobStatus::queued;
  item.due_at = context_.clock.now() + wait;
  GALLEY_TRY(transaction.jobs().update_item(item));
  transaction.announce(topic::jobs);
  return {};
}

Result<void> ReplayHandler::step(Transaction& transaction, JobItem item) const {
  if (!GALLEY_TRY(progress_.still_running(transaction, item))) return {};
  GALLEY_TRY(progress_.started(transaction, item));
  Replay replay = decode_replay(item.options);
  const Result<Webhook> webhook = transaction.webhooks().find(item.account, replay.webhook);
  if (!webhook) {
    if (webhook.error().code != ErrorCode::not_found) return webhook.error();
    item.error = ArticleError{"WEBHOOK_DELETED", "The webhook was deleted while its events were sent again."};
    return progress_.closed(transaction, std::move(item), 0, JobStatus::failed);
  }
  const std::int64_t pending = GALLEY_TRY(transaction.deliveries().pending(item.account, replay.webhook));
  if (pending >= pace_.most_pending) return go_on(transaction, std::move(item), pace_.while_pending);
  const std::vector<EventMark> events = GALLEY_TRY(
      transaction.events().walk(item.account, webhook->project, replay.after, replay.until, pace_.events_a_step));
  std::int64_t sent = 0;
  for (const EventMark& event : events) {
    replay.after = event.place;
    if (!is_wanted(*webhook, replay, event.type)) continue;
    GALLEY_TRY(events_.again(transaction, *webhook, event));
    ++sent;
  }
  if (sent > 0) transaction.announce(topic::deliveries);
  if (static_cast<int>(events.size()) < pace_.events_a_step)
    return progress_.closed(transaction, std::move(item), sent, JobStatus::succeeded);
  item.options = encode_replay(replay);
  if (sent > 0) GALLEY_TRY(progress_.advanced(transaction, item, sent));
  return go_on(transaction, std::move(item), pace_.between_steps);
}

Task<Result<void>> ReplayHandler::run(JobItem item) {
  auto body = [&](Transaction& transaction) { return step(transaction, std::move(item)); };
  co_return co_await context_.store.write(std::move(body));
}

}  // namespace galley::service
