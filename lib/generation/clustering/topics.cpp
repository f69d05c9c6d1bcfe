#include "generation/clustering/topics.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace galley::generation {
namespace {

// Neighbours tell phrases apart ("hot dog", "dog hot weather") without outweighing the words.
constexpr float weight_of_neighbours = 0.4F;
// A stem of one topic alone would else outweigh what topics share.
constexpr float damping = 0.5F;

using Key = std::vector<std::uint64_t>;

Key key_of(const std::vector<StemId>& stems) {
  Key key(stems.begin(), stems.end());
  for (std::size_t i = 1; i < stems.size(); ++i) {
    const auto [low, high] = std::minmax(stems[i - 1], stems[i]);
    if (low != high) key.push_back((std::uint64_t{low} + 1) << 32U | high);
  }
  std::ranges::sort(key);
  key.erase(std::ranges::unique(key).begin(), key.end());
  return key;
}

bool is_stem(std::uint64_t part) {
  return part >> 32U == 0;
}

float rarity(float total, float holders) {
  return std::log(1 + total / (holders + damping));
}

void sort_and_add_up(std::vector<Feature>& features) {
  // By weight as well: floats add up to the same only in the same order.
  std::ranges::sort(
      features, [](const Feature& a, const Feature& b) { return a.id != b.id ? a.id < b.id : a.weight < b.weight; });
  std::size_t size = 0;
  for (const Feature& feature : features) {
    if (size > 0 && features[size - 1].id == feature.id)
      features[size - 1].weight += feature.weight;
    else
      features[size++] = feature;
  }
  features.resize(size);
}

}  // namespace

// Neighbours that more than one topic has, sorted, and in how many they are. The others connect nothing.
class Topics::Neighbours {
 public:
  explicit Neighbours(const std::vector<Key>& topics) {
    std::vector<std::uint64_t> all;
    for (const Key& key : topics)
      std::ranges::remove_copy_if(key, std::back_inserter(all), is_stem);
    std::ranges::sort(all);
    for (std::size_t i = 0; i < all.size();) {
      std::size_t end = i;
      while (end < all.size() && all[end] == all[i])
        ++end;
      if (end - i > 1) {
        parts_.push_back(all[i]);
        holders_.push_back(static_cast<std::uint32_t>(end - i));
      }
      i = end;
    }
  }

  std::size_t size() const { return parts_.size(); }
  std::uint32_t holders(std::size_t place) const { return holders_[place]; }
  std::optional<std::size_t> find(std::uint64_t part) const {
    const auto place = std::ranges::lower_bound(parts_, part);
    if (place == parts_.end() || *place != part) return std::nullopt;
    return static_cast<std::size_t>(place - parts_.begin());
  }

 private:
  std::vector<std::uint64_t> parts_;
  std::vector<std::uint32_t> holders_;
};

float product(std::span<const Feature> a, std::span<const Feature> b) {
  if (a.size() > b.size()) std::swap(a, b);
  float sum = 0;
  auto from = b.begin();
  for (const Feature& feature : a) {
    // A short one beside the sum of a large group: halving finds faster than stepping.
    from = b.size() > 16 * a.size() ? std::ranges::lower_bound(from, b.end(), feature.id, {}, &Feature::id)
                                    : std::find_if(from, b.end(), [&](const Feature& f) { return f.id >= feature.id; });
    if (from == b.end()) break;
    if (from->id == feature.id) sum += feature.weight * from->weight;
  }
  return sum;
}

Topics::Topics(const Vocabulary& vocabulary) : of_phrase_(vocabulary.phrase_count()) {
  number(vocabulary);
  weigh(vocabulary);
  const Neighbours neighbours(keys_);
  feature_count_ = weights_.size() + neighbours.size();
  for (const Key& key : keys_)
    add_row(key, neighbours);
  keys_ = {};
  kin_ = {};
}

void Topics::number(const Vocabulary& vocabulary) {
  std::vector<std::pair<Key, PhraseId>> phrases;
  for (PhraseId phrase = 0; phrase < vocabulary.phrase_count(); ++phrase) {
    std::vector<StemId> stems;
    for (const WordId word : vocabulary.topic_of(phrase))
      stems.push_back(vocabulary.stem_of(word));
    if (!stems.empty()) phrases.emplace_back(key_of(stems), phrase);
  }
  std::ranges::sort(phrases, [](const auto& a, const auto& b) {
    return a.first.size() != b.first.size() ? a.first.size() < b.first.size() : a.first < b.first;
  });
  for (auto& [key, phrase] : phrases) {
    if (keys_.empty() || keys_.back() != key) keys_.push_back(std::move(key));
    of_phrase_[phrase] = static_cast<TopicId>(keys_.size() - 1);
  }
}

void Topics::weigh(const Vocabulary& vocabulary) {
  std::vector<std::uint32_t> frequency(vocabulary.stems().size());
  for (const Key& key : keys_) {
    for (const std::uint64_t part : key) {
      if (is_stem(part)) ++frequency[part];
    }
  }
  kin_ = find_kin(vocabulary.stems(), frequency);
  weights_.resize(frequency.size());
  for (StemId stem = 0; stem < frequency.size(); ++stem) {
    auto holders = static_cast<float>(frequency[stem]);
    // A misspelt word is as telling as the one that was meant.
    for (const Kin& other : kin_[stem])
      holders += other.likeness * static_cast<float>(frequency[other.stem]);
    weights_[stem] = rarity(static_cast<float>(keys_.size()), holders);
  }
}

void Topics::add_row(const Key& key, const Neighbours& neighbours) {
  std::vector<Feature> own;
  std::vector<Feature> seen;
  for (const std::uint64_t part : key) {
    if (is_stem(part)) {
      const auto stem = static_cast<StemId>(part);
      own.push_back({stem, weights_[stem]});
      for (const Kin& other : kin_[stem])
        seen.push_back({other.stem, other.likeness * weights_[stem]});
    } else if (const auto place = neighbours.find(part)) {
      const float rare = rarity(static_cast<float>(keys_.size()), static_cast<float>(neighbours.holders(*place)));
      own.push_back({static_cast<std::uint32_t>(weights_.size() + *place), weight_of_neighbours * rare});
    }
  }
  seen.insert(seen.end(), own.begin(), own.end());
  sort_and_add_up(seen);
  const float length = std::sqrt(product(own, seen));
  for (auto [row, rows] : {std::pair(&own, &own_), std::pair(&seen, &seen_)}) {
    for (const Feature& feature : *row)
      rows->features.push_back({feature.id, feature.weight / length});
    rows->begins.push_back(rows->features.size());
  }
}

}  // namespace galley::generation
