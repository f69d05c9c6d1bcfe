#include "support/api_server.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <chrono>
#include <fstream>
#include <future>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "api/icf/endpoints.hpp"
#include "api/icf/icf_dialect.hpp"
#include "api/igny8/endpoints.hpp"
#include "api/igny8/igny8_dialect.hpp"
#include "api/ops/ops_endpoints.hpp"
#include "api/pages/page_endpoints.hpp"
#include "api/pages/page_files.hpp"
#include "api/pipeline.hpp"
#include "base/encoding.hpp"
#include "generation/clustering/lexical_clusterer.hpp"
#include "generation/keyword_ideas.hpp"
#include "generation/outline_writer.hpp"
#include "http/server.hpp"
#include "jobs/runner.hpp"
#include "net/pooled_http_client.hpp"
#include "net/resolver.hpp"
#include "service/account_service.hpp"
#include "service/article_service.hpp"
#include "service/article_transitions.hpp"
#include "service/audit_service.hpp"
#include "service/authenticator.hpp"
#include "service/connection_service.hpp"
#include "service/event_recorder.hpp"
#include "service/event_service.hpp"
#include "service/generate_handler.hpp"
#include "service/generation_service.hpp"
#include "service/idempotency.hpp"
#include "service/job_progress.hpp"
#include "service/job_service.hpp"
#include "service/keyword_service.hpp"
#include "service/planner_service.hpp"
#include "service/planning.hpp"
#include "service/project_service.hpp"
#include "service/publish_handler.hpp"
#include "service/publishing_service.hpp"
#include "service/replay_handler.hpp"
#include "service/session_service.hpp"
#include "service/sitemap_service.hpp"
#include "service/user_service.hpp"
#include "service/webhook_service.hpp"
#include "storage/sqlite_store.hpp"
#include "support/temp_store.hpp"
#include "webhook/body.hpp"
#include "webhook/dispatcher.hpp"
#include "webhook/endpoint_policy.hpp"
#include "webhook/webhook_connector.hpp"

namespace galley::test {

namespace {

net::EgressRules loopback_alone() {
  return {.allowed_networks = {*parse_cidr("127.0.0.1/32")}, .allow_insecure = true};
}

http::Listener bind_loopback() {
  auto listener = http::Listener::bind({"127.0.0.1", 0});
  if (!listener) throw std::runtime_error(listener.error().message);
  return *std::move(listener);
}

std::unique_ptr<storage::SqliteStore> open_store(const std::filesystem::path& folder) {
  auto opened = storage::SqliteStore::open(folder, test_key(), SystemClock().now());
  if (!opened) throw std::runtime_error(opened.error().message + " " + opened.error().cause);
  return *std::move(opened);
}

std::unique_ptr<net::PooledHttpClient> make_client(net::Resolver& resolver, const Clock& clock) {
  net::ClientOptions options{.guard = net::EgressGuard(loopback_alone())};
  auto client = net::PooledHttpClient::create(std::move(options), resolver, clock);
  if (!client) throw std::runtime_error(client.error().message);
  return *std::move(client);
}

class AlwaysReady final : public api::Health {
 public:
  Task<bool> ready() const override { co_return true; }
};

// Reads what others commit. Never writes: one connection alone may.
class TableReader {
 public:
  explicit TableReader(const std::filesystem::path& database) {
    if (sqlite3_open_v2(database.c_str(), &handle_, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK)
      throw std::runtime_error("the database does not open for reading");
    sqlite3_busy_timeout(handle_, 10'000);
  }
  ~TableReader() { sqlite3_close(handle_); }
  TableReader(const TableReader&) = delete;
  TableReader& operator=(const TableReader&) = delete;

  std::string dump() {
    const std::string version = query("PRAGMA data_version");
    // Unchanged since no other connection committed anything.
    if (version == version_) return last_;
    version_ = version;
    last_.clear();
    std::istringstream tables(
        query("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"));
    for (std::string line; std::getline(tables, line);) {
      std::istringstream rows(query("SELECT * FROM \"" + line + "\""));
      for (std::string row; std::getline(rows, row);)
        last_ += line + ": " + row + "\n";
    }
    return last_;
  }

 private:
  std::string query(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
      throw std::runtime_error(sqlite3_errmsg(handle_));
    std::string text;
    while (sqlite3_step(statement) == SQLITE_ROW) {
      for (int i = 0; i < sqlite3_column_count(statement); ++i) {
        const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, i));
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, i));
        if (i != 0) text += " | ";
        for (const char c : std::string_view(bytes == nullptr ? "" : bytes, size))
          text += c == '\n' ? ' ' : c;
      }
      text += '\n';
    }
    sqlite3_finalize(statement);
    return text;
  }

