// What Lexicon knows, by language.
#pragma once

#include <span>
#include <string_view>

namespace galley::generation {

// Lists of phrases, parted by commas; their words as WordSplitter leaves them ("guide d'achat" is "guide achat").
struct LexiconTable {
  std::string_view language;
  std::string_view fillers;
  std::string_view navigational;
  std::string_view transactional;
  std::string_view commercial;
  std::string_view informational;
  std::string_view questions;  // informational where a keyword begins with them
  std::string_view topics;     // of the words above, those that are part of the topic as well
};

std::span<const LexiconTable> lexicon_tables();

}  // namespace galley::generation
