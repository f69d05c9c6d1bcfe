#include "app/wiring.hpp"

#include <sys/resource.h>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <csignal>

#include "api/icf/icf_dialect.hpp"
#include "api/igny8/igny8_dialect.hpp"
#include "api/pages/page_files.hpp"
#include "api/pipeline.hpp"
#include "app/connection_limits.hpp"
#include "app/endpoint_tables.hpp"
#include "app/publishing_schedule.hpp"
#include "app/readiness.hpp"
#include "app/running_parts.hpp"
#include "base/asio_memory.hpp"
#include "generation/clustering/lexical_clusterer.hpp"
#include "generation/keyword_ideas.hpp"
#include "generation/outline_writer.hpp"
#include "http/server.hpp"
#include "jobs/runner.hpp"
#include "mail/smtp_relay.hpp"
#include "net/pooled_http_client.hpp"
#include "net/resolver.hpp"
#include "service/authenticator.hpp"
#include "service/connection_service.hpp"
#include "service/event_service.hpp"
#include "service/generate_handler.hpp"
#include "service/generation_service.hpp"
#include "service/mail_service.hpp"
#include "service/planning.hpp"
#include "service/publish_handler.hpp"
#include "service/publishing_service.hpp"
#include "service/replay_handler.hpp"
#include "service/retention_service.hpp"
#include "service/session_service.hpp"
#include "service/sitemap_service.hpp"
#include "service/user_service.hpp"
#include "service/webhook_service.hpp"
#include "webhook/body.hpp"
#include "webhook/dispatcher.hpp"
#include "webhook/endpoint_policy.hpp"
#include "webhook/webhook_connector.hpp"

namespace galley::app {

namespace {

constexpr Milliseconds drain_grace = std::chrono::seconds(30);
constexpr std::chrono::seconds last_used_interval = std::chrono::minutes(1);

std::string base_address(const http::ListenAddress& address) {
  return "http://" + http::to_text(address);
}

}  // namespace

// Members in the order in which they are needed: each uses those above it.
class ServerParts {
 public:
  ServerParts(const Config& config, Backend& backend, Log& log, http::Listener listener,
              std::vector<http::Listener> admin_listeners, std::unique_ptr<net::Resolver> resolver,
              std::unique_ptr<net::PooledHttpClient> client);
  ~ServerParts() {
    // Nothing may post to the threads once they are gone.
    passwords_.stop();
    planning_.handler.stop();
    if (mails_) mails_->stop_sending();
    backend_.store->stop();
  }

  void run(const std::function<void()>& ready);
  void stop();
  void stop_on_signals();

  std::string address_;
  std::string admin_address_;

 private:
  const std::string site_;  // the address under which users know this server
  Task<void> write_last_used();
  void all_ended();