  sqlite3* handle_ = nullptr;
  std::string version_;
  std::string last_;
};

}  // namespace

// Members in the order in which they are needed: each uses those above it.
struct ApiServer::Parts {
  explicit Parts(ApiServerOptions given)
      : options(std::move(given)),
        clock(options.clock != nullptr ? *options.clock : system_clock),
        listener(bind_loopback()),
        address("http://" + http::to_text(listener.local())) {}
  ~Parts() {
    passwords.stop();
    planning.handler.stop();
    store->stop();
  }

  void start();
  void stop();
  void part_ended() {
    if (running.fetch_sub(1) == 1) threads.post(0, [this] { threads.stop(); });
  }

  ApiServerOptions options;
  SystemClock system_clock{};
  const Clock& clock;
  RandomIds ids{clock};
  TempFolder folder{};
  std::filesystem::path log_file = folder.path() / "log";
  int log_descriptor = ::open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  Log log{clock, log_descriptor, LogLevel::debug, LogFormat::logfmt};
  std::unique_ptr<storage::SqliteStore> store = open_store(folder.path() / "data");
  service::Context context{*store, clock, ids, options.plans};
  service::EventRecorder events{context};
  service::ArticleTransitions transitions{context, events};
  service::JobProgress progress{context, events};
  service::AuditService audits{context};
  service::Idempotency idempotency{context};
  service::KeyService keys{context};
  service::TokenService tokens{context};
  service::AccountService accounts{context, keys};
  service::ProjectService projects{context};
  service::KeywordService keywords{context};
  service::PlannerService planner_service{context, keywords};
  service::ArticleService articles{context, events, transitions};
  service::JobService jobs{context, progress, transitions};
  http::Listener listener;
  std::string address;
  net::EgressGuard guard{loopback_alone()};
  net::SystemResolver resolver{};
  std::unique_ptr<net::PooledHttpClient> client = make_client(resolver, clock);
  webhook::GuardedEndpoints policy{guard};
  webhook::WebhookConnector connector{*store, *client, guard, clock, ids, log};
  service::ConnectorTable connectors{&connector};
  generation::OutlineWriter outline{};
  service::GeneratorTable generators{&outline};
  service::GenerationService generation{context, events, transitions, progress, generators};
  service::PublishingService publishing{context, transitions, events, progress, generation};
  generation::LexicalClusterer clusterer{};
  generation::KeywordIdeas idea_writer{};
  service::Planning planning{context, events, progress, jobs, generation, articles, publishing, clusterer, idea_writer};
  service::ConnectionService connections{context, connectors};
  service::WebhookService webhooks{context, events, progress, policy};
  service::EventService event_streams{context, &webhook::event_body};
  sitemap::PageCache page_cache{};
  service::SitemapService sitemaps{context, page_cache, "https://galley.example"};
  service::PasswordPool passwords{1};
  service::SessionService sessions{context, accounts, projects, tokens, passwords, options.registration};
  service::UserService users{context, accounts, passwords, service::Mailing::by_hand};
  service::Authenticator authenticator{context, tokens};
  AlwaysReady readiness{};
  api::Documents documents{.version = "1.0.0"};
  api::pages::PageFiles pages{};
  api::Services services{.accounts = accounts,
                         .articles = articles,
                         .audits = audits,
                         .billing = planning.billing,
                         .clustering = planning.clustering,
                         .connections = connections,
                         .content = planning.content,
                         .events = event_streams,
                         .generation = generation,
                         .ideas = planning.ideas,
                         .idempotency = idempotency,
                         .jobs = jobs,
                         .keys = keys,
                         .keywords = keywords,
                         .pages = pages,
                         .planner = planner_service,
                         .preferences = planning.preferences,
                         .projects = projects,
                         .publishing = publishing,
                         .sessions = sessions,
                         .sitemaps = sitemaps,
                         .status = planning.status,
                         .tasks = planning.tasks,
                         .users = users,
                         .webhooks = webhooks,
                         .health = readiness,
                         .documents = documents,
                         .clock = clock};
  service::GenerateHandler generate{context, transitions, progress, publishing, generators, {}};
  service::PublishHandler publish{JobKind::publish, context, events, transitions, progress, connectors, {}};
  service::PublishHandler unpublish{JobKind::unpublish, context, events, transitions, progress, connectors, {}};
  service::ReplayHandler replay{context, events, progress};
  std::vector<JobHandler*> handlers{&generate, &publish, &unpublish, &replay, &planning.handler};
  api::EndpointTable table = api::icf::make_endpoints();
  api::EndpointTable planner = api::igny8::make_endpoints();
  api::EndpointTable ops = api::ops::make_ops_endpoints();
  api::EndpointTable docs = api::pages::make_page_endpoints();
  api::icf::IcfDialect icf{};
  api::igny8::Igny8Dialect igny8{};
  api::Pipeline pipeline{services,
                         {&table, &planner, &ops, &docs, &options.extra},
                         {&igny8, &icf},
                         authenticator,
                         options.plans,
                         ids,
                         clock,
                         log,
                         {.limits = {.unauthenticated = options.unauthenticated,
                                     .public_pages = options.public_pages,
                                     .throttle_factor = options.throttle_factor},
                          .cors_origins = options.cors_origins,
                          .trusted_proxies = options.trusted_proxies}};
  http::NetworkThreads threads{options.threads};
  std::unique_ptr<http::Server> server{};
  jobs::Runner runner{*store, clock, log, handlers, threads.executor(0), {.drain = std::chrono::seconds(5)}};
  webhook::Dispatcher dispatcher{
      threads.executor(threads.size() - 1), *store, *client, clock, ids, log, options.webhook_schedule};
  Tenant first{};
  Tenant second{};
  std::atomic<int> running{0};
  std::thread thread{};
  std::unique_ptr<TableReader> reader{};
};

