// What a test of the services needs: the real store with two tenants, every service, the real runner with scripted
// peers, and a subscription that hears every event.
#pragma once

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "jobs/runner.hpp"
#include "service/account_service.hpp"
#include "service/article_service.hpp"
#include "service/authenticator.hpp"
#include "service/connection_service.hpp"
#include "service/generate_handler.hpp"
#include "service/generation_service.hpp"
#include "service/job_service.hpp"
#include "service/key_service.hpp"
#include "service/keyword_service.hpp"
#include "service/project_service.hpp"
#include "service/publish_handler.hpp"
#include "service/publishing_service.hpp"
#include "service/replay_handler.hpp"
#include "service/session_service.hpp"
#include "service/sitemap_service.hpp"
#include "service/webhook_service.hpp"
#include "support/gate.hpp"
#include "support/manual_clock.hpp"
#include "support/run_task.hpp"
#include "support/scripted_connector.hpp"
#include "support/scripted_generator.hpp"
#include "support/scripted_policy.hpp"
#include "support/sequence_ids.hpp"
#include "support/temp_store.hpp"

namespace galley::test {

// Counts what is at work.
class WatchedHandler final : public JobHandler {
 public:
  explicit WatchedHandler(JobHandler& handler) : handler_(handler) {}
  JobKind kind() const override { return handler_.kind(); }
  int limit() const override { return handler_.limit(); }
  std::chrono::seconds hold() const override { return handler_.hold(); }
  Task<Result<void>> run(JobItem item) override {
    ++running;
    Result<void> result = co_await handler_.run(std::move(item));
    --running;
    if (!result) ++unwritten;
    co_return result;
  }
  int running = 0;
  int unwritten = 0;  // came back with an error, which leaves the item to its lease

 private:
  JobHandler& handler_;
};

class ServiceBench {
 public:
  ServiceBench() {
    store.write([&](Transaction& transaction) { return fill(transaction); });
  }

  template <class T>
  T run(Task<T> task) {
    return run_task(context, std::move(task));
  }
  // What must succeed: what a test stands on.
  template <class T>
  T must(Task<Result<T>> task) {
    return must(run(std::move(task)));
  }
  template <class T>
  T must(Result<T> result) {
    if (!result) {
      std::string fields;
      for (const FieldError& field : result.error().fields)
        fields += " [" + field.field + " " + field.reason + "]";
      throw std::runtime_error(result.error().message + " " + result.error().cause + fields);
    }
    return *std::move(result);
  }

  Article make_article(const std::string& title, ArticleStatus status = ArticleStatus::ready) {
    const service::ArticleDraft draft{.text = {.title = title, .markdown = "Some text.\n"}, .status = status};
    return must(articles.create(owner, project.id, draft)).article;
  }
  Connection make_connection(const std::string& name) {
    json::Object settings;
    settings.emplace_back("url", json::Value(std::string("https://cms.example/hook")));
    const service::ConnectionDraft draft{.name = name, .settings = json::Value(std::move(settings))};
    return must(connections.create(owner, project.id, draft));
  }
  Article article(const ArticleId& id) { return must(articles.get(owner, id)).article; }
  std::vector<Publication> publications_of(const ArticleId& id) { return must(articles.get(owner, id)).publications; }
  Keyword keyword(const KeywordId& id) { return must(keywords.get(owner, id)); }
  QuotaUsage usage() { return must(accounts.get(owner)).quota.usage; }
  std::optional<JobItem> last_item(const ArticleId& id, JobKind kind) {
    return must(store->read(
        [&](const Transaction& transaction) { return transaction.jobs().last_item(owner.account, id, kind); }));
  }
  std::vector<SitemapPage> sitemap_pages() {
    return must(
        store->read([&](const Transaction& transaction) { return transaction.sitemap_pages().pages(project.id); }));
  }
  // Rises with every change of the project's public pages.
  std::int64_t sitemap_generation() {
    std::int64_t sum = 0;
    for (const SitemapPage& page : sitemap_pages())
      sum += page.generation;
    return sum;
  }

