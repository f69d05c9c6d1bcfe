// What is public is served from snapshots: bytes that do not change, made once for each generation of a project's
// pages.
#pragma once

#include <atomic>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>

#include "base/clock.hpp"
#include "domain/identity.hpp"

namespace galley::sitemap {

enum class PageKind : std::uint8_t { urlset, index, atom, json_feed, robots };

struct PageKey {
  ProjectId project;
  PageKind kind = PageKind::urlset;
  int number = 0;  // of the page; 0 for all other kinds

  auto operator<=>(const PageKey&) const = default;
};

// Immutable. The texts are shared by the cache and the answers that are on their way.
struct PageSnapshot {
  std::shared_ptr<const std::string> body;
  std::shared_ptr<const std::string> gzip;  // null where it would not be shorter
  std::string etag;                         // with its quotes: "<generation>-<derived>"
  std::string gzip_etag;                    // another, since its bytes are others (RFC 9110 §8.8.3); empty without gzip
  Time last_modified{};
  std::chrono::seconds max_age{};
};

// Compresses: 20 ms for a page of 50,000, so never on a network thread. The tags come from key and generation.
PageSnapshot make_snapshot(const PageKey& key, std::int64_t generation, std::string body, Time last_modified,
                           std::chrono::seconds max_age);

// The newest snapshot of each page that was asked for, as far as there is room; what was used least recently goes
// first. Thread-safe; find() never waits for another find().
class PageCache {
 public:
  explicit PageCache(std::size_t max_bytes = std::size_t{256} << 20) : max_bytes_(max_bytes) {}

  // Null where there is none of this very generation.
  std::shared_ptr<const PageSnapshot> find(const PageKey& key, std::int64_t generation) const;
  // Takes the place of older generations, never that of a newer one. One that is bigger than the cache is not kept.
  void put(const PageKey& key, std::int64_t generation, std::shared_ptr<const PageSnapshot> snapshot);
  // The project is gone.
  void drop(const ProjectId& project);

  // What is held now, with an allowance for each entry itself.
  std::size_t bytes() const;

 private:
  struct Entry {
    std::int64_t generation = 0;
    std::shared_ptr<const PageSnapshot> snapshot;
    std::size_t bytes = 0;
    // Written under a shared lock, hence atomic.
    mutable std::atomic<std::uint64_t> used = 0;
  };
  using Entries = std::map<PageKey, Entry>;

  void evict_to(std::size_t bytes);
  void erase(Entries::iterator entry);

  const std::size_t max_bytes_;
  mutable std::shared_mutex mutex_;
  Entries entries_;
  std::size_t bytes_ = 0;
  // Rises with each put; a find only marks its entry with it, so that one that is found all the time is not written
  // all the time.
  std::uint64_t turn_ = 0;
};

}  // namespace galley::sitemap
