#include "domain/change_feed.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

using namespace galley;

TEST_CASE("change feed: only the listeners of the topic are told", "[domain]") {
  ChangeFeed feed;
  int jobs = 0, others = 0;
  const ChangeFeed::Subscription first = feed.subscribe("jobs", [&] { ++jobs; });
  const ChangeFeed::Subscription second = feed.subscribe("jobs", [&] { ++jobs; });
  const ChangeFeed::Subscription third = feed.subscribe("job", [&] { ++others; });
  feed.notify("jobs");
  feed.notify("nothing");
  CHECK(jobs == 2);
  CHECK(others == 0);
}

TEST_CASE("change feed: an ended subscription hears nothing", "[domain]") {
  ChangeFeed feed;
  int calls = 0;
  {
    const ChangeFeed::Subscription subscription = feed.subscribe("jobs", [&] { ++calls; });
    feed.notify("jobs");
  }
  feed.notify("jobs");
  CHECK(calls == 1);
}

TEST_CASE("change feed: a subscription that moves stays one subscription", "[domain]") {
  ChangeFeed feed;
  int calls = 0, replaced = 0;
  ChangeFeed::Subscription subscription = feed.subscribe("jobs", [&] { ++calls; });
  ChangeFeed::Subscription moved = std::move(subscription);
  feed.notify("jobs");
  CHECK(calls == 1);
  ChangeFeed::Subscription target = feed.subscribe("jobs", [&] { ++replaced; });
  target = std::move(moved);
  feed.notify("jobs");
  CHECK(calls == 2);
  CHECK(replaced == 0);
  target = ChangeFeed::Subscription();
  feed.notify("jobs");
  CHECK(calls == 2);
}

TEST_CASE("change feed: a callback may end its own subscription and may notify", "[domain]") {
  ChangeFeed feed;
  int once = 0, told = 0;
  std::optional<ChangeFeed::Subscription> subscription;
  const ChangeFeed::Subscription other = feed.subscribe("other", [&] { ++told; });
  subscription = feed.subscribe("jobs", [&] {
    ++once;
    subscription.reset();
    feed.notify("other");
  });
  feed.notify("jobs");
  feed.notify("jobs");
  CHECK(once == 1);
  CHECK(told == 1);
}

TEST_CASE("change feed: nobody hears of a topic whose last subscription ended while another was being told",
          "[domain]") {
  ChangeFeed feed;
  int second_calls = 0;
  std::optional<ChangeFeed::Subscription> second;
  const ChangeFeed::Subscription first = feed.subscribe("jobs", [&] { second.reset(); });
  second = feed.subscribe("jobs", [&] { ++second_calls; });
  feed.notify("jobs");
  CHECK(second_calls == 0);
}

// Run under ThreadSanitizer too: the flag is written without a lock after the subscription ended.
TEST_CASE("change feed: no callback runs once its subscription ended, whatever other threads do", "[domain]") {
  ChangeFeed feed;
  std::atomic<bool> stop{false};
  std::atomic<int> late{0}, calls{0};
  std::vector<std::thread> notifiers;
  for (int i = 0; i < 2; ++i) {
    notifiers.emplace_back([&] {
      while (!stop.load())
        feed.notify("jobs");
    });
  }
  std::vector<std::thread> listeners;
  for (int i = 0; i < 2; ++i) {
    listeners.emplace_back([&] {
      for (int round = 0; round < 500; ++round) {
        auto alive = std::make_unique<int>(1);
        {
          const ChangeFeed::Subscription subscription = feed.subscribe("jobs", [&late, &calls, here = alive.get()] {
            if (*here != 1) ++late;
            ++calls;
          });
          const int before = calls.load();
          for (int turn = 0; turn < 1000 && calls.load() == before; ++turn)
            std::this_thread::yield();
        }
        *alive = 2;
        alive.reset();
      }
    });
  }
  for (std::thread& listener : listeners)
    listener.join();
  stop = true;
  for (std::thread& notifier : notifiers)
    notifier.join();
  CHECK(late == 0);
  CHECK(calls > 0);
}
