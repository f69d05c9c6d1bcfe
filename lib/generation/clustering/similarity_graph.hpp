// Which topics are alike enough to be looked at together.
#pragma once

#include <cstdint>
#include <vector>

#include "generation/clustering/topics.hpp"

namespace galley::generation {

struct Edge {
  float likeness;
  TopicId a;
  TopicId b;  // above a
};

// For each topic its 32 nearest whose likeness is at least least_likeness, ascending by a and b. Found by what topics
// share, never by trying all pairs: a feature that more than 512 topics have is searched among the 512 with the fewest
// features, which are the general ones; one that could not make two topics alike by itself is not searched at all. Both
// still count in the likeness, which is worked out for the 256 topics that share most.
std::vector<Edge> find_edges(const Topics& topics, float least_likeness);

}  // namespace galley::generation
