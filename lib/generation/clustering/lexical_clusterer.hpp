// Groups keywords by their words alone: no model, no network, the same result each time, and a reason for each group.
//
// Words are folded, stemmed and weighed by how rare they are; what says intent ("best", "buy", "how to") is no topic.
// Topics that share telling words, or words written alike, are joined by average linkage.
#pragma once

#include "domain/clusterer.hpp"

namespace galley::generation {

// English, German, French, Spanish, Italian, Portuguese and Dutch have stop words and rules of intent; the languages
// that Snowball knows have stems; all others are compared by words and letters. What has no word or emoji in it stays
// alone.
class LexicalClusterer final : public Clusterer {
 public:
  Grouping group(std::span<const Phrase> phrases, std::string_view language) const override;
};

}  // namespace galley::generation
