// The public pages of a project: sitemap, its index and pages, feeds, robots.txt. Served from snapshots that are made
// again only when something that shows on them committed.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <vector>

#include "domain/change_feed.hpp"
#include "domain/sitemap.hpp"
#include "service/context.hpp"
#include "sitemap/snapshot.hpp"

namespace galley::service {

class SitemapService {
 public:
  using Snapshot = std::shared_ptr<const sitemap::PageSnapshot>;

  // public_url: the server's own address, without a trailing slash, where index entries point unless the project says
  // otherwise. cache outlives this.
  SitemapService(const Context& context, sitemap::PageCache& cache, std::string public_url);

  // The one urlset, or the index where the project's articles fill several. not_found for an unknown project.
  Task<Result<Snapshot>> sitemap(ProjectId project);
  // A page of the index, from 1.
  Task<Result<Snapshot>> page(ProjectId project, int number);
  Task<Result<Snapshot>> feed(ProjectId project, bool json);
  Task<Result<Snapshot>> robots(ProjectId project);

 private:
  // How the public part of a project stood, all in one read.
  struct Standing {
    Project project;
    std::vector<SitemapPage> pages{};

    std::int64_t generation() const;
    Time last_modified() const;
  };
  struct Fresh {
    std::uint64_t tick = 0;
    Snapshot snapshot;
  };

  Result<Standing> stand(const ProjectId& project) const;
  Snapshot find_fresh(const sitemap::PageKey& key) const;
  void keep_fresh(const sitemap::PageKey& key, std::uint64_t tick, const Snapshot& snapshot);
  Task<Result<Snapshot>> serve(sitemap::PageKey key, std::int64_t generation, Time last_modified, std::uint64_t tick,
                               std::shared_ptr<const Standing> standing, sitemap::PageKey asked);
  Result<std::string> render(const Transaction& transaction, const sitemap::PageKey& key,
                             const Standing& standing) const;
  std::string address(const Project& project, std::string_view kind, std::string_view rest = {}) const;

  const Context& context_;
  sitemap::PageCache& cache_;
  std::string public_url_;
  // Rises whenever any project's public pages changed: while it stands, what was served last is what is.
  std::atomic<std::uint64_t> tick_{1};
  mutable std::shared_mutex mutex_;
  std::map<sitemap::PageKey, Fresh> fresh_;
  ChangeFeed::Subscription subscription_;
};

}  // namespace galley::service
