#include "webhook/webhook_connector.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "net/url.hpp"
#include "webhook/body.hpp"
#include "webhook/remote_answer.hpp"

namespace galley::webhook {

namespace {

constexpr std::string_view test_message = "This is a test message of your Generic Webhook connection.";

ConnectorError final_error(Error error) {
  return {.error = std::move(error)};
}

// Settings that were good when they were saved. Who reads this sees no form, so the reason is the message.
ConnectorError unusable(const Error& error) {
  return {.error = {.code = ErrorCode::connection_rejected,
                    .message = error.fields.empty() ? error.message : error.fields.front().reason}};
}

// One delivery for all tries of a message, found again without being looked up: the message's own id under the
// delivery's prefix.
DeliveryId delivery_of(const EventId& message) {
  const std::string& text = message.text();
  const std::size_t mark = text.find('_');
  return DeliveryId("dlv" + (mark == std::string::npos ? "_" + text : text.substr(mark)));
}

EventType published_type(const PublishOrder& order) {
  if (order.wanted == PublicationStatus::live) return EventType::article_published;
  // A draft is nothing that a receiver should show: it is told so by the event, not by the status alone.
  return order.external_id ? EventType::article_updated : EventType::article_created;
}

Result<void> write_attempt(Transaction& transaction, const Event& event, const ConnectionId& connection,
                           const DeliveryId& id, const Outcome& outcome, Time now) {
  const Result<Event> known = transaction.events().find(event.account, event.id);
  if (known.has_error()) {
    if (known.error().code != ErrorCode::not_found) return known.error();
    GALLEY_TRY(transaction.events().insert(event));
  }
  Result<Delivery> found = transaction.deliveries().find(event.account, id);
  if (found.has_error() && found.error().code != ErrorCode::not_found) return std::move(found).error();
  const bool first = found.has_error();
  Delivery delivery = first ? Delivery{.id = id,
                                       .account = event.account,
                                       .project = event.project,
                                       .connection = connection,
                                       .event = event.id,
                                       .type = event.type,
                                       .article = event.article,
                                       .created_at = outcome.attempt.started_at}
                            : *std::move(found);
  Attempt attempt = outcome.attempt;
  attempt.delivery = id;
  attempt.number = ++delivery.attempts;
  delivery.status = outcome.verdict == Verdict::succeeded ? DeliveryStatus::succeeded : DeliveryStatus::failed;
  delivery.last_status = attempt.status;
  delivery.last_error.reset();
  if (!attempt.error.empty()) delivery.last_error = attempt.error;
  delivery.finished_at = now;
  if (first)
    GALLEY_TRY(transaction.deliveries().insert(delivery));
  else
    GALLEY_TRY(transaction.deliveries().update(delivery));
  return transaction.deliveries().insert_attempt(delivery, attempt);
}

}  // namespace

struct WebhookConnector::Exchange {
  net::SendResult sent;
  Outcome outcome;
};

WebhookConnector::WebhookConnector(Store& store, net::HttpClient& client, net::EgressGuard guard, const Clock& clock,
                                   IdSource& ids, Log& log, net::TimeLimits limits)
    : store_(store), client_(client), guard_(std::move(guard)), clock_(clock), ids_(ids), log_(log), limits_(limits) {}

Result<CmsConnector::Accepted> WebhookConnector::validate(const json::Value& settings,
                                                          const json::Value& credentials) const {
  Result<WebhookSettings> read = read_settings(settings, guard_);
  Result<std::optional<Secret>> secret = read_credentials(credentials);
  std::vector<FieldError> faults;
  gather_fields(read, faults);
  gather_fields(secret, faults);
  if (!faults.empty()) return invalid(std::move(faults));

  Accepted accepted{.settings = to_json(*read), .credentials = {}, .hint = {}};
  if (*secret) {
    json::Object stored;
    stored.emplace_back("secret", json::Value(std::string((*secret)->reveal())));
    accepted.credentials = Secret(json::to_text(json::Value(std::move(stored))));
    accepted.hint = (*secret)->hint();
  }
  return accepted;
}

Event WebhookConnector::message_of(const ConnectorTarget& target, const PublishOrder& order, EventType type) {
  // An earlier try's message is sent again as it was: the same webhook-id must not carry two different texts.
  const auto find = [&](const Transaction& transaction) {
    return transaction.events().find(target.connection.account, order.message);
  };
  Result<Event> earlier = store_.read(find);
  if (earlier.has_value()) return *std::move(earlier);
  return {.id = order.message,
          .account = target.connection.account,
          .project = target.connection.project,
          .type = type,
          .article = order.article.id,
          .snapshot = order.article,
          .created_at = clock_.now()};
}

Task<ConnectorResult<WebhookConnector::Exchange>> WebhookConnector::send(ConnectorTarget target, Event event,
                                                                         DeliveryId delivery, int attempt) {
  // Judged again: the operator's rules may have changed since it was saved.
  const Result<WebhookSettings> settings = read_settings(target.connection.settings, guard_);
  if (settings.has_error()) co_return unusable(settings.error());
  const Result<net::Url> url = net::parse_url(settings->url);
  if (url.has_error()) co_return unusable(url.error());
  Result<std::optional<Secret>> own = stored_secret(target.credentials);
  if (own.has_error()) co_return unusable(own.error());
  Projects::WebhookSecrets secrets = std::move(target.project_secrets);
  if (*own) secrets = Projects::WebhookSecrets{.current = **std::move(own)};

  const Time started_at = clock_.now();
  Result<std::string> body = make_body(settings->format, settings->body_template, event);
  if (body.has_error()) co_return final_error(std::move(body).error());
  const Endpoint endpoint{.url = *url, .headers = settings->headers, .secrets = std::move(secrets)};
  const Envelope envelope{
      .event = event.id, .type = event.type, .delivery = delivery, .attempt = attempt, .sent_at = started_at};
  net::HttpRequest request = make_request(endpoint, envelope, *std::move(body), limits_);
  HeaderList headers = kept_headers(request.headers);
  net::SendResult sent = co_await client_.send(std::move(request));
  Outcome outcome = judge(sent, started_at, clock_.now());
  outcome.attempt.request_headers = std::move(headers);
  Exchange exchange{.sent = std::move(sent), .outcome = std::move(outcome)};
  co_return exchange;
}

Task<> WebhookConnector::keep(Event event, ConnectionId connection, DeliveryId delivery, int attempt, Outcome outcome) {
  const Time now = clock_.now();
  auto write = [&](Transaction& transaction) {
    return write_attempt(transaction, event, connection, delivery, outcome, now);
  };
  const Result<void> written = co_await store_.write(std::move(write));
  // The exchange did happen, so its outcome stands; only the log of deliveries lacks a line.
  if (written.has_error())
    log_.write(LogLevel::error, "an attempt was not recorded",
               {{"delivery", delivery.text()},
                {"attempt", std::int64_t{attempt}},
                {"error", std::string_view(written.error().message)},
                {"cause", std::string_view(written.error().cause)}});
}

Task<ConnectorResult<WebhookConnector::Exchange>> WebhookConnector::tell(ConnectorTarget target, PublishOrder order,
                                                                         EventType type) {
  const ConnectionId connection = target.connection.id;
  const DeliveryId delivery = delivery_of(order.message);
  const int attempt = order.attempt;
  Event event = message_of(target, order, type);
  ConnectorResult<Exchange> exchange = co_await send(std::move(target), event, delivery, attempt);
  if (exchange.has_error()) co_return std::move(exchange).error();
  Outcome outcome = exchange->outcome;
  co_await keep(std::move(event), connection, delivery, attempt, std::move(outcome));
  if (exchange->outcome.verdict != Verdict::succeeded)
    co_return classify(exchange->sent, exchange->outcome, connection);
  co_return exchange;
}

Task<ConnectorResult<>> WebhookConnector::verify(ConnectorTarget target) {
  Event event{.id = ids_.make<EventId>(),
              .account = target.connection.account,
              .project = target.connection.project,
              .type = EventType::webhook_test,
              .snapshot = TestSnapshot{.message = std::string(test_message)},
              .created_at = clock_.now()};
  const ConnectionId connection = target.connection.id;
  const DeliveryId delivery = ids_.make<DeliveryId>();
  ConnectorResult<Exchange> exchange = co_await send(std::move(target), std::move(event), delivery, 1);
  if (exchange.has_error()) co_return std::move(exchange).error();
  if (exchange->outcome.verdict != Verdict::succeeded)
    co_return classify(exchange->sent, exchange->outcome, connection);
  co_return ConnectorResult<>();
}

Task<ConnectorResult<RemotePost>> WebhookConnector::publish(ConnectorTarget target, PublishOrder order) {
  const EventType type = published_type(order);
  ConnectorResult<Exchange> exchange = co_await tell(std::move(target), std::move(order), type);
  if (exchange.has_error()) co_return std::move(exchange).error();
  RemotePost post;
  if (exchange->sent.has_value() && !exchange->sent->body_truncated) post = read_remote_post(exchange->sent->body);
  co_return post;
}

Task<ConnectorResult<>> WebhookConnector::unpublish(ConnectorTarget target, PublishOrder order) {
  ConnectorResult<Exchange> exchange =
      co_await tell(std::move(target), std::move(order), EventType::article_unpublished);
  if (exchange.has_error()) co_return std::move(exchange).error();
  co_return ConnectorResult<>();
}

}  // namespace galley::webhook
