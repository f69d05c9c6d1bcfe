// HTML to Markdown for articles that come from elsewhere. An allow-list tokenizer without a tree: linear time, no
// recursion.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace galley::content {

inline constexpr std::size_t max_html_bytes = std::size_t{1} << 20;
// Lists and quotes nested deeper are ignored, their text is kept; formatting does not nest at all (bold in bold is
// bold).
inline constexpr std::size_t max_html_depth = 16;

// Knows p h1-h6 a img strong b em i code pre ul ol li blockquote br hr table del s figure figcaption; script, style,
// iframe and the like are dropped with their content, other tags are dropped and their text kept. References are
// decoded, and what would be Markdown in the text is escaped. Links and images with an address that is not allowed
// (link.hpp) are their text. payload_too_large where the HTML is longer than max_html_bytes or
// its Markdown longer than max_markdown_bytes.
Result<std::string> html_to_markdown(std::string_view html);

}  // namespace galley::content