void ApiServer::Parts::start() {
  const std::uint16_t port = listener.local().port;
  std::vector<http::Listener> listeners;
  listeners.push_back(std::move(listener));
  http::Limits limits;
  limits.tick = std::chrono::milliseconds(20);
  server = std::make_unique<http::Server>(threads, std::move(listeners), limits, pipeline, clock, log);
  if (server->local_addresses().front().port != port) throw std::logic_error("another port than was bound");
  running = options.works ? 3 : 1;
  const auto ended = [this](const std::exception_ptr& failed) {
    if (failed) std::rethrow_exception(failed);
    part_ended();
  };
  if (options.works) {
    boost::asio::co_spawn(threads.executor(0), runner.run(), ended);
    boost::asio::co_spawn(threads.executor(threads.size() - 1), dispatcher.run(), ended);
  }
  thread = std::thread([this] { threads.run(); });
}

void ApiServer::Parts::stop() {
  if (options.works) {
    runner.stop();
    dispatcher.stop();
  }
  server->drain(std::chrono::milliseconds(500), [this] {
    for (std::size_t i = 0; i < threads.size(); ++i)
      threads.post(i, [this, i] { client->close_idle(threads.executor(i)); });
    part_ended();
  });
  thread.join();
}

ApiServer::ApiServer(ApiServerOptions options) : parts_(std::make_unique<Parts>(std::move(options))) {
  Parts& parts = *parts_;
  for (Tenant* tenant : {&parts.first, &parts.second}) {
    const bool first = tenant == &parts.first;
    auto made = parts.store->write_and_wait([&](Transaction& transaction) -> Result<service::MadeUser> {
      return parts.accounts.create_user(
          transaction, {.email = first ? "one@example.com" : "two@example.com", .plan = Plan::agency}, "no password");
    });
    if (!made) throw std::runtime_error(made.error().message);
    tenant->account = made->account.id;
    tenant->owner = make_key(tenant->account, {.name = "owner", .role = Role::owner});
    tenant->admin = make_key(tenant->account, {.name = "admin", .role = Role::admin});
    tenant->editor = make_key(tenant->account, {.name = "editor", .role = Role::editor});
    tenant->viewer = make_key(tenant->account, {.name = "viewer", .role = Role::viewer});
    const auto spoil = [&](std::string_view name, const std::function<void(ApiKey&)>& change) {
      std::string text;
      const auto done = parts.store->write_and_wait([&](Transaction& transaction) -> Result<void> {
        service::MadeKey key = GALLEY_TRY(parts.keys.make(transaction, service::operator_of(tenant->account),
                                                          {.name = std::string(name), .role = Role::owner}));
        change(key.key);
        text = key.secret.reveal();
        return transaction.api_keys().update(key.key);
      });
      if (!done) throw std::runtime_error(done.error().message);
      return text;
    };
    const Time earlier = parts.clock.now() - std::chrono::hours(1);
    tenant->expired = spoil("expired", [&](ApiKey& key) { key.expires_at = earlier; });
    tenant->revoked = spoil("revoked", [&](ApiKey& key) { key.revoked_at = earlier; });
  }
  parts.start();
}

