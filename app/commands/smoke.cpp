#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <iostream>
#include <thread>

#include "app/commands/syntax.hpp"
#include "app/smoke/chain.hpp"
#include "app/wiring.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "http/server.hpp"
#include "net/pooled_http_client.hpp"
#include "net/resolver.hpp"
#include "storage/inspection.hpp"

namespace galley::app {

namespace {

class TemporaryFolder {
 public:
  static Result<std::unique_ptr<TemporaryFolder>> make() {
    std::error_code problem;
    std::string name = (std::filesystem::temp_directory_path(problem) / "galley-smoke-XXXXXX").string();
    if (problem || ::mkdtemp(name.data()) == nullptr)
      return unavailable("No temporary folder can be made; TMPDIR says where.");
    return std::unique_ptr<TemporaryFolder>(new TemporaryFolder(name));
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

// One line a step, with the time since the last one.
class Report {
 public:
  Report(Session& session, const Clock& clock) : session_(session), clock_(clock), since_(clock.instant()) {}

  // False where it failed.
  bool step(std::string_view name, const Result<std::string>& outcome) {
    const Instant now = clock_.instant();
    const double milliseconds = std::chrono::duration<double, std::milli>(now - since_).count();
    since_ = now;
    const std::string words = outcome ? *outcome : reason_of(outcome.error());
    std::ostream& out = session_.terminal.out;
    if (session_.json) {
      std::string line;
      json::Writer(line)
          .begin_object()
          .member("step", name)
          .member("ok", outcome.has_value())
          .member("milliseconds", milliseconds)
          .member(outcome ? "seen" : "reason", words)
          .end_object();
      out << line << '\n';
    } else {
      char head[64];
      std::snprintf(head, sizeof head, "%-6s %9.1f ms  %-18.*s  ", outcome ? "ok" : "FAILED", milliseconds,
                    static_cast<int>(name.size()), name.data());
      out << head << words << '\n';
    }
    out << std::flush;
    return outcome.has_value();
  }

 private:
  static std::string reason_of(const Error& error) {
    std::string reason = error.message;
    for (const FieldError& field : error.fields)
      reason += " " + field.field + " " + field.reason + ".";
    if (!error.cause.empty()) reason += " Cause: " + error.cause;
    return reason;
  }

  Session& session_;
  const Clock& clock_;
  Instant since_;
};

Config loopback_config(const std::filesystem::path& folder) {
  Config config;
  config.data = folder;
  config.listen = {"127.0.0.1", 0};
  config.threads = 2;
  // The receiver speaks http on this machine.
  config.egress.allow_insecure = true;
  config.egress.allowed_networks = {{net::Address(boost::asio::ip::address_v4::loopback()), 32}};
  return config;
}

// A server on a thread of its own, stopped when this goes.
class Instance {
 public:
  static Result<std::unique_ptr<Instance>> start(const Config& config, Log& log) {
    std::unique_ptr<Instance> instance(new Instance(config.data));
    instance->backend_ = GALLEY_TRY(Backend::open(config));
    Backend& backend = *instance->backend_;
    auto first = GALLEY_TRY(backend.store->write_and_wait([&](Transaction& transaction) {
      // Nobody signs in with a password here.
      return backend.accounts.first_start(transaction, "smoke@localhost", hash_password(Secret(random_bytes(16))));
    }));
    if (!first) return internal_error("the new folder has an account already");
    instance->key_ = first->key.secret;
    instance->server_ = GALLEY_TRY(RunningServer::make(config, backend, log));
    instance->thread_ = std::thread([raw = instance.get()] { raw->run(); });
    GALLEY_TRY(instance->ready_.get_future().get());
    return instance;
  }
  ~Instance() { stop(); }

  const std::string& address() const { return server_->address(); }
  const Secret& key() const { return key_; }
  // Drains and closes. An error where the server ended by itself, or leaves a database that is not sound.
  Result<std::string> stop() {
    if (!thread_.joinable()) return "stopped already";
    server_->stop();
    thread_.join();
    server_.reset();
    backend_.reset();
    if (failure_) return *failure_;
    const storage::Inspection inspection = GALLEY_TRY(storage::inspect(folder_));
    if (!inspection.faults.empty()) return internal_error(inspection.faults.front());
    return "the database is sound";
  }

 private:
  explicit Instance(std::filesystem::path folder) : folder_(std::move(folder)) {}
  void run() {
    bool is_ready = false;
    try {
      server_->run([&] {
        is_ready = true;
        ready_.set_value(Result<void>());
      });
    } catch (const std::exception& bug) {
      failure_ = internal_error(bug.what());
      if (!is_ready) ready_.set_value(*failure_);
    }
  }

  std::filesystem::path folder_;
  std::unique_ptr<Backend> backend_;
  Secret key_;
  std::unique_ptr<RunningServer> server_;
  std::promise<Result<void>> ready_;
  std::optional<Error> failure_;
  std::thread thread_;
};

// Keeps signals, from its beginning on, from ending the process before it has cleaned up.
class Interruption {
 public:
  Interruption() {
    signals_.async_wait([this](const boost::system::error_code& failed, int) { came_ = came_ || !failed; });
  }
  bool came() {
    context_.poll();
    return came_;
  }

 private:
  boost::asio::io_context context_{1};
  boost::asio::signal_set signals_{context_, SIGINT, SIGTERM};
  bool came_ = false;
};

// The customer's side: the receiver and the program that goes the chain, both on one thread.
class Customer {
 public:
  static Result<std::unique_ptr<Customer>> make(const Instance& instance, const Clock& clock, Log& log) {
    std::unique_ptr<Customer> customer(new Customer);
    net::EgressRules rules;
    rules.allow_insecure = true;
    rules.allowed_networks = {{net::Address(boost::asio::ip::address_v4::loopback()), 32}};
    net::ClientOptions options{.guard = net::EgressGuard(std::move(rules))};
    customer->client_ = GALLEY_TRY(net::PooledHttpClient::create(std::move(options), customer->resolver_, clock));
    std::vector<http::Listener> listeners;
    listeners.push_back(GALLEY_TRY(http::Listener::bind({"127.0.0.1", 0})));
    customer->address_ = "http://" + http::to_text(listeners.front().local());
    customer->server_ = std::make_unique<http::Server>(customer->threads_, std::move(listeners), http::Limits{},
                                                       customer->receiver_, clock, log);
    customer->chain_ = std::make_unique<Chain>(*customer->client_, instance.address(), instance.key(),
                                               customer->receiver_, customer->address_);
    return customer;
  }

  // Whether all steps went well. Ends early, and says so, where somebody interrupts or did so before.
  bool go(Report& report, Interruption& interruption) {
    boost::asio::signal_set signals(threads_.executor(0), SIGINT, SIGTERM);
    signals.async_wait([&](const boost::system::error_code& failed, int) {
      if (failed) return;
      report.step("interrupted", unavailable("It was interrupted."));
      threads_.stop();
    });
    if (interruption.came()) {
      report.step("interrupted", unavailable("It was interrupted."));
      return false;
    }
    bool went_well = false;
    boost::asio::co_spawn(threads_.executor(0), take_steps(report), [&](const std::exception_ptr& bug, bool outcome) {
      if (bug) std::rethrow_exception(bug);
      went_well = outcome;
      threads_.stop();
    });
    threads_.run();
    return went_well;
  }

 private:
  Customer() = default;
  Task<bool> take_steps(Report& report) {
    for (const Chain::Step& step : Chain::steps()) {
      const Chain::Outcome outcome = co_await (*chain_.*step.run)();
      if (!report.step(step.name, outcome)) co_return false;
    }
    co_return true;
  }

  net::SystemResolver resolver_;
  std::unique_ptr<net::PooledHttpClient> client_;
  Receiver receiver_;
  std::string address_;
  std::unique_ptr<Chain> chain_;
  http::NetworkThreads threads_{1};
  std::unique_ptr<http::Server> server_;
};

Exit smoke(Session& session) {
  const SystemClock clock;
  Log log(clock, 2, LogLevel::warning, LogFormat::logfmt);
  Report report(session, clock);
  Interruption interruption;
  const auto folder = TemporaryFolder::make();
  if (!folder) return galley::app::report(folder.error(), session.terminal);
  auto instance = Instance::start(loopback_config((*folder)->path() / "data"), log);
  Result<std::string> started = instance ? Result<std::string>((*instance)->address()) : instance.error();
  if (!report.step("start", started)) return Exit::failed;
  bool went_well = false;
  {
    const auto customer = Customer::make(**instance, clock, log);
    if (!customer) return galley::app::report(customer.error(), session.terminal);
    went_well = (*customer)->go(report, interruption);
  }
  const bool drained = report.step("drain", (*instance)->stop());
  return went_well && drained ? Exit::done : Exit::failed;
}

}  // namespace

void declare_smoke(Syntax syntax) {
  syntax.runs(&smoke);
}

}  // namespace galley::app
