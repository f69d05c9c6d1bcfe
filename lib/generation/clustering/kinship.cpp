#include "generation/clustering/kinship.hpp"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

namespace galley::generation {
namespace {

constexpr float least_likeness = 0.45F;
// As if there were so many more stems: among few of them an n-gram of two is not common yet.
constexpr float usual_stems = 1000;
// Stems that differ by a doubled letter alone, or none: "diner" may be no "dinner".
constexpr float most_likeness = 0.9F;
constexpr std::size_t max_kin = 8;
constexpr std::size_t max_stems = 200'000;
constexpr std::size_t max_grams = 128;  // of one stem: about as many as 45 letters have
// An n-gram of more stems is not searched by: "ing" finds too much. It still counts where a rarer one has found a pair.
constexpr std::uint32_t max_holders = 256;

using Gram = std::uint64_t;  // a hash: two n-grams that share one would make a likeness a little too high

// Every sign of these says as much as a few letters.
bool is_syllable(UChar32 c) {
  return (c >= 0x3041 && c <= 0x30FF) || (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7A3) ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF);
}

// One of two that are the same: doubling is what people misspell most.
std::vector<UChar32> letters_of(std::string_view stem) {
  std::vector<UChar32> letters;
  const auto size = static_cast<std::int32_t>(stem.size());
  for (std::int32_t i = 0; i < size;) {
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(stem.data(), i, size, c);
    if (letters.empty() || letters.back() != c) letters.push_back(c);
  }
  return letters;
}

Gram hash_of(std::span<const UChar32> letters) {
  Gram hash = 0xcbf29ce484222325U;
  for (const UChar32 c : letters)
    hash = (hash ^ static_cast<Gram>(c)) * 0x100000001b3U;
  return hash;
}

// Distinct, sorted. None for a stem that can have no kin.
std::vector<Gram> grams_of(std::string_view stem) {
  std::vector<UChar32> letters = letters_of(stem);
  if (std::ranges::any_of(letters, [](UChar32 c) { return u_isdigit(c); })) return {};
  const bool has_syllables = !letters.empty() && std::ranges::all_of(letters, is_syllable);
  if (letters.size() < (has_syllables ? 2 : 3)) return {};
  if (!has_syllables) {
    letters.insert(letters.begin(), '^');
    letters.push_back('$');
  }
  std::vector<Gram> grams;
  for (std::size_t length = has_syllables ? 1 : 3; length <= (has_syllables ? 2 : 5); ++length) {
    for (std::size_t i = 0; i + length <= letters.size() && grams.size() < max_grams; ++i)
      grams.push_back(hash_of(std::span(letters).subspan(i, length)));
  }
  std::ranges::sort(grams);
  grams.erase(std::ranges::unique(grams).begin(), grams.end());
  return grams;
}

// The n-grams of all stems, both ways.
class GramIndex {
 public:
  GramIndex(std::span<const std::string> stems, std::span<const StemId> chosen) : grams_(stems.size()) {
    std::vector<std::pair<Gram, StemId>> pairs;
    for (const StemId stem : chosen) {
      for (const Gram gram : grams_of(stems[stem]))
        pairs.emplace_back(gram, stem);
    }
    std::ranges::sort(pairs);
    norms_.resize(stems.size());
    const float total = usual_stems + static_cast<float>(chosen.size());
    for (std::size_t i = 0; i < pairs.size();) {
      std::size_t end = i;
      const auto id = static_cast<std::uint32_t>(weights_.size());
      begins_.push_back(static_cast<std::uint32_t>(holders_.size()));
      for (; end < pairs.size() && pairs[end].first == pairs[i].first; ++end) {
        holders_.push_back(pairs[end].second);
        grams_[pairs[end].second].push_back(id);
      }
      // Its square, which is what a shared n-gram adds to a product.
      const float idf = std::log(1 + total / static_cast<float>(end - i));
      weights_.push_back(idf);
      for (; i < end; ++i)
        norms_[pairs[i].second] += idf;
    }
    begins_.push_back(static_cast<std::uint32_t>(holders_.size()));
  }

