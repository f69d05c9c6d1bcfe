// An article as a Markdown file with front matter: what static site generators read, and what the API's text/markdown
// takes.
#pragma once

#include <string>

#include "domain/article.hpp"

namespace galley::service {

// The slug, shortened where file systems would refuse its length, and ".md": unique in the project.
std::string markdown_file_name(const Article& article);

// Sent to the API as text/markdown it makes an article of the same texts, slug and terms, draft or ready. What is
// published is "ready" with a "publishedAt"; "date", "lastmod", "draft", "description" and "author" say the same in the
// words of site generators.
std::string to_markdown(const Article& article);

}  // namespace galley::service
