// Tells parts of the program that something committed: wakes the runner, the dispatcher and event streams, and drops
// cached pages. Only a hint: whoever is told looks into the store.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace galley {

class ChangeFeed {
  struct Listener;

 public:
  // Ends the subscription when it goes. The callback does not run after the destructor returned, which therefore waits
  // for one that runs on another thread; a callback may end its own subscription, but no other's.
  class Subscription {
   public:
    Subscription() = default;
    Subscription(ChangeFeed& feed, std::string topic, std::size_t number);
    Subscription(Subscription&& other) noexcept;
    Subscription& operator=(Subscription&& other) noexcept;
    ~Subscription();

   private:
    void end() noexcept;
    ChangeFeed* feed_ = nullptr;
    std::string topic_;
    std::size_t number_ = 0;
  };

  ChangeFeed();
  ~ChangeFeed();
  ChangeFeed(const ChangeFeed&) = delete;
  ChangeFeed& operator=(const ChangeFeed&) = delete;

  // callback runs on the thread that committed, never twice at once: it must be short, must not block, throw or
  // subscribe. Thread-safe. The feed outlives the subscription.
  Subscription subscribe(std::string topic, std::function<void()> callback);
  // Thread-safe.
  void notify(std::string_view topic);

 private:
  // Shared by the feed and the notifications that are running it.
  using Listeners = std::map<std::size_t, std::shared_ptr<Listener>>;

  void end(const std::string& topic, std::size_t number) noexcept;

  std::mutex mutex_;
  std::map<std::string, Listeners, std::less<>> listeners_;
  std::size_t next_ = 0;
};

// Topics.
namespace topic {
inline constexpr std::string_view jobs = "jobs";              // an item was queued or became due
inline constexpr std::string_view deliveries = "deliveries";  // the same for a delivery
inline constexpr std::string_view mails = "mails";            // the same for mail
inline constexpr std::string_view sitemap = "sitemap";        // some project's pages changed
inline std::string job(std::string_view id) {
  return "job/" + std::string(id);
}  // an event of this job
inline std::string events(std::string_view project) {
  return "events/" + std::string(project);
}  // something happened in this project
}  // namespace topic

}  // namespace galley
