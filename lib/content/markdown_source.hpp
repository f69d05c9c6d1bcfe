// A Markdown file of a static site (this program's own, Hugo's, Jekyll's) as an article.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "content/source_article.hpp"

namespace galley::content {

// path: of the file within its folder, "posts/2024-03-01-first.md"; it is the article's key, and gives its slug and
// date where the front matter does not. Names are taken in the spellings of the generators, case ignored:
//   title · slug · draft · status · date, publishDate, created · publishedAt · lastmod, updated, modified,
//   last_modified_at · description, metaDescription, meta_description · excerpt, summary · metaTitle, meta_title,
//   seo_title · metaKeywords, keywords · categories, category · tags · author, authorName, authors · canonicalUrl,
//   canonical_url · featuredImageUrl, featured_image, feature_image, image, cover, thumbnail
// Other fields are left out. draft: true or status: draft is a draft; status: published, or a publishedAt, is
// published; all else is ready. validation_failed for front matter that cannot be read or has no title.
Result<SourceArticle> read_markdown_source(std::string_view path, std::string_view text);

}  // namespace galley::content