  // Events of the project since the last call, oldest first.
  std::vector<Event> heard() {
    std::vector<Event> news;
    PageRequest page{.size = PageRequest::max_size, .sort = {.descending = false}};
    std::size_t number = 0;
    do {
      const Page<Delivery> found = must(webhooks.deliveries(owner, probe, {}, page));
      for (const Delivery& delivery : found.rows)
        if (number++ >= heard_) news.push_back(find_event(delivery.event));
      page.after = found.next;
    } while (page.after);
    heard_ = number;
    return news;
  }
  // Their names alone.
  std::vector<std::string> told() {
    std::vector<std::string> names;
    for (const Event& event : heard())
      names.emplace_back(to_text(event.type));
    return names;
  }
  Event find_event(const EventId& id) {
    return must(
        store->read([&](const Transaction& transaction) { return transaction.events().find(owner.account, id); }));
  }

  // Drives the loop until it holds; throws after ten seconds.
  void run_until(const std::function<bool()>& holds) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    context.restart();
    while (!holds())
      if (context.run_one_until(end) == 0 && !holds()) throw std::logic_error("it did not happen in time");
  }
  // Runs what is due, with a runner that ends when nothing is.
  void work();

  // First, so that it goes last: the store's thread posts to it.
  boost::asio::io_context context{1};
  TempStore store{};
  ManualClock clock{};
  SequenceIds ids{};
  PlanTable plans{};
  Log log{clock, -1, LogLevel::error, LogFormat::logfmt};
  ScriptedGenerator generator{"scripted"};
  ScriptedGenerator sketcher{"sketcher", false};
  ScriptedConnector connector{};
  ScriptedPolicy policy{};
  service::Context parts{*store, clock, ids, plans};
  service::EventRecorder events{parts};
  service::ArticleTransitions transitions{parts, events};
  service::JobProgress progress{parts, events};
  service::GeneratorTable generators{&generator, &sketcher};
  service::ConnectorTable connectors{&connector};
  service::KeyService keys{parts};
  service::AccountService accounts{parts, keys};
  service::ProjectService projects{parts};
  service::KeywordService keywords{parts};
  service::ArticleService articles{parts, events, transitions};
  service::GenerationService generation{parts, events, transitions, progress, generators};
  service::PublishingService publishing{parts, transitions, events, progress, generation};
  service::ConnectionService connections{parts, connectors};
  service::WebhookService webhooks{parts, events, progress, policy};
  service::JobService jobs{parts, progress, transitions};
  service::GenerateHandler generate{parts, transitions, progress, publishing, generators, {}};
  service::PublishHandler publish{JobKind::publish,        parts, events, transitions, progress, connectors,
                                  {.schedule = schedule()}};
  service::PublishHandler unpublish{JobKind::unpublish,      parts, events, transitions, progress, connectors,
                                    {.schedule = schedule()}};
  WatchedHandler watched_generate{generate};
  WatchedHandler watched_publish{publish};
  WatchedHandler watched_unpublish{unpublish};
  service::ReplayHandler replay{parts, events, progress, {.events_a_step = 2, .most_pending = 3}};
  std::vector<JobHandler*> handlers{&watched_generate, &watched_publish, &watched_unpublish, &replay};

  Account account{};
  Project project{};
  Project other_project{};  // of the same account
  Project foreign{};        // of the stranger's
  WebhookId probe{};
  service::Actor owner{};
  service::Actor bound{};  // an admin's key that is bound to other_project
  service::Actor stranger{};

  static std::vector<std::chrono::seconds> schedule() {
    return {std::chrono::seconds(5), std::chrono::minutes(5), std::chrono::minutes(30)};
  }
  int running() const { return watched_generate.running + watched_publish.running + watched_unpublish.running; }
  int unwritten() const { return watched_generate.unwritten + watched_publish.unwritten + watched_unpublish.unwritten; }

