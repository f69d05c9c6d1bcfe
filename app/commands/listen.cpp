#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <utility>

#include "app/commands/moment.hpp"
#include "app/commands/syntax.hpp"
#include "app/listen/forwarder.hpp"
#include "app/listen/hearing.hpp"
#include "app/listen/project_stream.hpp"
#include "domain/webhook.hpp"
#include "net/pooled_http_client.hpp"
#include "net/resolver.hpp"
#include "service/webhook_secret.hpp"

namespace galley::app {

namespace {

struct Options {
  std::string forward;
  std::string server = "http://127.0.0.1:8080";
  std::string key;
  std::string project;
  std::string events;
  std::string since;
  std::string secret;
  std::string trusted_ca;
  bool no_follow = false;
};

// What was checked.
struct Order {
  StreamOrder stream;
  std::optional<net::Url> target{};
  Secret secret{};
  bool secret_is_new = false;
  net::ClientOptions client{};
};

std::vector<std::string> split(const std::string& names) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin < names.size();) {
    const std::size_t end = std::min(names.find(',', begin), names.size());
    if (end > begin) parts.push_back(names.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

Secret from_environment(const char* name, const std::string& given) {
  if (!given.empty()) return Secret(given);
  const char* set = std::getenv(name);
  return Secret(set == nullptr ? "" : set);
}

Result<std::string> since_of(const std::string& text, Time now) {
  if (text.empty()) return std::string();
  if (const std::optional<Time> time = parse_rfc3339(text)) return to_rfc3339(*time);
  if (const std::optional<std::chrono::seconds> duration = parse_duration(text)) return to_rfc3339(now - *duration);
  return invalid("--since", "must be a time such as 2026-01-31T08:00:00Z or a duration such as 2h");
}

Result<net::Url> url_of(const std::string& name, const std::string& text) {
  Result<net::Url> url = net::parse_url(text);
  if (url) return url;
  std::vector<FieldError> fields = url.error().fields;
  for (FieldError& field : fields)
    field.field = name;
  return invalid(std::move(fields));
}

Result<Order> check(const Options& options, Time now) {
  Order order;
  std::vector<FieldError> faults;
  order.stream.key = from_environment("GALLEY_API_KEY", options.key);
  if (order.stream.key.empty())
    faults.push_back({"--key", "is missing: give an API key (galley key create), or set GALLEY_API_KEY"});
  const Result<net::Url> server = url_of("--server", options.server);
  if (server)
    order.stream.server = server->origin();
  else
    gather_fields(server, faults);
  if (server && server->target != "/") faults.push_back({"--server", "must have no path"});
  if (!options.forward.empty()) {
    Result<net::Url> target = url_of("--forward", options.forward);
    gather_fields(target, faults);
    if (target) order.target = *std::move(target);
  }
  order.stream.project = options.project;
  order.stream.events = split(options.events);
  const Result<std::string> since = since_of(options.since, now);
  gather_fields(since, faults);
  if (since) order.stream.since = *since;
  order.stream.follow = !options.no_follow;
  order.secret = from_environment("GALLEY_WEBHOOK_SECRET", options.secret);
  order.secret_is_new = order.secret.empty();
  if (order.secret_is_new)
    order.secret = new_webhook_secret();
  else if (!service::check_webhook_secret(order.secret))
    faults.push_back({"--secret", "must be 16 to 200 printable ASCII characters"});
  if (!faults.empty()) return invalid(std::move(faults));
  // Where the person at this machine wants to go is his own decision.
  net::EgressRules rules;
  rules.allow_insecure = true;
  rules.allowed_networks = {{net::Address(boost::asio::ip::address_v4()), 0},
                            {net::Address(boost::asio::ip::address_v6()), 0}};
  order.client.guard = net::EgressGuard(std::move(rules));
  if (!options.trusted_ca.empty()) order.client.trusted_ca_file = options.trusted_ca;
  return order;
}

// Lives on one thread; signals end it.
class Listening {
 public:
  Listening(Session& session, Order order, net::HttpClient& client, const Clock& clock)
      : session_(session), order_(std::move(order)), client_(client), clock_(clock), ids_(clock) {
    if (order_.target) forwarder_.emplace(client_, clock, ids_, *order_.target, order_.secret);
  }

  Exit run() {
    boost::asio::signal_set signals(context_, SIGINT, SIGTERM);
    signals.async_wait([this](const boost::system::error_code& failed, int) {
      if (!failed) context_.stop();
    });
    boost::asio::co_spawn(context_, listen(), [this](const std::exception_ptr& bug, Exit outcome) {
      if (bug) std::rethrow_exception(bug);
      outcome_ = outcome;
      context_.stop();
    });
    context_.run();
    return outcome_;
  }

 private:
  Task<Exit> listen() {
    if (order_.stream.project.empty()) {
      const Result<std::string> only = co_await only_project(client_, order_.stream.server, order_.stream.key);
      if (!only) co_return report(only.error(), session_.terminal);
      order_.stream.project = *only;
    }
    stream_.emplace(client_, clock_, context_.get_executor(), order_.stream,
                    [this](const std::string& why) { tell(why); });
    boost::asio::co_spawn(context_, stream_->run(), [](const std::exception_ptr& bug) {
      if (bug) std::rethrow_exception(bug);
    });
    bool all_taken = true;
    for (;;) {
      Result<std::optional<net::ServerSentEvent>> next = co_await stream_->next();
      if (!next) co_return report(next.error(), session_.terminal);
      if (!*next) co_return all_taken ? Exit::done : Exit::failed;
      Heard heard{.event = **std::move(next)};
      const std::optional<EventType> type = from_text<EventType>(heard.event.name);
      if (forwarder_ && !type)
        session_.terminal.err << "galley: " << heard.event.name
                              << " is not forwarded: this program is too old for it\n";
      if (forwarder_ && type)
        heard.forwarded = co_await forwarder_->forward(EventId(heard.event.id), *type, heard.event.data);
      all_taken = all_taken && heard.taken();
      session_.terminal.out << line_of(heard, session_.json) << std::endl;
    }
  }

  void tell(const std::string& why) {
    std::ostream& err = session_.terminal.err;
    if (!why.empty()) {
      err << "galley: no connection: " << why << " Trying again.\n";
      return;
    }
    err << "listening to " << order_.stream.project << " on " << order_.stream.server;
    if (order_.target) err << ", forwarding to " << order_.target->text();
    err << '\n';
    if (order_.target && std::exchange(order_.secret_is_new, false))
      err << "the requests are signed with " << order_.secret.reveal() << '\n';
    err << std::flush;
  }

  Session& session_;
  Order order_;
  net::HttpClient& client_;
  const Clock& clock_;
  RandomIds ids_;
  std::optional<Forwarder> forwarder_;
  std::optional<ProjectStream> stream_;
  Exit outcome_ = Exit::done;  // of an interruption
  // The last: what waits in it refers to all of the above.
  boost::asio::io_context context_{1};
};

Exit listen(Session& session, const Options& options) {
  const SystemClock clock;
  Result<Order> order = check(options, clock.now());
  if (!order) return report(order.error(), session.terminal);
  net::SystemResolver resolver;
  const auto client = net::PooledHttpClient::create(std::move(order->client), resolver, clock);
  if (!client) return report(client.error(), session.terminal);
  return Listening(session, *std::move(order), **client, clock).run();
}

}  // namespace

void declare_listen(Syntax syntax) {
  // Owners: the options on the command line and the function that runs.
  const auto options = std::make_shared<Options>();
  syntax.option("--forward", options->forward,
                "Where each event is sent as a webhook, signed, once: http://localhost:3000/hook.");
  syntax.option("--server", options->server, "The server whose events are heard.").shows_default();
  syntax.option("--key", options->key, "An API key; GALLEY_API_KEY says it without showing it to others.");
  syntax.option("--project", options->project, "Id; may be left out where the key sees one project alone.");
  syntax.option("--events", options->events, "Only these, with commas: article.*,job.completed. Default: all.");
  syntax.option("--since", options->since,
                "Begin with what happened since a time, or for so long: 2h, 7d. Default: from now on.");
  syntax.option("--secret", options->secret,
                "What the requests are signed with, or GALLEY_WEBHOOK_SECRET. Default: one is made and printed.");
  syntax.option("--trusted-ca", options->trusted_ca, "PEM file of an authority to trust beside the system's.");
  syntax.flag("--no-follow", options->no_follow,
              "End behind what has happened so far; 1 where something was not taken with a status of 2xx.");
  syntax.runs([options](Session& session) { return listen(session, *options); });
}

}  // namespace galley::app
