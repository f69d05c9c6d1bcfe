#include "generation/clustering/linkage.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <unordered_map>
#include <utility>

namespace galley::generation {
namespace {

constexpr std::uint32_t max_topics = 1000;
// Groups that are as near as the nearest but for this are joined at once: where thousands of topics are equally alike
// each join would else ask for all averages anew.
constexpr float indifference = 0.01F;

std::vector<Feature> sum_of(std::span<const Feature> a, std::span<const Feature> b) {
  std::vector<Feature> sum;
  sum.reserve(a.size() + b.size());
  for (std::size_t i = 0, j = 0; i < a.size() || j < b.size();) {
    if (j == b.size() || (i < a.size() && a[i].id < b[j].id)) {
      sum.push_back(a[i++]);
    } else if (i == a.size() || b[j].id < a[i].id) {
      sum.push_back(b[j++]);
    } else {
      sum.push_back({a[i].id, a[i].weight + b[j].weight});
      ++i;
      ++j;
    }
  }
  return sum;
}

// The average of all pairs of two groups is the product of their sums over the product of their sizes, as likeness is
// linear in both: so no likeness of two topics is kept.
class Groups {
 public:
  explicit Groups(const Topics& topics) : topics_(topics), parents_(topics.size()), groups_(topics.size()) {
    std::iota(parents_.begin(), parents_.end(), TopicId{0});
  }

  TopicId root_of(TopicId topic) {
    while (parents_[topic] != topic)
      topic = parents_[topic] = parents_[parents_[topic]];
    return topic;
  }
  std::uint32_t size(TopicId root) const { return groups_[root].size; }
  float likeness(TopicId a, TopicId b) const {
    return product(own(a), seen(b)) / (static_cast<float>(size(a)) * static_cast<float>(size(b)));
  }
  void join(TopicId a, TopicId b) {
    Group joined{.own = sum_of(own(a), own(b)), .seen = sum_of(seen(a), seen(b)), .size = size(a) + size(b)};
    groups_[b] = {};
    groups_[a] = std::move(joined);
    parents_[b] = a;
  }

 private:
  struct Group {
    std::vector<Feature> own{};  // empty: the topic's own
    std::vector<Feature> seen{};
    std::uint32_t size = 1;
  };
  std::span<const Feature> own(TopicId root) const {
    return groups_[root].size == 1 ? topics_.own(root) : std::span<const Feature>(groups_[root].own);
  }
  std::span<const Feature> seen(TopicId root) const {
    return groups_[root].size == 1 ? topics_.seen(root) : std::span<const Feature>(groups_[root].seen);
  }

  const Topics& topics_;
  std::vector<TopicId> parents_;
  std::vector<Group> groups_;
};

// What two groups were like when they had so many members.
struct Candidate {
  float likeness;
  TopicId a;
  TopicId b;  // above a
  std::uint32_t size_a;
  std::uint32_t size_b;
};

bool comes_later(const Candidate& x, const Candidate& y) {
  if (x.likeness != y.likeness) return x.likeness < y.likeness;
  return x.a != y.a ? x.a > y.a : x.b > y.b;
}

// An average is never above the highest of its parts, so a candidate whose groups have grown since stands no lower in
// the heap than it should: it is judged anew when it is on top.
class Agglomeration {
 public:
  Agglomeration(const Topics& topics, const std::vector<Edge>& edges, float least_likeness)
      : groups_(topics), least_likeness_(least_likeness) {
    heap_.reserve(edges.size());
    for (const Edge& edge : edges)
      heap_.push_back({edge.likeness, edge.a, edge.b, 1, 1});
    std::ranges::make_heap(heap_, comes_later);
  }

  void run() {
    while (!heap_.empty()) {
      std::ranges::pop_heap(heap_, comes_later);
      const Candidate candidate = heap_.back();
      heap_.pop_back();
      judge(candidate);
    }
  }

  TopicId root_of(TopicId topic) { return groups_.root_of(topic); }

 private:
  void judge(const Candidate& candidate) {
    const auto [a, b] = std::minmax({groups_.root_of(candidate.a), groups_.root_of(candidate.b)});
    if (a == b || groups_.size(a) + groups_.size(b) > max_topics) return;
    const bool is_fresh = a == candidate.a && b == candidate.b && groups_.size(a) == candidate.size_a &&
                          groups_.size(b) == candidate.size_b;
    if (is_fresh) {
      groups_.join(a, b);
      return;
    }
    // Several edges lead from one group to another: one candidate for all.
    const std::pair sizes(groups_.size(a), groups_.size(b));
    auto& judged = judged_[std::uint64_t{a} << 32U | b];
    if (judged == sizes) return;
    judged = sizes;
    const float likeness = groups_.likeness(a, b);
    if (likeness < least_likeness_) return;
    if (likeness >= candidate.likeness - indifference) {
      groups_.join(a, b);
      return;
    }
    heap_.push_back({likeness, a, b, sizes.first, sizes.second});
    std::ranges::push_heap(heap_, comes_later);
  }

  Groups groups_;
  const float least_likeness_;
  std::vector<Candidate> heap_;
  std::unordered_map<std::uint64_t, std::pair<std::uint32_t, std::uint32_t>> judged_;
};

}  // namespace

std::vector<TopicId> join_topics(const Topics& topics, const std::vector<Edge>& edges, float least_likeness) {
  Agglomeration agglomeration(topics, edges, least_likeness);
  agglomeration.run();
  std::vector<TopicId> roots(topics.size());
  for (TopicId topic = 0; topic < roots.size(); ++topic)
    roots[topic] = agglomeration.root_of(topic);
  return roots;
}

}  // namespace galley::generation
