// The structure of an outline: which sections a form of keyword gets, what each is to say, and with how many words.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "generation/keyword_form.hpp"
#include "generation/outline.hpp"
#include "generation/word_filter.hpp"

namespace galley::generation {

struct SectionPlan {
  std::string heading;
  std::string brief;        // what the writer is to say
  std::string show{};       // a table, picture or list that helps; may be empty
  std::size_t weight = 10;  // its share of the words
  int level = 2;            // 2, or 3 under the section of level 2 before it
  std::size_t words = 0;    // set by share_words()
};

// Plain texts without words to avoid, not escaped. The same keyword always gives the same plan; keywords of one form
// differ in their parts and in wordings.
struct OutlinePlan {
  std::string title;
  std::string description;
  std::string opening;  // what the first paragraph is to say
  std::size_t opening_words = 0;
  std::vector<SectionPlan> sections{};
  std::vector<SectionPlan> questions{};  // headings end with "?"
  std::vector<std::string> facts{};      // to check before publishing
};

OutlinePlan plan_outline(const OutlineBrief& brief, const KeywordParts& parts, const WordFilter& filter);

// Sets words so that opening, sections and questions add up to exactly total, in steps of five but for the last one.
// Drops the lightest sections where they would get too few to be worth a heading.
void share_words(OutlinePlan& plan, std::size_t total);

}  // namespace galley::generation
