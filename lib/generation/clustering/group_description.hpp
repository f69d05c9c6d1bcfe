// What a person reads of a group: its name, its members in order, the words that hold it together.
#pragma once

#include <span>
#include <vector>

#include "domain/clusterer.hpp"
#include "generation/clustering/topics.hpp"
#include "generation/clustering/vocabulary.hpp"

namespace galley::generation {

// members: at least one, in any order. shared has at most five words: those of more than half of the members, else the
// one of most; each as most members have typed it.
Clusterer::Group describe_group(std::vector<PhraseId> members, std::span<const Clusterer::Phrase> phrases,
                                const Vocabulary& vocabulary, const Topics& topics);

}  // namespace galley::generation
