// Searches that find so many articles that they need not be counted again: what a word stands in tens of thousands of
// times does not fall below the bound of a total by a few changes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "domain/page.hpp"

namespace galley::storage {

// Of one connection, and used on its thread.
class SearchTotals {
 public:
  static constexpr std::size_t max_known = 1000;
  // What a search is counted to, so that its number can be remembered for as many changes as the bound is.
  static constexpr std::int64_t count_to = 2 * counted_exactly + 1;

  // Whether it is known to find more than counted_exactly. removals: how many articles have lost words since the store
  // was made (table search_removals).
  bool finds_many(std::string_view terms, std::int64_t removals) const {
    const auto known = known_.find(terms);
    return known != known_.end() && known->second.matches - (removals - known->second.removals) > counted_exactly;
  }
  void remember(const std::string& terms, std::int64_t matches, std::int64_t removals) {
    if (matches <= counted_exactly) return;
    // All at once: who asks for a thousand different words asks for others next.
    if (known_.size() >= max_known) known_.clear();
    known_[terms] = {matches, removals};
  }

 private:
  struct Known {
    std::int64_t matches = 0;
    std::int64_t removals = 0;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::unordered_map<std::string, Known, Hash, std::equal_to<>> known_{};
};

}  // namespace galley::storage
