// Joins topics into groups by average linkage.
#pragma once

#include <vector>

#include "generation/clustering/similarity_graph.hpp"

namespace galley::generation {

// Joins again and again the two groups whose members are most alike on average over all pairs, until no average reaches
// least_likeness; groups without an edge between them are never joined. At most 1,000 topics make a group. Memory grows
// with the edges, not with pairs. Returns for each topic the one that stands for its group.
std::vector<TopicId> join_topics(const Topics& topics, const std::vector<Edge>& edges, float least_likeness);

}  // namespace galley::generation
