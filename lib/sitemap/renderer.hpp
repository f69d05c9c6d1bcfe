// The documents of the public sitemap, each appended to one buffer: no tree is built. Source: sitemaps.org 0.9 and
// Google's image extension. Pure; all functions are thread-safe.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "domain/article.hpp"
#include "domain/project.hpp"

namespace galley::sitemap {

// sitemaps.org takes no bigger document, uncompressed.
inline constexpr std::size_t max_document_bytes = 50'000'000;

struct Urlset {
  std::string xml;
  std::size_t urls = 0;
  // Articles that are not in it: without a URL, canonical elsewhere, or with a URL that the schema does not take.
  std::size_t left_out = 0;
  // Those at the end for which the document had no room any more. Images go before articles do.
  std::size_t beyond_limit = 0;
};

// One <url> for each of the articles, in their order, at most sitemap_page_size.
Urlset render_urlset(const Project& project, std::span<const Article> articles,
                     std::size_t max_bytes = max_document_bytes);

struct IndexEntry {
  std::string url;
  Time last_modified{};
};
// At most sitemap_page_size entries; those beyond are left out.
std::string render_index(std::span<const IndexEntry> entries);

// A robots.txt that allows everything and names the sitemap.
std::string render_robots(std::string_view sitemap_url);

// RFC 1952, level 6. The same bytes for the same text.
std::string gzip(std::string_view text);

}  // namespace galley::sitemap
