// Hostile Markdown made harmless before md4c 0.4.8 sees it: some of its scans begin anew at each link, so that a long
// block full of unfinished ones takes time quadratic in its length. Honest texts stay as they are.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace galley::content {

// A copy split into small blocks, where reading the text as it is would take too long; nothing where it would not.
// One pass, linear.
std::optional<std::string> split_costly_blocks(std::string_view markdown);

}  // namespace galley::content
