// A project in a real store with an outbound client that may speak to loopback, for tests that deliver.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "net/pooled_http_client.hpp"
#include "net/resolver.hpp"
#include "sample_event.hpp"
#include "storage/sqlite/sqlite_connection.hpp"
#include "support/full_disk.hpp"
#include "support/manual_clock.hpp"
#include "support/sequence_ids.hpp"
#include "support/temp_store.hpp"
#include "webhook/dispatcher.hpp"

namespace galley::test {

inline net::EgressGuard loopback_guard() {
  return net::EgressGuard({.allowed_networks = {parse_cidr("127.0.0.0/8").value()}, .allow_insecure = true});
}

class DeliverySite {
 public:
  DeliverySite() {
    account = make_account(1);
    project = make_project(1, account.id);
    store.write([this](Transaction& transaction) -> Result<void> {
      GALLEY_TRY(transaction.accounts().insert(account));
      return transaction.projects().insert(project, Secret(project_secret));
    });
    client = net::PooledHttpClient::create({.guard = loopback_guard()}, resolver, clock).value();
  }
  ~DeliverySite() { stop(); }

  Webhook add_webhook(const std::string& url, const std::function<void(Webhook&)>& change = {},
                      const std::optional<Secret>& secret = {}) {
    Webhook webhook;
    webhook.id = ids.make<WebhookId>();
    webhook.account = account.id;
    webhook.project = project.id;
    webhook.url = url;
    webhook.events = {"*"};
    webhook.created_at = webhook.updated_at = clock.now();
    if (change) change(webhook);
    store.write([&](Transaction& transaction) { return transaction.webhooks().insert(webhook, secret); });
    return webhook;
  }

  // Writes an event of the article with its delivery, as a change of the article does.
  Delivery add_delivery(const Webhook& webhook, Snapshot snapshot = sample_snapshot()) {
    Event event = sample_event(std::move(snapshot));
    event.id = ids.make<EventId>();
    event.account = account.id;
    event.project = project.id;
    event.created_at = clock.now();
    Delivery delivery;
    delivery.id = ids.make<DeliveryId>();
    delivery.account = account.id;
    delivery.project = project.id;
    delivery.webhook = webhook.id;
    delivery.event = event.id;
    delivery.type = event.type;
    delivery.article = event.article;
    delivery.next_attempt_at = delivery.created_at = event.created_at;
    store.write([&](Transaction& transaction) -> Result<void> {
      GALLEY_TRY(transaction.events().insert(event));
      GALLEY_TRY(transaction.deliveries().insert(delivery));
      transaction.announce(topic::deliveries);
      return {};
    });
    return delivery;
  }

  void start(webhook::RetrySchedule schedule = {}, webhook::DispatcherLimits limits = {}) {
    Store& used = full_disk ? static_cast<Store&>(*full_disk) : *store;
    dispatcher = std::make_unique<webhook::Dispatcher>(context.get_executor(), used, *client, clock, ids, log,
                                                       std::move(schedule), limits);
    running = true;
    boost::asio::co_spawn(context, dispatcher->run(), [this](const std::exception_ptr& thrown) {
      running = false;
      if (thrown) std::rethrow_exception(thrown);
    });
  }
  void stop() {
    if (!dispatcher) return;
    dispatcher->stop();
    run_until([this] { return !running; });
    dispatcher.reset();
  }

  // Works until the condition holds; throws where it does not within 30 s.
  void run_until(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    context.restart();
    while (!condition()) {
      if (std::chrono::steady_clock::now() > end) throw std::runtime_error("the condition did not come true in time");
      context.run_one_for(std::chrono::milliseconds(5));
      if (context.stopped()) context.restart();
    }
  }
  // Turns the clock and tells the dispatcher to look at it.
  void advance(std::chrono::milliseconds by) {
    clock.advance(by);
    store->changes().notify(topic::deliveries);
  }

  Delivery delivery(const Delivery& which) {
    return store->read([&](const Transaction& t) { return t.deliveries().find(account.id, which.id); }).value();
  }
  std::vector<Attempt> attempts(const Delivery& which) {
    return store->read([&](const Transaction& t) { return t.deliveries().attempts(account.id, which.id); }).value();
  }
  Webhook webhook(const Webhook& which) {
    return store->read([&](const Transaction& t) { return t.webhooks().find(account.id, which.id); }).value();
  }
  std::optional<Time> next_due() {
    return store->read([](const Transaction& t) { return t.deliveries().next_due("nobody"); }).value();
  }
  // As another dispatcher would.
  std::vector<Deliveries::Due> lease_for(const std::string& owner, Time until) {
    const Deliveries::LeaseTerms terms{.owner = owner,
                                       .now = clock.now(),
                                       .until = until,
                                       .max = 10,
                                       .max_bytes = std::size_t{1} << 20,
                                       .first_room = 10};
    return store.write([&](Transaction& t) { return t.deliveries().lease(terms); }).value();
  }
  // Whether some dispatcher has the lease of an endpoint.
  bool any_leased() {
    auto raw = storage::SqliteConnection::open(store.folder() / "galley.db", storage::SqliteConnection::Access::reader)
                   .value();
    storage::Query query = raw->query("SELECT count(*) FROM webhooks WHERE lease_owner IS NOT NULL");
    return query.step().value() && query.row().get<bool>(0);
  }
  void run_until_tried(const Delivery& which, int times) {
    run_until([&] { return delivery(which).attempts >= times; });
  }

  const std::string project_secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  TempStore store{};
  std::optional<FullDisk> full_disk{};  // what the dispatcher writes to, where there is one
  ManualClock clock{};
  SequenceIds ids{};
  Log log{clock, -1, LogLevel::error, LogFormat::json};
  boost::asio::io_context context{1};
  net::SystemResolver resolver{};
  std::unique_ptr<net::PooledHttpClient> client{};
  Account account{};
  Project project{};
  std::unique_ptr<webhook::Dispatcher> dispatcher{};
  bool running = false;
};

}  // namespace galley::test