ApiServer::~ApiServer() {
  parts_->stop();
}

std::uint16_t ApiServer::port() const {
  return parts_->server->local_addresses().front().port;
}
std::string ApiServer::address() const {
  return parts_->address;
}
const Tenant& ApiServer::first() const {
  return parts_->first;
}
const Tenant& ApiServer::second() const {
  return parts_->second;
}
Store& ApiServer::store() {
  return *parts_->store;
}

std::string ApiServer::make_key(const AccountId& account, const service::KeyDraft& draft) {
  const auto made = parts_->store->write_and_wait(
      [&](Transaction& transaction) { return parts_->keys.make(transaction, service::operator_of(account), draft); });
  if (!made) throw std::runtime_error(made.error().message);
  return std::string(made->secret.reveal());
}

void ApiServer::make_user(const AccountId& account, const std::string& email, const std::string& password, Role role) {
  const std::string hash = hash_password(Secret(password));
  const auto made = parts_->store->write_and_wait([&](Transaction& transaction) {
    return parts_->accounts.create_user(transaction, {.email = email, .role = role, .account = account.text()}, hash);
  });
  if (!made) throw std::runtime_error(made.error().message);
}

void ApiServer::change_user(const std::string& email, const std::function<void(User&)>& edit) {
  const auto done = parts_->store->write_and_wait(
      [&](Transaction& transaction) { return parts_->accounts.change_user(transaction, email, edit, "test"); });
  if (!done) throw std::runtime_error(done.error().message);
}

std::string ApiServer::make_reset_link(const std::string& email) {
  const auto link = parts_->store->write_and_wait(
      [&](Transaction& transaction) { return parts_->users.make_reset_link(transaction, email); });
  if (!link) throw std::runtime_error(link.error().message);
  return std::string(link->token.reveal());
}

void ApiServer::rotate_signing_key() {
  const auto done =
      parts_->store->write_and_wait([&](Transaction& transaction) { return parts_->tokens.rotate_key(transaction); });
  if (!done) throw std::runtime_error(done.error().message);
}

void ApiServer::set_plan(const AccountId& account, Plan plan) {
  const auto done = parts_->store->write_and_wait(
      [&](Transaction& transaction) { return parts_->accounts.set_plan(transaction, account.text(), plan); });
  if (!done) throw std::runtime_error(done.error().message);
}

void ApiServer::fail_delivery(const AccountId& account, const std::string& id) {
  const auto done = parts_->store->write_and_wait([&](Transaction& transaction) -> Result<void> {
    Delivery delivery = GALLEY_TRY(transaction.deliveries().find(account, DeliveryId(id)));
    delivery.status = DeliveryStatus::failed;
    delivery.next_attempt_at.reset();
    delivery.finished_at = parts_->clock.now();
    return transaction.deliveries().update(delivery);
  });
  if (!done) throw std::runtime_error(done.error().message);
}

std::string ApiServer::dump() const {
  if (!parts_->reader) parts_->reader = std::make_unique<TableReader>(parts_->folder.path() / "data" / "galley.db");
  return parts_->reader->dump();
}

std::string ApiServer::log_up_to(std::string_view mark) const {
  std::string text;
  wait_until([&] {
    std::ifstream file(parts_->log_file);
    std::ostringstream all;
    all << file.rdbuf();
    text = all.str();
    return text.find(mark) != std::string::npos;
  });
  return text;
}

void wait_until(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) throw std::runtime_error("the condition never held");
    std::this_thread::yield();
  }
}

}  // namespace galley::test
