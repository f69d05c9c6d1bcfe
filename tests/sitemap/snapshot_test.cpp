#include "sitemap/snapshot.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

using namespace galley;
using namespace galley::sitemap;

namespace {

PageKey key(std::string_view project, int number = 1) {
  return {.project = ProjectId("proj_" + std::string(project)), .kind = PageKind::urlset, .number = number};
}

std::shared_ptr<const PageSnapshot> of_size(std::size_t bytes) {
  PageSnapshot snapshot;
  snapshot.body = std::make_shared<const std::string>(bytes, 'b');
  return std::make_shared<const PageSnapshot>(std::move(snapshot));
}

}  // namespace

TEST_CASE("snapshot: tags come from key and generation, and differ by encoding", "[sitemap]") {
  const std::string body(5000, 'x');
  const PageSnapshot first = make_snapshot(key("a"), 7, body, Time(Milliseconds(5)), std::chrono::seconds(60));
  CHECK(first.etag.starts_with("\"7-proj_a."));
  CHECK(first.etag.ends_with('"'));
  CHECK(first.gzip_etag.starts_with("\"7-proj_a."));
  CHECK(first.gzip_etag != first.etag);
  CHECK(*first.body == body);
  REQUIRE(first.gzip);
  CHECK(first.gzip->size() < body.size());
  CHECK(first.last_modified == Time(Milliseconds(5)));
  CHECK(first.max_age == std::chrono::seconds(60));

  const PageSnapshot again = make_snapshot(key("a"), 7, body, Time{}, std::chrono::seconds(60));
  CHECK(again.etag == first.etag);
  PageKey other = key("a");
  other.kind = PageKind::atom;
  for (const PageSnapshot& different :
       {make_snapshot(key("a"), 8, body, Time{}, {}), make_snapshot(key("a", 2), 7, body, Time{}, {}),
        make_snapshot(key("b"), 7, body, Time{}, {}), make_snapshot(other, 7, body, Time{}, {})}) {
    CHECK(different.etag != first.etag);
    CHECK(different.gzip_etag != first.gzip_etag);
  }
}

TEST_CASE("snapshot: a text that gzip makes no shorter has no packed form", "[sitemap]") {
  const PageSnapshot snapshot = make_snapshot(key("a"), 1, "tiny", Time{}, {});
  CHECK_FALSE(snapshot.gzip);
  CHECK(snapshot.gzip_etag.empty());
}

TEST_CASE("page cache: only the very generation is found", "[sitemap]") {
  PageCache cache;
  const auto snapshot = of_size(10);
  cache.put(key("a"), 3, snapshot);
  CHECK(cache.find(key("a"), 3) == snapshot);
  CHECK_FALSE(cache.find(key("a"), 2));
  CHECK_FALSE(cache.find(key("a"), 4));
  CHECK_FALSE(cache.find(key("a", 2), 3));
  CHECK_FALSE(cache.find(key("b"), 3));
}

TEST_CASE("page cache: a newer generation takes the place of the older, never the other way", "[sitemap]") {
  PageCache cache;
  cache.put(key("a"), 3, of_size(1000));
  const auto newer = of_size(2000);
  cache.put(key("a"), 4, newer);
  const std::size_t held = cache.bytes();
  cache.put(key("a"), 3, of_size(1000));
  CHECK(cache.find(key("a"), 4) == newer);
  CHECK_FALSE(cache.find(key("a"), 3));
  CHECK(cache.bytes() == held);
}

TEST_CASE("page cache: what was used least recently goes first", "[sitemap]") {
  PageCache cache(10'000);
  cache.put(key("a"), 1, of_size(3000));
  cache.put(key("b"), 1, of_size(3000));
  CHECK(cache.find(key("a"), 1));
  cache.put(key("c"), 1, of_size(3000));
  CHECK(cache.find(key("a"), 1));
  CHECK_FALSE(cache.find(key("b"), 1));
  CHECK(cache.find(key("c"), 1));
}

TEST_CASE("page cache: it never holds more than it may", "[sitemap]") {
  PageCache cache(50'000);
  for (int i = 0; i < 500; ++i) {
    cache.put(key("p" + std::to_string(i)), 1, of_size(static_cast<std::size_t>(i * 37 % 4000)));
    REQUIRE(cache.bytes() <= 50'000);
  }
  CHECK(cache.find(key("p499"), 1));
  CHECK_FALSE(cache.find(key("p0"), 1));
}

TEST_CASE("page cache: one that is bigger than the cache is not kept, and its old one goes", "[sitemap]") {
  PageCache cache(10'000);
  cache.put(key("a"), 1, of_size(100));
  cache.put(key("b"), 1, of_size(100));
  cache.put(key("a"), 2, of_size(20'000));
  CHECK_FALSE(cache.find(key("a"), 1));
  CHECK_FALSE(cache.find(key("a"), 2));
  CHECK(cache.find(key("b"), 1));
}

TEST_CASE("page cache: a project that is gone leaves nothing, its neighbours stay", "[sitemap]") {
  PageCache cache;
  PageKey feed = key("b");
  feed.kind = PageKind::json_feed;
  feed.number = 0;
  for (const PageKey& one : {key("a"), key("b", 0), key("b", 1), key("b", 2), feed, key("bb"), key("c")}) {
    cache.put(one, 1, of_size(10));
  }
  cache.drop(ProjectId("proj_b"));
  for (const PageKey& gone : {key("b", 0), key("b", 1), key("b", 2), feed})
    CHECK_FALSE(cache.find(gone, 1));
  for (const PageKey& kept : {key("a"), key("bb"), key("c")})
    CHECK(cache.find(kept, 1));
  cache.drop(ProjectId("proj_a"));
  cache.drop(ProjectId("proj_bb"));
  cache.drop(ProjectId("proj_c"));
  CHECK(cache.bytes() == 0);
}

// Run under ThreadSanitizer too.
TEST_CASE("page cache: threads that find and put at once see whole snapshots of their generation", "[sitemap]") {
  PageCache cache(20'000);
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&cache, &wrong, t] {
      for (int i = 0; i < 3000; ++i) {
        const std::int64_t generation = i % 7;
        const PageKey page = key("p" + std::to_string(i % 13));
        if (t % 2 == 0) {
          cache.put(page, generation, of_size(static_cast<std::size_t>(generation) * 100));
        } else if (const auto found = cache.find(page, generation)) {
          if (found->body->size() != static_cast<std::size_t>(generation) * 100) ++wrong;
        }
      }
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  CHECK(wrong == 0);
  CHECK(cache.bytes() <= 20'000);
}
