#include "webhook/dispatcher.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <utility>

#include "net/url.hpp"
#include "webhook/request.hpp"

namespace galley::webhook {

namespace {

// After a failed lease, and while what is due belongs to endpoints that have no room: often enough, and no busy loop.
constexpr std::chrono::milliseconds pause_between_looks{1000};
constexpr std::chrono::milliseconds shortest_pause{20};
// Of a lane that is new: what it takes then follows how the endpoint answers.
constexpr std::int64_t first_room = 8;

}  // namespace

Dispatcher::Dispatcher(boost::asio::any_io_executor executor, Store& store, net::HttpClient& client, const Clock& clock,
                       IdSource& ids, Log& log, RetrySchedule schedule, DispatcherLimits limits)
    : executor_(executor),
      store_(store),
      client_(client),
      clock_(clock),
      ids_(ids),
      log_(log),
      schedule_(std::move(schedule)),
      limits_(limits),
      owner_(ids.make_text("disp")),
      alarm_(std::move(executor)),
      wall_time_(clock.now()),
      looked_at_(clock.instant()) {}

void Dispatcher::stop() {
  stopping_ = true;
  alarm_.ring();
}

Task<> Dispatcher::run() {
  const ChangeFeed::Subscription subscription =
      store_.changes().subscribe(std::string(topic::deliveries), [alarm = alarm_] { alarm.ring(); });
  while (!stopping_) {
    co_await look_after_leases();
    start_all();  // a rate may let the next one go
    const bool more = co_await lease_due();
    start_all();
    if (more && may_lease()) continue;
    co_await alarm_.sleep(time_to_sleep());
  }
  for (auto& [id, lane] : lanes_)
    lane.give_up();
  while (in_flight_ > 0 || recorder_runs_)
    co_await alarm_.sleep(limits_.longest_sleep);
  co_await release_all();
  lanes_.clear();
}

bool Dispatcher::may_lease() const {
  std::size_t waiting = 0;
  std::size_t bytes = 0;
  for (const auto& [id, lane] : lanes_) {
    waiting += lane.waiting();
    bytes += lane.waiting_bytes();
  }
  return !stopping_ && waiting < limits_.waiting && bytes < limits_.waiting_bytes &&
         in_flight_bytes_ < limits_.in_flight_bytes;
}

Deliveries::LeaseTerms Dispatcher::lease_terms(Time now) const {
  Deliveries::LeaseTerms terms{.owner = owner_,
                               .now = now,
                               .until = now + limits_.lease,
                               .latest = now + std::max(schedule_.longest_wait(), 2 * limits_.lease),
                               .max = limits_.leased_at_once,
                               .max_bytes = limits_.leased_bytes,
                               .first_room = first_room};
  for (const auto& [id, lane] : lanes_) {
    if (lane.wants_more())
      terms.in_hand.emplace(id, lane.in_hand());
    else
      terms.without.insert(id);
  }
  return terms;
}

Task<bool> Dispatcher::lease_due() {
  lease_failed_ = false;
  if (!may_lease()) {
    backlog_ = true;
    co_return false;
  }
  const Deliveries::LeaseTerms terms = lease_terms(clock_.now());
  auto lease = [&](Transaction& transaction) { return transaction.deliveries().lease(terms); };
  Result<std::vector<Deliveries::Due>> leased = co_await store_.write(std::move(lease));
  if (leased.has_error()) {
    lease_failed_ = true;
    log_.write(
        LogLevel::error, "deliveries could not be leased",
        {{"error", std::string_view(leased.error().message)}, {"cause", std::string_view(leased.error().cause)}});
    co_return false;
  }
  const bool full = leased->size() >= static_cast<std::size_t>(limits_.leased_at_once);
  backlog_ = !leased->empty() || !terms.without.empty();
  sort_into_lanes(*std::move(leased), terms.until);
  co_return full;
}

void Dispatcher::sort_into_lanes(std::vector<Deliveries::Due> rows, Time lease_until) {
  const Instant instant = clock_.instant();
  for (Deliveries::Due& due : rows) {
    const auto [lane, is_new] = lanes_.try_emplace(due.webhook->id, *due.webhook);
    if (is_new) lane->second.lease(lease_until);
    lane->second.add(std::move(due), instant);
  }
}

bool Dispatcher::leases_want_care(Time now, Instant instant) const {
  if (instant - cared_at_ >= limits_.renewal) return true;
  // The wall clock may have been set.
  return std::ranges::any_of(lanes_,
                             [&](const auto& entry) { return entry.second.lease_until() < now + limits_.lease / 2; });
}

Task<> Dispatcher::look_after_leases() {
  const Time now = clock_.now();
  const Instant instant = clock_.instant();
  if (!leases_want_care(now, instant)) co_return;
  cared_at_ = instant;
  if (!tried_.empty()) start_recording();  // an exception may have ended it
  const bool lost = std::exchange(records_lost_, false);
  std::vector<WebhookId> resting;
  std::vector<Deliveries::Lease> working;
  for (const auto& [id, lane] : lanes_) {
    const std::optional<Instant> since = lane.waiting_since();
    if (lane.idle(instant))
      resting.push_back(id);
    else
      working.push_back({.webhook = id,
                         .version = lane.version(),
                         .gives_up = lost || (since && instant - *since > limits_.longest_wait)});
  }
  if (resting.empty() && working.empty()) co_return;
  const Time until = now + limits_.lease;
  auto renew = [&](Transaction& transaction) -> Result<std::vector<WebhookId>> {
    GALLEY_TRY(transaction.deliveries().release(owner_, resting));
    return transaction.deliveries().renew(owner_, working, until);
  };
  const Result<std::vector<WebhookId>> given_up = co_await store_.write(std::move(renew));
  if (given_up.has_error()) {
    records_lost_ = records_lost_ || lost;
    // Nothing is lost: lanes send no more when their leases are nearly over, and the next look renews them.
    log_.write(LogLevel::warning, "leases could not be renewed",
               {{"error", std::string_view(given_up.error().message)}});
    co_return;
  }
  for (const WebhookId& id : resting)
    lanes_.erase(id);
  for (const Deliveries::Lease& lease : working)
    if (const auto lane = lanes_.find(lease.webhook); lane != lanes_.end()) lane->second.lease(until);
  for (const WebhookId& id : *given_up)
    give_up(id);
}

Task<> Dispatcher::release_all() {
  std::vector<WebhookId> all;
  for (const auto& [id, lane] : lanes_)
    all.push_back(id);
  if (all.empty()) co_return;
  auto release = [&](Transaction& transaction) { return transaction.deliveries().release(owner_, all); };
  const Result<void> done = co_await store_.write(std::move(release));
  // Nothing is lost: the leases end by themselves.
  if (done.has_error())
    log_.write(LogLevel::warning, "leases could not be handed back",
               {{"error", std::string_view(done.error().message)}});
}

void Dispatcher::give_up(const WebhookId& id) {
  const auto lane = lanes_.find(id);
  if (lane != lanes_.end()) lane->second.give_up();
}

bool Dispatcher::may_start() const {
  return !stopping_ && in_flight_ < limits_.in_flight && tried_.size() + recording_ < limits_.unrecorded;
}

void Dispatcher::start_all() {
  // In turn, so that where the common bound is what holds them back, no lane has it all.
  bool started = true;
  while (started && may_start()) {
    started = false;
    for (auto& [id, lane] : lanes_)
      started = start_one(id, lane) || started;
  }
}

bool Dispatcher::start_one(const WebhookId& id, EndpointLane& lane) {
  if (!may_start() || lane.waiting() == 0) return false;
  const auto host = hosts_.find(lane.host());
  if (host != hosts_.end() && host->second >= limits_.in_flight_per_host) return false;
  // Sent and written down before somebody else may take it.
  const auto needed = std::chrono::ceil<Milliseconds>(limits_.exchange.total) + limits_.renewal;
  std::optional<Deliveries::Due> row = lane.take(clock_.now(), clock_.instant(), needed);
  if (!row) return false;

  const std::string on_host = lane.host();
  const std::size_t bytes = 4 * bytes_of(*row);  // HTML, Markdown and escapes
  ++hosts_[on_host];
  ++in_flight_;
  in_flight_bytes_ += bytes;
  auto tried = std::make_shared<Tried>(Tried{.due = *std::move(row), .outcome = {}});
  auto end = [this, id, on_host, bytes, tried](const std::exception_ptr& thrown, Outcome outcome) {
    tried->outcome = std::move(outcome);
    if (thrown) tried->outcome = broken_off(thrown);
    finished(id, on_host, bytes, std::move(*tried));
  };
  boost::asio::co_spawn(executor_, exchange(tried->due), std::move(end));
  return true;
}

Outcome Dispatcher::broken_off(const std::exception_ptr& thrown) {
  log_.write(LogLevel::error, "a delivery broke off", {{"cause", cause_of(thrown)}});
  Outcome outcome{.verdict = Verdict::failed};
  outcome.attempt.started_at = clock_.now();
  outcome.attempt.error_class = "internal";
  outcome.attempt.error = "The server could not finish the request.";
  return outcome;
}

Task<Outcome> Dispatcher::exchange(const Deliveries::Due& due) {
  const Time started_at = clock_.now();
  const Result<net::Url> url = net::parse_url(due.webhook->url);
  if (url.has_error()) co_return judge_unsent(url.error(), started_at);
  Result<std::shared_ptr<const std::string>> body = bodies_.body(*due.webhook, *due.event);
  if (body.has_error()) co_return judge_unsent(body.error(), started_at);

  const Endpoint endpoint{.url = *url, .headers = due.webhook->headers, .secrets = *due.secrets};
  const Envelope envelope{.event = due.event->id,
                          .type = due.event->type,
                          .delivery = due.delivery.id,
                          .attempt = due.delivery.attempts + 1,
                          .sent_at = started_at};
  net::HttpRequest request = make_request(endpoint, envelope, net::RequestBody(*std::move(body)), limits_.exchange);
  HeaderList headers = kept_headers(request.headers);
  const net::SendResult sent = co_await client_.send(std::move(request));
  Outcome outcome = judge(sent, started_at, clock_.now());
  outcome.attempt.request_headers = std::move(headers);
  co_return outcome;
}

void Dispatcher::finished(const WebhookId& id, const std::string& host, std::size_t bytes, Tried tried) {
  tried.ended_at = clock_.now();
  tried.fraction = ids_.fraction();
  const std::optional<ArticleId> article = tried.due.delivery.article;
  const bool succeeded = tried.outcome.verdict == Verdict::succeeded;
  const bool gone = tried.outcome.verdict == Verdict::gone;
  // The places are free when the answer is there: how long the disk takes is not the endpoint's affair.
  const bool was_full = in_flight_ >= limits_.in_flight || in_flight_bytes_ >= limits_.in_flight_bytes;
  --in_flight_;
  in_flight_bytes_ -= bytes;
  const auto on_host = hosts_.find(host);
  const bool host_was_full = on_host->second >= limits_.in_flight_per_host;
  if (--on_host->second == 0) hosts_.erase(on_host);
  tried_.push_back(std::move(tried));
  start_recording();
  EndpointLane& lane = lanes_.at(id);  // not idle before this is written down
  lane.answered(article, succeeded, clock_.instant());
  if (gone) lane.give_up();  // it is being disabled
  // Where others wait for this room they get their turn too; else the lane goes on by itself, which costs nothing.
  if (was_full || host_was_full || stopping_)
    alarm_.ring();
  else
    while (start_one(id, lane)) {
    }
  if (backlog_ && lane.wants_more()) alarm_.ring();
}

std::chrono::milliseconds Dispatcher::time_to_sleep() {
  if (stopping_) return std::chrono::milliseconds(0);
  if (lease_failed_) return pause_between_looks;
  std::chrono::milliseconds sleep = limits_.longest_sleep;
  const auto next_due = [this](const Transaction& transaction) { return transaction.deliveries().next_due(owner_); };
  const Result<std::optional<Time>> due = store_.read(next_due);
  if (due.has_error()) sleep = pause_between_looks;
  if (due.has_value() && *due) sleep = std::min(sleep, until_due(**due));
  const Instant instant = clock_.instant();
  if (!lanes_.empty())
    sleep = std::min(sleep, std::chrono::ceil<std::chrono::milliseconds>(cared_at_ + limits_.renewal - instant));
  for (const auto& [id, lane] : lanes_)
    if (const std::optional<Instant> turn = lane.held_until(instant))
      sleep = std::min(sleep, std::chrono::ceil<std::chrono::milliseconds>(*turn - instant));
  return std::max(sleep, std::chrono::milliseconds(0));
}

std::chrono::milliseconds Dispatcher::until_due(Time due) const {
  const Milliseconds wait = due - clock_.now();
  if (wait > Milliseconds(0)) return wait;
  // Due already: since the lease a moment ago, or of an endpoint without room, which rings when it has some.
  return backlog_ ? pause_between_looks : shortest_pause;
}

}  // namespace galley::webhook
