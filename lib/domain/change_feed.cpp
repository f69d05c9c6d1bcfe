#include "domain/change_feed.hpp"

#include <utility>
#include <vector>

namespace galley {

// Each has a lock of its own, so that a callback is never run under the feed's: it may notify, and others may
// subscribe and end meanwhile. The lock is recursive, so that a callback may end its own subscription.
struct ChangeFeed::Listener {
  std::recursive_mutex mutex;
  std::function<void()> callback;
  bool ended = false;
};

ChangeFeed::ChangeFeed() = default;
ChangeFeed::~ChangeFeed() = default;

ChangeFeed::Subscription::Subscription(ChangeFeed& feed, std::string topic, std::size_t number)
    : feed_(&feed), topic_(std::move(topic)), number_(number) {}

ChangeFeed::Subscription::Subscription(Subscription&& other) noexcept
    : feed_(std::exchange(other.feed_, nullptr)), topic_(std::move(other.topic_)), number_(other.number_) {}

ChangeFeed::Subscription& ChangeFeed::Subscription::operator=(Subscription&& other) noexcept {
  if (this == &other) return *this;
  end();
  feed_ = std::exchange(other.feed_, nullptr);
  topic_ = std::move(other.topic_);
  number_ = other.number_;
  return *this;
}

ChangeFeed::Subscription::~Subscription() {
  end();
}

void ChangeFeed::Subscription::end() noexcept {
  if (ChangeFeed* feed = std::exchange(feed_, nullptr)) feed->end(topic_, number_);
}

ChangeFeed::Subscription ChangeFeed::subscribe(std::string topic, std::function<void()> callback) {
  auto listener = std::make_shared<Listener>();
  listener->callback = std::move(callback);
  std::size_t number = 0;
  {
    const std::lock_guard lock(mutex_);
    number = next_++;
    listeners_[topic].emplace(number, std::move(listener));
  }
  return {*this, std::move(topic), number};
}

void ChangeFeed::notify(std::string_view topic) {
  std::vector<std::shared_ptr<Listener>> told;
  {
    const std::lock_guard lock(mutex_);
    const auto found = listeners_.find(topic);
    if (found == listeners_.end()) return;
    told.reserve(found->second.size());
    for (const auto& [number, listener] : found->second)
      told.push_back(listener);
  }
  for (const std::shared_ptr<Listener>& listener : told) {
    const std::lock_guard lock(listener->mutex);
    if (!listener->ended) listener->callback();
  }
}

void ChangeFeed::end(const std::string& topic, std::size_t number) noexcept {
  std::shared_ptr<Listener> listener;
  {
    const std::lock_guard lock(mutex_);
    const auto found = listeners_.find(topic);
    if (found == listeners_.end()) return;
    const auto entry = found->second.find(number);
    if (entry == found->second.end()) return;
    listener = std::move(entry->second);
    found->second.erase(entry);
    // Topics are named by jobs: without this the map would grow for ever.
    if (found->second.empty()) listeners_.erase(found);
  }
  // Waits for a callback that runs now. Not under the feed's lock, or that callback could not notify.
  const std::lock_guard lock(listener->mutex);
  listener->ended = true;
}

}  // namespace galley
