// The port to whatever groups keywords by what they are about.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/keyword.hpp"

namespace galley {

// Groups keywords that one page could answer. Any thread may call it; the same keywords in any order give the same
// groups.
class Clusterer {
 public:
  // Keywords that one call takes. Those behind the first so many are left alone and get no intent.
  static constexpr std::size_t max_phrases = 50'000;

  struct Phrase {
    std::string_view text;  // UTF-8; looked at up to Keyword::max_length
    std::optional<std::int64_t> volume{};
  };
  struct Group {
    std::string name;                    // its member of highest volume, then the shortest, as it was written
    std::vector<std::size_t> members{};  // indexes into what was given; highest volume first, then by text
    std::vector<std::string> shared{};   // words that hold it together, most telling first: why it is a group
  };
  // Each index is in one group, or alone.
  struct Grouping {
    std::vector<Group> groups{};                   // of two members or more; largest total volume first, then by name
    std::vector<std::size_t> alone{};              // ascending
    std::vector<std::optional<Intent>> intents{};  // one for each phrase; nothing where no rule speaks
  };

  virtual ~Clusterer() = default;
  // language: BCP 47, "en" or "de-AT"; of one that it does not know it judges letters alone. Takes a thread for up to
  // seconds. Fails only where memory is out (std::bad_alloc).
  virtual Grouping group(std::span<const Phrase> phrases, std::string_view language) const = 0;
};

}  // namespace galley
