// What the public sitemap is made from. An article keeps its page for life; pages fill in order and are not refilled.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "domain/article.hpp"
#include "domain/identity.hpp"
#include "domain/project.hpp"

namespace galley {

// sitemaps.org 0.9
inline constexpr int sitemap_page_size = 50000;

struct SitemapPage {
  int number = 1;               // from 1
  std::int64_t given = 0;       // places given out, live or not
  std::int64_t generation = 0;  // rises with every change that shows on this page
  Time last_modified{};
};

class SitemapPages {
 public:
  virtual ~SitemapPages() = default;

  // Empty for a project that never published. Cheap: one indexed read.
  virtual Result<std::vector<SitemapPage>> pages(const ProjectId& project) const = 0;
  // Published articles of the page, oldest place first: at most sitemap_page_size, so never on a network thread.
  virtual Result<std::vector<Article>> articles(const ProjectId& project, int page) const = 0;
  // Published articles, newest published_at first, with bodies when asked for: for feeds.
  virtual Result<std::vector<Article>> newest(const ProjectId& project, int max, bool with_bodies) const = 0;
  // A place on the last page, or on a new one when that is full.
  virtual Result<int> give_place(const ProjectId& project, Time now) = 0;
  // The page shows something else now.
  virtual Result<void> bump(const ProjectId& project, int page, Time now) = 0;
  // Every page of the project does: its domain, permalink or sitemap settings changed.
  virtual Result<void> bump_all(const ProjectId& project, Time now) = 0;
};

}  // namespace galley