 private:
  Result<void> fill(Transaction& transaction) {
    account = make_account(1);
    account.plan = Plan::agency;
    const Account other = make_account(2);
    GALLEY_TRY(transaction.accounts().insert(account));
    GALLEY_TRY(transaction.accounts().insert(other));
    project = make_project(1, account.id);
    project.target_domain = "https://site.example";
    other_project = make_project(2, account.id);
    foreign = make_project(3, other.id);
    for (const Project* made : {&project, &other_project, &foreign})
      GALLEY_TRY(transaction.projects().insert(*made, Secret("project-secret-" + made->id.text())));
    Webhook webhook;
    webhook.id = probe = numbered<WebhookId>(1);
    webhook.account = account.id;
    webhook.project = project.id;
    webhook.url = "https://probe.example/";
    webhook.events = {"*"};
    GALLEY_TRY(transaction.webhooks().insert(webhook, std::nullopt));
    owner = {.account = account.id, .plan = account.plan, .role = Role::owner, .user = numbered<UserId>(1)};
    bound = {.account = account.id,
             .plan = account.plan,
             .role = Role::admin,
             .project = other_project.id,
             .key = numbered<ApiKeyId>(1)};
    stranger = {.account = other.id, .plan = other.plan, .role = Role::owner, .user = numbered<UserId>(2)};
    return {};
  }

  bool idle() {
    if (running() > 0) return false;
    return must(store->read([&](const Transaction& transaction) -> Result<bool> {
      for (const auto& [kind, name] : Names<JobKind>::all) {
        const std::optional<Time> due = GALLEY_TRY(transaction.jobs().next_due(kind, clock.now()));
        if (due && *due <= clock.now()) return false;
      }
      return true;
    }));
  }
  // Everything that was begun comes to rest but for timers: what was given to the writer before is done before.
  void settle() {
    for (int round = 0; round < 3; ++round) {
      const auto nothing = [](Transaction&) -> Result<int> { return 0; };
      run(store->write(nothing)).value();
      context.restart();
      while (context.poll() > 0) {
      }
    }
  }

  std::size_t heard_ = 0;

  friend class Working;
};

// A runner at work; stopped and run to its end when this goes.
class Working {
 public:
  explicit Working(ServiceBench& bench)
      : bench_(bench), runner_(*bench.store, bench.clock, bench.log, bench.handlers, bench.context.get_executor(), {}) {
    boost::asio::co_spawn(bench.context, runner_.run(), [this](std::exception_ptr) { ended_ = true; });
  }
  ~Working() {
    runner_.stop();
    bench_.run_until([this] { return ended_; });
  }
  Working(const Working&) = delete;
  Working& operator=(const Working&) = delete;

  void until_idle() {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    do {
      bench_.settle();
      if (std::chrono::steady_clock::now() > end) throw std::logic_error("the runner did not come to rest in time");
    } while (!bench_.idle());
  }

 private:
  ServiceBench& bench_;
  jobs::Runner runner_;
  bool ended_ = false;
};

inline void ServiceBench::work() {
  Working working(*this);
  working.until_idle();
}

// The detail of that name, or an empty text.
inline std::string detail_of(const Error& error, std::string_view name) {
  for (const Detail& found : error.details)
    if (found.name == name) {
      if (const auto* text = get_if<std::string>(&found.value)) return *text;
      if (const auto* number = get_if<std::int64_t>(&found.value)) return std::to_string(*number);
      std::string joined;
      for (const std::string& part : get<std::vector<std::string>>(found.value))
        joined += (joined.empty() ? "" : " ") + part;
      return joined;
    }
  return {};
}

inline std::int64_t count_jobs(ServiceBench& bench) {
  return bench.must(bench.jobs.list(bench.owner, std::nullopt, {})).total;
}

// The names of the bad fields, in order.
inline std::vector<std::string> fields_of(const Error& error) {
  std::vector<std::string> names;
  for (const FieldError& field : error.fields)
    names.push_back(field.field);
  return names;
}

using Texts = std::vector<std::string>;

}  // namespace galley::test
