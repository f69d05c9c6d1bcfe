// WebhookConnector: the Generic Webhook connection, for a CMS of the customer's own. Delivering the signed message is
// publishing; what is sent is in the same log as the deliveries of subscriptions.
#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/log.hpp"
#include "domain/cms_connector.hpp"
#include "domain/store.hpp"
#include "net/egress_guard.hpp"
#include "net/http_client.hpp"
#include "webhook/outcome.hpp"
#include "webhook/request.hpp"
#include "webhook/webhook_settings.hpp"

namespace galley::webhook {

class WebhookConnector final : public CmsConnector {
 public:
  // All outlive this. limits: of one exchange.
  WebhookConnector(Store& store, net::HttpClient& client, net::EgressGuard guard, const Clock& clock, IdSource& ids,
                   Log& log, net::TimeLimits limits = {});

  ConnectionType type() const override { return ConnectionType::webhook; }
  Result<Accepted> validate(const json::Value& settings, const json::Value& credentials) const override;
  // Sends webhook.test, signed. It is not kept: the connection may not be saved yet.
  Task<ConnectorResult<>> verify(ConnectorTarget target) override;
  // article.published for what is to be live; for a draft article.created, or article.updated where there is an earlier
  // post. Every try sends the same bytes under the same webhook-id. A 2xx is success; members "url" (absolute http or
  // https) and "id" (a text or a whole number) of a JSON answer become the remote post.
  Task<ConnectorResult<RemotePost>> publish(ConnectorTarget target, PublishOrder order) override;
  // article.unpublished.
  Task<ConnectorResult<>> unpublish(ConnectorTarget target, PublishOrder order) override;

 private:
  struct Exchange;

  Task<ConnectorResult<Exchange>> tell(ConnectorTarget target, PublishOrder order, EventType type);
  Task<ConnectorResult<Exchange>> send(ConnectorTarget target, Event event, DeliveryId delivery, int attempt);
  Event message_of(const ConnectorTarget& target, const PublishOrder& order, EventType type);
  Task<> keep(Event event, ConnectionId connection, DeliveryId delivery, int attempt, Outcome outcome);

  Store& store_;
  net::HttpClient& client_;
  net::EgressGuard guard_;
  const Clock& clock_;
  IdSource& ids_;
  Log& log_;
  net::TimeLimits limits_;
};

}  // namespace galley::webhook
