#include "webhook/endpoint_lane.hpp"

#include <algorithm>
#include <utility>

#include "base/variant.hpp"

namespace galley::webhook {

namespace {

// Rows that a rate lets through while their lease holds.
constexpr std::size_t rated_seconds = 10;
// A window no wider than this belongs to an endpoint that fails: its rows are better left to be leased later.
constexpr int narrow = 4;
constexpr std::size_t row_bytes = 1024;

}  // namespace

std::size_t LeasedDelivery::bytes() const {
  const auto* const article = get_if<ArticleSnapshot>(&due.event.snapshot);
  return row_bytes + (article == nullptr ? 0 : article->text.markdown.size());
}

EndpointLane::EndpointLane(const Webhook& webhook, std::string host)
    : host_(std::move(host)),
      max_in_flight_(std::max(webhook.max_in_flight, 1)),
      rate_limit_(webhook.rate_limit),
      window_(webhook.failing_since ? 1 : max_in_flight_) {}

void EndpointLane::follow(const Webhook& webhook, std::string host) {
  host_ = std::move(host);
  max_in_flight_ = std::max(webhook.max_in_flight, 1);
  rate_limit_ = webhook.rate_limit;
  window_ = std::min(window_, max_in_flight_);
}

std::size_t EndpointLane::room() const {
  std::size_t room = window_ <= narrow ? careful_prefetch : static_cast<std::size_t>(window_) + prefetch;
  if (rate_limit_) room = std::min(room, rated_seconds * static_cast<std::size_t>(std::max(*rate_limit_, 1)));
  return room;
}

bool EndpointLane::offer(LeasedDelivery& row) {
  const std::size_t bytes = row.bytes();
  if (!waiting_.empty() && (waiting_.size() >= room() || waiting_bytes_ + bytes > max_waiting_bytes)) return false;
  waiting_bytes_ += bytes;
  waiting_.push_back(std::move(row));
  return true;
}

std::optional<LeasedDelivery> EndpointLane::take(Time now, Instant instant, Milliseconds needed) {
  std::erase_if(waiting_, [&](const LeasedDelivery& row) {
    const bool too_late = row.lease_until < now + needed;
    if (too_late) waiting_bytes_ -= row.bytes();
    return too_late;
  });
  if (in_flight_ >= window_ || instant < next_turn_) return std::nullopt;
  const auto next = std::ranges::find_if(waiting_, [this](const LeasedDelivery& row) {
    return !row.due.delivery.article || !articles_.contains(*row.due.delivery.article);
  });
  if (next == waiting_.end()) return std::nullopt;

  LeasedDelivery row = std::move(*next);
  waiting_.erase(next);
  waiting_bytes_ -= row.bytes();
  ++in_flight_;
  if (row.due.delivery.article) articles_.insert(*row.due.delivery.article);
  // Evenly spaced, with no burst: a second then never sees more than the limit, wherever it begins.
  if (rate_limit_)
    next_turn_ =
        instant + std::chrono::duration_cast<Instant::duration>(std::chrono::seconds(1)) / std::max(*rate_limit_, 1);
  return row;
}

void EndpointLane::finished(const std::optional<ArticleId>& article, bool succeeded) {
  --in_flight_;
  if (article) articles_.erase(*article);
  window_ = succeeded ? std::min(window_ + 1, max_in_flight_) : std::max(window_ / 2, 1);
}

std::vector<LeasedDelivery> EndpointLane::empty() {
  std::vector<LeasedDelivery> rows(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(waiting_.end()));
  waiting_.clear();
  waiting_bytes_ = 0;
  return rows;
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

}  // namespace galley::webhook
