// Tells parts of the program that something committed: wakes the runner, the dispatcher and event streams, and drops
// cached pages. Only a hint: whoever is told looks into the store.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace galley {

class ChangeFeed {
 public:
  // Ends the subscription when it goes. The callback does not run after the destructor returned.
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

  // callback runs on the thread that committed: it must be short, must not block and must not subscribe. Thread-safe.
  // The feed outlives the subscription.
  Subscription subscribe(std::string topic, std::function<void()> callback);
  // Thread-safe.
  void notify(std::string_view topic);

 private:
  std::mutex mutex_;
  std::map<std::string, std::map<std::size_t, std::function<void()>>, std::less<>> callbacks_;
  std::size_t next_ = 0;
};

// Topics.
namespace topic {
inline constexpr std::string_view jobs = "jobs";              // an item was queued or became due
inline constexpr std::string_view deliveries = "deliveries";  // the same for a delivery
inline constexpr std::string_view sitemap = "sitemap";        // some project's pages changed
inline std::string job(std::string_view id) { return "job/" + std::string(id); }  // an event of this job
}  // namespace topic

}  // namespace galley
