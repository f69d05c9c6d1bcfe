// Collects the sections of a plan, in words that the project does not avoid.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "generation/keyword_form.hpp"
#include "generation/outline_plan.hpp"
#include "generation/word_filter.hpp"

namespace galley::generation {

class SectionWriter {
 public:
  // All outlive this.
  SectionWriter(const KeywordParts& parts, const WordFilter& filter);

  // One of the wordings: chosen by the keyword, so that outlines of one form differ, and free of words to avoid.
  std::string say(std::initializer_list<std::string> wordings) const;
  // A heading that the words to avoid leave empty gets its place as a name ("Part 3").
  void add(std::size_t weight, std::initializer_list<std::string> headings, const std::string& brief,
           const std::string& show = {}, int level = 2);

  // The parts of the keyword, short enough for a heading.
  std::string subject;
  std::string other;
  std::string purpose;  // " for espresso", " under 500" or nothing
  std::string keyword;
  std::vector<SectionPlan> sections;

 private:
  const WordFilter& filter_;
  std::uint32_t variant_;
};

// The sections of each form, in their order.
void add_form_sections(SectionWriter& writer, const KeywordParts& parts, SearchIntent intent);

}  // namespace galley::generation
