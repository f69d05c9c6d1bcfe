// Which HTML elements the import knows, and as what.
#pragma once

#include <optional>
#include <string_view>

#include "content/markdown_writer.hpp"

namespace galley::content {

// Names are lower case.
bool is_dropped_whole(std::string_view name);  // dropped with all that is in it: no text of the article
bool is_plain_block(std::string_view name);    // its text is a paragraph of its own
bool is_code_element(std::string_view name);   // code within a line
int heading_level(std::string_view name);      // 1 to 6; 0 for others
std::optional<Emphasis> emphasis_of(std::string_view name);

}  // namespace galley::content
