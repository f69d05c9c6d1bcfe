// Which stems are written alike: misspellings, compounds, what the rules of stemming do not know.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "generation/clustering/vocabulary.hpp"

namespace galley::generation {

struct Kin {
  StemId stem;
  float likeness;  // 0.45 to 0.9
};

// For each stem those that are like it, by the cosine of their weighted n-grams of letters: 3 to 5 with the word's
// ends, 1 and 2 in scripts whose signs are syllables or words; a doubled letter counts once. At most 8 each; a is b's
// where b is a's. Stems with a digit have no kin: "iphone 14" is not a misspelt "iphone 15". frequency: in how many
// topics each stem is; one that is in none has no kin, and of more than 200,000 only the most frequent have.
std::vector<std::vector<Kin>> find_kin(std::span<const std::string> stems, std::span<const std::uint32_t> frequency);

}  // namespace galley::generation
