// What of a typed word counts when words are compared. Input is well-formed UTF-8 in NFKC.
#pragma once

#include <string>
#include <string_view>

namespace galley::generation {

// The first part of a BCP 47 tag in small letters: "de-AT" gives "de".
std::string primary_language(std::string_view tag);

// Full case folding; of Turkish and Azerbaijani with their own i.
std::string fold_word(std::string_view word, std::string_view primary_language);

// A folded word without accents, vowel points and strokes: "größe" gives "grosse", "łódź" "lodz". In German "groesse"
// gives "grosse" as well. The signs of other scripts stay: が is not か.
std::string without_accents(std::string_view folded, std::string_view primary_language);

}  // namespace galley::generation