  // Sorted.
  std::span<const std::uint32_t> grams(StemId stem) const { return grams_[stem]; }
  std::span<const StemId> holders(std::uint32_t gram) const {
    return std::span(holders_).subspan(begins_[gram], begins_[gram + 1] - begins_[gram]);
  }
  float weight(std::uint32_t gram) const { return weights_[gram]; }
  float scale(StemId a, StemId b) const { return std::sqrt(norms_[a] * norms_[b]); }

  float likeness(StemId a, StemId b) const {
    const auto& left = grams_[a];
    const auto& right = grams_[b];
    float product = 0;
    for (std::size_t i = 0, j = 0; i < left.size() && j < right.size();) {
      if (left[i] == right[j]) product += weights_[left[i]];
      const bool steps_left = left[i] <= right[j];
      const bool steps_right = right[j] <= left[i];
      i += steps_left ? 1 : 0;
      j += steps_right ? 1 : 0;
    }
    return std::min(most_likeness, product / scale(a, b));
  }

 private:
  std::vector<std::vector<std::uint32_t>> grams_;
  std::vector<float> norms_;
  std::vector<float> weights_;
  std::vector<std::uint32_t> begins_;
  std::vector<StemId> holders_;
};

std::vector<StemId> most_frequent(std::span<const std::uint32_t> frequency) {
  std::vector<StemId> stems;
  for (StemId stem = 0; stem < frequency.size(); ++stem) {
    if (frequency[stem] > 0) stems.push_back(stem);
  }
  if (stems.size() <= max_stems) return stems;
  std::ranges::sort(
      stems, [&](StemId a, StemId b) { return frequency[a] != frequency[b] ? frequency[a] > frequency[b] : a < b; });
  stems.resize(max_stems);
  std::ranges::sort(stems);
  return stems;
}

class KinSearch {
 public:
  KinSearch(const GramIndex& index, std::size_t stems) : index_(index), found_(stems) {}

  std::vector<Kin> nearest(StemId stem) {
    float unseen = 0;
    for (const std::uint32_t gram : index_.grams(stem)) {
      const auto holders = index_.holders(gram);
      if (holders.size() > max_holders) {
        unseen += index_.weight(gram);
        continue;
      }
      for (const StemId other : holders) {
        if (found_[other] == 0) touched_.push_back(other);
        found_[other] += index_.weight(gram);
      }
    }
    std::vector<Kin> kin;
    for (const StemId other : touched_) {
      const bool may_reach = found_[other] + unseen >= least_likeness * index_.scale(stem, other);
      found_[other] = 0;
      if (other == stem || !may_reach) continue;
      const float likeness = index_.likeness(stem, other);
      if (likeness >= least_likeness) kin.push_back({other, likeness});
    }
    touched_.clear();
    std::ranges::sort(kin, [](const Kin& a, const Kin& b) {
      return a.likeness != b.likeness ? a.likeness > b.likeness : a.stem < b.stem;
    });
    if (kin.size() > max_kin) kin.erase(kin.begin() + max_kin, kin.end());
    return kin;
  }

 private:
  const GramIndex& index_;
  std::vector<float> found_;
  std::vector<StemId> touched_;
};

}  // namespace

std::vector<std::vector<Kin>> find_kin(std::span<const std::string> stems, std::span<const std::uint32_t> frequency) {
  const std::vector<StemId> chosen = most_frequent(frequency);
  const GramIndex index(stems, chosen);
  KinSearch search(index, stems.size());
  std::vector<std::vector<Kin>> kin(stems.size());
  for (const StemId stem : chosen)
    kin[stem] = search.nearest(stem);
  // Only what is mutual, or vectors would not agree on how near they are.
  std::vector<std::vector<Kin>> mutual(stems.size());
  for (const StemId stem : chosen) {
    for (const Kin& other : kin[stem]) {
      if (std::ranges::find(kin[other.stem], stem, &Kin::stem) != kin[other.stem].end()) mutual[stem].push_back(other);
    }
  }
  return mutual;
}

}  // namespace galley::generation
