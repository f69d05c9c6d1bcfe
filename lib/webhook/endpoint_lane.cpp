#include "webhook/endpoint_lane.hpp"

#include <algorithm>
#include <utility>

#include "base/variant.hpp"
#include "net/url.hpp"

namespace galley::webhook {

namespace {

// Rows that a rate lets through while they wait: more would wait here for what may change meanwhile.
constexpr std::size_t rated_seconds = 10;
// A window no wider than this belongs to an endpoint that fails: its rows are better left to be leased later.
constexpr int narrow = 4;
constexpr std::size_t row_bytes = 1024;
// Small servers drop connections when many come at once; with each answer one more may be on its way, so that after
// two round trips there are as many as the endpoint takes.
constexpr int first_window = 8;
constexpr std::chrono::milliseconds first_pause{50};

std::string host_of(const Webhook& webhook) {
  const Result<net::Url> url = net::parse_url(webhook.url);
  return url.has_value() ? url->host : std::string();
}

}  // namespace

std::size_t bytes_of(const Deliveries::Due& due) {
  const auto* const article = get_if<ArticleSnapshot>(&due.event->snapshot);
  return row_bytes + (article == nullptr ? 0 : article->text.markdown.size());
}

EndpointLane::EndpointLane(const Webhook& webhook) {
  follow(std::make_shared<const Webhook>(webhook));
  window_ = webhook.failing_since ? 1 : std::min(first_window, max_in_flight_);
}

void EndpointLane::follow(const std::shared_ptr<const Webhook>& webhook) {
  if (!webhook_ || webhook_->url != webhook->url) host_ = host_of(*webhook);
  webhook_ = webhook;
  max_in_flight_ = std::max(webhook->max_in_flight, 1);
  window_ = std::min(window_, max_in_flight_);
}

std::size_t EndpointLane::room() const {
  std::size_t room = window_ <= narrow ? careful_prefetch : static_cast<std::size_t>(window_) + prefetch;
  if (webhook_->rate_limit)
    room = std::min(room, rated_seconds * static_cast<std::size_t>(std::max(*webhook_->rate_limit, 1)));
  return room;
}

void EndpointLane::add(Deliveries::Due row, Instant instant) {
  if (row.webhook != webhook_) follow(row.webhook);
  secrets_ = row.secrets;
  waiting_bytes_ += bytes_of(row);
  in_hand_.insert(row.row);
  waiting_.push_back({.due = std::move(row), .since = instant});
}

std::optional<Deliveries::Due> EndpointLane::take(Time now, Instant instant, Milliseconds needed) {
  if (in_flight_ >= window_ || instant < next_turn_ || lease_until_ < now + needed) return std::nullopt;
  const auto next = std::ranges::find_if(waiting_, [this](const Waiting& one) {
    return !one.due.delivery.article || !articles_.contains(*one.due.delivery.article);
  });
  if (next == waiting_.end()) return std::nullopt;

  Deliveries::Due row = std::move(next->due);
  waiting_.erase(next);
  waiting_bytes_ -= bytes_of(row);
  row.webhook = webhook_;
  row.secrets = secrets_;
  ++in_flight_;
  if (row.delivery.article) articles_.insert(*row.delivery.article);
  // Evenly spaced, with no burst: a second then never sees more than the limit, wherever it begins.
  if (webhook_->rate_limit)
    next_turn_ = instant + std::chrono::duration_cast<Instant::duration>(std::chrono::seconds(1)) /
                               std::max(*webhook_->rate_limit, 1);
  return row;
}

void EndpointLane::answered(const std::optional<ArticleId>& article, bool succeeded, Instant instant) {
  --in_flight_;
  if (article) articles_.erase(*article);
  if (succeeded) {
    pause_ = {};
  } else if (window_ == 1) {
    pause_ = std::clamp(2 * pause_, first_pause, longest_pause);
    next_turn_ = std::max(next_turn_, instant + pause_);
  }
  window_ = succeeded ? std::min(window_ + 1, max_in_flight_) : std::max(window_ / 2, 1);
}

void EndpointLane::let_go(std::int64_t row) {
  in_hand_.erase(row);
  ++being_written_;
}

void EndpointLane::keep(std::int64_t row) {
  in_hand_.insert(row);
  --being_written_;
}

void EndpointLane::give_up() {
  for (const Waiting& one : waiting_)
    in_hand_.erase(one.due.row);
  waiting_.clear();
  waiting_bytes_ = 0;
}

Deliveries::InHand EndpointLane::in_hand() const {
  const std::size_t room_for = room();
  const std::size_t left =
      waiting_bytes_ >= max_waiting_bytes || waiting_.size() >= room_for ? 0 : room_for - waiting_.size();
  return {.room = static_cast<std::int64_t>(left), .rows = std::vector<std::int64_t>(in_hand_.begin(), in_hand_.end())};
}

bool EndpointLane::wants_more() const {
  // Half a window left, so that a refill is due once in many deliveries and not at each.
  return waiting_.size() <= static_cast<std::size_t>(window_) / 2 && waiting_.size() < room() &&
         waiting_bytes_ < max_waiting_bytes;
}

std::optional<Instant> EndpointLane::held_until(Instant instant) const {
  if (waiting_.empty() || instant >= next_turn_ || in_flight_ >= window_) return std::nullopt;
  return next_turn_;
}

std::optional<Instant> EndpointLane::waiting_since() const {
  if (waiting_.empty()) return std::nullopt;
  return waiting_.front().since;
}

}  // namespace galley::webhook
