#include "generation/clustering/similarity_graph.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

namespace galley::generation {
namespace {

constexpr std::size_t max_edges = 32;     // of a topic
constexpr std::size_t max_holders = 512;  // of a feature, that are searched
constexpr std::size_t max_chosen = 256;   // that share most with a topic, whose likeness is worked out

// Whom a feature is seen by, in the order of topics.
class FeatureIndex {
 public:
  explicit FeatureIndex(const Topics& topics) : begins_(topics.feature_count() + 1), highest_(topics.feature_count()) {
    for (TopicId topic = 0; topic < topics.size(); ++topic) {
      for (const Feature& feature : topics.seen(topic))
        ++begins_[feature.id + 1];
    }
    for (std::size_t i = 1; i < begins_.size(); ++i)
      begins_[i] += begins_[i - 1];
    holders_.resize(begins_.back());
    std::vector<std::size_t> ends(begins_.begin(), begins_.end() - 1);
    for (TopicId topic = 0; topic < topics.size(); ++topic) {
      for (const Feature& feature : topics.seen(topic)) {
        holders_[ends[feature.id]++] = {topic, feature.weight};
        highest_[feature.id] = std::max(highest_[feature.id], feature.weight);
      }
    }
  }

  struct Holder {
    TopicId topic;
    float weight;
  };
  std::size_t count(std::uint32_t feature) const { return begins_[feature + 1] - begins_[feature]; }
  std::span<const Holder> searched(std::uint32_t feature) const {
    return std::span(holders_).subspan(begins_[feature], std::min(count(feature), max_holders));
  }
  float highest(std::uint32_t feature) const { return highest_[feature]; }

 private:
  std::vector<std::size_t> begins_;
  std::vector<Holder> holders_;
  std::vector<float> highest_;
};

class EdgeSearch {
 public:
  EdgeSearch(const Topics& topics, float least_likeness)
      : topics_(topics), index_(topics), least_likeness_(least_likeness), found_(topics.size()) {}

  void add_edges(TopicId topic, std::vector<Edge>& edges) {
    choose(topic, search(topic));
    nearest_.clear();
    for (const FeatureIndex::Holder& other : chosen_) {
      const auto [a, b] = std::minmax(topic, other.topic);
      // In one direction for both, so that both find the same number.
      const float likeness = product(topics_.own(a), topics_.seen(b));
      if (likeness >= least_likeness_) nearest_.push_back({likeness, a, b});
    }
    const auto nearer = [](const Edge& x, const Edge& y) {
      if (x.likeness != y.likeness) return x.likeness > y.likeness;
      return x.a != y.a ? x.a < y.a : x.b < y.b;
    };
    const std::size_t kept = std::min(nearest_.size(), max_edges);
    std::ranges::partial_sort(nearest_, nearest_.begin() + static_cast<std::ptrdiff_t>(kept), nearer);
    edges.insert(edges.end(), nearest_.begin(), nearest_.begin() + static_cast<std::ptrdiff_t>(kept));
  }

 private:
  // Adds up what others share with the topic; returns how much at most it has not looked at.
  float search(TopicId topic) {
    features_.assign(topics_.own(topic).begin(), topics_.own(topic).end());
    std::ranges::sort(features_, [&](const Feature& a, const Feature& b) {
      return index_.count(a.id) != index_.count(b.id) ? index_.count(a.id) > index_.count(b.id) : a.id < b.id;
    });
    float unseen = 0;
    bool is_quiet = true;
    for (const Feature& feature : features_) {
      const float most = feature.weight * index_.highest(feature.id);
      // A little less, as sums of floats are not exact.
      is_quiet = is_quiet && unseen + most < least_likeness_ * 0.999F;
      if (is_quiet || index_.count(feature.id) > max_holders) unseen += most;
      if (is_quiet) continue;
      for (const auto& holder : index_.searched(feature.id)) {
        if (found_[holder.topic] == 0) touched_.push_back(holder.topic);
        found_[holder.topic] += feature.weight * holder.weight;
      }
    }
    return unseen + 0.001F;
  }

  // Of those that it has found, who may be alike enough; where that is a crowd, who shares most.
  void choose(TopicId topic, float unseen) {
    chosen_.clear();
    for (const TopicId other : touched_) {
      if (other != topic && found_[other] + unseen >= least_likeness_) chosen_.push_back({other, found_[other]});
      found_[other] = 0;
    }
    touched_.clear();
    if (chosen_.size() <= max_chosen) return;
    std::ranges::nth_element(chosen_, chosen_.begin() + max_chosen,
                             [](const FeatureIndex::Holder& a, const FeatureIndex::Holder& b) {
                               return a.weight != b.weight ? a.weight > b.weight : a.topic < b.topic;
                             });
    chosen_.erase(chosen_.begin() + max_chosen, chosen_.end());
  }

  const Topics& topics_;
  const FeatureIndex index_;
  const float least_likeness_;
  std::vector<float> found_;
  std::vector<TopicId> touched_;
  std::vector<FeatureIndex::Holder> chosen_;
  std::vector<Feature> features_;
  std::vector<Edge> nearest_;
};

}  // namespace

std::vector<Edge> find_edges(const Topics& topics, float least_likeness) {
  std::vector<Edge> edges;
  EdgeSearch search(topics, least_likeness);
  for (TopicId topic = 0; topic < topics.size(); ++topic)
    search.add_edges(topic, edges);
  std::ranges::sort(edges, [](const Edge& x, const Edge& y) { return x.a != y.a ? x.a < y.a : x.b < y.b; });
  const auto is_same = [](const Edge& x, const Edge& y) { return x.a == y.a && x.b == y.b; };
  edges.erase(std::ranges::unique(edges, is_same).begin(), edges.end());
  return edges;
}

}  // namespace galley::generation
