// The ids of a document's headings: slugs, each used once.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace galley::content {

class HeadingIds {
 public:
  explicit HeadingIds(std::string_view language) : language_(language) {}

  // The id of the next heading: its slug, "section" where it has none, with "-2" and so on where that is taken. Empty
  // after max_headings of them.
  std::string next(std::string_view text);

 private:
  std::string language_;
  std::size_t count_ = 0;
  std::unordered_set<std::string> used_;
  std::unordered_map<std::string, std::size_t> last_number_;  // by slug
};

}  // namespace galley::content
