#include "service/sitemap_service.hpp"

#include <algorithm>
#include <mutex>

#include "sitemap/feed.hpp"
#include "sitemap/renderer.hpp"

namespace galley::service {

namespace {

using sitemap::PageKey;
using sitemap::PageKind;

// Crawlers come back in hours; a minute lets a proxy take a spike and still shows a publish soon.
constexpr std::chrono::seconds max_age = std::chrono::minutes(1);
constexpr std::size_t max_fresh = 10'000;

}  // namespace

std::int64_t SitemapService::Standing::generation() const {
  std::int64_t sum = project.version;
  for (const SitemapPage& page : pages)
    sum += page.generation;
  return sum;
}

Time SitemapService::Standing::last_modified() const {
  Time latest = pages.empty() ? project.updated_at : Time{};
  for (const SitemapPage& page : pages)
    latest = std::max(latest, page.last_modified);
  return latest;
}

SitemapService::SitemapService(const Context& context, sitemap::PageCache& cache, std::string public_url)
    : context_(context), cache_(cache), public_url_(std::move(public_url)) {
  subscription_ = context.store.changes().subscribe(std::string(topic::sitemap),
                                                    [this] { tick_.fetch_add(1, std::memory_order_acq_rel); });
}

Result<SitemapService::Standing> SitemapService::stand(const ProjectId& project) const {
  return context_.store.read([&](const Transaction& transaction) -> Result<Standing> {
    Standing standing{.project = GALLEY_TRY(transaction.projects().find_public(project))};
    standing.pages = GALLEY_TRY(transaction.sitemap_pages().pages(project));
    return standing;
  });
}

SitemapService::Snapshot SitemapService::find_fresh(const PageKey& key) const {
  const std::shared_lock lock(mutex_);
  const auto found = fresh_.find(key);
  if (found == fresh_.end() || found->second.tick != tick_.load(std::memory_order_acquire)) return nullptr;
  return found->second.snapshot;
}

void SitemapService::keep_fresh(const PageKey& key, std::uint64_t tick, const Snapshot& snapshot) {
  const std::unique_lock lock(mutex_);
  if (fresh_.size() >= max_fresh) fresh_.clear();
  fresh_[key] = {tick, snapshot};
}

std::string SitemapService::address(const Project& project, std::string_view kind, std::string_view rest) const {
  const std::string base = project.sitemap.base_url.value_or(public_url_);
  return base + "/api/public/" + std::string(kind) + "/" + project.id.text() + std::string(rest);
}

Result<std::string> SitemapService::render(const Transaction& transaction, const PageKey& key,
                                           const Standing& standing) const {
  const Project& project = standing.project;
  switch (key.kind) {
    case PageKind::urlset: {
      const std::vector<Article> articles = GALLEY_TRY(transaction.sitemap_pages().articles(project.id, key.number));
      return sitemap::render_urlset(project, articles).xml;
    }
    case PageKind::index: {
      std::vector<sitemap::IndexEntry> entries;
      for (const SitemapPage& page : standing.pages)
        entries.push_back(
            {address(project, "sitemap", "/" + std::to_string(page.number) + ".xml"), page.last_modified});
      return sitemap::render_index(entries);
    }
    case PageKind::atom:
    case PageKind::json_feed: {
      const bool json = key.kind == PageKind::json_feed;
      const auto newest = GALLEY_TRY(transaction.sitemap_pages().newest(project.id, sitemap::feed_entries, true));
      const std::string self = address(project, "feed", json ? "?format=json" : "");
      return json ? sitemap::render_json_feed(project, newest, self) : sitemap::render_atom(project, newest, self);
    }
    case PageKind::robots:
      return sitemap::render_robots(address(project, "sitemap", ".xml"));
  }
  return internal_error("a public page of no kind");
}

Task<Result<SitemapService::Snapshot>> SitemapService::serve(PageKey key, std::int64_t generation, Time last_modified,
                                                             std::uint64_t tick,
                                                             std::shared_ptr<const Standing> standing, PageKey asked) {
  Snapshot snapshot = cache_.find(key, generation);
  if (!snapshot) {
    auto making = [&](const Transaction& transaction) -> Result<Snapshot> {
      // Of many that ask at once after a publish, the first on the pool makes it.
      if (Snapshot made = cache_.find(key, generation)) return made;
      std::string text = GALLEY_TRY(render(transaction, key, *standing));
      auto made = std::make_shared<const sitemap::PageSnapshot>(
          sitemap::make_snapshot(key, generation, std::move(text), last_modified, max_age));
      cache_.put(key, generation, made);
      return made;
    };
    snapshot = GALLEY_CO_TRY(co_await context_.store.read_slowly(std::move(making)));
  }
  keep_fresh(asked, tick, snapshot);
  co_return snapshot;
}

Task<Result<SitemapService::Snapshot>> SitemapService::sitemap(ProjectId project) {
  const PageKey asked{.project = project, .kind = PageKind::index};
  if (Snapshot fresh = find_fresh(asked)) co_return fresh;
  // Before the read: what commits after it makes the snapshot stale, not the other way round.
  const std::uint64_t tick = tick_.load(std::memory_order_acquire);
  const auto standing = std::make_shared<const Standing>(GALLEY_CO_TRY(stand(project)));
  if (standing->pages.size() > 1)
    co_return co_await serve(asked, standing->generation(), standing->last_modified(), tick, standing, asked);
  const PageKey urlset{.project = std::move(project), .kind = PageKind::urlset, .number = 1};
  const std::int64_t generation = standing->pages.empty() ? 0 : standing->pages.front().generation;
  co_return co_await serve(urlset, generation, standing->last_modified(), tick, standing, asked);
}

Task<Result<SitemapService::Snapshot>> SitemapService::page(ProjectId project, int number) {
  const PageKey key{.project = project, .kind = PageKind::urlset, .number = number};
  if (Snapshot fresh = find_fresh(key)) co_return fresh;
  const std::uint64_t tick = tick_.load(std::memory_order_acquire);
  const auto standing = std::make_shared<const Standing>(GALLEY_CO_TRY(stand(project)));
  const auto page = std::find_if(standing->pages.begin(), standing->pages.end(),
                                 [&](const SitemapPage& p) { return p.number == number; });
  if (page == standing->pages.end()) {
    Error missing = not_found(ProjectTag::noun, project.text());
    missing.message = "The requested page of the sitemap could not be found.";
    missing.details.push_back({"page", std::int64_t{number}});
    co_return missing;
  }
  co_return co_await serve(key, page->generation, page->last_modified, tick, standing, key);
}

Task<Result<SitemapService::Snapshot>> SitemapService::feed(ProjectId project, bool json) {
  const PageKey key{.project = project, .kind = json ? PageKind::json_feed : PageKind::atom};
  if (Snapshot fresh = find_fresh(key)) co_return fresh;
  const std::uint64_t tick = tick_.load(std::memory_order_acquire);
  const auto standing = std::make_shared<const Standing>(GALLEY_CO_TRY(stand(project)));
  co_return co_await serve(key, standing->generation(), standing->last_modified(), tick, standing, key);
}

Task<Result<SitemapService::Snapshot>> SitemapService::robots(ProjectId project) {
  const PageKey key{.project = project, .kind = PageKind::robots};
  if (Snapshot fresh = find_fresh(key)) co_return fresh;
  const std::uint64_t tick = tick_.load(std::memory_order_acquire);
  const auto standing = std::make_shared<const Standing>(GALLEY_CO_TRY(stand(project)));
  co_return co_await serve(key, standing->generation(), standing->last_modified(), tick, standing, key);
}

}  // namespace galley::service
