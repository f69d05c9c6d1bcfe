// What a keyword asks for, told by its wording (English; for a few other languages by their commonest words).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace galley::generation {

enum class KeywordForm : std::uint8_t {
  question,
  how_to,
  comparison,
  best_of,
  review,
  definition,
  cost,
  troubleshooting,
  local,
  generic,
};

// "best hand grinder for espresso": subject "hand grinder", purpose "espresso". "V60 vs Chemex": subject "V60", other
// "Chemex". Parts that a form has not are empty; the subject never is, unless the keyword is.
struct KeywordParts {
  KeywordForm form = KeywordForm::generic;
  std::string text;     // the keyword in one line, bounded, without a question mark at its end
  std::string subject;  // what it is about, as written
  std::string other{};
  std::string purpose{};
};

inline constexpr std::size_t max_keyword_text = 120;  // code points that are looked at

KeywordParts read_keyword(std::string_view keyword);

// "espresso machine" becomes "Espresso machine"; what begins with another letter stays.
std::string capitalised(std::string_view text);

}  // namespace galley::generation