  Backend& backend_;
  Log& log_;
  api::icf::IcfDialect icf_;                                 // how the publishing API frames its answers
  api::igny8::Igny8Dialect igny8_;                           // and how the planner and writer API does
  api::Documents documents_;                                 // texts that are served as they are
  api::pages::PageFiles pages_;                              // the pages for people
  net::EgressGuard guard_;                                   // where outbound calls may go
  std::unique_ptr<net::Resolver> resolver_;                  // names to addresses
  std::unique_ptr<net::PooledHttpClient> client_;            // all outbound HTTP
  webhook::GuardedEndpoints policy_;                         // judges endpoints when they are saved
  webhook::WebhookConnector webhook_connector_;              // publishing to a customer's own endpoint
  service::ConnectorTable connectors_{&webhook_connector_};  // every CMS that can be published to
  generation::OutlineWriter outline_;                        // the embedded offline writer
  service::GeneratorTable generators_{&outline_};            // every writer; the first is the default
  service::GenerationService generation_;
  service::PublishingService publishing_;
  generation::LexicalClusterer clusterer_;  // groups keywords
  generation::KeywordIdeas idea_writer_;    // thinks up what to write for a group
  service::Planning planning_;              // what a planner and a writer do
  service::ConnectionService connections_;
  service::WebhookService webhooks_;
  service::EventService events_;          // what happens in a project, streamed
  sitemap::PageCache page_cache_;         // rendered public pages
  service::SitemapService sitemaps_;      // what search engines fetch
  service::PasswordPool passwords_;       // hashes them off the network threads
  service::SessionService sessions_;      // users who sign in
  service::UserService users_;            // whom their admins look after
  service::Authenticator authenticator_;  // whose key or token is it
  Readiness readiness_;                   // answers the probe
  api::Services services_;                // what handlers may call
  service::GenerateHandler generate_;     // works off generation items
  service::PublishHandler publish_;       // works off publishing items
  service::PublishHandler unpublish_;     // and those that take posts down
  service::ReplayHandler replay_;         // and those that send events again
  std::vector<JobHandler*> handlers_{&generate_, &publish_, &unpublish_, &replay_, &planning_.handler};
  api::Pipeline pipeline_;        // the way of every request
  api::Pipeline admin_pipeline_;  // and of those on the operators' listener
  http::NetworkThreads threads_;  // where coroutines live
  http::Server server_;           // the public listener
  std::unique_ptr<http::Server> admin_server_;
  jobs::Runner runner_;                          // durable jobs
  webhook::Dispatcher dispatcher_;               // deliveries of subscriptions
  service::RetentionService retention_;          // forgets what is old
  std::unique_ptr<mail::SmtpRelay> relay_;       // the operator's mail server; none without a setting
  std::unique_ptr<service::MailService> mails_;  // sends what waits for it
  std::unique_ptr<boost::asio::signal_set> signals_;
  std::unique_ptr<boost::asio::steady_timer> ticker_;
  std::atomic<bool> stopping_{false};
  RunningParts parts_;  // those that run() starts
};

ServerParts::ServerParts(const Config& config, Backend& backend, Log& log, http::Listener listener,
                         std::vector<http::Listener> admin_listeners, std::unique_ptr<net::Resolver> resolver,
                         std::unique_ptr<net::PooledHttpClient> client)
    : address_(base_address(listener.local())),
      admin_address_(admin_listeners.empty() ? std::string() : base_address(admin_listeners.front().local())),
      site_(config.public_url.empty() ? address_ : config.public_url),
      backend_(backend),
      log_(log),
      guard_(config.egress),
      resolver_(std::move(resolver)),
      client_(std::move(client)),
      policy_(guard_),
      webhook_connector_(*backend.store, *client_, guard_, backend.clock, backend.ids, log),
      generation_(backend.context, backend.events, backend.transitions, backend.progress, generators_),
      publishing_(backend.context, backend.transitions, backend.events, backend.progress, generation_),
      planning_(backend.context, backend.events, backend.progress, backend.jobs, generation_, backend.articles,
                publishing_, clusterer_, idea_writer_),
      connections_(backend.context, connectors_),
      webhooks_(backend.context, backend.events, backend.progress, policy_),
      events_(backend.context, &webhook::event_body),
      sitemaps_(backend.context, page_cache_, site_),
      sessions_(backend.context, backend.accounts, backend.projects, backend.tokens, passwords_,
                registration_on(config, listener.local())),
      users_(backend.context, backend.accounts, passwords_,
             config.smtp ? service::Mailing::by_relay : service::Mailing::by_hand),
      authenticator_(backend.context, backend.tokens),
      readiness_(*backend.store, backend.clock),
      services_{.accounts = backend.accounts,
                .articles = backend.articles,
                .audits = backend.audits,
                .billing = planning_.billing,
                .clustering = planning_.clustering,
                .connections = connections_,
                .content = planning_.content,
                .events = events_,
                .generation = generation_,
                .ideas = planning_.ideas,
                .idempotency = backend.idempotency,
                .jobs = backend.jobs,
                .keys = backend.keys,
                .keywords = backend.keywords,
                .pages = pages_,
                .planner = backend.planner,
                .preferences = planning_.preferences,
                .projects = backend.projects,
                .publishing = publishing_,
                .sessions = sessions_,
                .sitemaps = sitemaps_,
                .status = planning_.status,
                .tasks = planning_.tasks,
                .users = users_,
                .webhooks = webhooks_,
                .health = readiness_,
                .documents = documents_,
                .clock = backend.clock},
      generate_(backend.context, backend.transitions, backend.progress, publishing_, generators_, {}),
      publish_(JobKind::publish, backend.context, backend.events, backend.transitions, backend.progress, connectors_,
               {.schedule = publishing_schedule(config.webhook_schedule)}),
      unpublish_(JobKind::unpublish, backend.context, backend.events, backend.transitions, backend.progress,
                 connectors_, {.schedule = publishing_schedule(config.webhook_schedule)}),
      replay_(backend.context, backend.events, backend.progress),
      pipeline_(services_, {&public_table(), &planner_table(), &ops_table(), &page_table()}, {&igny8_, &icf_},
                authenticator_, backend.plans, backend.ids, backend.clock, log,
                {.limits = {.public_pages = {.requests_per_minute = config.public_limit, .burst = config.public_limit}},
                 .cors_origins = config.cors_origins,
                 .trusted_proxies = config.trusted_proxies}),
      admin_pipeline_(services_, {&admin_table(), &ops_table()}, {&icf_}, authenticator_, backend.plans, backend.ids,
                      backend.clock, log, {}),
      threads_(config.threads),
      server_(
          threads_,
          [&] {
            std::vector<http::Listener> listeners;
            listeners.push_back(std::move(listener));
            return listeners;
          }(),
          connection_limits(config.threads), pipeline_, backend.clock, log),
      runner_(*backend.store, backend.clock, log, handlers_, threads_.executor(0)),
      // On another thread than the jobs where there is one: both may be busy.
      dispatcher_(threads_.executor(threads_.size() - 1), *backend.store, *client_, backend.clock, backend.ids, log,
                  config.webhook_schedule),
      retention_(backend.context, log, threads_.executor(0), config.retention),
      parts_(log, [this] { all_ended(); }) {
  if (config.smtp) {
    relay_ = std::make_unique<mail::SmtpRelay>(*config.smtp);
    mails_ = std::make_unique<service::MailService>(backend.context, *relay_, site_, log, threads_.executor(0));
  }
  if (!admin_listeners.empty())
    admin_server_ = std::make_unique<http::Server>(threads_, std::move(admin_listeners), http::Limits{},
                                                   admin_pipeline_, backend.clock, log);
  documents_.version = GALLEY_VERSION;
  documents_.openapi = std::make_shared<const std::string>(openapi_document());
  documents_.metrics = [this](std::string& out) { pipeline_.metrics().write(out); };
}

void ServerParts::all_ended() {
  for (std::size_t i = 0; i < threads_.size(); ++i)
    threads_.post(i, [this, i] { client_->close_idle(threads_.executor(i)); });
  threads_.post(0, [this] { threads_.stop(); });
}

Task<void> ServerParts::write_last_used() {
  for (;;) {
    boost::system::error_code stopped;
    ticker_->expires_after(last_used_interval);
    co_await ticker_->async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, stopped));
    const Result<void> written = co_await authenticator_.flush_last_used();
    if (!written) log_.write(LogLevel::warning, "keys' last use not written", {{"error", written.error().message}});
    if (stopped || stopping_.load()) co_return;
  }
}

