// Ideas for articles by rules, without a model or the network: what the keywords of a cluster ask for is told by their
// wording, and each kind of question gets an article of its own.
#pragma once

#include "domain/idea.hpp"

namespace galley::generation {

// Titles are in English, German, French, Spanish or Italian; in every other language they are the keyword alone.
class KeywordIdeas final : public IdeaWriter {
 public:
  std::vector<Draft> write(const Brief& brief) const override;
};

}  // namespace galley::generation
