// Takes a phrase apart into its words.
#pragma once

#include <unicode/brkiter.h>
#include <unicode/unistr.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace galley::generation {

// Keeps ICU's dictionaries between the calls; one thread.
class WordSplitter {
 public:
  static constexpr std::size_t max_words = 20;  // what a phrase says behind them does not count

  // As typed, in NFKC. Chinese, Japanese, Thai and their like are cut by dictionary. Signs are no words, but for emoji
  // and what tells "c" from "c++" and "c#"; what an apostrophe cuts off ("women's", "l'hotel") is none either.
  std::vector<std::string> split(std::string_view text);

 private:
  class Line;
  void cut_by_dictionary(const icu::UnicodeString& run, std::vector<std::string>& words);

  std::unique_ptr<icu::BreakIterator> dictionary_;  // made for the first text that needs it
};

}  // namespace galley::generation