void ServerParts::run(const std::function<void()>& ready) {
  set_memory_for_asio_aside();
  ticker_ = std::make_unique<boost::asio::steady_timer>(threads_.executor(0));
  parts_.add();  // the listeners
  if (admin_server_) parts_.add();
  parts_.spawn(threads_.executor(0), [this] { return runner_.run(); });
  parts_.spawn(threads_.executor(threads_.size() - 1), [this] { return dispatcher_.run(); });
  parts_.spawn(threads_.executor(0), [this] { return write_last_used(); });
  parts_.spawn(threads_.executor(0), [this] { return retention_.run(); });
  if (mails_) parts_.spawn(threads_.executor(0), [this] { return mails_->run(); });
  // Each thread opens its reader now: later there may be no descriptor left for it.
  for (std::size_t i = 0; i < threads_.size(); ++i)
    threads_.post(i, [this] {
      const auto opened = backend_.store->read([](const Transaction& t) { return t.accounts().all(1); });
      if (!opened) log_.write(LogLevel::error, "the database cannot be read", {{"cause", opened.error().cause}});
    });
  threads_.post(0, ready);
  threads_.run();
}

void ServerParts::stop() {
  if (stopping_.exchange(true)) return;
  readiness_.drain();
  log_.write(LogLevel::info, "draining");
  runner_.stop();
  dispatcher_.stop();
  retention_.stop();
  threads_.post(0, [this] { ticker_->cancel(); });
  if (mails_) mails_->stop();
  server_.drain(drain_grace, [this] { parts_.ended(); });
  if (admin_server_) admin_server_->drain(drain_grace, [this] { parts_.ended(); });
}

void ServerParts::stop_on_signals() {
  signals_ = std::make_unique<boost::asio::signal_set>(threads_.executor(0), SIGINT, SIGTERM);
  signals_->async_wait([this](const boost::system::error_code& failed, int) {
    if (!failed) stop();
  });
}

RunningServer::RunningServer(std::unique_ptr<ServerParts> parts) : parts_(std::move(parts)) {}
RunningServer::~RunningServer() = default;
const std::string& RunningServer::address() const {
  return parts_->address_;
}
const std::string& RunningServer::admin_address() const {
  return parts_->admin_address_;
}
void RunningServer::run(const std::function<void()>& ready) {
  parts_->run(ready);
}
void RunningServer::stop() {
  parts_->stop();
}
void RunningServer::stop_on_signals() {
  parts_->stop_on_signals();
}

Result<std::unique_ptr<RunningServer>> RunningServer::make(const Config& config, Backend& backend, Log& log) {
  std::vector<int> inherited = http::inherited_descriptors();
  http::Listener listener =
      GALLEY_TRY(inherited.empty() ? http::Listener::bind(config.listen) : http::Listener::adopt(inherited.front()));
  std::vector<http::Listener> admin_listeners;
  if (config.admin_listen) admin_listeners.push_back(GALLEY_TRY(http::Listener::bind(*config.admin_listen)));
  auto resolver = std::make_unique<net::SystemResolver>();
  net::ClientOptions options{.guard = net::EgressGuard(config.egress), .trusted_ca_file = config.trusted_ca_file};
  auto client = GALLEY_TRY(net::PooledHttpClient::create(std::move(options), *resolver, backend.clock));
  auto parts = std::make_unique<ServerParts>(config, backend, log, std::move(listener), std::move(admin_listeners),
                                             std::move(resolver), std::move(client));
  return std::unique_ptr<RunningServer>(new RunningServer(std::move(parts)));
}

}  // namespace galley::app
