// Keeps words that a project avoids out of what is written by rules.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace galley::generation {

class WordFilter {
 public:
  // At most 500 of them are looked at. Those that occur in the keyword are left out: they cannot be avoided.
  WordFilter(const std::vector<std::string>& avoid, std::string_view keyword);

  // Whole words, without case; in Chinese, Japanese and Thai, which have no spaces, anywhere in the text.
  bool has_any(std::string_view text) const;
  // The text without them and without the gaps that they leave.
  std::string strip(std::string_view text) const;
  // The first of the wordings without any; where none is, the first one stripped.
  std::string say(std::initializer_list<std::string> wordings) const;

 private:
  std::vector<std::vector<std::string>> phrases_;  // folded words
  std::vector<std::string> unspaced_;              // folded
};

}  // namespace galley::generation
