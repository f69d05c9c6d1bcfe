#include "sitemap/snapshot.hpp"

#include <algorithm>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

#include "sitemap/renderer.hpp"

namespace galley::sitemap {
namespace {

// Rises when the renderers give other bytes for the same articles, or readers would keep the old ones.
constexpr std::string_view rendering = "r1";
// Of an entry beside its texts: the node, the key, the snapshot and its tags.
constexpr std::size_t entry_bytes = 512;

std::string_view word_of(PageKind kind) {
  switch (kind) {
    case PageKind::urlset:
      return "urls";
    case PageKind::index:
      return "index";
    case PageKind::atom:
      return "atom";
    case PageKind::json_feed:
      return "json";
    case PageKind::robots:
      return "robots";
  }
  return "";
}

std::string etag_of(const PageKey& key, std::int64_t generation, std::string_view encoding) {
  std::string tag = "\"" + std::to_string(generation) + '-' + key.project.text() + '.';
  tag.append(word_of(key.kind)).append(std::to_string(key.number)).append(".").append(rendering).append(encoding);
  return tag + '"';
}

std::size_t size_of(const PageSnapshot& snapshot) {
  std::size_t size = entry_bytes;
  if (snapshot.body) size += snapshot.body->size();
  if (snapshot.gzip) size += snapshot.gzip->size();
  return size;
}

}  // namespace

PageSnapshot make_snapshot(const PageKey& key, std::int64_t generation, std::string body, Time last_modified,
                           std::chrono::seconds max_age) {
  PageSnapshot snapshot{.body = {},
                        .gzip = {},
                        .etag = etag_of(key, generation, ""),
                        .gzip_etag = {},
                        .last_modified = last_modified,
                        .max_age = max_age};
  std::string packed = gzip(body);
  if (packed.size() < body.size()) {
    snapshot.gzip = std::make_shared<const std::string>(std::move(packed));
    snapshot.gzip_etag = etag_of(key, generation, ".gz");
  }
  snapshot.body = std::make_shared<const std::string>(std::move(body));
  return snapshot;
}

std::shared_ptr<const PageSnapshot> PageCache::find(const PageKey& key, std::int64_t generation) const {
  const std::shared_lock lock(mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end() || found->second.generation != generation) return nullptr;
  const Entry& entry = found->second;
  if (entry.used.load(std::memory_order_relaxed) != turn_) entry.used.store(turn_, std::memory_order_relaxed);
  return entry.snapshot;
}

void PageCache::put(const PageKey& key, std::int64_t generation, std::shared_ptr<const PageSnapshot> snapshot) {
  const std::size_t size = size_of(*snapshot);
  std::shared_ptr<const PageSnapshot> old;  // freed after the lock: it may be 50 MB
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(key);
  if (found != entries_.end()) {
    if (found->second.generation > generation) return;
    old = found->second.snapshot;
    erase(found);
  }
  if (size > max_bytes_) return;
  // An eighth at once: the oldest are found by looking at all, which is to be rare.
  if (bytes_ + size > max_bytes_) evict_to(std::min(max_bytes_ - max_bytes_ / 8, max_bytes_ - size));
  Entry& entry = entries_[key];
  entry.generation = generation;
  entry.snapshot = std::move(snapshot);
  entry.bytes = size;
  bytes_ += size;
  // What is found before the next put is newer than this.
  entry.used.store(++turn_, std::memory_order_relaxed);
  ++turn_;
}

void PageCache::drop(const ProjectId& project) {
  const std::lock_guard lock(mutex_);
  auto entry = entries_.lower_bound(PageKey{.project = project, .kind = PageKind::urlset, .number = 0});
  while (entry != entries_.end() && entry->first.project == project)
    erase(entry++);
}

std::size_t PageCache::bytes() const {
  const std::shared_lock lock(mutex_);
  return bytes_;
}

void PageCache::evict_to(std::size_t bytes) {
  std::vector<std::pair<std::uint64_t, Entries::iterator>> by_use;
  by_use.reserve(entries_.size());
  for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
    by_use.emplace_back(entry->second.used.load(std::memory_order_relaxed), entry);
  }
  std::sort(by_use.begin(), by_use.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [used, entry] : by_use) {
    if (bytes_ <= bytes) return;
    erase(entry);
  }
}

void PageCache::erase(Entries::iterator entry) {
  bytes_ -= entry->second.bytes;
  entries_.erase(entry);
}

}  // namespace galley::sitemap
