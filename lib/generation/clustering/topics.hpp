// What the keywords are about, as vectors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "generation/clustering/kinship.hpp"
#include "generation/clustering/vocabulary.hpp"

namespace galley::generation {

using TopicId = std::uint32_t;

// A stem, or two stems side by side in either order.
struct Feature {
  std::uint32_t id;
  float weight;
};

// Phrases with the same stems and the same neighbours among them have one topic. Topics are numbered by how many
// features they have, the fewest first, and then by these: the order of the phrases leaves no trace. How alike two are
// is own(a) times seen(b): 1 for a topic and itself, 0 where neither stems nor letters agree.
class Topics {
 public:
  explicit Topics(const Vocabulary& vocabulary);

  std::size_t size() const { return own_.begins.size() - 1; }
  std::size_t feature_count() const { return feature_count_; }
  // Nothing for a phrase without words.
  std::optional<TopicId> topic_of(PhraseId phrase) const { return of_phrase_[phrase]; }
  // Sorted by id, as seen() is.
  std::span<const Feature> own(TopicId topic) const { return own_.row(topic); }
  // own() and the kin of its stems: what of another topic counts for this one.
  std::span<const Feature> seen(TopicId topic) const { return seen_.row(topic); }
  // How telling a stem is, the more so the fewer topics have it.
  float weight_of(StemId stem) const { return weights_[stem]; }

 private:
  struct Rows {
    std::vector<Feature> features;
    std::vector<std::size_t> begins{0};
    std::span<const Feature> row(std::size_t i) const {
      return std::span(features).subspan(begins[i], begins[i + 1] - begins[i]);
    }
  };

  class Neighbours;
  void number(const Vocabulary& vocabulary);
  void weigh(const Vocabulary& vocabulary);
  void add_row(const std::vector<std::uint64_t>& key, const Neighbours& neighbours);

  // A topic's stems as they are, then each two neighbours in one number above all stems; ascending.
  std::vector<std::vector<std::uint64_t>> keys_;
  std::vector<std::vector<Kin>> kin_;
  std::vector<std::optional<TopicId>> of_phrase_;
  std::vector<float> weights_;
  std::size_t feature_count_ = 0;
  Rows own_;
  Rows seen_;
};

// The sum of the products of what both have.
float product(std::span<const Feature> a, std::span<const Feature> b);

}  // namespace galley::generation
