#include "webhook/dispatcher.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <utility>

#include "net/url.hpp"
#include "webhook/body.hpp"
#include "webhook/request.hpp"

namespace galley::webhook {

namespace {

// After a failed lease, and while what is due belongs to endpoints that have no room: often enough, and no busy loop.
constexpr std::chrono::milliseconds pause_between_looks{1000};
constexpr std::chrono::milliseconds shortest_pause{20};

std::string host_of(const Webhook& webhook) {
  const Result<net::Url> url = net::parse_url(webhook.url);
  return url.has_value() ? url->host : std::string();
}

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
      alarm_(std::move(executor)) {}

void Dispatcher::stop() {
  stopping_ = true;
  alarm_.ring();
}

Task<> Dispatcher::run() {
  const ChangeFeed::Subscription subscription =
      store_.changes().subscribe(std::string(topic::deliveries), [alarm = alarm_] { alarm.ring(); });
  while (!stopping_) {
    const bool more = co_await lease_due();
    start_all();
    if (more && may_lease()) continue;
    co_await alarm_.sleep(time_to_sleep());
    start_all();  // a rate may let the next one go
    drop_idle_lanes();
  }
  std::vector<LeasedDelivery> waiting;
  for (auto& [id, lane] : lanes_)
    std::ranges::move(lane.empty(), std::back_inserter(waiting));
  co_await hand_back(std::move(waiting));
  while (in_flight_ > 0)
    co_await alarm_.sleep(limits_.longest_sleep);
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

std::vector<WebhookId> Dispatcher::busy() const {
  std::vector<WebhookId> ids;
  for (const auto& [id, lane] : lanes_)
    if (!lane.wants_more()) ids.push_back(id);
  return ids;
}

Task<bool> Dispatcher::lease_due() {
  lease_failed_ = false;
  if (!may_lease()) {
    backlog_ = true;
    co_return false;
  }
  const Time now = clock_.now();
  const Time until = now + limits_.exchange.total + limits_.lease_margin;
  const std::vector<WebhookId> without_room = busy();
  auto lease = [&](Transaction& transaction) {
    return transaction.deliveries().lease(now, until, limits_.leased_at_once, without_room);
  };
  Result<std::vector<Deliveries::Due>> leased = co_await store_.write(std::move(lease));
  if (leased.has_error()) {
    lease_failed_ = true;
    log_.write(
        LogLevel::error, "deliveries could not be leased",
        {{"error", std::string_view(leased.error().message)}, {"cause", std::string_view(leased.error().cause)}});
    co_return false;
  }
  const bool full = leased->size() >= static_cast<std::size_t>(limits_.leased_at_once);
  backlog_ = !leased->empty() || !without_room.empty();
  std::vector<LeasedDelivery> surplus = sort_into_lanes(*std::move(leased), until);
  if (!surplus.empty()) co_await hand_back(std::move(surplus));
  co_return full;
}

std::vector<LeasedDelivery> Dispatcher::sort_into_lanes(std::vector<Deliveries::Due> rows, Time lease_until) {
  std::vector<LeasedDelivery> surplus;
  std::vector<WebhookId> full;
  for (Deliveries::Due& due : rows) {
    const WebhookId id = due.webhook.id;
    const auto found = lanes_.find(id);
    EndpointLane& lane = found != lanes_.end()
                             ? found->second
                             : lanes_.emplace(id, EndpointLane(due.webhook, host_of(due.webhook))).first->second;
    if (found != lanes_.end()) lane.follow(due.webhook, host_of(due.webhook));
    LeasedDelivery row{.due = std::move(due), .lease_until = lease_until};
    // Once a row had no room none behind it has, however small: they would overtake it.
    const bool refused = std::ranges::find(full, id) != full.end();
    if (!refused && lane.offer(row)) continue;
    if (!refused) full.push_back(id);
    surplus.push_back(std::move(row));
  }
  return surplus;
}

Task<> Dispatcher::hand_back(std::vector<LeasedDelivery> rows) {
  if (rows.empty()) co_return;
  auto release = [&rows](Transaction& transaction) -> Result<void> {
    for (const LeasedDelivery& row : rows) {
      const Result<Delivery> delivery = transaction.deliveries().find(row.due.delivery.account, row.due.delivery.id);
      if (delivery.has_error() || delivery->status != DeliveryStatus::pending) continue;
      GALLEY_TRY(transaction.deliveries().update(*delivery));  // writing the row ends its lease
    }
    return {};
  };
  const Result<void> done = co_await store_.write(std::move(release));
  // Nothing is lost: the leases end by themselves.
  if (done.has_error())
    log_.write(LogLevel::warning, "leases could not be handed back",
               {{"error", std::string_view(done.error().message)}});
}

void Dispatcher::start_all() {
  // In turn, so that where the common bound is what holds them back, no lane has it all.
  bool started = true;
  while (started && in_flight_ < limits_.in_flight) {
    started = false;
    for (auto& [id, lane] : lanes_)
      started = start_one(id, lane) || started;
  }
}

bool Dispatcher::start_one(const WebhookId& id, EndpointLane& lane) {
  if (stopping_ || in_flight_ >= limits_.in_flight || lane.waiting() == 0) return false;
  const auto host = hosts_.find(lane.host());
  if (host != hosts_.end() && host->second >= limits_.in_flight_per_host) return false;
  const auto needed = std::chrono::ceil<Milliseconds>(limits_.exchange.total) + limits_.lease_margin / 3;
  std::optional<LeasedDelivery> row = lane.take(clock_.now(), clock_.instant(), needed);
  if (!row) return false;

  const std::string on_host = lane.host();
  const std::optional<ArticleId> article = row->due.delivery.article;
  const std::size_t bytes = 4 * row->bytes();  // HTML, Markdown and escapes
  ++hosts_[on_host];
  ++in_flight_;
  in_flight_bytes_ += bytes;
  auto end = [this, id, on_host, article, bytes](const std::exception_ptr& thrown, bool succeeded) {
    if (thrown) {
      try {
        std::rethrow_exception(thrown);
      } catch (const std::exception& exception) {
        log_.write(LogLevel::error, "a delivery broke off", {{"webhook", id.text()}, {"cause", exception.what()}});
      }
    }
    finished(id, on_host, article, bytes, !thrown && succeeded);
  };
  boost::asio::co_spawn(executor_, deliver(*std::move(row)), std::move(end));
  return true;
}

Task<bool> Dispatcher::deliver(LeasedDelivery leased) {
  const Outcome outcome = co_await exchange(leased.due);
  const Time now = clock_.now();
  const double fraction = ids_.fraction();
  auto record = [&](Transaction& transaction) {
    return record_outcome(transaction, leased.due, outcome, schedule_, fraction, now);
  };
  const Result<Recorded> recorded = co_await store_.write(std::move(record));
  write_line(leased.due, outcome, recorded);
  if (recorded.has_value() && recorded->disabled_reason) {
    const auto lane = lanes_.find(leased.due.webhook.id);
    if (lane != lanes_.end()) {
      std::vector<LeasedDelivery> waiting = lane->second.empty();
      co_await hand_back(std::move(waiting));
    }
  }
  // A retry may be due before the sleeper means to look again.
  if (recorded.has_value() && recorded->next_attempt_at) alarm_.ring();
  co_return outcome.verdict == Verdict::succeeded;
}

Task<Outcome> Dispatcher::exchange(const Deliveries::Due& due) {
  const Time started_at = clock_.now();
  const Result<net::Url> url = net::parse_url(due.webhook.url);
  if (url.has_error()) co_return judge_unsent(url.error(), started_at);
  const std::string body_template = due.webhook.body_template.value_or(std::string());
  Result<std::string> body = make_body(due.webhook.format, body_template, due.event);
  if (body.has_error()) co_return judge_unsent(body.error(), started_at);

  const Endpoint endpoint{.url = *url, .headers = due.webhook.headers, .secrets = due.secrets};
  const Envelope envelope{.event = due.event.id,
                          .type = due.event.type,
                          .delivery = due.delivery.id,
                          .attempt = due.delivery.attempts + 1,
                          .sent_at = started_at};
  net::HttpRequest request = make_request(endpoint, envelope, *std::move(body), limits_.exchange);
  HeaderList headers = kept_headers(request.headers);
  const net::SendResult sent = co_await client_.send(std::move(request));
  Outcome outcome = judge(sent, started_at, clock_.now());
  outcome.attempt.request_headers = std::move(headers);
  co_return outcome;
}

void Dispatcher::finished(const WebhookId& id, const std::string& host, const std::optional<ArticleId>& article,
                          std::size_t bytes, bool succeeded) {
  const bool was_full = in_flight_ >= limits_.in_flight || in_flight_bytes_ >= limits_.in_flight_bytes;
  --in_flight_;
  in_flight_bytes_ -= bytes;
  const auto on_host = hosts_.find(host);
  const bool host_was_full = on_host->second >= limits_.in_flight_per_host;
  if (--on_host->second == 0) hosts_.erase(on_host);
  const auto lane = lanes_.find(id);
  if (lane == lanes_.end()) {
    alarm_.ring();
    return;
  }
  lane->second.finished(article, succeeded);
  // Where others wait for this room they get their turn too; else the lane goes on by itself, which costs nothing.
  if (was_full || host_was_full || stopping_)
    alarm_.ring();
  else
    while (start_one(id, lane->second)) {
    }
  if (backlog_ && lane->second.wants_more()) alarm_.ring();
}

void Dispatcher::write_line(const Deliveries::Due& due, const Outcome& outcome, const Result<Recorded>& recorded) {
  const std::string next =
      recorded.has_value() && recorded->next_attempt_at ? to_rfc3339(*recorded->next_attempt_at) : "";
  std::string_view state = "not recorded";
  LogLevel level = LogLevel::error;
  if (recorded.has_value()) {
    state = recorded->deleted ? "deleted" : to_text(recorded->status);
    level =
        recorded->status == DeliveryStatus::failed || recorded->disabled_reason ? LogLevel::warning : LogLevel::info;
  }
  log_.write(level, "webhook attempt",
             {{"delivery", due.delivery.id.text()},
              {"webhook", due.webhook.id.text()},
              {"event", due.event.id.text()},
              {"type", to_text(due.event.type)},
              {"attempt", std::int64_t{due.delivery.attempts + 1}},
              {"http_status", std::int64_t{outcome.attempt.status.value_or(0)}},
              {"duration_ms", std::int64_t{outcome.attempt.duration.count()}},
              {"error_class", outcome.attempt.error_class},
              {"status", state},
              {"next_attempt_at", next},
              {"endpoint_disabled", recorded.has_value() && recorded->disabled_reason.has_value()},
              {"cause", recorded.has_error() ? std::string_view(recorded.error().cause) : std::string_view()}});
}

std::chrono::milliseconds Dispatcher::time_to_sleep() {
  if (stopping_) return std::chrono::milliseconds(0);
  if (lease_failed_) return pause_between_looks;
  std::chrono::milliseconds sleep = limits_.longest_sleep;
  const auto next_due = [](const Transaction& transaction) { return transaction.deliveries().next_due(); };
  const Result<std::optional<Time>> due = store_.read(next_due);
  if (due.has_error()) sleep = pause_between_looks;
  if (due.has_value() && *due) sleep = std::min(sleep, until_due(**due));
  const Instant instant = clock_.instant();
  for (const auto& [id, lane] : lanes_)
    if (const std::optional<Instant> turn = lane.held_until(instant))
      sleep = std::min(sleep, std::chrono::ceil<std::chrono::milliseconds>(*turn - instant));
  return sleep;
}

std::chrono::milliseconds Dispatcher::until_due(Time due) const {
  const Milliseconds wait = due - clock_.now();
  if (wait > Milliseconds(0)) return wait;
  // Due already: since the lease a moment ago, or of an endpoint without room, which rings when it has some.
  return backlog_ ? pause_between_looks : shortest_pause;
}

void Dispatcher::drop_idle_lanes() {
  const Instant instant = clock_.instant();
  std::erase_if(lanes_, [instant](const auto& entry) { return entry.second.idle(instant); });
}

}  // namespace galley::webhook
