// Feeds of the newest articles. Source: RFC 4287 (Atom) and jsonfeed.org version 1.1. Pure; thread-safe.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "domain/article.hpp"
#include "domain/project.hpp"

namespace galley::sitemap {

inline constexpr int feed_entries = 50;
// Where a feed's texts would pass this, the entries from there on carry their excerpt alone.
inline constexpr std::size_t max_feed_bytes = std::size_t{8} << 20;

// newest: published articles with bodies, newest first; those beyond feed_entries are left out. self_url: the address
// of this feed, from which the entries' ids are made too: an id outlives changes of slug and domain.
std::string render_atom(const Project& project, std::span<const Article> newest, std::string_view self_url,
                        std::size_t max_bytes = max_feed_bytes);
std::string render_json_feed(const Project& project, std::span<const Article> newest, std::string_view self_url,
                             std::size_t max_bytes = max_feed_bytes);

}  // namespace galley::sitemap
