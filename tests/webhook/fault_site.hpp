// Where a peer's fault is played against both that send: the dispatcher, for a subscription, and the connector of a
// Generic Webhook, for a job that publishes. Real store, services, runner, client and sockets; a clock that stands
// still.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <chrono>
#include <exception>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "net/client_fixture.hpp"
#include "service/publishing_steps.hpp"
#include "service/service_bench.hpp"
#include "webhook/dispatcher.hpp"
#include "webhook/webhook_connector.hpp"

namespace galley::test {

// What became of one message, in words: "pending in 5 s, 302 status", "succeeded, 200", "queued in 5 s, - timeout".
struct Told {
  std::string outcome;
  std::vector<Attempt> attempts{};
};

class FaultSite {
 public:
  explicit FaultSite(net::ClientOptions options) : guard_(options.guard) {
    client = net::PooledHttpClient::create(std::move(options), resolver, bench.clock).value();
  }

  // An article is made, and a subscription of its project hears of it. Behind the outcome: the endpoint's state where
  // it is no longer active.
  Told deliver(const std::string& url, net::TimeLimits limits) {
    const Webhook webhook = add_project_with_webhook(url);
    webhook::Dispatcher dispatcher(bench.context.get_executor(), *bench.store, *client, bench.clock, bench.ids,
                                   bench.log, {}, {.exchange = limits});
    bool running = true;
    boost::asio::co_spawn(bench.context, dispatcher.run(), [&running](const std::exception_ptr&) { running = false; });
    bench.make_article("An article");
    bench.run_until([&] { return delivery_to(webhook).attempts > 0; });
    dispatcher.stop();
    bench.run_until([&] { return !running; });

    const Delivery delivery = delivery_to(webhook);
    Told told = told_of(to_text(delivery.status), delivery.next_attempt_at, delivery.id);
    const Webhook after = bench.must(bench.webhooks.get(bench.owner, webhook.id)).webhook;
    if (after.status != WebhookStatus::active) told.outcome += ", " + std::string(to_text(after.status));
    return told;
  }

  // An article is published through a connection. Behind the outcome: the connection's state where it is not connected.
  Told publish(const std::string& url, net::TimeLimits limits) {
    add_project();
    webhook::WebhookConnector connector(*bench.store, *client, guard_, bench.clock, bench.ids, bench.log, limits);
    bench.connectors.front() = &connector;
    const Connection connection = add_connection(url);
    const Article article = bench.make_article("An article");
    const JobId job = send(bench, article.id, {.connection = connection.id});
    bench.work();
    bench.connectors.front() = &bench.connector;

    const JobItem item = bench.last_item(article.id, JobKind::publish).value();
    const bool waits = item.status == JobStatus::queued;
    const EventId message = service::decode_publish_options(item.options).message;
    Told told = told_of(to_text(item.status), waits ? std::optional(item.due_at) : std::nullopt,
                        DeliveryId("dlv" + message.text().substr(message.text().find('_'))));
    const Job after = job_of(bench, job);
    const bool ended = after.status == JobStatus::succeeded || after.status == JobStatus::failed;
    if (ended == waits) told.outcome += ", job " + std::string(to_text(after.status));
    const PublicationStatus expected = waits                                 ? PublicationStatus::pending
                                       : item.status == JobStatus::succeeded ? PublicationStatus::live
                                                                             : PublicationStatus::failed;
    const Publication publication = publication_of(bench, article.id);
    if (publication.status != expected) told.outcome += ", publication " + std::string(to_text(publication.status));
    const Connection later = bench.must(bench.connections.get(bench.owner, connection.id));
    if (later.status != ConnectionStatus::connected)
      told.outcome += ", connection " + std::string(to_text(later.status));
    return told;
  }

  ServiceBench bench{};
  ScriptedResolver resolver{};
  std::unique_ptr<net::PooledHttpClient> client{};

 private:
  void add_project() {
    bench.project = make_project(++projects_, bench.account.id);
    bench.store.write([this](Transaction& t) { return t.projects().insert(bench.project, Secret("whsec_AAECAwQF")); });
  }
  Webhook add_project_with_webhook(const std::string& url) {
    add_project();
    Webhook webhook;
    webhook.id = bench.ids.make<WebhookId>();
    webhook.account = bench.account.id;
    webhook.project = bench.project.id;
    webhook.url = url;
    webhook.events = {"article.created"};
    webhook.created_at = webhook.updated_at = bench.clock.now();
    bench.store.write([&](Transaction& t) { return t.webhooks().insert(webhook, std::nullopt); });
    return webhook;
  }
  // As one that worked before. It is written as it is: some tests are about addresses that are refused when saved.
  Connection add_connection(const std::string& url) {
    json::Object settings;
    settings.emplace_back("url", json::Value(url));
    Connection connection;
    connection.id = bench.ids.make<ConnectionId>();
    connection.account = bench.account.id;
    connection.project = bench.project.id;
    connection.name = "Own CMS";
    connection.settings = json::Value(std::move(settings));
    connection.status = ConnectionStatus::connected;
    connection.created_at = connection.updated_at = bench.clock.now();
    bench.store.write([&](Transaction& t) { return t.connections().insert(connection, Secret()); });
    return connection;
  }

  Delivery delivery_to(const Webhook& webhook) {
    return bench.must(bench.webhooks.deliveries(bench.owner, webhook.id, {}, {})).rows.at(0);
  }
  Told told_of(std::string_view status, const std::optional<Time>& next, const DeliveryId& id) {
    Told told{.outcome = std::string(status)};
    if (next) {
      const auto wait = std::chrono::ceil<std::chrono::seconds>(*next - bench.clock.now());
      told.outcome += " in " + std::to_string(wait.count()) + " s";
    }
    told.attempts =
        bench.store->read([&](const Transaction& t) { return t.deliveries().attempts(bench.account.id, id); }).value();
    if (told.attempts.empty()) {
      told.outcome += ", not tried";
      return told;
    }
    const Attempt& last = told.attempts.back();
    told.outcome += ", " + (last.status ? std::to_string(*last.status) : "-");
    if (!last.error_class.empty()) told.outcome += " " + last.error_class;
    return told;
  }

  net::EgressGuard guard_;
  std::int64_t projects_ = 1000;
};

}  // namespace galley::test
