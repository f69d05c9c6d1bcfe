// Structured data of an article for search engines. Source: schema.org and Google's pages on Article and FAQPage.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "content/markdown.hpp"

namespace galley::content {

// Empty members are left out.
struct JsonLdArticle {
  std::string headline;  // shortened to 110 code points
  std::string description{};
  std::string author{};
  std::optional<Time> published{};
  std::optional<Time> modified{};
  std::string url{};
  std::string image{};
  std::vector<std::string> keywords{};
  std::size_t word_count = 0;
  std::string language{};
};

// One compact JSON text: a BlogPosting, or a graph of BlogPosting and FAQPage where there are questions. "<", ">" and
// "&" are written as \u escapes, so that it may stand in a <script> element as it is.
std::string json_ld(const JsonLdArticle& article, const std::vector<Question>& questions = {});

}  // namespace galley::content
